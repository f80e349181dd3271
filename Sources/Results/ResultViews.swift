/// Views of `results.sqlite` for people: what they would join themselves. Audit reads none of them.
public enum ResultViews {
  /// - Parameter hasPoints: whether the runs are those of a sweep, compared point by point.
  static func all(hasPoints: Bool) -> String {
    [jobs, zones, comparison(hasPoints ? "point, " : "")].joined(separator: ";\n")
  }

  /// Names and definitions of the views of a run's result.
  ///
  /// - Parameter metrics: columns of `metrics_wide`.
  public static func definitions(_ metrics: [String]) -> [(name: String, sql: String)] {
    ([Schema.wideView(metrics)] + all(hasPoints: false).components(separatedBy: ";\n")).map { sql in
      // `CREATE VIEW name AS …`
      (String(sql.split(separator: " ", maxSplits: 3)[2]), sql)
    }
  }

  /// Seconds from one instant of the tables to another, exact to the millisecond.
  package static func seconds(from start: String, to end: String) -> String {
    func whole(_ instant: String) -> String { "CAST(strftime('%s', \(instant)) AS INTEGER)" }
    func milliseconds(_ instant: String) -> String { "CAST(substr(\(instant), 21, 3) AS INTEGER)" }
    return "(1000 * (\(whole(end)) - \(whole(start))) + \(milliseconds(end)) - \(milliseconds(start))) / 1000.0"
  }

  /// Every job of every run, zones by their codes too.
  private static let jobs = """
    CREATE VIEW jobs_wide AS SELECT r.policy, r.label, r.replication, r.is_baseline,
      \(WorkloadColumn.all.map { "w.\($0.name)" }.joined(separator: ", ")),
      home.grid_zone_code AS home_zone_code, chosen.grid_zone_code AS chosen_zone_code,
      chosen.zone_name AS chosen_zone_name, first.grid_zone_code AS recommended_zone_code,
      second.grid_zone_code AS recommended_2_zone_code, third.grid_zone_code AS recommended_3_zone_code,
      \(seconds(from: "w.submitted_at", to: "w.actual_start")) AS wait_s,
      \(seconds(from: "w.submitted_at", to: "w.actual_end")) AS turnaround_s,
      CASE WHEN w.deadline IS NULL THEN NULL
        ELSE w.status = 'COMPLETED' AND w.actual_end <= w.deadline END AS met_deadline,
      \(seconds(from: "r.clock_start", to: "w.submitted_at")) >= r.warm_up_s AS is_counted
    FROM compute_workloads AS w JOIN runs AS r USING (run_id)
      LEFT JOIN grid_zones AS home ON home.id = w.home_zone
      LEFT JOIN grid_zones AS chosen ON chosen.id = w.chosen_grid_zone
      LEFT JOIN grid_zones AS first ON first.id = w.recommended_grid_zone_id
      LEFT JOIN grid_zones AS second ON second.id = w.recommended_2_grid_zone_id
      LEFT JOIN grid_zones AS third ON third.id = w.recommended_3_grid_zone_id
    """

  private static let zones = """
    CREATE VIEW zones_wide AS
    SELECT r.policy, r.label, r.replication, r.is_baseline, z.grid_zone_code, z.zone_name, z.region, m.*
    FROM zone_metrics AS m JOIN runs AS r USING (run_id) JOIN grid_zones AS z ON z.id = m.grid_zone_id
    """

  /// Each policy and metric over the replications, alone and against the baseline on the same jobs. `place` is the
  /// policy's in the order in which they run: it tells apart those of one name. Variances are those of samples.
  private static func comparison(_ point: String) -> String {
    """
    CREATE VIEW policy_comparison AS
    WITH placed AS (
      SELECT \(point)policy, label, run_id, baseline_run_id,
        run_id - min(run_id) OVER (PARTITION BY baseline_run_id) + 1 AS place
      FROM runs),
    paired AS (
      SELECT \(point)policy, label, place, m.metric, m.value, m.value - b.value AS difference
      FROM placed AS r JOIN run_metrics AS m USING (run_id)
        LEFT JOIN run_metrics AS b ON b.run_id = r.baseline_run_id AND b.metric = m.metric),
    means AS (
      SELECT \(point)policy, label, place, metric, count(value) AS n, avg(value) AS mean, min(value) AS minimum,
        max(value) AS maximum, avg(difference) AS mean_difference
      FROM paired GROUP BY \(point)policy, label, place, metric)
    SELECT means.*,
      CASE WHEN n > 1 THEN sum((value - mean) * (value - mean)) / (n - 1) END AS variance,
      CASE WHEN count(difference) > 1 THEN
        sum((difference - mean_difference) * (difference - mean_difference)) / (count(difference) - 1)
      END AS difference_variance
    FROM means JOIN paired USING (\(point)policy, label, place, metric)
    GROUP BY \(point)policy, label, place, metric
    """
  }
}
