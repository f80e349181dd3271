import Foundation
import Runs
import Testing

/// `operator-manual` from the scenario file to the tables and their audit.
@Suite struct OperatorAuditTests {
  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private let policy = """
    [{operator-manual: {operators: [{name: ann, shift: 06:00-18:00, days: mon-sun}, {name: bob, utc_offset: -5h}],
    poll: 12s, review: {mean: 2m, cv: 0.8}, recommend: cheapest, odds: {first: 0.5, habit: 0.1}, habit: last}}]
    """

  @Test func peopleHaveFiguresOfTheirOwnAndAuditClean() throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario, overrides: [("policies", policy)])
    let report = try scratch.resultAudit()
    #expect(report.passed, "\(report.failures)")
    let lines = try text(scratch.path + "/policy_metrics.csv").split(separator: "\n").map(String.init)
    #expect(lines[0] == "run_id,policy,label,replication,metric,value")
    #expect(lines[1] == "2,operator-manual,operator-manual,1,decisions,287")
    #expect(
      lines.count == 11 && lines.allSatisfy { $0 == lines[0] || $0.hasPrefix("2,operator-manual,operator-manual,1,") })
    // A week of twelve hours a day and of five days of eight; the last decision comes on the Monday after it.
    let hours = try scratch.number("SELECT value FROM policy_metrics WHERE metric = 'operator_hours'") ?? 0
    #expect(hours > 84 + 40 && hours < 84 + 40 + 1)
    let told = try scratch.number(
      "SELECT sum(value) FROM policy_metrics WHERE metric LIKE '%taken_pct'")
    #expect(abs((told ?? 0) - 100) < 1e-9)
    // A result without such a policy has no such file.
    try scratch.run(Fixture.shippedScenario)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/policy_metrics.csv"))
  }

  /// Decisions for all jobs but one: that one stays PENDING in a run that drains, and the audit knows why.
  @Test func aReplayLeavesWhatNobodyDecided() throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario)
    let rows = try text(scratch.path + "/jobs.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let places = ["job_id", "submitted_at", "chosen_grid_zone", "actual_start"].map { name in
      rows[0].firstIndex { $0 == name } ?? 0
    }
    var record = "job_id,decided_at,zone,start_at\n"
    // The greedy run's placements as plans that were made at submission.
    for row in rows.dropFirst() where row[0] == "2" && row[places[0]] != "job-0007" {
      record += places.map { String(row[$0]) }.joined(separator: ",") + "\n"
    }
    let expected = try scratch.number(
      "SELECT sum(carbon_emitted_kg) FROM compute_workloads WHERE run_id = 2 AND job_id <> 'job-0007'")
    try scratch.write(record, as: "decisions.csv")
    let replay = "[{operator-manual: {decisions: \(scratch.input("decisions.csv"))}}]"
    let opened = try OpenScenario(
      path: Fixture.shippedScenario, overrides: [("policies", replay)], policies: [], seed: nil)
    let table = try opened.run(into: scratch.path, figures: scratch.path + "/plots")
    #expect(table.contains("decisions.csv: no decision for 1 job, which stays PENDING"))
    let found = try scratch.number("SELECT value FROM run_metrics WHERE run_id = 2 AND metric = 'carbon_kg'")
    #expect(abs((found ?? 0) - (expected ?? 1)) < 1e-9 * (expected ?? 1))
    #expect(try scratch.number("SELECT value FROM run_metrics WHERE run_id = 2 AND metric = 'jobs_unfinished'") == 1)
    #expect(try scratch.resultAudit().passed)
    try scratch.change("UPDATE policy_metrics SET value = 2 WHERE metric = 'jobs_undecided'")
    #expect(try scratch.resultAudit().failures.contains("job-0007, status"))
  }

  @Test func badParametersAreToldWithTheirLines() throws {
    let scratch = try Scratch()
    let shipped = try text(Fixture.shippedScenario)
    let lines = shipped.split(separator: "\n", omittingEmptySubsequences: false)
    let line = (lines.firstIndex { $0.hasPrefix("policies:") } ?? 0) + 1
    let bad = """
      policies: [{operator-manual: {operators: [{name: a, shift: 9-17, days: mon-fry, utc_offset: 15h, favourite: EAST},
      {name: a}], odds: {first: 0, second: 0, third: 0, habit: 0}, times: ["18:00"], habit: favourite}}]
      """
    try scratch.write(shipped.replacing(lines[line - 1], with: bad), as: "s.yaml")
    #expect {
      _ = try OpenScenario(path: scratch.input("s.yaml"), overrides: [], policies: [], seed: nil)
    } throws: { error in
      let told = "\(error)".split(separator: "\n").map { $0.replacing(scratch.input("s.yaml") + ":", with: "") }
      let place = "policies[0].operator-manual"
      return [
        "\(line): \(place).operators[0].shift: found 9-17, expected a shift such as 09:00-17:00 or 22:00-06:00",
        "\(line): \(place).operators[0].days: found mon-fry, expected weekdays such as mon-fri or mon,wed,sat",
        "\(line): \(place).operators[0].favourite: found EAST, expected one of NORTH, SOUTH",
      ].allSatisfy { told.contains($0) }
        && [
          "operators.1.name: found a,", "odds: found no odds above 0", "times: found no time within the shift",
          "operators.1.favourite: found none",
        ].allSatisfy { part in told.contains { $0.contains(part) } }
    }
  }
}
