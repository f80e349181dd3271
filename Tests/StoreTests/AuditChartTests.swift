import Results
import Testing

/// The tables that charts are drawn of follow from the rows, and what does not is told.
@Suite struct AuditChartTests {
  private static let load = "run_id = 2 AND grid_zone_id = 1 AND starts_at = '2020-01-08T12:00:00.000Z'"
  private static let hour = "run_id = 1 AND grid_zone_id = 2 AND hour = 13"
  private static let type = "run_id = 2 AND workload_type = 'FINE_TUNING'"
  private static let median = "run_id = 2 AND quantity = 'turnaround_s' AND share = 0.5"

  @Test(arguments: [
    Plant(
      .chart, "UPDATE zone_load SET power_kw = power_kw * 1.000001 WHERE \(load)",
      "run 2, zone NORTH, 2020-01-08T12:00:00.000Z, zone_load.power_kw: stored "),
    Plant(.chart, "DELETE FROM zone_load WHERE \(load)", "run 2, zone NORTH, zone_load: found 335 steps"),
    Plant(
      .chart, "UPDATE zone_load SET ends_at = '2020-01-13T00:30:00.000Z' WHERE ends_at = '2020-01-13T00:00:00.000Z'",
      "run 1, zone SOUTH, zone_load: found 336 steps, expected steps from clock_start to clock_end"),
    Plant(.chart, "DROP TABLE zone_load", "run 1, zone NORTH, zone_load: found 0 steps"),
    Plant(
      .chart, "UPDATE zone_hours SET cpu_cores_allocated = cpu_cores_allocated * 1.000001 WHERE \(hour)",
      "run 1, zone SOUTH, zone_hours 13, cpu_cores_allocated: stored "),
    Plant(
      .chart, "UPDATE zone_hours SET memory_gb_allocated = memory_gb_allocated * 1.000001 WHERE \(hour)",
      "run 1, zone SOUTH, zone_hours 13, memory_gb_allocated: stored "),
    Plant(
      .chart, "UPDATE zone_hours SET gpus_allocated = gpus_allocated * 1.000001 WHERE \(hour)",
      "run 1, zone SOUTH, zone_hours 13, gpus_allocated: stored "),
    Plant(.chart, "DELETE FROM zone_hours WHERE \(hour)", "run 1, zone SOUTH, zone_hours 13: found no such row"),
    Plant(
      .chart, "UPDATE type_metrics SET jobs_started = jobs_started + 1 WHERE \(type)",
      "run 2, type_metrics FINE_TUNING, jobs_started: stored 45, recomputed 44"),
    Plant(
      .chart, "UPDATE type_metrics SET energy_kwh = energy_kwh * 1.000001 WHERE \(type)",
      "run 2, type_metrics FINE_TUNING, energy_kwh: stored "),
    Plant(
      .chart, "UPDATE type_metrics SET carbon_kg = carbon_kg * 1.000001 WHERE \(type)",
      "run 2, type_metrics FINE_TUNING, carbon_kg: stored "),
    Plant(
      .chart, "UPDATE type_metrics SET cost_gbp = cost_gbp * 1.000001 WHERE \(type)",
      "run 2, type_metrics FINE_TUNING, cost_gbp: stored "),
    Plant(.chart, "DELETE FROM type_metrics WHERE \(type)", "run 2, type_metrics FINE_TUNING: found no such row"),
    Plant(
      .chart, "INSERT INTO type_metrics VALUES (1, 'OTHER', 0, 0, 0, 0)",
      "run 1, type_metrics: found OTHER, expected the type of a job that started"),
    Plant(
      .chart, "UPDATE job_quantiles SET value = value + 0.001 WHERE \(median)",
      "run 2, job_quantiles, turnaround_s 0.5: stored "),
    Plant(
      .chart, "UPDATE job_quantiles SET value = value * 1.000001 WHERE run_id = 1 AND share = 0",
      "run 1, job_quantiles, turnaround_s 0.0: stored "),
    Plant(
      .chart, "DELETE FROM job_quantiles WHERE \(median)", "run 2, job_quantiles, turnaround_s 0.5: stored nothing"),
    Plant(
      .chart, "INSERT INTO job_quantiles VALUES (1, 'wait_s', 0.123, 5)",
      "run 1, job_quantiles, wait_s 0.123: found a row, expected none"),
    Plant(
      .chart, "INSERT INTO job_quantiles VALUES (1, 'patience', 0.5, 5)",
      "run 1, job_quantiles: found patience, expected wait_s or turnaround_s"),
    Plant(
      .chart,
      "DELETE FROM zone_load WHERE run_id = 2; DELETE FROM zone_hours WHERE run_id = 2;"
        + "DELETE FROM type_metrics WHERE run_id = 2; DELETE FROM job_quantiles WHERE run_id = 2",
      "run 2, job_quantiles, type_metrics, zone_hours, zone_load: found no rows, expected rows, as in run 1"),
  ])
  func aPlant(_ plant: Plant) throws {
    let scratch = try Fixture.shipped.copy()
    try scratch.change(plant.sql)
    let report = try scratch.audit()
    #expect(report.failures.allSatisfy { $0.subject == .chart }, "\(report)")
    #expect(report.failures.contains { $0.description.hasPrefix(plant.told) }, "\(plant.told) in \(report)")
  }

