/// CPU cores, memory and GPUs, each in thousandths of a unit, so that sums are exact.
@frozen
public struct Resources: Hashable, Sendable {
  /// Thousandths of a CPU core.
  public var milliCores: Int64
  /// Thousandths of a gigabyte.
  public var milliGigabytes: Int64
  /// Thousandths of a GPU.
  public var milliGPUs: Int64

  @inlinable
  public init(milliCores: Int64, milliGigabytes: Int64, milliGPUs: Int64) {
    self.milliCores = milliCores
    self.milliGigabytes = milliGigabytes
    self.milliGPUs = milliGPUs
  }

  @inlinable public static var zero: Resources { Resources(milliCores: 0, milliGigabytes: 0, milliGPUs: 0) }

  /// True if a demand fits into this free capacity.
  @inlinable
  public func holds(_ demand: Resources) -> Bool {
    demand.milliCores <= milliCores && demand.milliGigabytes <= milliGigabytes && demand.milliGPUs <= milliGPUs
  }

  /// The smaller of two amounts, resource by resource.
  @inlinable
  public func smaller(_ other: Resources) -> Resources {
    Resources(
      milliCores: min(milliCores, other.milliCores), milliGigabytes: min(milliGigabytes, other.milliGigabytes),
      milliGPUs: min(milliGPUs, other.milliGPUs))
  }

  /// The larger of two amounts, resource by resource.
  @inlinable
  public func larger(_ other: Resources) -> Resources {
    Resources(
      milliCores: max(milliCores, other.milliCores), milliGigabytes: max(milliGigabytes, other.milliGigabytes),
      milliGPUs: max(milliGPUs, other.milliGPUs))
  }

  @inlinable public static func + (a: Resources, b: Resources) -> Resources {
    Resources(
      milliCores: a.milliCores + b.milliCores, milliGigabytes: a.milliGigabytes + b.milliGigabytes,
      milliGPUs: a.milliGPUs + b.milliGPUs)
  }
  @inlinable public static func - (a: Resources, b: Resources) -> Resources {
    Resources(
      milliCores: a.milliCores - b.milliCores, milliGigabytes: a.milliGigabytes - b.milliGigabytes,
      milliGPUs: a.milliGPUs - b.milliGPUs)
  }
  @inlinable public static func += (a: inout Resources, b: Resources) { a = a + b }
  @inlinable public static func -= (a: inout Resources, b: Resources) { a = a - b }

  @inlinable public var cpuCores: Double { Double(milliCores) / 1000 }
  @inlinable public var memoryGigabytes: Double { Double(milliGigabytes) / 1000 }
  @inlinable public var gpus: Double { Double(milliGPUs) / 1000 }
}
