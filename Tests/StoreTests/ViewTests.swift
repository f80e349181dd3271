import Foundation
import Testing

/// The views tell what the tables do, put together in another way.
@Suite struct ViewTests {
  @Test func jobsByName() throws {
    let scratch = try Fixture.cutOff.copy()
    #expect(
      try scratch.number("SELECT count(*) FROM jobs_wide")
        == scratch.number("SELECT count(*) FROM compute_workloads"))
    // b starts when a ends, 00:10 + 1:30, 80 minutes after its submission; a missed its deadline of 01:30.
    let own = "FROM jobs_wide WHERE policy = 'standard' AND job_id ="
    #expect(try scratch.number("SELECT wait_s \(own) 'b' AND chosen_zone_code = 'A' AND home_zone_code = 'A'") == 4800)
    #expect(try scratch.number("SELECT turnaround_s \(own) 'a' AND met_deadline = 0 AND is_counted = 1") == 5400)
    #expect(
      try scratch.number("SELECT count(*) \(own) 'b' AND met_deadline IS NULL AND recommended_zone_code = 'A'") == 1)
    #expect(try scratch.number("SELECT count(*) \(own) 'e' AND wait_s IS NULL AND chosen_zone_code IS NULL") == 1)
    for run in 1...2 {
      let metric = "SELECT value FROM run_metrics WHERE run_id = \(run) AND metric ="
      #expect(
        try scratch.number("SELECT avg(wait_s) FROM jobs_wide WHERE run_id = \(run)")
          == scratch.number("\(metric) 'wait_mean_s'"))
      #expect(
        try scratch.number("SELECT 100 * avg(met_deadline) FROM jobs_wide WHERE run_id = \(run)")
          == scratch.number("\(metric) 'sla_met_pct'"))
    }
  }

  @Test func zonesByName() throws {
    let scratch = try Fixture.shipped.copy()
    #expect(try scratch.number("SELECT count(*) FROM zones_wide") == 4)
    #expect(
      try scratch.number("SELECT sum(carbon_kg) FROM zones_wide WHERE policy = 'greedy-lowest-carbon'").map {
        Float($0)
      }
        == scratch.number("SELECT carbon_kg FROM metrics_wide WHERE policy = 'greedy-lowest-carbon'").map { Float($0) })
    #expect(
      try scratch.number("SELECT utilization_cpu FROM zones_wide WHERE run_id = 2 AND grid_zone_code = 'SOUTH'")
        == scratch.number("SELECT utilization_cpu FROM zone_metrics WHERE run_id = 2 AND grid_zone_id = 2"))
  }

  /// Four replications with other jobs, two policies of one name.
  @Test func policiesOverReplications() throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      name: compared
      clock: {start: 2020-01-06T00:00:00Z, duration: 2d}
      zones: [{code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 40, memory_gb: 400, gpus: 8}}]
      grid: {carbon: {constant: 100}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 3}
      policies: [greedy-lowest-carbon, {greedy-lowest-carbon: {queue: backfill}}]
      baseline: greedy-lowest-carbon
      replications: 4

      """, as: "s.yaml")
    try scratch.run(scratch.input("s.yaml"))
    let values = try (0..<2).map { place in
      try (0..<4).map { replication in
        try #require(
          try scratch.number(
            "SELECT value FROM run_metrics WHERE metric = 'wait_mean_s' AND run_id = \(2 * replication + place + 1)"))
      }
    }
    func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / 4
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    }
    func column(_ name: String, _ place: Int) throws -> Double {
      try #require(
        try scratch.number("SELECT \(name) FROM policy_comparison WHERE metric = 'wait_mean_s' AND place = \(place)"))
    }
    let differences = zip(values[1], values[0]).map { $0 - $1 }
    #expect(variance(differences) > 0)
    for place in 0..<2 {
      #expect(try column("n", place + 1) == 4)
      #expect(try abs(column("mean", place + 1) - values[place].reduce(0, +) / 4) < 1e-9)
      #expect(try abs(column("variance", place + 1) / variance(values[place]) - 1) < 1e-9)
      #expect(try column("maximum", place + 1) == values[place].max())
    }
    #expect(try column("mean_difference", 1) == 0 && column("difference_variance", 1) == 0)
    #expect(try abs(column("mean_difference", 2) - differences.reduce(0, +) / 4) < 1e-9)
    #expect(try abs(column("difference_variance", 2) / variance(differences) - 1) < 1e-9)
    #expect(try scratch.audit().passed)
  }
}
