internal import GRDB

/// A job as it was submitted, by its row's id.
struct SubmittedHash {
  var id: Int
  var hash: UInt64
}

/// Holds the jobs of a replication's runs against those of its first: all policies see the same jobs (contract §4).
/// Both come in order of id; 16 bytes a job.
struct SameJobs {
  private let findings: Findings
  private let database: Database
  private var first: AuditRunRow?
  private var run: AuditRunRow?
  private var jobs: [SubmittedHash] = []
  private var at = 0

  init(_ database: Database, _ findings: Findings) {
    self.database = database
    self.findings = findings
  }

  /// The jobs of a run follow.
  mutating func begin(_ run: AuditRunRow) {
    if first?.replication != run.replication {
      first = run
      jobs.removeAll(keepingCapacity: true)
    }
    self.run = run
    at = 0
  }

  private var isFirst: Bool { first?.id == run?.id }

  /// - Parameter row: stands on the job.
  mutating func add(_ id: Int, _ row: AuditQuery) throws {
    var hash: UInt64 = 0
    for column in JobColumn.submitted { row.hash(column.rawValue, into: &hash) }
    if isFirst { return jobs.append(SubmittedHash(id: id, hash: hash)) }
    while at < jobs.count, jobs[at].id < id {
      missing(jobs[at].id)
      at += 1
    }
    guard at < jobs.count, jobs[at].id == id else {
      findings.add(.sameJobs) {
        AuditFailure(
          $0, run: run?.id, job: row.text(JobColumn.jobID.rawValue), name: "id",
          found: .text("\(id)"), expected: .text("a job that is also in run \(first?.id ?? 0)"))
      }
      return
    }
    if jobs[at].hash != hash { try different(id, row) }
    at += 1
  }

  /// No more jobs of this run.
  mutating func end() {
    guard !isFirst else { return }
    while at < jobs.count {
      missing(jobs[at].id)
      at += 1
    }
  }

  private func missing(_ id: Int) {
    findings.add(.sameJobs) {
      AuditFailure(
        $0, run: run?.id, name: "compute_workloads", found: .text("no row with id \(id)"),
        expected: .text("the jobs of run \(first?.id ?? 0)"))
    }
  }

  /// Tells which column differs.
  private func different(_ id: Int, _ row: AuditQuery) throws {
    let (mine, other) = (run?.id ?? 0, first?.id ?? 0)
    try findings.add(.sameJobs) { subject in
      let names = JobColumn.submitted.map(\.name)
      let pair = try [other, mine].map { run in
        try Row.fetchOne(
          database, sql: "SELECT \(names.joined(separator: ", ")) FROM compute_workloads WHERE run_id = ? AND id = ?",
          arguments: [run, id])
      }
      let cells = pair.map { row in names.map { row?[$0] as DatabaseValue? ?? .null } }
      let place = names.indices.first { cells[0][$0] != cells[1][$0] } ?? 0
      return AuditFailure(
        subject, run: mine, job: row.text(JobColumn.jobID.rawValue), name: names[place],
        found: .text("\(cells[1][place])"), expected: .text("\(cells[0][place]), as in run \(other)"))
    }
  }
}
