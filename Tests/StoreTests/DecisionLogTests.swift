import Foundation
import GRDB
import Results
import Testing

/// `outputs: {decisions: all}`.
@Suite struct DecisionLogTests {
  private func rows(_ scratch: Scratch, _ sql: String) throws -> [String] {
    try DatabaseQueue(path: scratch.database).read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        row.map { "\($1.storage.value.map { "\($0)" } ?? "-")" }.joined(separator: " ")
      }
    }
  }

  /// Jobs of every end, by hand: `a` and `b` at once, `c` runs on, `d` waits for ever, `e` is too large.
  @Test func theCutOffScenarioByHand() throws {
    let scratch = try Fixture.cutOff.copy()
    try FileManager.default.removeItem(atPath: scratch.database)
    try Self.write(scratch)
    try scratch.run(scratch.input("scenario.yaml"), overrides: [("outputs.decisions", "all")])
    let told = try rows(
      scratch,
      "SELECT decided_at, job_id, kind, zone, start_at, reason FROM decisions WHERE run_id = 1 ORDER BY decision")
    #expect(
      told == [
        "2020-01-06T00:10:00.000Z a recommend 1 2020-01-06T00:10:00.000Z -",
        "2020-01-06T00:10:00.000Z a start 1 2020-01-06T00:10:00.000Z -",
        "2020-01-06T00:20:00.000Z b recommend 1 2020-01-06T00:20:00.000Z -",
        "2020-01-06T00:50:00.000Z e reject - - its demand exceeds the capacity of every zone it may use",
        "2020-01-06T01:40:00.000Z b start 1 2020-01-06T01:40:00.000Z -",
      ])
    // 0.04 kW for the first hour at PUE 1.5: 50 minutes at 100 g and 10 at 120 g, 0.25 GBP/kWh.
    let figures = try rows(
      scratch,
      "SELECT ranked_by, candidates, round(predicted_intensity_gco2_kwh, 6), round(predicted_carbon_kg * 1000, 6), "
        + "round(predicted_cost_gbp, 6), score, terms FROM decisions WHERE run_id = 1 AND decision = 2")
    #expect(figures == ["its home zone 1 103.333333 6.2 0.015 - -"])
    let report = try scratch.audit()
    #expect(report.passed && report.runs.first?.decisions == 5, "\(report)")
    #expect("\(report)".contains("run 1, standard, replication 1: checked 3 jobs with "))
    try scratch.change("UPDATE decisions SET reason = 'bad luck' WHERE kind = 'reject'")
    #expect(try scratch.audit().failures.contains { "\($0)".contains("reason: found bad luck, expected its demand") })
  }

  private static func write(_ scratch: Scratch) throws {
    try scratch.write(
      """
      name: log
      clock: {start: 2020-01-06T00:00:00Z, duration: 6h}
      zones:
        - code: A
          name: A
          region: R
          coordinates: {lat: 52, lng: 0}
          capacity: {cpu_cores: 4, memory_gb: 8, gpus: 1}
          pue: 1.5
      grid:
        carbon: {file: carbon.csv, extend: wrap}
        price: {constant: 0.25}
        forecast: {model: perfect}
      workload: {file: submitted.csv}
      policies: [standard, deadline-aware]
      drain: false

      """, as: "scenario.yaml")
    try scratch.write("datetime,A\n2020-01-06T00:00Z,100\n2020-01-06T01:00Z,120\n", as: "carbon.csv")
    try scratch.write(
      """
      job_id,submitted_at,duration_s,actual_duration_s,required_cpu_cores,home_zone
      a,2020-01-06T00:10Z,3600,5400,4,A
      b,2020-01-06T00:20Z,7200,7200,4,A
      e,2020-01-06T00:50Z,3600,3600,64,

      """, as: "submitted.csv")
  }

  /// Off by default: no file, no tables, and everything else the same bytes.
  @Test func withoutALogThereIsNothingOfIt() throws {
    let (off, on) = (try Scratch(), try Scratch())
    for scratch in [off, on] { try Self.write(scratch) }
    try off.run(off.input("scenario.yaml"))
    try on.run(on.input("scenario.yaml"), overrides: [("outputs.decisions", "all")])
    #expect(!FileManager.default.fileExists(atPath: off.path + "/decisions.csv"))
    #expect(try off.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'decision%'") == 0)
    #expect(try off.audit().runs.allSatisfy { $0.decisions == nil })
    for name in ["jobs.csv", "metrics.csv", "zones.csv"] {
      let (one, two) = try (Data(contentsOf: on.file(name)), Data(contentsOf: off.file(name)))
      #expect(one == two, "\(name)")
    }
    // A log that is not wanted any more goes with the result that it was of.
    try on.run(on.input("scenario.yaml"))
    #expect(!FileManager.default.fileExists(atPath: on.path + "/decisions.csv"))
  }

  /// The CSV tells what the tables do.
  @Test func theFileTellsTheSame() throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario, overrides: [("outputs.decisions", "all")])
    let lines = try String(contentsOf: scratch.file("decisions.csv"), encoding: .utf8).split(separator: "\n")
    #expect(try scratch.number("SELECT count(*) FROM decisions") == Double(lines.count - 1))
    let head = lines[0].split(separator: ",").map(String.init)
    #expect(head.count == 17 + 3 * 7 && head[17] == "option_1_zone" && head[37] == "option_3_predicted_cost_gbp")
    #expect(try scratch.audit().passed)
  }

  @Test func halfALogIsRefused() throws {
    let scratch = try Scratch()
    try Self.write(scratch)
    try scratch.run(scratch.input("scenario.yaml"), overrides: [("outputs.decisions", "all")])
    try scratch.change("DROP TABLE decision_options")
    #expect(scratch.refusal()?.contains("it lacks table decision_options") == true)
  }
}
