import Audit
import Testing

/// A value at the edge of what a rule allows, and one a millisecond beyond it.
struct EdgePlant: Sendable, CustomTestStringConvertible {
  /// The rule keeps silent.
  var within: String
  /// The rule tells.
  var beyond: String
  /// A piece of what it tells.
  var told: String

  /// - Parameters:
  ///   - table: what `UPDATE` changes, with the column: `table SET column`.
  ///   - rows: the condition for its rows.
  init(_ table: String, _ rows: String, within: String, beyond: String, _ told: String) {
    self.within = "UPDATE \(table) = \(within) WHERE \(rows)"
    self.beyond = "UPDATE \(table) = \(beyond) WHERE \(rows)"
    self.told = told
  }

  var testDescription: String { beyond }
}

/// Each rule of time sees what lies a millisecond beyond its edge, and allows the edge.
///
/// Four zones: A is out from 2 h to 3 h and from 9 h on and suspends its jobs, and from 5 h to 6 h it fails them; B is
/// out from 2 h to 3 h; C has half its cores from 5 h on; D suspends at 2 h and fails at 5 h. By hand: `s` runs from
/// 1 h to 2 h and from 3 h to 4 h; `f` from 4 h, and fails at 5 h; `u` from 7 h, suspended at 9 h; `r` from 0:30 to
/// 2 h and from 3 h on; `c` from 1 h to 2 h; `n` from 8 h on; `g` from 1 h to 2 h and from 3 h to 5 h, when it fails.
@Suite struct AuditEdgeTests {
  private static let fixture = Fixture { scratch in
    let zones = "ABCD".map { code in
      "  - {code: \(code), name: \(code), region: R, coordinates: {lat: 52, lng: 0}, "
        + "capacity: {cpu_cores: 4, memory_gb: 8, gpus: 0}}"
    }
    try scratch.write(
      """
      name: edges
      clock: {start: 2020-01-06T00:00:00Z, duration: 10h}
      zones:
      \(zones.joined(separator: "\n"))
      grid: {carbon: {constant: 100}, price: {constant: 0.2}, forecast: {model: perfect, horizon: 36h}}
      workload: {file: jobs.csv}
      policies: [standard, lowest-window]
      interruption: {allowed: [batch]}
      drain: false
      outputs: {samples: {every: 30m}, decisions: all}
      events:
        - outage: {zone: A, from: 2h, duration: 1h, running: suspend}
        - outage: {zone: A, from: 5h, duration: 1h, running: fail}
        - outage: {zone: A, from: 9h, duration: 3h, running: suspend}
        - outage: {zone: B, from: 2h, duration: 1h, running: suspend}
        - capacity: {zone: C, at: 5h, cpu_cores: 2}
        - outage: {zone: D, from: 2h, duration: 1h, running: suspend}
        - outage: {zone: D, from: 5h, duration: 1h, running: fail}

      """, as: "scenario.yaml")
    try scratch.write(
      """
      job_id,submitted_at,duration_s,required_cpu_cores,home_zone,workload_type,deadline
      r,2020-01-06T00:30Z,72000,4,B,BATCH,
      s,2020-01-06T01:00Z,7200,4,A,BATCH,
      c,2020-01-06T01:00Z,3600,4,C,BATCH,2020-01-06T02:00Z
      g,2020-01-06T01:00Z,28800,4,D,BATCH,
      f,2020-01-06T04:00Z,14400,4,A,BATCH,
      u,2020-01-06T07:00Z,18000,4,A,BATCH,
      n,2020-01-06T08:00Z,14400,2,C,TRAINING,

      """, as: "jobs.csv")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  /// An instant of the scenario's day, as SQL.
  private static func at(_ hours: Int, ms: Int = 0) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-06', '+\(hours) hours', '\(ms < 0 ? "-" : "+")0.00\(abs(ms)) seconds')"
  }

  private static func job(
    _ id: String, _ column: String, within: String, beyond: String, _ told: String
  ) -> EdgePlant {
    EdgePlant(
      "compute_workloads SET \(column)", "run_id = 1 AND job_id = '\(id)'", within: within, beyond: beyond,
      "job \(id), \(told)")
  }

  private static func segment(
    _ id: String, _ number: Int, _ column: String, within: String, beyond: String, _ told: String
  ) -> EdgePlant {
    EdgePlant(
      "workload_segments SET \(column)",
      "run_id = 1 AND segment = \(number) AND id = (SELECT id FROM compute_workloads WHERE run_id = 1 AND "
        + "job_id = '\(id)')", within: within, beyond: beyond, told)
  }

