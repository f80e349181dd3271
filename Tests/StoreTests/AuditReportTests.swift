import Results
import Testing

/// Results as they come are clean, and what an audit says of them.
@Suite struct AuditReportTests {
  @Test func theShippedScenario() throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario)
    let report = try scratch.audit()
    #expect(report.passed && report.checkedEverything)
    let checked =
      "replication 1: checked 287 jobs with 1148 values, 27 metrics, 24 zone values, 4032 sample values, "
      + "1042 chart values"
    #expect(
      report.description == "run 1, standard, \(checked)\nrun 2, greedy-lowest-carbon, \(checked)\n"
        + "audit: every value agrees with the rows")
  }

  @Test func aFailureTellsWhereAndByHowMuch() throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change("UPDATE compute_workloads SET cost_gbp = 0.0225000225 WHERE job_id = 'a' AND run_id = 2")
    let audit = try scratch.resultAudit()
    #expect(!audit.passed)
    // 4 cores of 10 W for 1.5 h behind a PUE of 1.5, at 0.25 GBP a kWh.
    #expect(
      audit.failures
        == "FAILED run 2, job a, cost_gbp: stored 0.0225000225, recomputed 0.0225, relative difference 1.0e-6")
    #expect(audit.text.hasSuffix("\naudit: 1 failure"))
  }

  /// Fifty are told, some of every kind; all are counted.
  @Test func manyFailuresAreCounted() throws {
    let scratch = try Fixture.shipped.copy()
    try scratch.change("UPDATE compute_workloads SET cost_gbp = cost_gbp + 1; UPDATE run_metrics SET value = value + 1")
    let report = try scratch.audit()
    #expect(report.counts.map(\.count) == [574, 54])
    #expect(report.failures.count == 50 && report.failures.filter { $0.subject == .metric }.count == 25)
    #expect(report.failureText.hasSuffix("\nand 578 more; in total: 574 job values, 54 metrics"))
    #expect(report.verdict == "audit: 628 failures")
  }

  @Test func aResultWithoutJobsIsSaidToBeOne() throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario, overrides: [("outputs", "{workloads: none}")])
    let audit = try scratch.resultAudit()
    #expect(audit.passed && audit.failures.isEmpty)
    #expect(
      audit.text.contains(
        "run 1, standard, replication 1: checked 16 metrics, 8 zone values, 1344 sample values\n"
          + "  not checked, as the result holds no job rows (outputs: {workloads: none}): job rows, "))
    #expect(
      audit.text.hasSuffix(
        "\naudit: everything that could be checked agrees; the lines above list what was not checked"))
  }

  @Test(arguments: [
    ("UPDATE run_metrics SET value = value * 1.000001 WHERE metric = 'carbon_kg'", "run 2, carbon_kg"),
    ("UPDATE run_metrics SET value = value * 1.000001 WHERE metric = 'cost_savings_pct'", "run 2, cost_savings_pct"),
    ("UPDATE run_metrics SET value = value + 1 WHERE metric = 'jobs_rejected'", "run 2, jobs_submitted"),
    ("UPDATE zone_metrics SET energy_kwh = energy_kwh * 1.000001", "run 2, energy_kwh"),
    ("UPDATE zone_metrics SET utilization_cpu = utilization_cpu * 1.000001", "run 2, utilization_cpu"),
    ("UPDATE zone_metrics SET carbon_per_job_g = 1", "run 2, zone NORTH, carbon_per_job_g"),
    ("UPDATE zone_samples SET energy_price = 1", "run 1, zone NORTH, 2020-01-06T00:00:00.000Z, energy_price: stored 1"),
    ("UPDATE zone_samples SET cpu_cores_allocated = 129", "cpu_cores_allocated: found 129, expected at most"),
  ])
  func withoutJobsFiguresAreHeldAgainstEachOther(_ sql: String, _ told: String) throws {
    let scratch = try Scratch()
    try scratch.run(Fixture.shippedScenario, overrides: [("outputs", "{workloads: none}")])
    try scratch.change(sql)
    let text = try scratch.audit().failureText
    #expect(text.contains(told), "\(text)")
  }

  @Test func aMetricOfAnotherVersionIsSaidNotToBeChecked() throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change("INSERT INTO run_metrics VALUES (2, 'happiness', 1)")
    let report = try scratch.audit()
    #expect(report.passed && !report.checkedEverything)
    #expect(report.description.contains("\n  not checked, as this version does not know them: happiness\n"))
  }

  /// The columns may stand in another order, and there may be more.
  @Test func columnsAreReadByName() throws {
    let scratch = try Fixture.cutOff.copy()
    try scratch.change(
      """
      ALTER TABLE compute_workloads ADD COLUMN mood TEXT;
      CREATE TABLE other AS SELECT 7 AS extra, value, metric, run_id FROM run_metrics;
      DROP VIEW metrics_wide; DROP TABLE run_metrics; ALTER TABLE other RENAME TO run_metrics
      """)
    #expect(try scratch.audit().passed)
  }

  /// A trace that does not extend ends where its last step does: two hours here, and the last job ends with it.
  @Test func aTraceThatEndsWithTheLastJob() throws {
    let scratch = try Scratch()
    try scratch.write("datetime,Z\n2020-01-06T00:00Z,100\n2020-01-06T01:00Z,300\n", as: "carbon.csv")
    try scratch.write(
      "job_id,submitted_at,duration_s,estimated_energy_kwh\na,2020-01-06T00:30Z,5400,9\n", as: "jobs.csv")
    try scratch.write(
      """
      name: ends
      clock: {start: 2020-01-06T00:00:00Z, duration: 1h}
      zones:
        - {code: Z, name: Z, region: R, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 1, memory_gb: 0, gpus: 0}}
      grid: {carbon: {file: carbon.csv}, price: {constant: 1}}
      workload: {file: jobs.csv}
      policies: [standard]

      """, as: "scenario.yaml")
    try scratch.run(scratch.input("scenario.yaml"))
    #expect(try scratch.audit().passed)
    // 6 kW for half an hour at 100 g and for an hour at 300 g.
    #expect(try scratch.number("SELECT carbon_emitted_kg FROM compute_workloads") == 2.1)
    #expect(try scratch.number("SELECT count(*) FROM trace_steps WHERE ends_at = '2020-01-06T02:00:00.000Z'") == 2)
    try scratch.change(
      """
      UPDATE compute_workloads SET duration_s = 5401, actual_duration_s = 5401, actual_end = '2020-01-06T02:00:01.000Z'
      """)
    let expected =
      "FAILED run 1, job a, zone Z, 2020-01-06T02:00:00.000Z, carbon_intensity: found no step in trace_steps, expected "
      + "one up to 2020-01-06T02:00:01.000Z, while the job ran"
    #expect(try scratch.audit().failureText.contains(expected))
  }

  @Test func theFileIsOnlyRead() throws {
    let scratch = try Fixture.cutOff.copy()
    let before = try scratch.bytes()
    #expect(try scratch.audit().passed)
    #expect(try scratch.bytes() == before)
  }
}
