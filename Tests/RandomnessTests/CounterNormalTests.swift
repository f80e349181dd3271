import CGSL
import Randomness
import Testing

@Suite struct CounterNormalTests {
  /// Kolmogorov–Smirnov against GSL's own distribution function, over several keys: D √n < 1.95 has p = 0.001.
  @Test(arguments: [1, 2, 3] as [UInt64]) func isNormal(_ seed: UInt64) {
    let normal = CounterNormal(seed: seed, replication: 1, name: "test")
    let count = 20_000
    // From below zero on, as counters of times may be.
    let drawn = (0..<count).map { normal(Int64($0) - 1000) }.sorted()
    var distance = 0.0
    for (place, value) in drawn.enumerated() {
      let share = gsl_cdf_ugaussian_P(value)
      distance = max(distance, abs(share - Double(place) / Double(count)))
      distance = max(distance, abs(share - Double(place + 1) / Double(count)))
    }
    #expect(distance * Double(count).squareRoot() < 1.95, "seed \(seed)")
  }

  @Test func neighboursAndKeysHaveNothingInCommon() {
    let keys = [
      CounterNormal(seed: 1, replication: 1, name: "a"), CounterNormal(seed: 1, replication: 1, name: "b"),
      CounterNormal(seed: 1, replication: 2, name: "a"), CounterNormal(seed: 2, replication: 1, name: "a"),
    ]
    let count = 20_000
    func correlation(_ a: (Int64) -> Double, _ b: (Int64) -> Double) -> Double {
      (0..<Int64(count)).reduce(0) { $0 + a($1) * b($1) } / Double(count)
    }
    // The standard error is 0.007.
    for other in keys.dropFirst() { #expect(abs(correlation({ keys[0]($0) }, { other($0) })) < 0.03) }
    for lag in [1, 2, 1 << 32] as [Int64] { #expect(abs(correlation({ keys[0]($0) }, { keys[0]($0 + lag) })) < 0.03) }
    #expect(keys[0](7) == CounterNormal(seed: 1, replication: 1, name: "a")(7))
  }
}
