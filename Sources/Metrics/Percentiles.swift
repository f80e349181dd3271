/// Percentiles of non-negative whole numbers.
///
/// Exact (linear interpolation between order statistics, type 7 of Hyndman and Fan 1996,
/// doi:10.1080/00031305.1996.10473566) up to `exactLimit` values that are not zero; beyond, from logarithmic bins 0.1 % wide, whose
/// middle is at most 0.05 % off. Memory is bounded either way.
public struct Percentiles: Sendable {
  private var values: [Int64] = []
  /// Zeros, the most common value, are only counted.
  private var zeros = 0
  private var bins: [Int] = []
  private let exactLimit: Int
  public private(set) var count = 0

  public init(exactLimit: Int = 1_000_000) { self.exactLimit = exactLimit }

  public mutating func add(_ value: Int64) {
    precondition(value >= 0)
    count += 1
    if value == 0 {
      zeros += 1
    } else if values.count < exactLimit, bins.isEmpty {
      values.append(value)
    } else {
      if bins.isEmpty {
        for earlier in values { bin(earlier) }
        values = []
      }
      bin(value)
    }
  }

  private mutating func bin(_ value: Int64) {
    let index = Int(Percentiles.logarithm(Double(value)))
    while bins.count <= index { bins.append(0) }
    bins[index] += 1
  }

  /// The values at several fractions in 0...1; empty where there are no values.
  public func at(_ fractions: [Double]) -> [Double] {
    guard count > 0 else { return [] }
    if bins.isEmpty {
      let sorted = values.sorted()
      func order(_ rank: Int) -> Double { rank < zeros ? 0 : Double(sorted[rank - zeros]) }
      return fractions.map { fraction in
        let place = fraction * Double(count - 1)
        let below = Int(place)
        let low = order(below)
        return below + 1 < count ? low + (place - Double(below)) * (order(below + 1) - low) : low
      }
    }
    return fractions.map { fraction in
      let place = fraction * Double(count - 1)
      let below = Int(place)
      let low = binned(rank: below)
      return below + 1 < count ? low + (place - Double(below)) * (binned(rank: below + 1) - low) : low
    }
  }

  /// The middle of the bin that holds the order statistic of a rank, from 0.
  private func binned(rank: Int) -> Double {
    var left = rank - zeros
    if left < 0 { return 0 }
    for (index, number) in bins.enumerated() {
      if left < number { return Percentiles.middle(index) }
      left -= number
    }
    preconditionFailure("a rank beyond the count")
  }
}
