internal import CGSL
internal import Foundation

extension Distribution {
  /// P(X ≤ x), by GSL where it has the law.
  ///
  /// - Complexity: O(1); O(log n) empirical, O(n) mixtures and discrete laws.
  public func cdf(_ x: Double) -> Double {
    if x == .infinity { return 1 }
    if x == -.infinity { return 0 }
    switch law {
    case .constant(let value): return x >= value ? 1 : 0
    case .uniform(let low, let high): return gsl_cdf_flat_P(x, low, high)
    case .normal(let mean, let sd): return gsl_cdf_gaussian_P(x - mean, sd)
    case .exponential(let mean): return x > 0 ? gsl_cdf_exponential_P(x, mean) : 0
    case .lognormal(let mu, let sigma): return x > 0 ? gsl_cdf_lognormal_P(x, mu, sigma) : 0
    case .gamma(let shape, let scale): return x > 0 ? gsl_cdf_gamma_P(x, shape, scale) : 0
    case .weibull(let shape, let scale): return x > 0 ? gsl_cdf_weibull_P(x, scale, shape) : 0
    case .pareto(let shape, let scale): return x > scale ? gsl_cdf_pareto_P(x, shape, scale) : 0
    case .poisson(let mean): return x >= 0 ? gsl_cdf_poisson_P(UInt32(min(x, 4e9)), mean) : 0
    case .empirical(let values): return Double(Distribution.count(of: values) { $0 <= x }) / Double(values.count)
    case .discrete(let values, let cumulative):
      let count = Distribution.count(of: values) { $0 <= x }
      return count > 0 ? cumulative[count - 1] : 0
    case .mixture(let parts, let cumulative): return Distribution.blend(parts, cumulative) { $0.cdf(x) }
    case .truncated(let whole, let low, let high):
      if x < low { return 0 }
      let before = whole.probability(below: low)
      return (whole.cdf(min(x, high)) - before) / (whole.cdf(high) - before)
    }
  }

  /// P(X < x); the same as the CDF but at a value that has a probability of its own.
  func probability(below x: Double) -> Double {
    switch law {
    case .constant, .poisson, .empirical, .discrete: return cdf(x.nextDown)
    case .mixture(let parts, let cumulative): return Distribution.blend(parts, cumulative) { $0.probability(below: x) }
    case .truncated: return cdf(x.nextDown)
    default: return cdf(x)
    }
  }

  /// The expected value; infinite for a Pareto law of shape ≤ 1.
  public var mean: Double { partialMean(upTo: .infinity) }

  /// E[X; X ≤ x], the mean's part up to x: closed forms by the size-biased law (of a gamma law, the gamma law of
  /// shape + 1, and so on).
  func partialMean(upTo x: Double) -> Double {
    if x == -.infinity { return 0 }
    let all = x == .infinity
    switch law {
    case .constant(let value): return x >= value ? value : 0
    case .uniform(let low, let high):
      let end = min(max(x, low), high)
      return (end - low) * (end + low) / (2 * (high - low))
    case .normal(let mean, let sd):
      return all ? mean : mean * cdf(x) - sd * sd * gsl_ran_gaussian_pdf(x - mean, sd)
    case .exponential(let mean): return mean * (all ? 1 : x > 0 ? gsl_cdf_gamma_P(x, 2, mean) : 0)
    case .lognormal(let mu, let sigma):
      let mean = exp(mu + sigma * sigma / 2)
      return mean * (all ? 1 : x > 0 ? gsl_cdf_lognormal_P(x, mu + sigma * sigma, sigma) : 0)
    case .gamma(let shape, let scale):
      return shape * scale * (all ? 1 : x > 0 ? gsl_cdf_gamma_P(x, shape + 1, scale) : 0)
    case .weibull(let shape, let scale):
      let mean = scale * tgamma(1 + 1 / shape)
      return mean * (all ? 1 : x > 0 ? gsl_cdf_gamma_P(pow(x / scale, shape), 1 + 1 / shape, 1) : 0)
    case .pareto(let shape, let scale):
      if x <= scale { return 0 }
      if shape == 1 { return all ? .infinity : scale * log(x / scale) }
      if all, shape < 1 { return .infinity }
      return shape * scale / (shape - 1) * (1 - (all ? 0 : pow(scale / x, shape - 1)))
    case .poisson(let mean): return mean * (all ? 1 : cdf(x - 1))
    case .empirical(let values): return values.prefix { $0 <= x }.reduce(0, +) / Double(values.count)
    case .discrete(let values, let cumulative):
      return values.indices.reduce(0) { sum, place in
        values[place] > x ? sum : sum + values[place] * Distribution.share(cumulative, place)
      }
    case .mixture(let parts, let cumulative): return Distribution.blend(parts, cumulative) { $0.partialMean(upTo: x) }
    case .truncated(let whole, let low, let high):
      if x < low { return 0 }
      let part = whole.partialMean(upTo: min(x, high)) - whole.partialMean(below: low)
      return part / (whole.cdf(high) - whole.probability(below: low))
    }
  }

  private func partialMean(below x: Double) -> Double { partialMean(upTo: x.nextDown) }

  private static func share(_ cumulative: [Double], _ place: Int) -> Double {
    place > 0 ? cumulative[place] - cumulative[place - 1] : cumulative[0]
  }

  private static func blend(
    _ parts: [Distribution], _ cumulative: [Double], _ value: (Distribution) -> Double
  ) -> Double {
    parts.indices.reduce(0) { sum, place in
      let weight = share(cumulative, place)
      return weight > 0 ? sum + weight * value(parts[place]) : sum
    }
  }

  /// How many of the sorted values come before the first that does not hold.
  private static func count(of values: [Double], where holds: (Double) -> Bool) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = low + (high - low) / 2
      if holds(values[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
