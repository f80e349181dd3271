internal import Audit
internal import Domain
internal import GRDB

/// Alternative outcomes of a job, on the actual trace.
struct Alternatives {
  let explainer: RunExplainer
  let job: AuditJob
  let latestStart: Instant

  private var world: AuditWorld { explainer.world }
  private var traces: AuditTraces { explainer.traces }

  /// Zones whose whole capacity could hold the job, from its submission on.
  private var places: [Int] {
    world.zones.indices.filter { world.zones[$0].couldHold(job.demand, from: job.submitted) }
  }

  /// Intensity, emissions and cost of an uninterrupted run (contract §1), from a walk over the steps; `nil` if one is
  /// missing.
  func draw(_ place: Int, from start: Instant, for length: Int64) -> ExplainedDraw? {
    let zone = world.zones[place]
    let hours = Double(length) / 3_600_000
    let end = start + TimeSpan(milliseconds: length)
    guard case .integral(let carbon, _) = traces.intensity[place].integral(from: start, to: end),
      case .integral(let price, _) = traces.price[place].integral(from: start, to: end)
    else { return nil }
    let drawn = power(zone) * zone.pue
    return ExplainedDraw(
      intensityGco2Kwh: hours > 0 ? carbon / hours : nil, carbonKg: drawn * carbon / 1000, costGbp: drawn * price)
  }

  /// kW of the job, without the zone's PUE.
  private func power(_ zone: AuditZone) -> Double {
    job.estimatedEnergy.map { $0 / (Double(job.estimated) / 3_600_000) } ?? zone.power(of: job.demand)
  }

  /// The zone with the least that a run in segments emits there between the submission and the end of a run from the
  /// latest start on, if suspensions cost nothing and other jobs leave room. O(zones × steps × log steps).
  func leastInSegments() -> HindsightSegments? {
    var best: HindsightSegments?
    for place in places {
      guard let carbon = segments(place), carbon < best?.carbonKg ?? .infinity else { continue }
      best = HindsightSegments(zone: world.zones[place].code, carbonKg: carbon)
    }
    return best
  }

  /// kg of the steps with the least intensity; `nil` if the zone is open for less time than the job takes.
  private func segments(_ place: Int) -> Double? {
    let (zone, trace) = (world.zones[place], traces.intensity[place])
    let window = job.submitted.milliseconds...(latestStart.milliseconds + job.actual)
    let inner = (trace.starts + trace.ends + zone.periods.map(\.start)).filter { window.contains($0) }
    let marks = ([window.lowerBound, window.upperBound] + inner).sorted()
    var slices: [(intensity: Double, length: Int64)] = []
    for (from, to) in zip(marks, marks.dropFirst()) where from < to {
      guard let period = zone.period(at: from), !period.isOut, job.demand.fits(into: period.capacity),
        let intensity = trace.value(at: Instant(milliseconds: from))
      else { continue }
      slices.append((intensity, to - from))
    }
    var (left, sum) = (job.actual, 0.0)
    for slice in slices.sorted(by: { $0.intensity < $1.intensity }) where left > 0 {
      let length = min(left, slice.length)
      sum += slice.intensity * Double(length)
      left -= length
    }
    return left > 0 ? nil : power(zone) * zone.pue * sum / 3_600_000 / 1000
  }

  func all() throws -> [ExplainedAlternative] {
    let atStart = try job.start.map { try held(at: $0) }
    let atSubmission = try held(at: job.submitted)
    return places.map { place in
      ExplainedAlternative(
        zone: world.zones[place].code, atItsStart: job.start.flatMap { draw(place, from: $0, for: job.actual) },
        hadRoomAtItsStart: atStart.map { hasRoom(place, $0, at: job.start ?? job.submitted) },
        outageAtItsStart: job.start.flatMap { outage(place, from: $0) },
        atSubmission: draw(place, from: job.submitted, for: job.actual),
        hadRoomAtSubmission: hasRoom(place, atSubmission, at: job.submitted),
        outageAtSubmission: outage(place, from: job.submitted))
    }
  }

  /// The instant at which an outage forbids a start or cuts an uninterrupted run from it; `nil` for none. A run that ends
  /// as the outage begins is whole, and an outage that lets jobs finish cuts nothing.
  private func outage(_ place: Int, from start: Instant) -> Instant? {
    let zone = world.zones[place]
    if zone.period(at: start.milliseconds)?.isOut == true { return start }
    let run = (start.milliseconds + 1)..<max(start.milliseconds + 1, start.milliseconds + job.actual)
    return zone.periods.first { $0.stopsJobs && run.contains($0.start) }.map { Instant(milliseconds: $0.start) }
  }

