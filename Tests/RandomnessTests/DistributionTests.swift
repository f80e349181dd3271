import CGSL
import Foundation
import Randomness
import Testing

/// A law of this package beside GSL's own CDF of it, called without this package.
struct Pair: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var law: Distribution
  var cdf: @Sendable (Double) -> Double

  init(_ name: String, _ law: Distribution, _ cdf: @escaping @Sendable (Double) -> Double) {
    testDescription = name
    self.law = law
    self.cdf = cdf
  }
}

private func family(_ family: DistributionFamily, _ values: [String: Double]) throws -> Distribution {
  try family.distribution(values)
}

private func continuous() throws -> [Pair] {
  let lognormal = try Distribution.lognormal(mu: 1, sigma: 1.8)
  let gamma = try Distribution.gamma(shape: 0.4, scale: 3)
  return [
    Pair("uniform", try .uniform(low: -2, high: 5)) { gsl_cdf_flat_P($0, -2, 5) },
    Pair("normal", try .normal(mean: 3, sd: 2)) { gsl_cdf_gaussian_P($0 - 3, 2) },
    Pair("exponential", try .exponential(mean: 4)) { gsl_cdf_exponential_P($0, 4) },
    Pair("lognormal", lognormal) { gsl_cdf_lognormal_P($0, 1, 1.8) },
    Pair("gamma", try .gamma(shape: 2.5, scale: 3)) { gsl_cdf_gamma_P($0, 2.5, 3) },
    Pair("gamma, shape below 1", gamma) { gsl_cdf_gamma_P($0, 0.4, 3) },
    Pair("weibull", try .weibull(shape: 0.57, scale: 200)) { gsl_cdf_weibull_P($0, 200, 0.57) },
    Pair("pareto", try .pareto(shape: 1.3, scale: 2)) { $0 > 2 ? gsl_cdf_pareto_P($0, 1.3, 2) : 0 },
    Pair("mixture", try .mixture([(3, lognormal), (1, gamma)])) {
      0.75 * gsl_cdf_lognormal_P($0, 1, 1.8) + 0.25 * gsl_cdf_gamma_P($0, 0.4, 3)
    },
    Pair("truncated", try lognormal.truncated(from: 2, to: 9)) {
      let (low, high) = (gsl_cdf_lognormal_P(2, 1, 1.8), gsl_cdf_lognormal_P(9, 1, 1.8))
      return (gsl_cdf_lognormal_P(min(max($0, 2), 9), 1, 1.8) - low) / (high - low)
    },
    Pair("lognormal by mean and cv", try family(.lognormal, ["mean": 10, "cv": 2])) {
      gsl_cdf_lognormal_P($0, log(10) - log(5) / 2, log(5).squareRoot())
    },
    Pair("gamma by mean and cv", try family(.gamma, ["mean": 10, "cv": 2])) { gsl_cdf_gamma_P($0, 0.25, 40) },
    Pair("pareto by mean and shape", try family(.pareto, ["mean": 10, "shape": 2])) {
      $0 > 5 ? gsl_cdf_pareto_P($0, 2, 5) : 0
    },
    // Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 is 5 at k = 1/2, where the mean is twice the scale.
    Pair("weibull by mean and cv", try family(.weibull, ["mean": 10, "cv": 5.0.squareRoot()])) {
      gsl_cdf_weibull_P($0, 5, 0.5)
    },
    Pair("uniform by mean and cv", try family(.uniform, ["mean": 6, "cv": 1 / 3.0.squareRoot() / 2])) {
      gsl_cdf_flat_P($0, 3, 9)
    },
    Pair("exponential by rate", try family(.exponential, ["rate": 0.25])) { gsl_cdf_exponential_P($0, 4) },
  ]
}

/// Kolmogorov's distance of a sample from a continuous CDF.
private func distance(_ sample: [Double], _ cdf: (Double) -> Double) -> Double {
  let sorted = sample.sorted()
  let n = Double(sorted.count)
  return sorted.enumerated().reduce(0) { worst, item in
    let expected = cdf(item.element)
    return max(worst, expected - Double(item.offset) / n, Double(item.offset + 1) / n - expected)
  }
}

private func draws(_ law: Distribution, _ count: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed, replication: 1, name: "draws")
  return (0..<count).map { _ in law.sample(&stream) }
}

@Suite struct DistributionTests {
  /// Kolmogorov–Smirnov at 1e5 draws: D√n passes 2.69 once in a million.
  @Test(arguments: try continuous())
  func drawsFollowTheLaw(pair: Pair) {
    for seed in [UInt64(1), 2, 3] {
      let d = distance(draws(pair.law, 100_000, seed: seed), pair.cdf) * 100_000.0.squareRoot()
      #expect(d < 2.69, "seed \(seed): D√n = \(d)")
    }
  }

  /// The test above tells a law from one whose mean is 2 % off.
  @Test func theTestHasPower() throws {
    let law = try Distribution.exponential(mean: 4.08)
    let d = distance(draws(law, 100_000, seed: 1)) { gsl_cdf_exponential_P($0, 4) } * 100_000.0.squareRoot()
    #expect(d > 2.3)
  }

