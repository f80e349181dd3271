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

/// The jobs of a policy that missed their deadlines.
public struct PolicyLateJobs: Sendable {
  /// The policy's label.
  public var policy: String
  /// Those that ended after them, the latest first.
  public var jobs: [LateJob]
  public var uncompleted: [UncompletedJob]
  /// How many did not complete, those that are not listed among them.
  public var allUncompleted: Int
  /// True if any job of the run has a deadline.
  public var hasDeadlines: Bool
}

/// A job with a deadline that did not complete, and so has missed it.
public struct UncompletedJob: Encodable, Sendable {
  /// The policy's label.
  public var policy: String
  public var jobId: String
  /// FAILED, REJECTED, or what it was at the end of the run.
  public var status: String
  /// Code of its last zone; `nil` for none.
  public var zone: String?
  public var deadline: Instant
  /// End of a job that failed.
  public var end: Instant?
  /// From its submission to its start; `nil` if it never started.
  public var waitS: Double?

  /// Those of a run by status and deadline, and how many there are. O(rows of the run).
  static func read(
    _ database: Database, run: Int, label: String, count: Int
  ) throws -> (jobs: [UncompletedJob], all: Int) {
    let some = "FROM compute_workloads AS w WHERE w.run_id = ? AND w.status <> 'COMPLETED' AND w.deadline IS NOT NULL"
    let all = try DatabaseValue.fetchOne(database, sql: "SELECT count(*) \(some)", arguments: [run])
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT job_id, status, (SELECT grid_zone_code FROM grid_zones AS z WHERE z.id = w.chosen_grid_zone), deadline,
          actual_end, submitted_at, actual_start \(some) ORDER BY status, deadline, id LIMIT ?
        """, arguments: [run, count])
    func instant(_ value: DatabaseValue?) -> Instant? {
      String.fromDatabaseValue(value ?? .null).flatMap { Instant(text: $0) }
    }
    let jobs = rows.compactMap { row -> UncompletedJob? in
      guard let job = String.fromDatabaseValue(row[0]), let status = String.fromDatabaseValue(row[1]),
        let deadline = instant(row[3]), let submitted = instant(row[5])
      else { return nil }
      return UncompletedJob(
        policy: label, jobId: job, status: status, zone: String.fromDatabaseValue(row[2]), deadline: deadline,
        end: instant(row[4]), waitS: instant(row[6]).map { ($0 - submitted).inSeconds })
    }
    return (jobs, all.flatMap { Int.fromDatabaseValue($0) } ?? 0)
  }
}
