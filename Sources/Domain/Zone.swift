/// Geographic position of a zone: degrees north and east.
public struct Coordinates: Hashable, Sendable {
  public var latitude: Double
  public var longitude: Double

  public init(latitude: Double, longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }
}

/// Power drawn by a zone's machines, in watts per unit of resource; used where a workload names no energy.
public struct HardwareModel: Hashable, Sendable {
  public var cpuCoreWatts: Double
  public var gpuWatts: Double
  public var memoryGigabyteWatts: Double

  /// Defaults: 10 W a core, 300 W a GPU, 0.392 W a GB (the Cloud Carbon Footprint methodology's memory coefficient).
  public init(cpuCoreWatts: Double = 10, gpuWatts: Double = 300, memoryGigabyteWatts: Double = 0.392) {
    self.cpuCoreWatts = cpuCoreWatts
    self.gpuWatts = gpuWatts
    self.memoryGigabyteWatts = memoryGigabyteWatts
  }

  /// IT power of a demand on this hardware.
  @inlinable
  public func power(of demand: Resources) -> Power {
    Power(
      (demand.cpuCores * cpuCoreWatts + demand.gpus * gpuWatts + demand.memoryGigabytes * memoryGigabyteWatts) / 1000)
  }
}

/// A place that runs workloads: one data centre on one grid zone.
public struct Zone: Hashable, Sendable {
  /// `grid_zones.id`, ≥ 1 and unique in a scenario.
  public var id: Int
  /// `grid_zone_code`, unique in a scenario.
  public var code: String
  public var name: String
  public var region: String
  public var country: String
  public var coordinates: Coordinates
  public var capacity: Resources
  /// Power usage effectiveness, ≥ 1: energy at the meter over energy at the machines.
  public var pue: Double
  /// Power drawn whether or not anything runs; accounted as overhead.
  public var idlePower: Power
  public var hardware: HardwareModel
  /// Other names under which an input may know the zone.
  public var aliases: [String]

  public init(
    id: Int, code: String, name: String, region: String, country: String = "United Kingdom",
    coordinates: Coordinates, capacity: Resources, pue: Double = 1, idlePower: Power = .zero,
    hardware: HardwareModel = HardwareModel(), aliases: [String] = []
  ) {
    self.id = id
    self.code = code
    self.name = name
    self.region = region
    self.country = country
    self.coordinates = coordinates
    self.capacity = capacity
    self.pue = pue
    self.idlePower = idlePower
    self.hardware = hardware
    self.aliases = aliases
  }
}

/// A zone's place in the scenario's list, from 0.
public typealias ZoneIndex = Int
