internal import CGSL

/// A distribution of real numbers whose parameters have been checked.
///
/// The continuous laws are GSL's. ``discrete(_:)`` and ``empirical(_:)`` give one of their values, so an empirical
/// distribution is the sample's own (no interpolation). ``truncated(from:to:)`` draws again until a value lies within
/// both limits, which is exact for every law; at least 1 % of the law must lie there, so 100 draws at most are
/// expected.
public struct Distribution: Hashable, Sendable {
  let law: Law

  indirect enum Law: Hashable, Sendable {
    case constant(Double)
    case uniform(low: Double, high: Double)
    case normal(mean: Double, sd: Double)
    case exponential(mean: Double)
    case lognormal(mu: Double, sigma: Double)
    case gamma(shape: Double, scale: Double)
    case weibull(shape: Double, scale: Double)
    case pareto(shape: Double, scale: Double)
    case poisson(mean: Double)
    case empirical([Double])
    case discrete(values: [Double], cumulative: [Double])
    case mixture([Distribution], cumulative: [Double])
    case truncated(Distribution, from: Double, to: Double)
  }

  /// The least share of a law that a truncation may leave.
  public static let leastShare = 0.01

  init(_ law: Law) { self.law = law }

  /// A number.
  ///
  /// - Complexity: O(1) but for mixtures and discrete laws, O(number of parts).
  public func sample(_ stream: inout RandomStream) -> Double {
    switch law {
    case .constant(let value): return value
    case .uniform(let low, let high): return stream.uniform(from: low, to: high)
    case .normal(let mean, let sd): return stream.normal(mean: mean, deviation: sd)
    case .exponential(let mean): return stream.exponential(mean: mean)
    case .lognormal(let mu, let sigma): return stream.lognormal(mu: mu, sigma: sigma)
    case .gamma(let shape, let scale): return stream.gamma(shape: shape, scale: scale)
    case .weibull(let shape, let scale): return stream.weibull(shape: shape, scale: scale)
    case .pareto(let shape, let scale): return stream.pareto(shape: shape, minimum: scale)
    case .poisson(let mean): return Double(stream.poisson(mean: mean))
    case .empirical(let values): return values[stream.below(values.count)]
    case .discrete(let values, let cumulative): return values[stream.place(in: cumulative)]
    case .mixture(let parts, let cumulative): return parts[stream.place(in: cumulative)].sample(&stream)
    case .truncated(let whole, let low, let high):
      while true {
        let value = whole.sample(&stream)
        if value >= low, value <= high { return value }
      }
    }
  }
}

extension RandomStream {
  /// A place drawn by weight: the first whose cumulative share exceeds a uniform number.
  ///
  /// - Parameter cumulative: rising to exactly 1.
  /// - Complexity: O(n), which is the fastest way up to some tens of places.
  public mutating func place(in cumulative: [Double]) -> Int {
    let drawn = uniform()
    var place = 0
    while cumulative[place] <= drawn { place += 1 }
    return place
  }
}

extension Distribution {
  public static func constant(_ value: Double) throws(DistributionError) -> Distribution {
    Distribution(.constant(try finite("value", value)))
  }

  /// Always the same whole number, which needs no check.
  public static func whole(_ value: Int) -> Distribution { Distribution(.constant(Double(value))) }

  /// Uniform on [low, high). low < high.
  public static func uniform(low: Double, high: Double) throws(DistributionError) -> Distribution {
    _ = try finite("low", low)
    guard try finite("high", high) > low else {
      throw DistributionError(key: "high", found: "\(high)", expected: "a number above low (\(low))")
    }
    return Distribution(.uniform(low: low, high: high))
  }

  public static func normal(mean: Double, sd: Double) throws(DistributionError) -> Distribution {
    Distribution(.normal(mean: try finite("mean", mean), sd: try positive("sd", sd)))
  }

  public static func exponential(mean: Double) throws(DistributionError) -> Distribution {
    Distribution(.exponential(mean: try positive("mean", mean)))
  }

  /// e to a normal of mean `mu` and standard deviation `sigma`.
  public static func lognormal(mu: Double, sigma: Double) throws(DistributionError) -> Distribution {
    Distribution(.lognormal(mu: try finite("mu", mu), sigma: try positive("sigma", sigma)))
  }

