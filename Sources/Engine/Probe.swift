public import Domain

/// Looks at a simulation at instants of its own, after everything else that happens then (class 6).
public protocol Probe: AnyObject {
  /// When to look next, later than the last time; `never` for no more.
  var next: Instant { get }
  func look(at simulation: Simulation) throws
}

/// What a zone's running jobs have drawn so far.
public struct DrawnSoFar: Sendable {
  public var energy = Energy.zero
  public var emissions = Emissions.zero
}

extension Simulation {
  /// The simulated instant.
  public var now: Instant { context.now }
  /// Jobs that wait without a zone.
  public var pendingCount: Int { liveCount - runningCounts.reduce(0, +) }

  public func runningCount(_ zone: ZoneIndex) -> Int { runningCounts[zone] }

  public func allocated(_ zone: ZoneIndex) -> Resources { world.zones[zone].capacity - context.freeCapacity[zone] }

  /// `nil` past the end of the trace.
  public func intensity(_ zone: ZoneIndex) -> CarbonIntensity? {
    let value = context.intensities[zone]
    return value.isFinite ? CarbonIntensity(value) : nil
  }

  /// `nil` past the end of the trace.
  public func price(_ zone: ZoneIndex) -> EnergyPrice? {
    let value = context.prices[zone]
    return value.isFinite ? EnergyPrice(value) : nil
  }

  /// What the jobs that run now have drawn, a zone each. O(live jobs).
  public func drawnByRunning() -> [DrawnSoFar] {
    var drawn = Array(repeating: DrawnSoFar(), count: world.zones.count)
    var isFree = Array(repeating: false, count: live.count)
    for handle in idle { isFree[handle] = true }
    for handle in live.indices where !isFree[handle] && live[handle].zone >= 0 {
      let entry = live[handle]
      let zone = world.zones[entry.zone]
      let power = context.jobs[handle].power(on: zone.hardware).value * zone.pue
      drawn[entry.zone].energy += Energy(power * (now - entry.start).inHours)
      drawn[entry.zone].emissions += Emissions(power * world.carbon[entry.zone].integral(from: entry.start, to: now))
    }
    return drawn
  }
}
