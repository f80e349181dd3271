import Domain
import Audit
import Testing

/// An error put into a result, and what audit is to say of it.
struct Plant: Sendable, CustomTestStringConvertible {
  var sql: String
  var subject: AuditSubject
  /// A piece of a failure's text.
  var told: String

  init(_ subject: AuditSubject, _ sql: String, _ told: String) {
    self.subject = subject
    self.sql = sql
    self.told = told
  }

  var testDescription: String { told.isEmpty ? sql : told }
}

private func byAMillionth(_ column: String) -> String {
  "CASE WHEN \(column) = 0 THEN 1e-6 ELSE \(column) * 1.000001 END"
}

/// Each error that is planted is found under its own name.
@Suite struct AuditPlantTests {
  private static let metrics = Metric.names
  private static let zoneFigures = [
    "jobs_started", "jobs_completed", "energy_kwh", "carbon_kg", "carbon_per_job_g", "cost_gbp", "utilization_cpu",
    "utilization_gpu", "utilization_memory", "overhead_kwh", "overhead_carbon_kg", "overhead_cost_gbp",
  ]

  private func find(_ plant: Plant, in fixture: Fixture) throws {
    let scratch = try fixture.copy()
    #expect(try scratch.audit().passed, "the result before the plant")
    try scratch.change(plant.sql)
    let report = try scratch.audit()
    let own = report.failures.filter { $0.subject == plant.subject }.map(\.description)
    #expect(own.contains { $0.contains(plant.told) }, "\(plant.told) in \(report)")
  }

  @Test(arguments: metrics, [1, 2])
  func aMetric(_ name: String, run: Int) throws {
    let value = byAMillionth("value")
    let sql = "UPDATE run_metrics SET value = \(value) WHERE metric = '\(name)' AND run_id = \(run)"
    try find(Plant(.metric, sql, "run \(run), \(name): stored "), in: .shipped)
  }

  @Test(arguments: zoneFigures, [(1, 2, "SOUTH"), (2, 1, "NORTH")])
  func aZoneFigure(_ name: String, place: (run: Int, zone: Int, code: String)) throws {
    let told = "run \(place.run), zone \(place.code), \(name): stored "
    let sql = "UPDATE zone_metrics SET \(name) = \(byAMillionth(name)) WHERE run_id = \(place.run) "
    try find(
      Plant(
        .zoneFigure, sql + "AND grid_zone_id = \(place.zone)", told),
      in: .shipped)
  }

  @Test(arguments: ["energy_kwh", "carbon_emitted_kg", "cost_gbp", "required_gpu_mins"])
  func aFigureOfAJob(_ name: String) throws {
    let sql = "UPDATE compute_workloads SET \(name) = \(byAMillionth(name)) WHERE job_id = 'job-0123' AND run_id = 2"
    try find(Plant(.jobFigure, sql, "run 2, job job-0123, \(name): stored "), in: .shipped)
  }

  @Test(arguments: [
    ("running", "running + 1"), ("cpu_cores_allocated", "cpu_cores_allocated + 0.001"),
    ("memory_gb_allocated", "memory_gb_allocated + 0.001"), ("gpus_allocated", "gpus_allocated + 0.001"),
    ("carbon_intensity", "carbon_intensity * 1.000001"), ("energy_price", "energy_price * 1.000001"),
  ])
  func aSample(_ name: String, value: String) throws {
    let sql =
      "UPDATE zone_samples SET \(name) = \(value) WHERE run_id = 1 AND grid_zone_id = 2 "
      + "AND sampled_at = '2020-01-08T12:00:00.000Z'"
    try find(
      Plant(.sample, sql, "run 1, zone SOUTH, 2020-01-08T12:00:00.000Z, \(name): stored "), in: .shipped)
  }

  private static let job = "WHERE job_id = 'job-0123' AND run_id = 2"

