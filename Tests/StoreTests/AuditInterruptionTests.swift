import Audit
import Foundation
import Testing

/// Results with interrupted jobs: what the engine writes follows from its rows, and what is planted in a segment is
/// found.
@Suite struct AuditInterruptionTests {
  private static let policies =
    "[standard, {wait-awhile: {zones: any}}, wait-awhile, ecovisor, {carbon-cap: {cap: 150, pause: true}}, "
    + "{carbon-cap: {cap: 100, zones: any}}, lowest-slot, {lowest-window: {spacing: 20m, zones: any}}, carbon-time, "
    + "greenest-within-window, deadline-aware]"

  private static func write(_ scratch: Scratch, _ random: inout Lehmer, seed: Int, drains: Bool) throws {
    let zones = 1 + random.below(3)
    var carbon = "datetime" + (0..<zones).map { ",Z\($0)" }.joined() + "\n"
    let step = random.one(of: [5, 30, 60]) * 60
    for place in 0..<(30 + random.below(60)) {
      let cells = (0..<zones).map { _ in ",\(Double(random.below(300)) + 0.125)" }.joined()
      carbon += "\(1_585_353_600 - 3 * step + place * step)\(cells)\n"
    }
    try scratch.write(carbon, as: "carbon.csv")
    var jobs =
      "job_id,submitted_at,duration_s,actual_duration_s,required_cpu_cores,estimated_energy_kwh,carbon_cap_gco2,"
      + "deadline,home_zone,workload_type,deferral_window_mins\n"
    for place in 0..<(20 + random.below(50)) {
      let at = 1_585_353_600 + random.below(8 * 3600)
      let estimate = 60 + random.below(20_000)
      jobs += "j\(place),\(at).\(random.below(1000)),\(estimate),"
      jobs += random.chance(60) ? "\(1 + random.below(2 * estimate)).25," : ","
      jobs += "\(random.below(5)).5,\(random.chance(50) ? "\(random.below(50)).7" : ""),"
      jobs += "\(random.chance(20) ? "\(random.below(3000))" : ""),"
      jobs += "\(random.chance(30) ? "\(at + random.below(60_000) + 1)" : ""),"
      jobs += "\(random.chance(60) ? "Z\(random.below(zones))" : ""),\(random.one(of: ["BATCH", "TRAINING"])),"
      jobs += "\(random.below(900))\n"
    }
    try scratch.write(jobs, as: "jobs.csv")
    let zoneLines = (0..<zones).map { place in
      "  - {code: Z\(place), name: Z\(place), region: R, coordinates: {lat: 5\(place), lng: -1}, capacity: {cpu_cores: "
        + "\(5 + random.below(12)), memory_gb: 64, gpus: 0}, pue: 1.\(random.below(9))}"
    }
    let allowed = random.one(of: ["true", "[batch]", "[training, BATCH]"])
    let cost = random.one(of: [
      "", ", checkpoint: 30s, resume: 1m", ", checkpoint: 90s, checkpoint_kwh: 0.2, resume_kwh: 0.1",
      ", resume: 10m, resume_kwh: 0.3",
    ])
    try scratch.write(
      """
      name: interrupted
      seed: \(seed)
      clock: {start: 2020-03-28T00:00:00Z, duration: \(10 + random.below(20))h}
      zones:
      \(zoneLines.joined(separator: "\n"))
      grid:
        carbon: {file: carbon.csv, extend: \(random.one(of: ["wrap", "hold"]))}
        price: {constant: 0.125}
        forecast: {model: \(random.one(of: ["perfect", "persistence", "noisy"])), horizon: 36h}
      workload: {file: jobs.csv}
      policies: \(policies)
      drain: \(drains)
      caps: \(random.chance(25) ? "hard" : "soft")
      interruption: {allowed: \(allowed)\(cost)}
      outputs: {samples: {every: \(1 + random.below(90))m}, maps: {every: 5h}, decisions: all}

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  /// Overheads, moves, hard caps, full zones, runs that are cut off, forecasts that err.
  @Test(arguments: 1...16) func aRandomScenarioIsClean(_ seed: Int) throws {
    let scratch = try Scratch()
    var random = Lehmer(seed: UInt64(seed) * 104_729)
    try Self.write(scratch, &random, seed: seed, drains: random.chance(60))
    let report = try scratch.audit()
    #expect(report.passed && report.checkedEverything, "seed \(seed): \(report)")
    #expect(report.runs.count == 11)
    #expect(try scratch.number("SELECT count(*) FROM workload_segments") ?? 0 > 0, "seed \(seed)")
  }

  private static func decision(_ condition: String) -> String {
    "(run_id, decision) = (SELECT run_id, decision FROM decisions WHERE \(condition) ORDER BY run_id, decision LIMIT 1)"
  }

  /// Each plant in the decision log, too.
  @Test(arguments: [
    ("UPDATE decisions SET zone = 99 WHERE \(decision("kind = 'start'"))", "zone: found 99"),
    (
      "UPDATE decisions SET start_at = '2020-03-30T00:00:00.000Z' WHERE \(decision("kind = 'start'"))",
      "when the job began to run"
    ),
    (
      "UPDATE decisions SET decided_at = strftime('%Y-%m-%dT%H:%M:%fZ', decided_at, '+1 second') WHERE "
        + decision("kind = 'start'"), "when it happened"
    ),
    (
      "UPDATE decisions SET decided_at = '2020-03-27T00:00:00.000Z' WHERE \(decision("kind = 'plan' AND decision > 9"))",
      "earlier than the decision before it"
    ),
    ("DELETE FROM decisions WHERE \(decision("kind = 'start'"))", "decisions of kind start: found 0, expected 1"),
    ("DELETE FROM decisions WHERE \(decision("kind = 'suspend'"))", "decisions of kind suspend: found"),
    ("DELETE FROM decisions WHERE \(decision("kind = 'resume'"))", "decisions of kind resume: found"),
    ("UPDATE decisions SET kind = 'reject' WHERE \(decision("kind = 'plan'"))", "decisions of kind reject: found 1"),
    ("UPDATE decisions SET decision = 1000000 WHERE \(decision("decision = 3"))", "without gaps"),
    ("UPDATE decisions SET job_id = 'x' WHERE \(decision("decision = 3"))", "job_id: found x"),
    ("UPDATE decisions SET id = 99999 WHERE \(decision("decision = 3"))", "a decision on id 99999"),
    (
      "UPDATE decisions SET start_at = '2020-03-28T00:00:00.000Z' WHERE \(decision("kind = 'plan' AND decision > 9"))",
      "an instant not before decided_at"
    ),
    (
      "UPDATE decisions SET forecast_issued_at = '2020-04-28T00:00:00.000Z' WHERE \(decision("kind = 'plan'"))",
      "not after decided_at"
    ),
    (
      "UPDATE decisions SET score = score + 0.000001 WHERE \(decision("kind = 'start' AND terms IS NOT NULL"))",
      "the sum of its terms"
    ),
    (
      "UPDATE decisions SET terms = '{' WHERE \(decision("kind = 'start' AND terms IS NOT NULL"))",
      "numbers in terms"
    ),
    (
      "UPDATE decision_options SET predicted_carbon_kg = predicted_carbon_kg * 1.000001 WHERE rank = 1 AND "
        + decision("kind = 'start' AND predicted_carbon_kg > 0"), "the estimated energy times"
    ),
    (
      "INSERT INTO decision_options SELECT run_id, decision, 2, zone, start_at, score, terms, "
        + "predicted_intensity_gco2_kwh, predicted_carbon_kg, predicted_cost_gbp FROM decision_options "
        + "WHERE rank = 1 AND \(decision("kind = 'start'"))", "a zone that no option before it has"
    ),
    ("DELETE FROM decision_options WHERE \(decision("kind = 'recommend'"))", "the recommended zones in the job's row"),
    ("UPDATE decision_options SET rank = 7 WHERE rank = 1 AND \(decision("kind = 'start'"))", "expected 1, 2, 3"),
    (
      "UPDATE compute_workloads SET status = 'SCHEDULED' WHERE run_id = 1 AND id = 1",
      "decisions of kind plan: found 0, expected one, as the job is SCHEDULED"
    ),
  ])
  func aPlantInTheLogIsFound(_ sql: String, _ told: String) throws {
    let report = try Self.planted(sql)
    #expect(report.counts.contains { $0.subject == .decision || $0.subject == .reference })
    #expect(report.failures.contains { $0.description.contains(told) }, "\(told) in \(report)")
  }

  private static func planted(_ sql: String) throws -> AuditReport {
    let scratch = try Scratch()
    var random = Lehmer(seed: 5)
    try write(scratch, &random, seed: 1, drains: true)
    #expect(try scratch.audit().passed)
    try scratch.change(sql)
    return try scratch.audit()
  }

  private static let longest = """
    (SELECT run_id, id FROM workload_segments GROUP BY run_id, id ORDER BY count(*) DESC, run_id, id LIMIT 1)
    """

  /// Each plant breaks a rule of its own.
  @Test(arguments: [
    ("DELETE FROM workload_segments WHERE (run_id, id) IN \(longest) AND segment = 1", "segment: found 2, expected 1"),
    ("DELETE FROM workload_segments WHERE (run_id, id) IN \(longest)", "actual_end: stored"),
    (
      "UPDATE workload_segments SET ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', ended_at, '-1 second') "
        + "WHERE (run_id, id) IN \(longest) AND segment = 1", "ms, including the overhead"
    ),
    (
      "UPDATE workload_segments SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-9 days') "
        + "WHERE (run_id, id) IN \(longest) AND segment = 2", "the end of the segment before it"
    ),
    (
      "UPDATE compute_workloads SET status = 'SUSPENDED', actual_end = NULL WHERE (run_id, id) IN \(longest)",
      "COMPLETED or REJECTED, as the run drains"
    ),
    ("UPDATE compute_workloads SET energy_kwh = energy_kwh * 1.000001 WHERE (run_id, id) IN \(longest)", "energy_kwh"),
    ("UPDATE runs SET checkpoint_s = checkpoint_s + 1", "ms, including the overhead"),
    ("UPDATE runs SET resume_kwh = resume_kwh + 0.001", "carbon_emitted_kg: stored"),
    (
      "UPDATE workload_segments SET zone = 99 WHERE (run_id, id) IN \(longest) AND segment = 1",
      "zone: found 99, expected the id of a row of grid_zones"
    ),
    (
      "UPDATE compute_workloads SET home_zone = 99 WHERE (run_id, id) = (SELECT run_id, id FROM workload_segments "
        + "JOIN compute_workloads USING (run_id, id) JOIN runs USING (run_id) WHERE stays_at_home AND home_zone > 0 "
        + "LIMIT 1)",
      "zone: found Z0, expected the home zone, as the policy uses no other zone"
    ),
    (
      "UPDATE compute_workloads SET required_memory_gb = 999 WHERE (run_id, id) IN \(longest)",
      "zone: found Z0, expected a zone that is large enough for the job"
    ),
    (
      "UPDATE workload_segments SET ended_at = NULL WHERE (run_id, id) IN \(longest) AND segment = 1",
      "ended_at: found nothing, expected an instant, as another segment follows"
    ),
    (
      "UPDATE compute_workloads SET status = 'PENDING' WHERE (run_id, id) IN \(longest)",
      "expected none, as the job never ran"
    ),
    (
      "INSERT INTO workload_segments VALUES (1, 99999, 1, 1, '2020-03-28T00:00:00.000Z', NULL)", "a segment of id 99999"
    ),
  ])
  func aPlantIsFound(_ sql: String, _ told: String) throws {
    let report = try Self.planted(sql)
    #expect(report.failures.contains { $0.description.contains(told) }, "\(told) in \(report)")
  }
}
