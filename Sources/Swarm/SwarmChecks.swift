internal import Foundation
internal import GRDB
internal import Runs

#if canImport(FoundationXML)
  internal import FoundationXML
#endif

/// Looks at a result from outside: at its files and the scenario's alone, with none of the code that wrote them, but for
/// `pylon audit`'s, which comes last.
struct SwarmChecks {
  /// Folder of the tables; figures are in `plots` below it.
  let folder: String
  private(set) var counts = SwarmCounts()

  init(folder: String) { self.folder = folder }

  /// - Parameter jobs: ids of the jobs of a replication.
  mutating func check(jobs: (Int) throws -> [String]) throws {
    try checkFiles()
    do { try checkRows(jobs) } catch let fault as DatabaseError {
      throw SwarmFailure(rule: .database, found: "\(fault)")
    }
    try checkFigures()
    try checkAudit()
  }

  private mutating func checkRows(_ jobs: (Int) throws -> [String]) throws {
    try SwarmResult.read(folder) { database in
      try checkDatabase(database)
      try checkJobs(database, jobs)
      let own = (folder as NSString).deletingLastPathComponent
      if let plain = PlainScenario(folder: own) {
        var rows = RowChecks(plain, database, folder: own)
        try rows.check()
        counts.recomputed += rows.jobs
        try FigureChecks(database: database, clockStart: plain.start, clockEnd: plain.end).check()
      }
      var decisions = DecisionChecks(database)
      try decisions.check()
      counts.decisions += decisions.decisions
      var tables = TableChecks(database: database, folder: folder)
      try tables.check()
      counts.cells += tables.cells
    }
  }

  private func checkFiles() throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() where name.contains(".pylon-") {
      throw SwarmFailure(rule: .files, found: name)
    }
  }

  private func checkAudit() throws {
    do {
      let audit = try ResultAudit(path: folder + "/results.sqlite")
      guard !audit.passed else { return }
      throw SwarmFailure(rule: .audit, found: audit.failures)
    } catch let refusal as BadInput {
      throw SwarmFailure(rule: .audit, found: refusal.description)
    }
  }

  private func checkDatabase(_ database: Database) throws {
    let told = try String.fetchAll(database, sql: "PRAGMA integrity_check")
    guard told == ["ok"] else { throw SwarmFailure(rule: .database, found: told.joined(separator: "; ")) }
    if let row = try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") {
      throw SwarmFailure(rule: .database, found: "a foreign key without a row: \(row)")
    }
  }

  private mutating func checkJobs(_ database: Database, _ jobs: (Int) throws -> [String]) throws {
    let sql = "SELECT run_id, policy, replication, has_workloads FROM runs ORDER BY run_id"
    var known: (replication: Int, ids: [String]) = (0, [])
    for run in try Row.fetchAll(database, sql: sql) {
      let (number, policy, replication) = (run[0] as Int, run[1] as String, run[2] as Int)
      counts.runs += 1
      counts.policies[policy, default: 0] += 1
      if known.replication != replication { known = (replication, try jobs(replication).sorted()) }
      counts.jobs += known.ids.count
      guard run[3] as Int == 1 else {
        let submitted = try Double.fetchOne(
          database, sql: "SELECT value FROM run_metrics WHERE run_id = ? AND metric = 'jobs_submitted'",
          arguments: [number])
        // Behind a warm-up fewer are counted.
        guard let submitted, submitted <= Double(known.ids.count) else {
          throw SwarmFailure(
            rule: .jobs, found: "run \(number) of \(policy) submitted \(submitted ?? -1) of \(known.ids.count) jobs")
        }
        continue
      }
      let ids = try String.fetchAll(
        database, sql: "SELECT job_id FROM compute_workloads WHERE run_id = ?", arguments: [number]
      ).sorted()
      guard ids != known.ids else { continue }
      let difference = ids.difference(from: known.ids).first.map { "\($0)" } ?? ""
      throw SwarmFailure(
        rule: .jobs,
        found: "run \(number) of \(policy) has \(ids.count) records of \(known.ids.count) jobs; first: \(difference)")
    }
  }

  private mutating func checkFigures() throws {
    let plots = folder + "/plots"
    guard FileManager.default.fileExists(atPath: plots) else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: plots).sorted() where name.hasSuffix(".svg") {
      let parser = XMLParser(data: FileManager.default.contents(atPath: "\(plots)/\(name)") ?? Data())
      // A document that is cut short leaves an error behind, though `parse` says yes.
      guard parser.parse(), parser.parserError == nil else {
        throw SwarmFailure(rule: .figures, found: "\(name), line \(parser.lineNumber): \(parser.parserError as Any)")
      }
      counts.figures += 1
    }
  }
}
