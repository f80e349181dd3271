internal import Audit
public import Domain
internal import GRDB
public import Metrics

/// Jobs of a run that wait for their start, have ended, and have missed their deadlines, as time goes on: by the minute.
public struct JobFlow: Sendable {
  /// By how much a number changes in the minute that begins then; in order.
  typealias Changes = [(at: Instant, by: Int)]

  private let waiting: Changes
  private let finished: Changes
  private let missed: Changes

  init(waiting: Changes, finished: Changes, missed: Changes) {
    (self.waiting, self.finished, self.missed) = (waiting, finished, missed)
  }

  /// The numbers at instants in order: what happened before them counts.
  public func counts(at instants: [Instant]) -> (waiting: [Int], finished: [Int], missed: [Int]) {
    (
      JobFlow.levels(waiting, at: instants), JobFlow.levels(finished, at: instants),
      JobFlow.levels(missed, at: instants)
    )
  }

  private static func levels(_ changes: Changes, at instants: [Instant]) -> [Int] {
    var (level, place) = (0, 0)
    return instants.map { instant in
      while place < changes.count, changes[place].at < instant {
        level += changes[place].by
        place += 1
      }
      return level
    }
  }

  /// The largest number of jobs that wait in each stretch of [start, end).
  public func longestQueue(from start: Instant, until end: Instant, every interval: TimeSpan) -> [ChartData.Step] {
    var steps: [ChartData.Step] = []
    var (level, place, at) = (0, 0, start)
    while at < end {
      let next = min(at + interval, end)
      var most = level
      while place < waiting.count, waiting[place].at < next {
        level += waiting[place].by
        most = max(most, level)
        place += 1
      }
      steps.append(ChartData.Step(start: at, end: next, value: Double(most)))
      at = next
    }
    return steps
  }
}

extension ChartReading {
  /// - Parameter id: `runs.run_id`.
  /// - Returns: `nil` of a result without job rows.
  func flow(run id: Int) throws -> JobFlow? {
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM compute_workloads WHERE run_id = ? LIMIT 1", arguments: [id])
    guard isThere == true else { return nil }
    let submitted = try minutes(
      "submitted_at", "(actual_start IS NOT NULL OR status <> 'REJECTED')", run: id)
    let started = try minutes("actual_start", "actual_start IS NOT NULL", run: id)
    let waiting = (submitted + started.map { (at: $0.at, by: -$0.by) }).sorted { ($0.at, $0.by) < ($1.at, $1.by) }
    // Within a minute nobody knows what came first: its changes are one.
    var merged: JobFlow.Changes = []
    for change in waiting {
      if let last = merged.last, last.at == change.at {
        merged[merged.count - 1].by += change.by
      } else {
        merged.append(change)
      }
    }
    return JobFlow(
      waiting: merged, finished: try minutes("actual_end", "status = 'COMPLETED'", run: id),
      missed: try minutes(
        "deadline", "deadline IS NOT NULL AND NOT (status = 'COMPLETED' AND actual_end <= deadline)", run: id))
  }

  /// How many rows have a column in each minute, in order of time.
  private func minutes(_ column: String, _ condition: String, run id: Int) throws -> JobFlow.Changes {
    var changes: JobFlow.Changes = []
    let sql = """
      SELECT substr(\(column), 1, 16) AS minute, count(*) AS jobs FROM compute_workloads
      WHERE run_id = ? AND \(condition) GROUP BY minute ORDER BY minute
      """
    try rows("compute_workloads", sql, [id]) { row in
      let minute = try text(row, "compute_workloads", "minute")
      guard let at = Instant(text: minute + ":00Z") else {
        let fault = CellFault(
          table: "compute_workloads", row: "a row", column: column, found: minute, expected: "an instant")
        throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
      }
      changes.append((at, try whole(row, "compute_workloads", "jobs")))
    }
    return changes
  }
}
