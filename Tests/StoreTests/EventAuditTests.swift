import Foundation
import Results
import Testing

/// Results of scenarios with events: what the engine writes follows from its rows, and what is planted is found.
@Suite struct EventAuditTests {
  private static let policies =
    "[standard, greedy-lowest-carbon, {greedy-lowest-carbon: {queue: backfill}}, deadline-aware, cheapest, "
    + "round-robin, random, mix-score, {operator-manual: {operators: [{name: a, shift: 06:00-05:59, days: mon-sun}]}}, "
    + "{wait-awhile: {zones: any}}, ecovisor, {carbon-cap: {cap: 150, pause: true}}, carbon-cap, lowest-slot, "
    + "{lowest-window: {zones: any}}, greenest-within-window]"

  private static func instant(_ random: inout Lehmer, after hour: Int = 0, within hours: Int) -> String {
    "\(hour * 60 + random.below(hours * 60))m"
  }

  private static func events(_ zones: Int, _ random: inout Lehmer) -> String {
    var lines: [String] = []
    for _ in 0..<(1 + random.below(4)) {
      let zone = "Z\(random.below(zones))"
      let from = instant(&random, within: 9)
      let running = random.one(of: ["finish", "suspend", "fail"])
      lines.append("outage: {zone: \(zone), from: \(from), duration: \(10 + random.below(300))m, running: \(running)}")
    }
    for _ in 0..<random.below(4) {
      let until = random.chance(70) ? ", duration: \(10 + random.below(400))m" : ""
      let amount = random.one(of: ["cpu_cores: 3", "factor: 0.4", "factor: 1.7", "cpu_cores: 12, memory_gb: 20"])
      lines.append("capacity: {zone: Z\(random.below(zones)), at: \(instant(&random, within: 9))\(until), \(amount)}")
    }
    lines.append("surge: {from: 2h, duration: 3h, factor: \(random.one(of: ["0.5", "2.5"]))}")
    lines.append("price: {from: \(instant(&random, within: 9)), duration: 100m, factor: 3}")
    lines.append("carbon: {zone: Z0, from: \(instant(&random, within: 9)), duration: 100m, factor: 0.25}")
    return lines.map { "  - \($0)" }.joined(separator: "\n")
  }

