public import Domain
public struct ZoneStanding: Sendable {
  public var zone: Zone
  public var scheduled: Int
  public var running: Int
  public var suspended: Int
  public var completed: Int
  public var energy: Energy
  public var emissions: Emissions
  public var intensity: CarbonIntensity?
  public init(
    zone: Zone, scheduled: Int, running: Int, suspended: Int, completed: Int, energy: Energy, emissions: Emissions,
    intensity: CarbonIntensity?
  ) {
    self.zone = zone
    self.scheduled = scheduled
    self.running = running
    self.suspended = suspended
    self.completed = completed
    self.energy = energy
    self.emissions = emissions
    self.intensity = intensity
  }
}
public struct MapSnapshot: Sendable {
  public var scenario: String
  public var policy: String
  public var at: Instant
  public var zones: [ZoneStanding]
  public var pending: Int
  public init(scenario: String, policy: String, at: Instant, zones: [ZoneStanding], pending: Int) {
    self.scenario = scenario
    self.policy = policy
    self.at = at
    self.zones = zones
    self.pending = pending
  }
}
public enum MapFigure {
  public static func svg(_ snapshot: MapSnapshot) -> String { "" }
  public static func fileName(_ snapshot: MapSnapshot) -> String { "map-\(snapshot.policy)-\(snapshot.at.compact).svg" }
}
