import Randomness
import Testing

@Suite struct DistributionErrorTests {
  @Test(
    arguments: [
      (.lognormal, ["mean": 1], "found mean, expected mu and sigma, or mean and cv, or median and sigma"),
      (.lognormal, [:], "found no parameters, expected mu and sigma, or mean and cv, or median and sigma"),
      (
        .gamma, ["mean": 1, "cv": 2, "shape": 3],
        "found cv and mean and shape, expected shape and scale, or mean and cv, or mean and shape"
      ),
      (.exponential, ["mean": 1, "rate": 1], "found mean and rate, expected mean, or rate"),
      (.exponential, ["mean": 0], "mean: found 0.0, expected a number > 0"),
      (.lognormal, ["mean": -1, "cv": 1], "mean: found -1.0, expected a number > 0"),
      (.lognormal, ["mu": 0, "sigma": .nan], "sigma: found nan, expected a number > 0"),
      (.weibull, ["mean": 1, "cv": 0.001], "cv: found 0.001, expected a number from 0.013 to 300000 (weibull)"),
      (.pareto, ["mean": 1, "shape": 1], "shape: found 1.0, expected a number > 1, with which there is a mean"),
      (.uniform, ["low": 2, "high": 2], "high: found 2.0, expected a number above low (2.0)"),
      (.poisson, ["mean": 2e9], "mean: found 2000000000.0, expected at most 1e9"),
      (.constant, ["value": .infinity], "value: found inf, expected a finite number"),
    ] as [(DistributionFamily, [String: Double], String)])
  func refuses(family: DistributionFamily, values: [String: Double], message: String) {
    #expect(throws: DistributionError.self) { try family.distribution(values) }
    #expect { try family.distribution(values) } throws: { "\($0)" == message }
  }

  @Test func refusesEmptyAndWeightlessParts() throws {
    #expect { try Distribution.empirical([]) } throws: { "\($0)" == "found no values, expected at least one" }
    #expect { try Distribution.discrete([(1, 0)]) } throws: {
      "\($0)" == "weight: found weights that add up to 0.0, expected a sum > 0"
    }
    #expect { try Distribution.mixture([(-1, .constant(1)), (2, .constant(1))]) } throws: {
      "\($0)" == "weight: found -1.0, expected a number ≥ 0"
    }
  }

  /// What would be drawn almost never is refused, not waited for.
  @Test func refusesLimitsThatLeaveTooLittle() throws {
    let law = try Distribution.exponential(mean: 1)
    #expect { try law.truncated(from: 5, to: nil) } throws: {
      "\($0)" == "min: found 0.6738 % of the distribution within the limits, expected at least 1.0 %"
    }
    #expect { try law.truncated(from: 3, to: 2) } throws: { "\($0)" == "min: found 3.0, expected at most max (2.0)" }
    #expect(try law.truncated(from: nil, to: nil) == law)
  }
}
