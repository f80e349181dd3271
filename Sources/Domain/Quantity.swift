/// A physical quantity: a `Double` that knows its unit. It costs nothing at run time.
///
/// The unit is in the type (`Energy` is a `Quantity<KilowattHours>`), so that a power cannot be handed over as an
/// energy. Read the bare number through ``value`` where it leaves the program.
@frozen
public struct Quantity<Unit>: Comparable, Hashable, Sendable {
  /// The number, in the unit of the type.
  public var value: Double

  @inlinable public init(_ value: Double) { self.value = value }

  @inlinable public static var zero: Self { Self(0) }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  @inlinable public static func * (a: Self, factor: Double) -> Self { Self(a.value * factor) }
  @inlinable public static func / (a: Self, divisor: Double) -> Self { Self(a.value / divisor) }
  @inlinable public static func += (a: inout Self, b: Self) { a.value += b.value }
}

/// Unit tags; they have no values.
public enum KilowattHours {}
public enum Kilowatts {}
public enum GramsPerKilowattHour {}
public enum PoundsPerKilowattHour {}
public enum Grams {}
public enum Pounds {}

/// Electrical energy, kWh.
public typealias Energy = Quantity<KilowattHours>
/// Electrical power, kW.
public typealias Power = Quantity<Kilowatts>
/// Carbon intensity of electricity, gCO2/kWh. Zero is a legal value; an absent value is not zero.
public typealias CarbonIntensity = Quantity<GramsPerKilowattHour>
/// Price of electricity, GBP/kWh. May be negative.
public typealias EnergyPrice = Quantity<PoundsPerKilowattHour>
/// Emissions, gCO2.
public typealias Emissions = Quantity<Grams>
/// Money, GBP.
public typealias Money = Quantity<Pounds>