  public static func gamma(shape: Double, scale: Double) throws(DistributionError) -> Distribution {
    Distribution(.gamma(shape: try positive("shape", shape), scale: try positive("scale", scale)))
  }

  /// P(X > x) = exp(−(x/scale)^shape).
  public static func weibull(shape: Double, scale: Double) throws(DistributionError) -> Distribution {
    Distribution(.weibull(shape: try positive("shape", shape), scale: try positive("scale", scale)))
  }

  /// P(X > x) = (scale/x)^shape for x ≥ scale.
  public static func pareto(shape: Double, scale: Double) throws(DistributionError) -> Distribution {
    Distribution(.pareto(shape: try positive("shape", shape), scale: try positive("scale", scale)))
  }

  /// Whole numbers. mean ≤ 1e9.
  public static func poisson(mean: Double) throws(DistributionError) -> Distribution {
    guard try positive("mean", mean) <= 1e9 else {
      throw DistributionError(key: "mean", found: "\(mean)", expected: "at most 1e9")
    }
    return Distribution(.poisson(mean: mean))
  }

  /// One of the values, all alike.
  public static func empirical(_ values: [Double]) throws(DistributionError) -> Distribution {
    guard !values.isEmpty else { throw DistributionError(found: "no values", expected: "at least one") }
    for value in values { _ = try finite("values", value) }
    return Distribution(.empirical(values.sorted()))
  }

  /// One of the values, by weight.
  public static func discrete(_ choices: [(value: Double, weight: Double)]) throws(DistributionError) -> Distribution {
    for choice in choices { _ = try finite("choices", choice.value) }
    let sorted = choices.sorted { $0.value < $1.value }
    return Distribution(.discrete(values: sorted.map(\.value), cumulative: try shares(sorted.map(\.weight))))
  }

  /// One of the parts, by weight, then a number of it.
  public static func mixture(
    _ parts: [(weight: Double, part: Distribution)]
  ) throws(DistributionError) -> Distribution {
    Distribution(.mixture(parts.map(\.part), cumulative: try shares(parts.map(\.weight))))
  }

  /// The distribution given that its value lies in [low, high]; `nil` leaves a side open.
  public func truncated(from low: Double?, to high: Double?) throws(DistributionError) -> Distribution {
    if low == nil, high == nil { return self }
    let (least, most) = (low ?? -.infinity, high ?? .infinity)
    guard least <= most else {
      throw DistributionError(key: "min", found: "\(least)", expected: "at most max (\(most))")
    }
    let share = cdf(most) - probability(below: least)
    guard share >= Distribution.leastShare else {
      let percent = (share * 1e6).rounded() / 1e4
      throw DistributionError(
        key: low == nil ? "max" : "min", found: "\(percent) % of the distribution within the limits",
        expected: "at least \(Distribution.leastShare * 100) %")
    }
    return Distribution(.truncated(self, from: least, to: most))
  }

  private static func finite(_ key: String, _ value: Double) throws(DistributionError) -> Double {
    guard value.isFinite else { throw DistributionError(key: key, found: "\(value)", expected: "a finite number") }
    return value
  }

  private static func positive(_ key: String, _ value: Double) throws(DistributionError) -> Double {
    guard value.isFinite, value > 0 else {
      throw DistributionError(key: key, found: "\(value)", expected: "a number > 0")
    }
    return value
  }

  /// Weights as cumulative shares, the last exactly 1.
  public static func shares(_ weights: [Double]) throws(DistributionError) -> [Double] {
    for weight in weights where !(weight.isFinite && weight >= 0) {
      throw DistributionError(key: "weight", found: "\(weight)", expected: "a number ≥ 0")
    }
    let sum = weights.reduce(0, +)
    guard sum > 0, sum.isFinite else {
      throw DistributionError(key: "weight", found: "weights that add up to \(sum)", expected: "a sum > 0")
    }
    var cumulative: [Double] = []
    var passed = 0.0
    for weight in weights {
      passed += weight
      cumulative.append(passed / sum)
    }
    // No place without weight may be drawn, the last neither.
    let last = weights.lastIndex { $0 > 0 } ?? 0
    for place in last..<weights.count { cumulative[place] = 1 }
    return cumulative
  }
}
