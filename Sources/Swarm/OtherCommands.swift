internal import Foundation
internal import GRDB
internal import Runs
internal import Studies

/// Puts a scenario that passed through `pylon check` and `pylon sweep`, where it has something for them.
struct OtherCommands {
  let scenario: SwarmScenario
  let path: String
  /// The scenario's own; the first result is in `first` below it.
  let folder: String

  func check() throws {
    let text = scenario.settings.joined(separator: "\n")
    if text.contains("checks: [") { try checkChecks() }
    if text.contains("sweep: {") { try checkSweep() }
  }

  /// The checks bound nothing that moved, and compare the result with itself.
  private func checkChecks() throws {
    let report = try ScenarioChecks(paths: [path], threads: 2).run()
    guard report.status != 0 else { return }
    throw SwarmFailure(rule: .checks, found: report.markdown)
  }

  /// The last point's figures are those of a run with what the point sets.
  private func checkSweep() throws {
    let sweep = folder + "/sweep"
    do {
      let said = try Sweep(path: path, folder: sweep).run(threads: 3)
      guard said.contains("written: ") else { throw SwarmFailure(rule: .sweep, found: "not finished: \(said)") }
    } catch let fault as BadInput { throw SwarmFailure(rule: .sweep, found: fault.description) }
    try compare(sweep)
  }

  /// A sweep's last point with a run by itself.
  func compare(_ sweep: String) throws {
    let (point, settings) = try SwarmResult.read(sweep) { database in
      let point = try Int.fetchOne(database, sql: "SELECT max(point) FROM points") ?? 0
      let rows = try Row.fetchAll(
        database, sql: "SELECT key, value FROM point_settings WHERE point = ?", arguments: [point])
      return (point, rows.map { (key: $0[0] as String, value: $0[1] as String) })
    }
    do {
      let quick = ["charts", "maps", "samples"].map { (key: "outputs.\($0)", value: "none") }
      let opened = try OpenScenario(path: path, overrides: quick + settings, policies: [], seed: nil)
      _ = try opened.run(into: folder + "/point", figures: folder + "/point/plots", threads: 1)
    } catch { throw SwarmFailure(rule: .sweep, found: "point \(point) does not run on its own: \(error)") }
    let swept = try SwarmResult.read(sweep) { try figures($0, "WHERE point = \(point)") }
    let own = try SwarmResult.read(folder + "/point") { try figures($0, "") }
    for place in 0..<max(swept.count, own.count) {
      let one = place < swept.count ? swept[place] : "nothing"
      let two = place < own.count ? own[place] : "nothing"
      guard one == two else { throw SwarmFailure(rule: .sweep, found: "point \(point): \(one), run on its own \(two)") }
    }
  }

  private func figures(_ database: Database, _ condition: String) throws -> [String] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT replication, policy, placement_signature, metric, value FROM runs JOIN run_metrics USING (run_id)
        \(condition) ORDER BY run_id, metric
        """
    ).map { "\($0.map(\.1))" }
  }
}