  private static func write(_ scratch: Scratch, _ random: inout Lehmer, seed: Int, outputs: String = "all") throws {
    let zones = 1 + random.below(3)
    var carbon = "datetime" + (0..<zones).map { ",Z\($0)" }.joined() + "\n"
    for place in 0..<40 {
      carbon += "\(1_585_353_600 + place * 1800)" + (0..<zones).map { _ in ",\(random.below(300))" }.joined() + "\n"
    }
    try scratch.write(carbon, as: "carbon.csv")
    let zoneLines = (0..<zones).map { place in
      "  - {code: Z\(place), name: Z\(place), region: R, coordinates: {lat: 5\(place), lng: -1}, capacity: {cpu_cores: "
        + "\(6 + random.below(8)), memory_gb: 64, gpus: 0}, pue: 1.\(random.below(9)), idle_kw: \(random.below(2))}"
    }
    try scratch.write(
      """
      name: events
      seed: \(seed)
      clock: {start: 2020-03-28T00:00:00Z, duration: 10h}
      zones:
      \(zoneLines.joined(separator: "\n"))
      grid:
        carbon: {file: carbon.csv, extend: \(random.one(of: ["wrap", "hold"]))}
        price: {constant: 0.125}
        forecast: {model: \(random.one(of: ["perfect", "persistence", "noisy"])), horizon: 36h}
      workload:
        arrivals: {poisson: {per_hour: 9}}
        classes:
          - name: long
            type: training
            duration: {lognormal: {mean: 90m, cv: 1}}
            cpu_cores: {uniform: {low: 0, high: 7}}
            memory_gb: 1
          - name: short
            type: batch
            duration: {exponential: {mean: 30m}}
            cpu_cores: {uniform: {low: 1, high: 4}}
            memory_gb: 2
      policies: \(policies)
      drain: \(random.chance(70))
      caps: \(random.chance(20) ? "hard" : "soft")
      interruption: {allowed: [training]\(random.one(of: ["", ", checkpoint: 30s, resume: 1m, checkpoint_kwh: 0.1"]))}
      outputs: {samples: {every: \(1 + random.below(90))m}, maps: {every: 5h}, workloads: \(outputs), decisions: \(outputs)}
      warm_up: \(random.one(of: ["none", "none", "100m", "mser-5"]))
      events:
      \(events(zones, &random))

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  @Test(arguments: 1...24) func aRandomScenarioIsClean(_ seed: Int) throws {
    let scratch = try Scratch()
    var random = Lehmer(seed: UInt64(seed) * 15_485_863)
    try Self.write(scratch, &random, seed: seed)
    let report = try scratch.audit()
    #expect(report.passed, "seed \(seed): \(report)")
    // How long people took to decide, and what they took, stands in no row; all else was checked.
    let unchecked = report.unchecked + report.runs.flatMap(\.unchecked)
    #expect(unchecked.flatMap(\.names).allSatisfy { $0.hasPrefix("policy_metrics ") }, "seed \(seed): \(unchecked)")
    #expect(report.runs.count == 16)
  }

  @Test func aResultWithoutJobRowsIsClean() throws {
    let scratch = try Scratch()
    var random = Lehmer(seed: 77)
    try Self.write(scratch, &random, seed: 1, outputs: "none")
    let report = try scratch.audit()
    #expect(report.passed, "\(report)")
  }

  /// One zone of four cores, out from 02:00 to 04:00, two cores from 06:00 on. By hand: `a` runs on and fails, `b`
  /// waits for the end of the outage, `c` starts at 06:30 in what is left.
  private static let byHand = """
    name: by-hand
    clock: {start: 2020-01-06T00:00:00Z, duration: 10h}
    zones:
      - {code: A, name: A, region: R, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8, gpus: 0}}
    grid: {carbon: {constant: 100}, price: {constant: 0.2}}
    workload: {file: jobs.csv}
    policies: [standard]
    outputs: {samples: {every: 30m}}
    events:
      - outage: {zone: A, from: 2h, duration: 2h, running: fail}
      - capacity: {zone: A, at: 6h, cpu_cores: 2}

    """

  private static let jobs = """
    job_id,submitted_at,duration_s,required_cpu_cores,estimated_energy_kwh,deadline
    a,2020-01-06T00:30Z,7200,2,2,2020-01-06T09:00Z
    b,2020-01-06T02:30Z,3600,4,1,2020-01-06T05:00Z
    c,2020-01-06T06:30Z,3600,2,1,
    d,2020-01-06T07:00Z,3600,3,1,

    """

  private func made() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write(Self.byHand, as: "scenario.yaml")
    try scratch.write(Self.jobs, as: "jobs.csv")
    try scratch.run(scratch.input("scenario.yaml"))
    return scratch
  }

  @Test func figuresByHand() throws {
    let scratch = try made()
    #expect(try scratch.audit().passed)
    func metric(_ name: String) throws -> Double? {
      try scratch.number("SELECT value FROM run_metrics WHERE metric = '\(name)'")
    }
    // a: 1.5 h at 1 kW; b and c: 1 kWh each; d, submitted after the cut, asks for more than there will be.
    #expect(try metric("energy_kwh") == 3.5 && metric("carbon_kg") == 0.35)
    #expect(try metric("jobs_completed") == 2 && metric("jobs_rejected") == 1 && metric("jobs_unfinished") == 1)
    #expect(try metric("sla_met_pct") == 50)
    // 2 × 1.5 + 4 × 1 + 2 × 1 core hours, of 4 × 2 + 0 × 2 + 4 × 2 + 2 × 4.
    #expect(try metric("utilization_cpu") == 9.0 / 24)
    let failed = "FROM compute_workloads WHERE job_id = 'a' AND status = 'FAILED'"
    #expect(try scratch.number("SELECT energy_kwh \(failed) AND actual_end = '2020-01-06T02:00:00.000Z'") == 1.5)
    #expect(try scratch.number("SELECT value FROM policy_metrics WHERE metric = 'jobs_failed'") == 1)
    #expect(try scratch.number("SELECT count(*) FROM zone_capacity") == 4)
  }

  /// Jobs end as a, b, d, c; rows stand as they were submitted.
  @Test func rowsStandInTheOrderOfSubmission() throws {
    let scratch = try made()
    let lines = try String(contentsOf: scratch.file("jobs.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.dropFirst().map { $0.split(separator: ",")[2] } == ["a", "b", "c", "d"])
  }

  /// Behind the first hour: without `a`, which counts for what it holds of the zone alone.
  @Test func figuresBehindAWarmUp() throws {
    let scratch = try Scratch()
    try scratch.write(Self.byHand, as: "scenario.yaml")
    try scratch.write(Self.jobs, as: "jobs.csv")
    try scratch.run(
      scratch.input("scenario.yaml"), overrides: [("warm_up", "1h"), ("zones.A.idle_kw", "2")])
    #expect(try scratch.audit().passed)
    func metric(_ name: String) throws -> Double? {
      try scratch.number("SELECT value FROM run_metrics WHERE metric = '\(name)'")
    }
    #expect(try abs((metric("energy_kwh") ?? 0) - 2) < 1e-12 && metric("jobs_submitted") == 3)
    #expect(try metric("carbon_per_job_g") == 100)
    #expect(try metric("jobs_unfinished") == 0 && metric("sla_met_pct") == 100)
    // b waits from 02:30 to 04:00, c not at all.
    #expect(try metric("wait_mean_s") == 2700 && metric("throughput_jobs_per_hour") == 2.0 / 9)
    // 2 × 1 + 4 × 1 + 2 × 1 core hours, of 4 × 1 + 0 × 2 + 4 × 2 + 2 × 4.
    #expect(try metric("utilization_cpu") == 8.0 / 20 && metric("overhead_kwh") == 18)
    #expect(try scratch.number("SELECT warm_up_s FROM runs") == 3600)
    try scratch.change("UPDATE runs SET warm_up_s = 1800")
    #expect(try scratch.audit().failures.contains { $0.description.contains("jobs_submitted: stored 3, recomputed 4") })
  }

  /// Less from the very start on, for good: `grid_zones` tells what the scenario gave the zone.
  @Test func aChangeAtTheStartIsClean() throws {
    let scratch = try Scratch()
    try scratch.write(Self.byHand, as: "scenario.yaml")
    try scratch.write(Self.jobs, as: "jobs.csv")
    try scratch.run(
      scratch.input("scenario.yaml"), overrides: [("events", "[{capacity: {zone: A, at: 0h, cpu_cores: 3}}]")])
    #expect(try scratch.audit().passed)
    #expect(try scratch.number("SELECT value FROM run_metrics WHERE metric = 'jobs_rejected'") == 1)
    #expect(try scratch.number("SELECT cpu_cores FROM grid_zones") == 4)
  }

  /// Each plant breaks a rule of its own.
  @Test(arguments: [
    (
      // b starts an hour early, within the outage.
      "UPDATE compute_workloads SET actual_start = '2020-01-06T03:00:00.000Z', "
        + "actual_end = '2020-01-06T04:00:00.000Z' WHERE job_id = 'b'",
      "found a start, expected none, as the zone is out of service"
    ),
    (
      "UPDATE compute_workloads SET actual_start = '2020-01-06T03:00:00.000Z', "
        + "actual_end = '2020-01-06T04:00:00.000Z' WHERE job_id = 'b'",
      "required_cpu_cores: found 4, expected at most 0"
    ),
    (
      // a overruns the outage.
      "UPDATE compute_workloads SET status = 'COMPLETED', actual_end = '2020-01-06T02:30:00.000Z' WHERE job_id = 'a'",
      "found a job that keeps running, expected none, as the outage stops jobs"
    ),
    (
      "UPDATE compute_workloads SET actual_end = '2020-01-06T01:30:00.000Z' WHERE job_id = 'a'",
      "expected the start of an outage that fails the jobs of the zone"
    ),
    (
      "UPDATE compute_workloads SET actual_duration_s = 5400 WHERE job_id = 'a'",
      "status: found FAILED, expected COMPLETED, as the job ended before"
    ),
    (
      "UPDATE zone_capacity SET cpu_cores = 1 WHERE starts_at = '2020-01-06T06:00:00.000Z'",
      "required_cpu_cores: found 2, expected at most 1"
    ),
    (
      "UPDATE zone_capacity SET cpu_cores = 3 WHERE starts_at = '2020-01-06T06:00:00.000Z'",
      "no zone that the job may use"
    ),
    ("DELETE FROM zone_capacity WHERE is_out = 1", "zone_capacity: found not exactly one row"),
    ("UPDATE policy_metrics SET value = 2 WHERE metric = 'jobs_failed'", "jobs_failed: stored 2"),
    ("UPDATE run_metrics SET value = 9.0 / 32 WHERE metric = 'utilization_cpu'", "utilization_cpu: stored 0.28125"),
  ])
  func aPlantIsFound(_ sql: String, _ told: String) throws {
    let scratch = try made()
    try scratch.change(sql)
    let report = try scratch.audit()
    #expect(report.failures.contains { $0.description.contains(told) }, "\(told) in \(report)")
  }
}
