internal import Audit
internal import Domain
internal import GRDB

/// A job's wait in the zone where it ran, from the rows of the result: what each other job held there at every instant,
/// what the zone had, and what the grid emitted. Nothing is asked of the policy.
struct WaitStretches {
  let explainer: RunExplainer
  let job: AuditJob
  /// gCO2/kWh; `nil` for no cap.
  let intensityCap: Double?

  private var world: AuditWorld { explainer.world }

  /// The wait from an instant to the start, or to the clock's end if the job never started; `nil` if there is none, or
  /// no zone is known. O(rows of the run × log rows).
  ///
  /// - Parameter planned: the start that the job was planned for last; `nil` if the result does not say.
  func wait(in zone: Int?, planned: Instant?) throws -> ExplainedWait? {
    guard job.status != .rejected, let place = zone ?? (explainer.run.staysAtHome ? job.home.place : nil) else {
      return nil
    }
    let until = job.start ?? explainer.run.clockEnd
    let from = max(planned ?? job.submitted, job.submitted)
    guard from < until else { return nil }
    return ExplainedWait(
      zone: world.zones[place].code, from: from, until: until, plannedStart: planned, hasStarted: job.start != nil,
      stretches: try stretches(place, from.milliseconds..<until.milliseconds))
  }

  private struct Change {
    var at: Int64
    var held = AuditResources()
    var sign: Int64 = 1
    /// A place in the list of waiting jobs: the job begins to wait (sign 1) or starts.
    var waiting: Int?
  }

  /// A job that waited, in the order of the starts.
  private struct Waiting {
    var name: String
    var submitted: Int64
    /// The greatest number if it never started.
    var start: Int64
  }

  private func stretches(_ place: Int, _ span: Range<Int64>) throws -> [ExplainedStretch] {
    let zone = world.zones[place]
    let intensity = explainer.traces.intensity[place]
    let others = try waiting(place, span)
    var changes = try holds(place, span)
    for (number, other) in others.enumerated() {
      changes.append(Change(at: other.submitted, waiting: number))
      changes.append(Change(at: other.start, sign: -1, waiting: number))
    }
    changes += zone.periods.map { Change(at: $0.start) }
    if intensityCap != nil { changes += intensity.starts.map { Change(at: $0) } }
    changes = changes.filter { $0.at < span.upperBound }.sorted { $0.at < $1.at }
    var (held, waiting, next) = (AuditResources(), Set<Int>(), 0)
    var at = span.lowerBound
    var stretches: [ExplainedStretch] = []
    while at < span.upperBound {
      while next < changes.count, changes[next].at <= at {
        let change = changes[next]
        held.cores += change.sign * change.held.cores
        held.memory += change.sign * change.held.memory
        held.gpus += change.sign * change.held.gpus
        if let number = change.waiting {
          if change.sign > 0 { waiting.insert(number) } else { waiting.remove(number) }
        }
        next += 1
      }
      let end = next < changes.count ? changes[next].at : span.upperBound
      var now = stretch(zone, held, waiting.count, value(intensity, at), at..<end)
      if let last = stretches.last, last.reason == now.reason {
        stretches[stretches.count - 1].until = now.until
      } else {
        if now.reason == .otherJobs { now.firstOfOtherJobs = WaitStretches.first(waiting).map { others[$0].name } }
        stretches.append(now)
      }
      at = end
    }
    return stretches
  }

  /// The three least numbers. O(numbers).
  private static func first(_ numbers: Set<Int>) -> [Int] {
    var least: [Int] = []
    for number in numbers where least.count < 3 || number < least[2] {
      least.append(number)
      least.sort()
      if least.count > 3 { least.removeLast() }
    }
    return least
  }

  private func value(_ trace: TraceWalk, _ at: Int64) -> Double? {
    guard intensityCap != nil else { return nil }
    let hour = Instant(milliseconds: at)
    guard case .integral(let sum, _) = trace.integral(from: hour, to: hour + TimeSpan(milliseconds: 1)) else {
      return nil
    }
    return sum * 3_600_000
  }