  @Test func theResultBeforeAPlantIsClean() throws { #expect(try Self.fixture.copy().resultAudit().passed) }

  private func find(_ edge: EdgePlant) throws {
    let within = try Self.fixture.copy()
    try within.change(edge.within)
    let silent = try within.resultAudit()
    #expect(!silent.text.contains(edge.told), "\(edge.told) in \(silent.text)")
    let beyond = try Self.fixture.copy()
    try beyond.change(edge.beyond)
    let report = try beyond.resultAudit()
    #expect(report.text.contains(edge.told), "\(edge.told) in \(report.text)")
  }

  @Test(arguments: [
    job("c", "submitted_at", within: at(0), beyond: at(0, ms: -1), "submitted_at: found 2020-01-05"),
    job("c", "submitted_at", within: at(10, ms: -1), beyond: at(10), "submitted_at: found 2020-01-06T10:00"),
    job("c", "deadline", within: "submitted_at", beyond: at(1, ms: -1), "deadline: found 2020-01-06T00:59:59.999Z"),
    job("c", "submitted_at", within: at(1), beyond: at(1, ms: 1), "actual_start: found 2020-01-06T01:00:00.000Z"),
    job("n", "actual_start", within: at(10, ms: -1), beyond: at(10), "actual_start: found 2020-01-06T10:00:00.000Z"),
    job("c", "actual_end", within: at(2), beyond: at(2, ms: 1), "actual_end: stored"),
    job("c", "actual_end", within: at(2), beyond: at(2, ms: -1), "actual_end: stored"),
    job(
      "c", "actual_end = \(at(10)), actual_start", within: at(9, ms: -1), beyond: at(9),
      "actual_end: found 2020-01-06T10:00:00.000Z"),
    job("s", "actual_end", within: at(10, ms: -1), beyond: at(10), "actual_end: found 2020-01-06T10:00:00.000Z"),
    job("n", "actual_duration_s", within: "7200", beyond: "7199.999", "status: found RUNNING, expected COMPLETED"),
    job("f", "actual_end", within: at(5), beyond: at(5, ms: 1), "actual_end: found 2020-01-06T05:00:00.001Z"),
    job("f", "actual_end", within: at(5), beyond: at(5, ms: -1), "actual_end: found 2020-01-06T04:59:59.999Z"),
    job("f", "actual_duration_s", within: "3600.001", beyond: "3600", "status: found FAILED, expected COMPLETED"),
    job("c", "submitted_at", within: at(5, ms: -1), beyond: at(5), "recommended_grid_zone_id: found C"),
    job("c", "submitted_at", within: at(5, ms: -1), beyond: at(5), "status: found COMPLETED, expected REJECTED"),
    EdgePlant(
      "compute_workloads SET deadline", "job_id = 'c'", within: at(2), beyond: at(2, ms: -1), "run 1, sla_met_pct"),
  ])
  func aJob(_ edge: EdgePlant) throws { try find(edge) }

  @Test(arguments: [
    job("s", "actual_start", within: at(1), beyond: at(1, ms: 1), "actual_start: found 2020-01-06T01:00:00.001Z"),
    job("s", "actual_start", within: at(1), beyond: at(1, ms: -1), "actual_start: found 2020-01-06T00:59:59.999Z"),
    job("s", "actual_end", within: at(4), beyond: at(4, ms: 1), "actual_end: found 2020-01-06T04:00:00.001Z"),
    job("s", "actual_end", within: at(4), beyond: at(4, ms: -1), "actual_end: found 2020-01-06T03:59:59.999Z"),
    job("s", "actual_duration_s", within: "7200", beyond: "7200.001", "workload_segments: found 7200000 ms"),
    job("s", "actual_duration_s", within: "7200", beyond: "7199.999", "workload_segments: found 7200000 ms"),
    job(
      "r", "actual_duration_s", within: "30600", beyond: "30599.999",
      "workload_segments: found 30600000 ms in total, expected at most 30599999 ms"),
    job(
      "u", "actual_duration_s", within: "7200.001", beyond: "7200",
      "workload_segments: found 7200000 ms in total, expected less than 7200000 ms"),
    job(
      "g", "actual_duration_s", within: "10800.001", beyond: "10800",
      "workload_segments: found 10800000 ms in total, expected less than 10800000 ms"),
    job("g", "actual_end", within: at(5), beyond: at(5, ms: 1), "actual_end: found 2020-01-06T05:00:00.001Z"),
    job("g", "actual_end", within: at(5), beyond: at(5, ms: -1), "actual_end: found 2020-01-06T04:59:59.999Z"),
    segment("s", 1, "ended_at", within: at(1, ms: 1), beyond: at(1), "expected later than started_at"),
    segment("s", 2, "started_at", within: at(2), beyond: at(2, ms: -1), "the end of the segment before it"),
    segment("s", 1, "ended_at", within: at(3), beyond: at(3, ms: 1), "the end of the segment before it"),
    segment("s", 2, "started_at", within: at(3), beyond: at(3, ms: -1), "found a start, expected none"),
    segment("s", 1, "ended_at", within: at(2), beyond: at(2, ms: 1), "found a job that keeps running"),
    job(
      "f", "actual_end", within: at(5), beyond: at(5, ms: 1),
      "zone A, 2020-01-06T05:00:00.000Z, zone_capacity: found"),
  ])
  func aSegment(_ edge: EdgePlant) throws { try find(edge) }

  private static func decision(
    _ kind: String, _ column: String, within: String, beyond: String, run: Int = 1, _ told: String
  ) -> EdgePlant {
    EdgePlant(
      "decisions SET \(column)",
      "run_id = \(run) AND decision = (SELECT max(decision) FROM decisions WHERE run_id = \(run) AND kind = '\(kind)')",
      within: within, beyond: beyond, told)
  }

  private static func later(_ column: String, ms: Int) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column), '\(ms < 0 ? "-" : "+")0.001 seconds')"
  }

  @Test(arguments: [
    decision(
      "start", "forecast_issued_at", within: "decided_at", beyond: later("decided_at", ms: 1), "not after decided_at"),
    decision(
      "plan", "forecast_issued_at", within: "decided_at", beyond: later("decided_at", ms: 1), run: 2,
      "not after decided_at"),
    decision(
      "start", "decided_at", within: at(8), beyond: at(8, ms: -1), "not before submitted_at"),
    decision("start", "decided_at", within: at(8), beyond: at(8, ms: 1), "when it happened"),
    decision("start", "start_at", within: at(8), beyond: at(8, ms: 1), "when the job began to run"),
    decision("start", "start_at", within: at(8), beyond: at(8, ms: -1), "when the job began to run"),
    decision("resume", "decided_at", within: "decided_at", beyond: later("decided_at", ms: 1), "when it happened"),
    decision("resume", "start_at", within: "start_at", beyond: later("start_at", ms: -1), "when the job began to run"),
    decision("suspend", "decided_at", within: "decided_at", beyond: later("decided_at", ms: -1), "when it happened"),
    decision(
      "plan", "start_at", within: "decided_at", beyond: later("decided_at", ms: -1), run: 2,
      "expected an instant not before decided_at"),
    EdgePlant(
      "decisions SET decided_at", "run_id = 1 AND decision = 2",
      within: "(SELECT decided_at FROM decisions WHERE run_id = 1 AND decision = 1)",
      beyond: later("(SELECT decided_at FROM decisions WHERE run_id = 1 AND decision = 1)", ms: -1),
      "earlier than the decision before it"),
  ])
  func aDecision(_ edge: EdgePlant) throws { try find(edge) }

  /// Moves the border between two rows of `zone_capacity` from one instant to another.
  private static func border(_ zone: Int, _ hours: Int, ms: Int, _ told: String) -> EdgePlant {
    var edge = EdgePlant("runs SET run_id", "0", within: "0", beyond: "0", told)
    edge.within = "SELECT 1"
    edge.beyond = ["ends_at", "starts_at"].map { column in
      "UPDATE zone_capacity SET \(column) = \(at(hours, ms: ms)) WHERE grid_zone_id = \(zone) AND "
        + "\(column) = \(at(hours))"
    }.joined(separator: "; ")
    return edge
  }

  @Test(arguments: [
    border(1, 2, ms: 1, "zone_capacity, running: found \"suspend\", expected nothing"),
    border(1, 2, ms: -1, "zone_capacity, is_out: found 1, expected 0"),
    border(1, 3, ms: -1, "zone_capacity, is_out: found 0, expected 1"),
    border(1, 5, ms: 1, "zone_capacity, running: found \"fail\", expected nothing"),
    EdgePlant("runs SET clock_end", "run_id = 2", within: at(10), beyond: at(10, ms: 1), "36000 s after clock_start"),
    EdgePlant("runs SET clock_end", "run_id = 2", within: at(10), beyond: at(10, ms: -1), "36000 s after clock_start"),
    EdgePlant("runs SET clock_start", "run_id = 2", within: at(0), beyond: at(0, ms: 1), "the clock of run 1"),
    EdgePlant("runs SET warm_up_s", "1", within: "35999.999", beyond: "36000", "an end within the clock"),
    EdgePlant("runs SET warm_up_s", "run_id = 2", within: "0", beyond: "0.001", "that of run 1"),
    EdgePlant("runs SET resume_s", "run_id = 1", within: "0", beyond: "0.001", "resume_s: found 0.001"),
    EdgePlant("runs SET checkpoint_s", "run_id = 1", within: "0", beyond: "0.001", "checkpoint_s: found 0.001"),
    EdgePlant(
      "zone_samples SET sampled_at", "run_id = 1 AND grid_zone_id = 3 AND sampled_at = \(at(0))", within: at(0),
      beyond: at(0, ms: -1), "sampled_at: found 2020-01-05T23:59:59.999Z"),
    EdgePlant(
      "zone_samples SET sampled_at", "run_id = 1 AND grid_zone_id = 3 AND sampled_at = \(at(9))", within: at(9),
      beyond: at(10), "sampled_at: found 2020-01-06T10:00:00.000Z"),
  ])
  func aRunOrAZone(_ edge: EdgePlant) throws { try find(edge) }
}