  /// True if the zone, without other jobs, lets the job start at an instant and run to its end.
  private func isPossible(_ place: Int, from start: Instant) -> Bool {
    guard let period = world.zones[place].period(at: start.milliseconds), job.demand.fits(into: period.capacity) else {
      return false
    }
    return outage(place, from: start) == nil
  }

  private func hasRoom(_ place: Int, _ held: [Int: AuditResources], at instant: Instant) -> Bool {
    guard let period = world.zones[place].period(at: instant.milliseconds), !period.isOut else { return false }
    let used = held[world.zones[place].id] ?? AuditResources()
    let capacity = period.capacity
    let left = AuditResources(
      cores: capacity.cores - used.cores, memory: capacity.memory - used.memory, gpus: capacity.gpus - used.gpus)
    return job.demand.fits(into: left)
  }

  /// Resources held by all other jobs at an instant, by the zone's id: those that started by then and had not ended.
  private func held(at instant: Instant) throws -> [Int: AuditResources] {
    let rows = try Row.fetchAll(
      explainer.database,
      sql: """
        SELECT zone, sum(cores), sum(memory), sum(gpus) FROM (
          SELECT chosen_grid_zone AS zone, required_cpu_cores AS cores, required_memory_gb AS memory,
            required_gpus AS gpus
          FROM compute_workloads AS w
          WHERE run_id = :run AND id <> :id AND actual_start <= :at AND (actual_end IS NULL OR actual_end > :at)
            AND NOT EXISTS (SELECT 1 FROM workload_segments AS s WHERE s.run_id = w.run_id AND s.id = w.id)
          UNION ALL
          SELECT s.zone, required_cpu_cores, required_memory_gb, required_gpus
          FROM workload_segments AS s JOIN compute_workloads AS w ON w.run_id = s.run_id AND w.id = s.id
          WHERE s.run_id = :run AND s.id <> :id AND started_at <= :at AND (ended_at IS NULL OR ended_at > :at))
        GROUP BY zone ORDER BY zone
        """, arguments: ["run": explainer.run.id, "id": job.id, "at": instant.iso8601])
    func thousandths(_ value: DatabaseValue?) -> Int64 { Alternatives.thousandths(value) }
    var held: [Int: AuditResources] = [:]
    for row in rows {
      guard let zone = Int.fromDatabaseValue(row[0]) else { continue }
      held[zone] = AuditResources(cores: thousandths(row[1]), memory: thousandths(row[2]), gpus: thousandths(row[3]))
    }
    return held
  }

  /// A cell of cores, gigabytes or GPUs in thousandths.
  static func thousandths(_ value: DatabaseValue?) -> Int64 {
    let amount = Double.fromDatabaseValue(value ?? .null) ?? 0
    return Int64((min(max(amount, 0), 4e12) * 1000).rounded())
  }

  /// Emissions of a constant draw are linear between steps: the least is at the first start, the last, a step, or where
  /// the run ends on one, or beside a change of what the zone has. Ties: the earlier start, then the zone's id.
  func least() -> (start: HindsightStart?, isPossible: Bool) {
    var best: (start: Instant, place: Int, draw: ExplainedDraw)?
    var isAnyPossible = false
    for place in places {
      for start in starts(place) where isPossible(place, from: start) {
        isAnyPossible = true
        guard let draw = draw(place, from: start, for: job.actual) else { continue }
        if let best {
          let slack = 1e-12 * max(1, best.draw.carbonKg)
          if draw.carbonKg > best.draw.carbonKg + slack { continue }
          if draw.carbonKg >= best.draw.carbonKg - slack, (best.start, best.place) <= (start, place) { continue }
        }
        best = (start, place, draw)
      }
    }
    let least = best.map { HindsightStart(zone: world.zones[$0.place].code, start: $0.start, draw: $0.draw) }
    return (least, isAnyPossible)
  }

  private func starts(_ place: Int) -> [Instant] {
    var all = [job.submitted, latestStart]
    func add(_ instants: Int64...) {
      all += instants.map { Instant(milliseconds: $0) }.filter { $0 > job.submitted && $0 < latestStart }
    }
    for step in traces.intensity[place].starts { add(step, step - job.actual) }
    // The first period begins with the clock, or at no instant at all.
    for period in world.zones[place].periods.dropFirst() {
      add(period.start, period.start - 1, period.start - job.actual)
    }
    return all
  }
}