  private func stretch(
    _ zone: AuditZone, _ held: AuditResources, _ waiting: Int, _ intensity: Double?, _ span: Range<Int64>
  ) -> ExplainedStretch {
    let period = zone.period(at: span.lowerBound)
    let capacity = period?.capacity ?? AuditResources()
    let free = AuditResources(
      cores: max(0, capacity.cores - held.cores), memory: max(0, capacity.memory - held.memory),
      gpus: max(0, capacity.gpus - held.gpus))
    var reason = ExplainedStretch.Reason.room
    if period?.isOut ?? true {
      reason = .outage
    } else if !job.demand.fits(into: capacity) {
      reason = .tooSmall
    } else if !job.demand.fits(into: free) {
      reason = .noRoom
    } else if let intensity, let cap = intensityCap, intensity > cap {
      reason = .overIntensityCap
    } else if waiting > 0 {
      reason = .otherJobs
    }
    return ExplainedStretch(
      reason: reason, from: Instant(milliseconds: span.lowerBound), until: Instant(milliseconds: span.upperBound),
      freeCpuCores: Double(free.cores) / 1000, freeMemoryGb: Double(free.memory) / 1000,
      freeGpus: Double(free.gpus) / 1000, otherJobs: waiting, firstOfOtherJobs: [], intensityGco2Kwh: intensity)
  }

  /// Resources that other jobs take up and release in the zone.
  private func holds(_ place: Int, _ span: Range<Int64>) throws -> [Change] {
    let rows = try Row.fetchCursor(
      explainer.database,
      sql: """
        SELECT actual_start, actual_end, required_cpu_cores, required_memory_gb, required_gpus
        FROM compute_workloads AS w
        WHERE run_id = :run AND id <> :id AND chosen_grid_zone = :zone AND actual_start < :until
          AND (actual_end IS NULL OR actual_end > :from)
          AND NOT EXISTS (SELECT 1 FROM workload_segments AS s WHERE s.run_id = w.run_id AND s.id = w.id)
        UNION ALL
        SELECT s.started_at, s.ended_at, required_cpu_cores, required_memory_gb, required_gpus
        FROM workload_segments AS s JOIN compute_workloads AS w ON w.run_id = s.run_id AND w.id = s.id
        WHERE s.run_id = :run AND s.id <> :id AND s.zone = :zone AND started_at < :until
          AND (ended_at IS NULL OR ended_at > :from)
        """, arguments: arguments(place, span))
    var changes: [Change] = []
    while let row = try rows.next() {
      guard let start = WaitStretches.instant(row[0]) else { continue }
      func thousandths(_ value: DatabaseValue?) -> Int64 {
        Int64((min(max(Double.fromDatabaseValue(value ?? .null) ?? 0, 0), 4e12) * 1000).rounded())
      }
      let held = AuditResources(cores: thousandths(row[2]), memory: thousandths(row[3]), gpus: thousandths(row[4]))
      changes.append(Change(at: start, held: held))
      if let end = WaitStretches.instant(row[1]) { changes.append(Change(at: end, held: held, sign: -1)) }
    }
    return changes
  }

  /// Other jobs that wait at some time of the span, whenever they were submitted, as a queue may be in any order: those
  /// of the zone, and those that got none.
  private func waiting(_ place: Int, _ span: Range<Int64>) throws -> [Waiting] {
    let rows = try Row.fetchCursor(
      explainer.database,
      sql: """
        SELECT job_id, submitted_at, actual_start FROM compute_workloads
        WHERE run_id = :run AND id <> :id AND status <> 'REJECTED'
          AND (chosen_grid_zone = :zone OR chosen_grid_zone IS NULL) AND submitted_at < :until
          AND (actual_start IS NULL OR actual_start > :from)
        ORDER BY actual_start IS NULL, actual_start, id
        """, arguments: arguments(place, span))
    var jobs: [Waiting] = []
    while let row = try rows.next() {
      guard let submitted = WaitStretches.instant(row[1]) else { continue }
      let start = WaitStretches.instant(row[2]) ?? .max
      // One that starts at its submission never waits.
      guard start > submitted else { continue }
      jobs.append(Waiting(name: String.fromDatabaseValue(row[0]) ?? "?", submitted: submitted, start: start))
    }
    return jobs
  }

  private func arguments(_ place: Int, _ span: Range<Int64>) -> StatementArguments {
    [
      "run": explainer.run.id, "id": job.id, "zone": world.zones[place].id,
      "from": Instant(milliseconds: span.lowerBound).iso8601, "until": Instant(milliseconds: span.upperBound).iso8601,
    ]
  }

  private static func instant(_ value: DatabaseValue?) -> Int64? {
    String.fromDatabaseValue(value ?? .null).flatMap { Instant(text: $0) }?.milliseconds
  }
}
