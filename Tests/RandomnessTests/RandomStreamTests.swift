import CGSL
import Randomness
import Testing

@Suite struct RandomStreamTests {
  /// The first outputs of the authors' C program from the state 1, 2, 3, 4.
  @Test func theGeneratorIsXoshiro256PlusPlus() {
    var stream = RandomStream(words: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
      15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    for value in expected { #expect(stream.bits() == value) }
  }

  /// Numbers that results rest on: no change may move them, and no other stream can. The bits and the uniform were
  /// computed apart from this code too.
  @Test func goldenDraws() {
    var first = RandomStream(seed: 42, replication: 1, name: "arrivals")
    var other = RandomStream(seed: 42, replication: 1, name: "arrivals/2")
    _ = other.bits()
    #expect(
      (0..<3).map { _ in first.bits() } == [
        2_599_801_448_227_974_925, 7_487_631_908_304_927_202, 1_243_438_602_842_827_618,
      ])
    _ = other.normal()
    #expect(first.uniform() == 0.7845770692626635)
    #expect(first.below(1000) == 420)
    #expect(first.normal() == 0.015612353459745409)
    #expect(first.exponential(mean: 30) == 18.13661608202097)
    #expect(first.gamma(shape: 2.5, scale: 2) == 5.612553056082477)
    #expect(first.poisson(mean: 7.3) == 9)
    #expect(first.lognormal(mu: 1, sigma: 0.5) == 2.9575742066659703)
    #expect(first.weibull(shape: 0.7, scale: 2) == 1.1425018312436226)
    #expect(first.pareto(shape: 1.5, minimum: 2) == 2.0693699802176235)
  }

  /// A seed, a replication and a name each change the key; the name's length or place does not cancel out.
  @Test func keysDiffer() {
    var keys: Set<UInt64> = []
    for seed in [0, 1, 42, UInt64.max] {
      for replication in 0..<50 {
        for name in ["", "a", "b", "ab", "ba", "workload/a", "workload/b", "Arrivals", "arrivals"] {
          keys.insert(StreamKey.key(seed: seed, replication: replication, name: name))
        }
      }
    }
    #expect(keys.count == 4 * 50 * 9)
  }

  /// Streams that differ in one bit of the seed, one replication or one letter: no correlation of uniforms at the same
  /// place, nor with a lag of one. |r| has a standard deviation of 1/√n; 4.9 of it is a chance of 1e-6.
  @Test func streamsAreIndependent() {
    let count = 100_000
    let draws = { (seed: UInt64, replication: Int, name: String) in
      var stream = RandomStream(seed: seed, replication: replication, name: name)
      return (0..<count).map { _ in stream.uniform() - 0.5 }
    }
    for seed in [UInt64(1), 2, 3] {
      let own = draws(seed, 1, "workload/a")
      for other in [draws(seed + 1, 1, "workload/a"), draws(seed, 2, "workload/a"), draws(seed, 1, "workload/b")] {
        for lag in [0, 1] {
          let sum = (lag..<count).reduce(0.0) { $0 + own[$1] * other[$1 - lag] }
          let correlation = sum / Double(count) * 12
          #expect(abs(correlation) < 4.9 / Double(count).squareRoot(), "seed \(seed), lag \(lag): \(correlation)")
        }
      }
    }
  }

  /// Chi-square of `below` over a number of cells that is no power of two; its 1e-6 quantile from GSL.
  @Test(arguments: [1, 2, 7, 1000])
  func belowIsUniform(cells: Int) {
    for seed in [UInt64(1), 2, 3] {
      var stream = RandomStream(seed: seed, replication: 0, name: "below")
      var counts = [Int](repeating: 0, count: cells)
      for _ in 0..<100_000 { counts[stream.below(cells)] += 1 }
      let expected = 100_000 / Double(cells)
      let square = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
      #expect(cells == 1 || square < gsl_cdf_chisq_Qinv(1e-6, Double(cells - 1)), "seed \(seed): \(square)")
    }
    var stream = RandomStream(key: 1)
    #expect((0..<1000).allSatisfy { _ in stream.below(Int.max) >= 0 })
  }
}