  @Test func withoutChartsThereIsNothingToCheck() throws {
    let scratch = try Fixture.shipped.copy()
    try scratch.change(
      ["zone_load", "zone_hours", "type_metrics", "job_quantiles"].map { "DELETE FROM \($0);" }.joined())
    let report = try scratch.audit()
    #expect(report.passed && report.runs.allSatisfy { $0.chartFigures == 0 })
  }

  /// Jobs that run into and out of a clock of two and a half days, over midnight and for days on end, one of them still
  /// at its end; the first hours are a warm-up.
  @Test(arguments: [true, false]) func longJobsAndAWarmUp(drains: Bool) throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      job_id,submitted_at,duration_s,required_cpu_cores,required_gpus,workload_type
      a,2020-03-28T00:00Z,200000,1,1,BATCH
      b,2020-03-28T05:59Z,3,0.5,0,OTHER
      c,2020-03-28T06:00Z,86400,1,0,INFERENCE
      d,2020-03-28T23:10Z,172799.999,0.25,0.5,BATCH
      e,2020-03-30T11:59Z,5000,1,0,OTHER
      f,2020-03-30T11:59:30Z,5000,4,0,OTHER

      """, as: "jobs.csv")
    try scratch.write(
      """
      name: long
      clock: {start: 2020-03-28T00:17:00Z, duration: 60h}
      zones:
        - {code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 32, gpus: 2}, pue: 1.5}
      grid: {carbon: {constant: 100}, price: {constant: 1}}
      workload: {file: jobs.csv, start: clock}
      policies: [standard]
      drain: \(drains)
      warm_up: 6h

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
    let report = try scratch.audit()
    #expect(report.passed && report.runs[0].chartFigures > 200, "\(report)")
    #expect(try scratch.number("SELECT max(cpu_cores_allocated) FROM zone_hours") ?? 0 > 1)
    // Of b nothing counts; f starts when d is over, past the end of the clock.
    #expect(try scratch.number("SELECT sum(jobs_started) FROM type_metrics") == (drains ? 4 : 3))
  }

  /// More than 20,000 waits are told within 0.1 %.
  @Test func manyWaits() throws {
    let scratch = try Scratch()
    let jobs = (0..<21_000).map { "j\($0),2020-01-06T00:00:\($0 % 50 + 10)Z,3\n" }.joined()
    try scratch.write("job_id,submitted_at,duration_s\n" + jobs, as: "jobs.csv")
    try scratch.write(
      """
      name: many
      clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
      zones: [{code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 1, memory_gb: 4}}]
      grid: {carbon: {constant: 100}, price: {constant: 1}}
      workload: {file: jobs.csv}
      policies: [standard]

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
    #expect(try scratch.audit().passed)
    try scratch.change("UPDATE job_quantiles SET value = value * 1.0011 WHERE quantity = 'wait_s' AND share = 0.5")
    let report = try scratch.audit()
    #expect(report.failures.map(\.name) == ["job_quantiles, wait_s 0.5"])
  }
}
