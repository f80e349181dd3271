public import Domain

/// State of one zone on the map at an instant.
public struct ZoneStanding: Sendable {
  public var zone: Zone
  /// Jobs by status whose chosen zone this is.
  public var scheduled: Int
  public var running: Int
  public var suspended: Int
  public var completed: Int
  /// At the meter, drawn by these jobs so far.
  public var energy: Energy
  public var emissions: Emissions
  /// Current; `nil` past the end of the trace.
  public var intensity: CarbonIntensity?
  /// True during an outage.
  public var isOut: Bool
  /// True if only the number of the jobs that do not run is known, which is ``scheduled`` here, and neither energy nor
  /// emissions.
  public var isPartial = false

  /// Creates a standing from the values of a sample.
  public init(zone: Zone, assigned: Int, running: Int, intensity: CarbonIntensity?, isOut: Bool = false) {
    self.init(
      zone: zone, scheduled: max(assigned - running, 0), running: running, suspended: 0, completed: 0, energy: .zero,
      emissions: .zero, intensity: intensity, isOut: isOut)
    isPartial = true
  }

  public init(
    zone: Zone, scheduled: Int, running: Int, suspended: Int, completed: Int, energy: Energy, emissions: Emissions,
    intensity: CarbonIntensity?, isOut: Bool = false
  ) {
    self.zone = zone
    self.scheduled = scheduled
    self.running = running
    self.suspended = suspended
    self.completed = completed
    self.energy = energy
    self.emissions = emissions
    self.intensity = intensity
    self.isOut = isOut
  }

  /// Jobs with this chosen zone, whatever their status.
  public var assigned: Int { scheduled + running + suspended + completed }
}

/// All zones of a run at an instant.
public struct MapSnapshot: Sendable {
  public var scenario: String
  public var policy: String
  public var replication: Int
  /// How many replications the result has; `nil` if that is not known.
  public var replications: Int? = 1
  public var at: Instant
  public var zones: [ZoneStanding]
  /// Jobs that wait without a zone.
  public var pending: Int

  public init(
    scenario: String, policy: String, replication: Int = 1, at: Instant, zones: [ZoneStanding], pending: Int
  ) {
    self.scenario = scenario
    self.policy = policy
    self.replication = replication
    self.at = at
    self.zones = zones
    self.pending = pending
  }

  /// `replication 2 of 5`; `nil` if there is no other.
  var replicationText: String? {
    guard let replications else { return "replication \(replication)" }
    return replications > 1 || replication > 1 ? "replication \(replication) of \(max(replications, replication))" : nil
  }
}