  @Test(arguments: [
    Plant(
      .jobFigure, "UPDATE compute_workloads SET \(moved) \(job)", "job job-0123, carbon"),
    Plant(
      .signature, "UPDATE compute_workloads SET \(moved) \(job)", "placement_signature"),
    Plant(
      .job, "UPDATE compute_workloads SET chosen_grid_zone = 9 \(job)", "chosen_grid_zone: found 9, expected the id"),
    Plant(.reference, "UPDATE compute_workloads SET chosen_grid_zone = 9 \(job)", "a row of grid_zones"),
    Plant(.reference, "UPDATE compute_workloads SET user_id = 'nobody'", "a row of users"),
    Plant(.job, "UPDATE compute_workloads SET actual_start = \(shifted("actual_start")) \(job)", "actual_end: stored"),
    Plant(
      .signature,
      "UPDATE compute_workloads SET \(postponed) \(job)",
      "placement_signature"),
    Plant(
      .metric,
      "UPDATE compute_workloads SET \(postponed) \(job)",
      "wait_mean_s"),
    Plant(
      .job, "UPDATE compute_workloads SET actual_start = '2020-01-06T00:00:00.000Z' \(job)", "not before submitted_at"),
    Plant(.job, "UPDATE compute_workloads SET status = 'RUNNING' \(job)", "expected COMPLETED or REJECTED"),
    Plant(.job, "UPDATE compute_workloads SET status = 'DONE' \(job)", "status: found DONE"),
    Plant(.job, "UPDATE compute_workloads SET status = 'REJECTED' \(job)", "rejection_reason: found nothing"),
    Plant(.job, "UPDATE compute_workloads SET status = 'PENDING' \(job)", "as the job is PENDING"),
    Plant(.metric, "DELETE FROM compute_workloads \(job)", "run 2, jobs_submitted: stored 287, recomputed 286"),
    Plant(.sameJobs, "DELETE FROM compute_workloads \(job)", "no row with id 123, expected the jobs of run 1"),
    Plant(
      .sameJobs, "UPDATE compute_workloads SET duration_s = duration_s + 1 \(job)", "job job-0123, duration_s: found"),
    Plant(
      .sameJobs, "UPDATE compute_workloads SET user_id = 'user-1' WHERE id = 2 AND run_id = 2",
      "user_id: found \"user-1\""),
    Plant(.sameJobs, "UPDATE compute_workloads SET job_id = 'x' \(job)", "job_id: found \"x\""),
    Plant(
      .sameJobs, "UPDATE compute_workloads SET id = 1000, job_id = 'x' \(job)",
      "job x, id: found 1000, expected a job that is also in run 1"),
    Plant(
      .job, "UPDATE compute_workloads SET deadline = '2020-01-05T00:00:00.000Z' \(job)",
      "an instant not before submitted_at"),
    Plant(
      .job, "UPDATE compute_workloads SET duration_s = duration_s * 1.000001 \(job)", "a whole number of thousandths"),
    Plant(
      .job, "UPDATE compute_workloads SET recommended_2_grid_zone_id = recommended_grid_zone_id \(job)",
      "a zone that is not recommended before"),
    Plant(.job, "UPDATE compute_workloads SET recommended_grid_zone_id = NULL \(job)", "a zone, as the job started"),
    Plant(.job, "UPDATE compute_workloads SET rejection_reason = 'none' \(job)", "as the job was not rejected"),
    Plant(
      .job, "UPDATE compute_workloads SET chosen_grid_zone = 3 - home_zone WHERE id = 2 AND run_id = 1",
      "the home zone, as the policy is standard"),
    Plant(
      .job, "UPDATE compute_workloads SET required_gpus = 25, required_gpu_mins = 25 * duration_s / 60 WHERE id = 9",
      "REJECTED, as no zone that it may use is large enough"),
    Plant(
      .job, "DROP INDEX compute_workloads_job_id; UPDATE compute_workloads SET job_id = 'x' WHERE id < 3",
      "one row per run and job_id"),
    Plant(.capacity, "UPDATE grid_zones SET cpu_cores = 100 WHERE id = 2", "zone SOUTH"),
    Plant(.capacity, manyCopies, "required_cpu_cores: found"),
    Plant(.jobFigure, "UPDATE grid_zones SET pue = pue * 1.000001 WHERE id = 1", "carbon_emitted_kg"),
    Plant(.metric, "UPDATE grid_zones SET idle_kw = idle_kw * 1.000001 WHERE id = 1", "overhead_kwh"),
    Plant(
      .condition, "UPDATE grid_zones SET carbon_intensity = 1 WHERE id = 1", "zone NORTH, carbon_intensity: stored 1"),
    Plant(.jobFigure, "UPDATE trace_steps SET value = value * 1.000001 WHERE quantity = 'price'", "cost_gbp"),
    Plant(.trace, "DELETE FROM trace_steps WHERE starts_at = '2020-01-08T12:00:00.000Z'", "2020-01-08T12:00:00.000Z"),
    Plant(.trace, "DELETE FROM trace_steps WHERE starts_at > '2020-01-10T12:00:00.000Z'", "no step in trace_steps"),
    Plant(
      .trace,
      "UPDATE trace_steps SET ends_at = '2020-01-08T12:29:00.000Z' WHERE starts_at = '2020-01-08T12:00:00.000Z'",
      "not exactly one step"),
    Plant(.signature, "UPDATE runs SET placement_signature = '0123456789abcdef'", "found 0123456789abcdef"),
    Plant(.run, "UPDATE runs SET is_baseline = 0", "is_baseline: found 0"),
    Plant(.run, "UPDATE runs SET replication = 2 WHERE run_id = 2", "a run of the same replication"),
    Plant(.run, "UPDATE runs SET baseline_run_id = 2 WHERE run_id = 2", "baseline_run_id: found 2, expected 1"),
    Plant(.metric, "UPDATE runs SET clock_end = '2020-01-12T23:59:59.000Z'", "throughput_jobs_per_hour"),
    Plant(.run, "UPDATE runs SET warm_up_s = 60 WHERE run_id = 2", "that of run 1, of the same replication"),
    Plant(.run, "UPDATE runs SET clock_start = '2020-01-05T23:00:00.000Z' WHERE run_id = 2", "the clock of run 1"),
    Plant(.run, "UPDATE runs SET has_workloads = 0", "has_workloads: found 0, but 287 job rows"),
    Plant(.metric, "DELETE FROM run_metrics WHERE metric = 'wait_p95_s'", "wait_p95_s: found no such row"),
    Plant(.metric, "UPDATE run_metrics SET value = NULL WHERE metric = 'wait_p95_s'", "wait_p95_s: stored nothing"),
    Plant(
      .zoneFigure, "DELETE FROM zone_metrics WHERE grid_zone_id = 1", "zone NORTH, zone_metrics: found no such row"),
    Plant(
      .sample, "DELETE FROM zone_samples WHERE grid_zone_id = 2 AND sampled_at = '2020-01-06T00:00:00.000Z'", "instants"
    ),
    Plant(
      .sample, "UPDATE zone_samples SET assigned = running - 1 WHERE grid_zone_id = 2 AND running > 0",
      "the number of running jobs"),
  ])
  func oneRow(_ plant: Plant) throws { try find(plant, in: .shipped) }

