import Foundation
import Metrics
import Randomness
import Testing

/// Statistics against a second reading of their definition.
@Suite struct StatisticsEdgeTests {
  /// An interval that was narrow and is wide again begins to count anew.
  @Test func theSequentialRuleCountsInARow() {
    for (seed, rejected) in [(1, 30.0), (2, -25.0), (3, 60.0)] {
      var rule = SequentialRule(halfWidth: 2, confidence: 0.95, least: 2)
      var values: [Double] = []
      var inARow = 0
      var wasReset = false
      var stream = RandomStream(seed: UInt64(seed), replication: 1, name: "in a row")
      for number in 1...400 {
        // Narrow after few alike values; the stranger is the second narrow one's successor.
        let value = inARow == 2 && !wasReset ? rejected : 7 + stream.normal(mean: 0, deviation: 0.2)
        values.append(value)
        rule.add(value)
        let isNarrow = Self.isNarrow(values, halfWidth: 2)
        if inARow == 2, !isNarrow { wasReset = true }
        inARow = isNarrow ? inARow + 1 : 0
        #expect(rule.isSatisfied == (inARow >= 3), "seed \(seed), after \(number) values")
        if inARow >= 3 { break }
      }
      #expect(wasReset && inARow == 3, "seed \(seed)")
    }
  }

  private static func isNarrow(_ values: [Double], halfWidth: Double) -> Bool {
    guard values.count > 1 else { return false }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let t = StudentT.quantile(0.975, degreesOfFreedom: values.count - 1)
    return t * ((variance + halfWidth * halfWidth / n) / n).squareRoot() <= halfWidth
  }

  /// The bounds are the quantiles of the means at Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))) (Efron 1987) with the acceleration
  /// a = Σd³ / (6 (Σd²)^1.5), d the jackknife's mean less the mean without one value.
  @Test func theBootstrapIsAcceleratedTowardsTheTail() throws {
    // Skewed to the right, so a > 0: both bounds lie higher than without it.
    for seed in 1...3 {
      var stream = RandomStream(seed: UInt64(seed), replication: 1, name: "skewed")
      let right = (0..<12).map { _ in stream.gamma(shape: 0.5, scale: 4) }
      for values in [right, right.map { -$0 }] {
        var own = RandomStream(seed: 77, replication: 1, name: "bootstrap")
        let interval = try #require(Bootstrap.interval(values, confidence: 0.95, stream: &own))
        let (low, high) = Self.bounds(values)
        let width = interval.upperBound - interval.lowerBound
        #expect(abs(interval.lowerBound - low) < 1e-9 * width, "seed \(seed): \(interval), expected \(low)")
        #expect(abs(interval.upperBound - high) < 1e-9 * width, "seed \(seed): \(interval), expected \(high)")
      }
    }
  }

  private static func bounds(_ values: [Double]) -> (low: Double, high: Double) {
    let n = Double(values.count)
    let total = values.reduce(0, +)
    var stream = RandomStream(seed: 77, replication: 1, name: "bootstrap")
    let means = (0..<Bootstrap.resamples).map { _ in
      var sum = 0.0
      for _ in values { sum += values[stream.below(values.count)] }
      return sum / n
    }.sorted()
    let less = means.count { $0 < total / n }
    let bias = quantile((Double(less) + Double(means.count { $0 == total / n }) / 2) / Double(means.count))
    let without = values.map { (total - $0) / (n - 1) }
    let centre = without.reduce(0, +) / n
    let deviations = without.map { centre - $0 }
    let squares = deviations.reduce(0) { $0 + $1 * $1 }
    let acceleration = deviations.reduce(0) { $0 + $1 * $1 * $1 } / (6 * pow(squares, 1.5))
    func bound(_ tail: Double) -> Double {
      let z = bias + quantile(tail)
      let share = 0.5 * erfc(-(bias + z / (1 - acceleration * z)) / 2.0.squareRoot())
      let place = share * Double(means.count) - 0.5
      let low = min(max(Int(place.rounded(.down)), 0), means.count - 1)
      let high = min(low + 1, means.count - 1)
      return means[low] + min(max(place - Double(low), 0), 1) * (means[high] - means[low])
    }
    return (bound(0.025), bound(0.975))
  }

  /// The standard normal law's quantile, by halving.
  private static func quantile(_ probability: Double) -> Double {
    var (low, high) = (-9.0, 9.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
