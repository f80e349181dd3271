internal import Foundation
internal import Runs

/// One scenario put through the pipeline twice and looked at.
struct SwarmTrial {
  let scenario: SwarmScenario
  /// Becomes the scenario's own; what was there goes.
  let folder: String
  /// Number of threads of the second run; the first has one.
  let threads: Int
  /// Given the first result before it is looked at: tests put faults into it.
  let tamper: (@Sendable (String) throws -> Void)?

  /// - Throws: ``SwarmFailure``, or what the file system says.
  func run() throws -> SwarmCounts {
    try? FileManager.default.removeItem(atPath: folder)
    let path = try scenario.write(into: folder)
    let opened = try valid { try OpenScenario(path: path, overrides: [], policies: [], seed: nil) }
    for (name, threads) in [("first", 1), ("second", threads)] {
      try ran { _ = try opened.run(into: "\(folder)/\(name)", figures: "\(folder)/\(name)/plots", threads: threads) }
    }
    try tamper?("\(folder)/first")
    var checks = SwarmChecks(folder: "\(folder)/first")
    try checks.check { try jobs(of: $0, opened) }
    try SameResult.check("\(folder)/first", "\(folder)/second")
    var counts = checks.counts
    counts.scenarios = 1
    if let future = try FutureCheck(scenario, folder: "\(folder)/first") { counts.futures += try future.check() }
    try OtherCommands(scenario: scenario, path: path, folder: folder).check()
    return counts
  }

  private func valid<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let fault as BadInput {
      throw SwarmFailure(rule: .valid, found: fault.description)
    }
  }

  private func ran(_ body: () throws -> Void) throws {
    do { try body() } catch let fault as BadInput {
      throw SwarmFailure(rule: .valid, found: fault.description)
    } catch {
      throw SwarmFailure(rule: .runs, found: "\(error)")
    }
  }

  /// The ids of a replication's jobs: from the log as it was drawn, or as `pylon workload generate` writes them.
  private func jobs(of replication: Int, _ opened: OpenScenario) throws -> [String] {
    if case .log(let name, _, _, _, let rows) = scenario.jobs {
      guard let prefix = ["gaia.csv": "gaia", "upload.csv": "row"][name] else {
        return rows.filter(\.isWithin).map(\.id)
      }
      // Called by their place, which a shrunk log has changed.
      return rows.indices.filter { rows[$0].isWithin }.map { "\(prefix)-\($0 + 1)" }
    }
    let path = folder + "/generated.csv"
    _ = try opened.writeWorkload(to: path, replication: replication)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let rows = SwarmCSV.rows(text), let place = rows.first?.firstIndex(of: "job_id") else {
      throw SwarmFailure(rule: .tables, found: "the output of workload generate is not CSV with job_id")
    }
    return rows.dropFirst().map { $0[place] }
  }
}