  @Test(arguments: [
    Plant(.job, "UPDATE compute_workloads SET status = 'PENDING' WHERE job_id = 'e'", "REJECTED, as no zone"),
    Plant(
      .job, "UPDATE compute_workloads SET required_cpu_cores = 3 WHERE job_id = 'e'",
      "expected no zone that the job may use and that is large enough"),
    Plant(.job, "UPDATE compute_workloads SET rejection_reason = 'x' WHERE job_id = 'e'", "a known reason"),
    Plant(
      .job,
      "UPDATE compute_workloads SET rejection_reason = 'no start up to its latest useful one keeps its prediction "
        + "within its caps' WHERE job_id = 'e'", "expected a job with a cap"),
    Plant(.metric, "UPDATE compute_workloads SET status = 'RUNNING' WHERE job_id = 'a'", "jobs_unfinished"),
    Plant(.job, "UPDATE compute_workloads SET status = 'RUNNING' WHERE job_id = 'a'", "COMPLETED, as the job ended"),
    Plant(
      .job, "UPDATE compute_workloads SET status = 'SCHEDULED' WHERE job_id = 'd'", "a zone, as the job is SCHEDULED"),
    Plant(
      .job, "UPDATE compute_workloads SET chosen_grid_zone = 2 WHERE job_id = 'd'", "nothing, as the job is PENDING"),
    Plant(.job, "UPDATE compute_workloads SET energy_kwh = 0 WHERE job_id = 'd'", "nothing, as the job never ran"),
    Plant(
      .metric, "UPDATE compute_workloads SET deadline = '2020-01-06T02:00:00.000Z' WHERE job_id = 'a'", "sla_met_pct"),
    Plant(.metric, "UPDATE compute_workloads SET carbon_cap_gco2 = 1e9", "carbon_cap_violations"),
    Plant(
      .capacity,
      "UPDATE compute_workloads SET actual_start = '2020-01-06T01:39:59.999Z', actual_end = '2020-01-06T03:39:59.999Z' "
        + "WHERE job_id = 'b' AND actual_start = '2020-01-06T01:40:00.000Z'",
      "job b, zone A, 2020-01-06T01:39:59.999Z, required_cpu_cores: found 8, expected at most 4 in use"),
    Plant(.jobFigure, "UPDATE grid_zones SET cpu_core_watts = 10.00001 WHERE grid_zone_code = 'A'", "energy_kwh"),
  ])
  func oneRowOfARunThatIsCutOff(_ plant: Plant) throws { try find(plant, in: .cutOff) }

  private static let moved = "chosen_grid_zone = 3 - chosen_grid_zone"
  /// By a millisecond.
  private static let postponed =
    "actual_start = \(shifted("actual_start")), actual_end = \(shifted("actual_end"))"

  private static func shifted(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%S.', \(column)) || printf('%03dZ', substr(\(column), 21, 3) + 1)"
  }

  /// Forty more jobs that hold the capacity that one holds.
  private static let manyCopies = """
    CREATE TEMP TABLE n AS
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) SELECT i FROM n;
    CREATE TEMP TABLE more AS SELECT * FROM compute_workloads, n WHERE id = 123;
    UPDATE more SET id = 1000 + i, job_id = 'copy-' || i;
    ALTER TABLE more DROP COLUMN i;
    INSERT INTO compute_workloads SELECT * FROM more
    """
}
