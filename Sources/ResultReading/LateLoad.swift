internal import Domain
internal import GRDB
internal import Metrics

/// Power that jobs draw after the clock's end, from their rows.
extension ChartReading {
  /// A stretch of running.
  private struct Piece {
    var zone: Int
    var from: Instant
    var until: Instant
    /// kW at the meter, on average over the job.
    var power: Double
  }

  /// More stretches are not made: they become longer.
  private static let mostStretches: Int64 = 2000

  /// Mean power of each zone's jobs after the clock's end, in stretches until the last job has ended, kW. The power of
  /// a job that was interrupted is taken to be the same in all its segments.
  ///
  /// - Parameters:
  ///   - id: `runs.run_id`.
  ///   - zones: `grid_zones.id`, in the order of the result.
  /// - Returns: empty if no job runs then; `nil` for a result without job rows.
  /// - Complexity: O(jobs + stretches × zones).
  func lateLoad(
    run id: Int, zones: [Int], from clockEnd: Instant, every interval: TimeSpan
  ) throws -> [[ChartData.Step]]? {
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM compute_workloads WHERE run_id = ? LIMIT 1", arguments: [id])
    guard isThere == true else { return nil }
    let places = Dictionary(zip(zones, zones.indices)) { first, _ in first }
    let pieces = try whole(run: id, places, clockEnd) + interrupted(run: id, places, clockEnd)
    guard let last = pieces.map(\.until).max(), interval > .zero else { return [] }
    let span = (last - clockEnd).milliseconds
    let count = (span + interval.milliseconds - 1) / interval.milliseconds
    let length = interval.milliseconds * ((count - 1) / ChartReading.mostStretches + 1)
    let bounds = stride(from: Int64(0), to: span, by: Int64.Stride(length)).map { ($0, min($0 + length, span)) }
    var powers = zones.map { _ in Array(repeating: 0.0, count: bounds.count) }
    for piece in pieces {
      let low = max(piece.from, clockEnd) - clockEnd
      let high = piece.until - clockEnd
      var place = Int(low.milliseconds / length)
      while place < bounds.count, bounds[place].0 < high.milliseconds {
        let (begin, end) = bounds[place]
        let own = min(end, high.milliseconds) - max(begin, low.milliseconds)
        powers[piece.zone][place] += piece.power * Double(own) / Double(end - begin)
        place += 1
      }
    }
    return powers.map { row in
      zip(bounds, row).map { bound, power in
        ChartData.Step(
          start: clockEnd + TimeSpan(milliseconds: bound.0), end: clockEnd + TimeSpan(milliseconds: bound.1),
          value: power)
      }
    }
  }

  /// Jobs that ran without a break.
  private func whole(run id: Int, _ places: [Int: Int], _ clockEnd: Instant) throws -> [Piece] {
    var pieces: [Piece] = []
    let sql = """
      SELECT chosen_grid_zone, actual_start, actual_end, energy_kwh FROM compute_workloads w
      WHERE run_id = ? AND actual_end > ? AND actual_start IS NOT NULL AND chosen_grid_zone IS NOT NULL
        AND energy_kwh IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM workload_segments s WHERE s.run_id = w.run_id AND s.id = w.id) ORDER BY id
      """
    try rows("compute_workloads", sql, [id, clockEnd.iso8601]) { row in
      let from = try instant(row, "compute_workloads", "actual_start")
      let until = try instant(row, "compute_workloads", "actual_end")
      guard until > from, let zone = places[try whole(row, "compute_workloads", "chosen_grid_zone")] else { return }
      let energy = try number(row, "compute_workloads", "energy_kwh")
      pieces.append(Piece(zone: zone, from: from, until: until, power: energy / (until - from).inHours))
    }
    return pieces
  }

  /// Segments of jobs that were interrupted, as far as they end after the clock.
  private func interrupted(run id: Int, _ places: [Int: Int], _ clockEnd: Instant) throws -> [Piece] {
    guard tables.contains("workload_segments") else { return [] }
    var pieces: [Piece] = []
    var current: (job: Int, energy: Double, pieces: [Piece])?
    func flush() {
      guard let job = current else { return }
      let hours = job.pieces.reduce(0) { $0 + ($1.until - $1.from).inHours }
      guard hours > 0 else { return }
      for var piece in job.pieces where piece.until > clockEnd {
        piece.power = job.energy / hours
        pieces.append(piece)
      }
    }
    let sql = """
      SELECT s.id AS id, s.zone AS zone, s.started_at AS started_at, s.ended_at AS ended_at, w.energy_kwh AS energy_kwh
      FROM workload_segments s JOIN compute_workloads w ON w.run_id = s.run_id AND w.id = s.id
      WHERE s.run_id = ?1 AND s.ended_at IS NOT NULL AND w.energy_kwh IS NOT NULL AND s.id IN
        (SELECT id FROM workload_segments WHERE run_id = ?1 AND ended_at > ?2) ORDER BY s.id, s.segment
      """
    try rows("workload_segments", sql, [id, clockEnd.iso8601]) { row in
      let job = try whole(row, "workload_segments", "id")
      if current?.job != job {
        flush()
        current = (job, try number(row, "compute_workloads", "energy_kwh"), [])
      }
      let from = try instant(row, "workload_segments", "started_at")
      let until = try instant(row, "workload_segments", "ended_at")
      guard until > from, let zone = places[try whole(row, "workload_segments", "zone")] else { return }
      current?.pieces.append(Piece(zone: zone, from: from, until: until, power: 0))
    }
    flush()
    return pieces
  }

  /// The carbon intensity from the clock's end on.
  func addLateTraces(_ data: inout ChartData, set: Int, most: Int, until: Instant) throws {
    data.lateIntensity = data.zones.map { _ in [] }
    for (place, zone) in data.zones.enumerated().prefix(most) {
      try rows(
        "trace_steps",
        """
        SELECT starts_at, ends_at, value FROM trace_steps WHERE trace_set = ? AND quantity = 'carbon_intensity'
          AND grid_zone_id = ? AND ends_at > ? AND starts_at < ? ORDER BY starts_at
        """, [set, zone.id, data.end.iso8601, until.iso8601]
      ) { row in
        data.lateIntensity[place].append(
          ChartData.Step(
            start: max(try instant(row, "trace_steps", "starts_at"), data.end),
            end: min(try instant(row, "trace_steps", "ends_at"), until),
            value: try number(row, "trace_steps", "value")))
      }
    }
  }
}
