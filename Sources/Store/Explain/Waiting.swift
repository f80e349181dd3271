internal import Domain
internal import GRDB

/// Room for a job in a zone over a span of time, from what all other jobs held there and from the zone's capacity.
struct Waiting {
  let explainer: RunExplainer
  let job: AuditJob
  /// Index of the zone.
  let place: Int

  /// An interval of another job's execution.
  private struct Stay {
    var start: Int64
    /// `Int64.max` if it had not ended.
    var end: Int64
    var held: AuditResources
  }

  /// The time within `from ..< until` during which the zone had room for the job. O(n log n) in the executions of the
  /// zone that overlap the span.
  func room(from: Instant, until: Instant) throws -> TimeSpan {
    let stays = try stays(from: from, until: until)
    let zone = explainer.world.during(explainer.run).zones[place]
    var changes: [(at: Int64, held: AuditResources)] = []
    for stay in stays {
      changes.append((stay.start, stay.held))
      if stay.end < Int64.max { changes.append((stay.end, AuditResources() - stay.held)) }
    }
    // Changes of capacity are instants at which the room is looked at again.
    changes += zone.periods.map { ($0.start, AuditResources()) }
    changes.sort { $0.at < $1.at }
    var (now, free, next) = (from.milliseconds, Int64(0), 0)
    var used = AuditResources()
    while now < until.milliseconds {
      while next < changes.count, changes[next].at <= now {
        used = used + changes[next].held
        next += 1
      }
      let end = min(next < changes.count ? changes[next].at : Int64.max, until.milliseconds)
      if let period = zone.period(at: now), !period.isOut, job.demand.fits(into: period.capacity - used) {
        free += end - now
      }
      now = end
    }
    return TimeSpan(milliseconds: free)
  }

  private func stays(from: Instant, until: Instant) throws -> [Stay] {
    let rows = try Row.fetchAll(
      explainer.database,
      sql: """
        SELECT actual_start, actual_end, required_cpu_cores, required_memory_gb, required_gpus
        FROM compute_workloads AS w
        WHERE run_id = :run AND id <> :id AND chosen_grid_zone = :zone
          AND actual_start < :until AND (actual_end IS NULL OR actual_end > :from)
          AND NOT EXISTS (SELECT 1 FROM workload_segments AS s WHERE s.run_id = w.run_id AND s.id = w.id)
        UNION ALL
        SELECT started_at, ended_at, required_cpu_cores, required_memory_gb, required_gpus
        FROM workload_segments AS s JOIN compute_workloads AS w ON w.run_id = s.run_id AND w.id = s.id
        WHERE s.run_id = :run AND s.id <> :id AND s.zone = :zone
          AND started_at < :until AND (ended_at IS NULL OR ended_at > :from)
        """,
      arguments: [
        "run": explainer.run.id, "id": job.id, "zone": explainer.world.zones[place].id, "from": from.iso8601,
        "until": until.iso8601,
      ])
    return rows.compactMap { row in
      guard let start = String.fromDatabaseValue(row[0]).flatMap({ Instant(text: $0) }) else { return nil }
      let end = String.fromDatabaseValue(row[1]).flatMap { Instant(text: $0) }
      return Stay(
        start: start.milliseconds, end: end?.milliseconds ?? Int64.max,
        held: AuditResources(
          cores: Alternatives.thousandths(row[2]), memory: Alternatives.thousandths(row[3]),
          gpus: Alternatives.thousandths(row[4])))
    }
  }
}

extension AuditResources {
  fileprivate static func + (one: AuditResources, other: AuditResources) -> AuditResources {
    AuditResources(
      cores: one.cores + other.cores, memory: one.memory + other.memory, gpus: one.gpus + other.gpus)
  }

  fileprivate static func - (one: AuditResources, other: AuditResources) -> AuditResources {
    AuditResources(
      cores: one.cores - other.cores, memory: one.memory - other.memory, gpus: one.gpus - other.gpus)
  }
}
