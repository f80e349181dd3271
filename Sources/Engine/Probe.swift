public import Domain

/// Looks at a simulation at instants of its own, after everything else that happens then (class 6).
public protocol Probe: AnyObject {
  /// When to look next, later than the last time; `never` for no more.
  var next: Instant { get }
  func look(at simulation: Simulation) throws
}

/// Energy and emissions of a zone's running jobs so far.
public struct DrawnSoFar: Sendable {
  public var energy = Energy.zero
  public var emissions = Emissions.zero
}

extension Simulation {
  /// The simulated instant.
  public var now: Instant { context.now }
  /// Jobs that wait without a zone.
  public var pendingCount: Int {
    // The job that is submitted next has its id already.
    jobs.liveCount - (calendar.nextSubmission < .max ? 1 : 0)
      - world.zones.indices.reduce(0) { sum, zone in
        let jobs = context.cluster.jobs(zone)
        return sum + jobs.running + jobs.scheduled + jobs.suspended
      }
  }

  /// Jobs that are planned for a zone and do not run yet.
  public func scheduledCount(_ zone: ZoneIndex) -> Int { context.cluster.jobs(zone).scheduled }

  public func runningCount(_ zone: ZoneIndex) -> Int { context.cluster.jobs(zone).running }

  /// Jobs that were interrupted there and wait to be resumed.
  public func suspendedCount(_ zone: ZoneIndex) -> Int { context.cluster.jobs(zone).suspended }

  public func allocated(_ zone: ZoneIndex) -> Resources { context.cluster.allocated(zone) }

  /// `nil` past the end of the trace.
  public func intensity(_ zone: ZoneIndex) -> CarbonIntensity? {
    let value = context.conditions.intensities[zone]
    return value.isFinite ? CarbonIntensity(value) : nil
  }

  /// `nil` past the end of the trace.
  public func price(_ zone: ZoneIndex) -> EnergyPrice? {
    let value = context.conditions.prices[zone]
    return value.isFinite ? EnergyPrice(value) : nil
  }

  /// Energy and emissions so far of the jobs that run now or are suspended, a zone each. O(live jobs).
  public func drawnByRunning() -> [DrawnSoFar] {
    var drawn = Array(repeating: DrawnSoFar(), count: world.zones.count)
    for id in jobs.all {
      let record = jobs[id]
      if let job = jobs.interrupted[id] {
        var segments = job.segments
        if job.since != .never { segments.append(RunSegment(zone: record.zone, start: job.since, end: now)) }
        _ = ledger.account(&segments, interruptions: job.segments.count, of: record.job, context.interruption)
        for segment in segments {
          drawn[segment.zone].energy += segment.energy
          drawn[segment.zone].emissions += segment.emissions
        }
        continue
      }
      guard record.status == .running else { continue }
      let soFar = ledger.drawn(by: record.job, in: record.zone, from: record.start, to: now)
      drawn[record.zone].energy += soFar.energy
      drawn[record.zone].emissions += soFar.emissions
    }
    return drawn
  }
}
