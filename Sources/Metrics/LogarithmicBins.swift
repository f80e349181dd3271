internal import Foundation

extension Percentiles {
  /// Logarithm of a value ≥ 1 to the base of the bins.
  static func logarithm(_ value: Double) -> Double { log(value) / log(1.001) }

  /// The middle of a bin, geometrically.
  static func middle(_ index: Int) -> Double { pow(1.001, Double(index) + 0.5) }
}
