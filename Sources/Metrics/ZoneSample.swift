public import Domain

/// How a zone stands at an instant.
public struct ZoneSample: Sendable {
  /// `grid_zones.id`.
  public var zone: Int
  public var at: Instant
  public var running: Int
  public var allocated: Resources
  /// `nil` past the end of the trace.
  public var intensity: CarbonIntensity?
  public var price: EnergyPrice?
  /// Jobs with this chosen zone so far, whatever their status.
  public var assigned: Int

  public init(
    zone: Int, at: Instant, running: Int, allocated: Resources, intensity: CarbonIntensity?, price: EnergyPrice?,
    assigned: Int
  ) {
    self.zone = zone
    self.at = at
    self.running = running
    self.allocated = allocated
    self.intensity = intensity
    self.price = price
    self.assigned = assigned
  }
}