  @Test(arguments: try continuous())
  func theCDFIsGSLs(pair: Pair) {
    for x in [-3, 0.01, 0.5, 1, 2.5, 4, 8.9, 30, 1000] {
      let expected = x <= 0 && pair.law.cdf(-1e-300) == 0 ? 0 : pair.cdf(x)
      #expect(abs(pair.law.cdf(x) - expected) < 1e-12, "at \(x)")
    }
  }

  /// E[X] = ∫ (1 − F) over the positive half − ∫ F over the negative one, with F from GSL; substitution x = eᵗ.
  @Test(arguments: try continuous())
  func theMeanIsTheIntegralOfTheCDF(pair: Pair) {
    let steps = 50_000
    let (from, to) = (-40.0, 60.0)
    var sum = 0.0
    for step in 0..<steps {
      let x = exp(from + (to - from) * (Double(step) + 0.5) / Double(steps))
      sum += (1 - pair.cdf(x) - (pair.law.cdf(-1e-9) > 0 ? pair.cdf(-x) : 0)) * x
    }
    let integral = sum * (to - from) / Double(steps)
    // A Pareto tail of 1.3 leaves 1e-8 beyond e^60, and 1 − F cancels where the tail is long.
    let tolerance = pair.testDescription == "pareto" ? 0.3 : 1e-4
    #expect(abs(pair.law.mean - integral) < tolerance * abs(integral), "\(pair.law.mean) against \(integral)")
  }

  @Test func theMeansOfDiscreteLaws() throws {
    #expect(try Distribution.discrete([(1, 1), (2, 2), (4, 1)]).mean == 2.25)
    #expect(try Distribution.discrete([(1, 1), (2, 2), (4, 1)]).truncated(from: 2, to: nil).mean == 8.0 / 3)
    #expect(try Distribution.empirical([1, 2, 6]).mean == 3)
    #expect(try Distribution.constant(5).mean == 5)
    #expect(try Distribution.poisson(mean: 7.3).mean == 7.3)
    let cut = try Distribution.poisson(mean: 2).truncated(from: 1, to: nil).mean
    #expect(abs(cut - 2 / (1 - exp(-2))) < 1e-12)
    #expect(try Distribution.pareto(shape: 1, scale: 1).mean == .infinity)
    let bounded = try Distribution.pareto(shape: 1, scale: 1).truncated(from: nil, to: M_E)
    #expect(abs(bounded.mean - 1 / (1 - 1 / M_E)) < 1e-12)
  }

  /// Chi-square of whole numbers against GSL's probabilities; the cells beyond hold at least five.
  @Test(arguments: [0.3, 7.3, 60])
  func poissonFollowsTheLaw(mean: Double) throws {
    for seed in [UInt64(1), 2, 3] {
      let values = draws(try .poisson(mean: mean), 100_000, seed: seed)
      let low = Int(max(0, mean - 3.5 * mean.squareRoot()))
      let high = Int(mean + 3.5 * mean.squareRoot())
      var square = 0.0
      for cell in low...high {
        let held = values.count {
          cell == low ? $0 <= Double(low) : cell == high ? $0 >= Double(high) : $0 == Double(cell)
        }
        let below = cell == low ? 0 : gsl_cdf_poisson_P(UInt32(cell - 1), mean)
        let expected = ((cell == high ? 1 : gsl_cdf_poisson_P(UInt32(cell), mean)) - below) * 100_000
        square += (Double(held) - expected) * (Double(held) - expected) / expected
      }
      #expect(square < gsl_cdf_chisq_Qinv(1e-6, Double(high - low)), "seed \(seed): \(square)")
    }
  }

  @Test func discreteSharesAreTheWeights() throws {
    for law in [
      try Distribution.discrete([(1, 5), (2, 0), (4, 3), (8, 2)]),
      try Distribution.empirical([1, 1, 1, 1, 1, 4, 4, 4, 8, 8]),
    ] {
      let values = draws(law, 100_000, seed: 1)
      var square = 0.0
      for (value, share) in [(1.0, 0.5), (4, 0.3), (8, 0.2)] {
        let held = Double(values.count { $0 == value })
        square += (held - share * 1e5) * (held - share * 1e5) / (share * 1e5)
      }
      #expect(values.allSatisfy { [1, 4, 8].contains($0) })
      #expect(square < gsl_cdf_chisq_Qinv(1e-6, 2))
      #expect(law.cdf(0.99) == 0 && law.cdf(1) == 0.5 && abs(law.cdf(7.9) - 0.8) < 1e-15 && law.cdf(8) == 1)
    }
  }

  /// Numbers that results rest on.
  @Test func goldenDraws() throws {
    let mixed = try Distribution.mixture([(3, .lognormal(mu: 1, sigma: 1)), (1, .poisson(mean: 4))])
    let golden = [1.8311867249317035, 3.622174719323391, 3.5809494492762073, 2.7779373169061503]
    #expect(draws(try mixed.truncated(from: 1, to: 6), 4, seed: 42) == golden)
  }
}
