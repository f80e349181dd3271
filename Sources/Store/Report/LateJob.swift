public import Domain
internal import GRDB

/// A job that ended after its deadline.
public struct LateJob: Encodable, Sendable {
  /// The policy's label.
  public var policy: String
  public var jobId: String
  /// Code of the zone in which it ended.
  public var zone: String
  public var deadline: Instant
  public var end: Instant
  /// From its submission to its start.
  public var waitS: Double
  /// From its deadline to its end.
  public var latenessS: Double

  /// The completed jobs of each run with the most lateness, the latest first, ties by the job's id. O(rows of the runs).
  ///
  /// - Parameters:
  ///   - labels: distinguishes policies that run in this order.
  ///   - count: how many jobs per run at most.
  static func read(
    _ database: Database, runs: [ResultFigures.Run], labels: ([String]) -> [String], count: Int
  ) throws -> [LateJob] {
    var late: [LateJob] = []
    for (label, run) in zip(labels(runs.map(\.name)), runs) {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT w.job_id, z.grid_zone_code, w.deadline, w.actual_end, w.submitted_at, w.actual_start
          FROM compute_workloads AS w JOIN grid_zones AS z ON z.id = w.chosen_grid_zone
          WHERE w.run_id = ? AND w.status = 'COMPLETED' AND w.actual_end > w.deadline
          ORDER BY julianday(w.actual_end) - julianday(w.deadline) DESC, w.id LIMIT ?
          """, arguments: [run.id, count])
      func instant(_ value: DatabaseValue?) -> Instant? {
        String.fromDatabaseValue(value ?? .null).flatMap { Instant(text: $0) }
      }
      for row in rows {
        guard let job = String.fromDatabaseValue(row[0]), let zone = String.fromDatabaseValue(row[1]),
          let deadline = instant(row[2]), let end = instant(row[3]), let submitted = instant(row[4]),
          let start = instant(row[5])
        else { continue }
        late.append(
          LateJob(
            policy: label, jobId: job, zone: zone, deadline: deadline, end: end,
            waitS: (start - submitted).inSeconds, latenessS: (end - deadline).inSeconds))
      }
    }
    return late
  }
}
