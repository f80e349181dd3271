internal import Audit
public import Domain
internal import GRDB

/// Jobs that failed at one instant in one zone under one policy, in the first replication of a result.
public struct OutageFailures: Sendable, Hashable {
  /// The zone's code.
  public var zone: String
  /// When they failed: the start of the outage that ended them, or of a change of capacity.
  public var at: Instant
  /// The outage's rule for running jobs; `nil` if no outage starts at that instant.
  public var rule: OutageRule?
  /// True if none of them had been interrupted before.
  public var ranThrough: Bool
  public var label: String
  public var jobs: Int

  /// Reads the failures of the jobs that count, by the start of the outage, the zone and the order of the policies; none
  /// of a result without job rows. O(failed jobs).
  ///
  /// - Parameter labels: distinguishes policies that run in this order.
  /// - Throws: ``AuditRefusal``.
  public static func read(path: String, labels: ([String]) -> [String]) throws -> [OutageFailures] {
    try AuditFile(path: path).read { database in
      try AuditSchema.check(database, path)
      let runs = try ResultFigures(database, path, checked: nil).runs
      return try read(database, runs: runs, labels: labels)
    }
  }

  static func read(
    _ database: Database, runs: [ResultFigures.Run], labels: ([String]) -> [String]
  ) throws -> [OutageFailures] {
    let first = runs.filter { $0.replication == runs.first?.replication }
    // An older result has no such table, or one clock for all replications.
    let columns = try database.tableExists("zone_capacity") ? database.columns(in: "zone_capacity").map(\.name) : []
    let rule =
      columns.contains("replication")
      ? """
      (SELECT running FROM zone_capacity AS c WHERE c.replication IN (0, r.replication)
        AND c.grid_zone_id = w.chosen_grid_zone AND c.starts_at = w.actual_end
        ORDER BY c.replication DESC LIMIT 1)
      """ : "NULL"
    var found: [OutageFailures] = []
    for (label, run) in zip(labels(first.map(\.name)), first) {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT z.grid_zone_code, w.actual_end, \(rule) AS rule, count(*),
            max(EXISTS (SELECT 1 FROM workload_segments AS s WHERE s.run_id = w.run_id AND s.id = w.id))
          FROM compute_workloads AS w JOIN runs AS r USING (run_id) JOIN grid_zones AS z ON z.id = w.chosen_grid_zone
          WHERE w.run_id = ? AND w.status = 'FAILED'
            AND julianday(w.submitted_at) >= julianday(r.clock_start) + r.warm_up_s / 86400 - 1e-9
          GROUP BY z.id, w.actual_end, rule ORDER BY w.actual_end, z.id
          """, arguments: [run.id])
      for row in rows {
        guard let zone = String.fromDatabaseValue(row[0]),
          let end = String.fromDatabaseValue(row[1]).flatMap({ Instant(text: $0) }),
          let jobs = Int.fromDatabaseValue(row[3])
        else { continue }
        found.append(
          OutageFailures(
            zone: zone, at: end, rule: String.fromDatabaseValue(row[2]).flatMap { OutageRule(rawValue: $0) },
            ranThrough: Int.fromDatabaseValue(row[4]) == 0, label: label, jobs: jobs))
      }
    }
    return found
  }
}
