internal import Foundation

/// The families that are told by parameters with names.
public enum DistributionFamily: String, Sendable, CaseIterable {
  case constant, uniform, normal, exponential, lognormal, gamma, weibull, pareto, poisson

  /// The sets of parameters that tell one of the family.
  public var forms: [[String]] {
    switch self {
    case .constant: [["value"]]
    case .uniform: [["low", "high"], ["mean", "cv"]]
    case .normal: [["mean", "sd"], ["mean", "cv"]]
    case .exponential: [["mean"], ["rate"]]
    case .lognormal: [["mu", "sigma"], ["mean", "cv"], ["median", "sigma"]]
    case .gamma, .weibull, .pareto: [["shape", "scale"], ["mean", "cv"], ["mean", "shape"]]
    case .poisson: [["mean"]]
    }
  }

  /// Every parameter of the family.
  public var parameters: [String] {
    forms.joined().reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
  }

  /// Parameters in the unit of the values themselves; the others are bare numbers (`rate` is 1/unit).
  public static let dimensional: Set<String> = ["value", "low", "high", "mean", "median", "sd", "scale", "min", "max"]

  /// A distribution by the names of its parameters: by its own (`shape`, `scale`) or by `mean` and `cv`, the standard
  /// deviation over the mean.
  ///
  /// - Throws: ``DistributionError`` for an unknown, missing, contradictory or illegal parameter.
  public func distribution(_ values: [String: Double]) throws(DistributionError) -> Distribution {
    let names = Set(values.keys)
    guard let form = forms.first(where: { Set($0) == names }) else {
      let wanted = forms.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
      let found = names.isEmpty ? "no parameters" : names.sorted().joined(separator: " and ")
      throw DistributionError(found: found, expected: wanted)
    }
    for (name, least) in [("mean", self == .normal ? -Double.infinity : 0), ("median", 0), ("cv", 0), ("rate", 0)] {
      if let value = values[name], !(value.isFinite && value > least) {
        throw DistributionError(key: name, found: "\(value)", expected: least == 0 ? "a number > 0" : "a finite number")
      }
    }
    let at = { (name: String) in values[name] ?? .nan }
    if form == ["mean", "cv"] { return try byMoments(mean: at("mean"), cv: at("cv")) }
    if form == ["mean", "shape"] { return try byMean(at("mean"), shape: at("shape")) }
    switch self {
    case .constant: return try .constant(at("value"))
    case .uniform: return try .uniform(low: at("low"), high: at("high"))
    case .normal: return try .normal(mean: at("mean"), sd: at("sd"))
    case .exponential: return try .exponential(mean: form == ["rate"] ? 1 / at("rate") : at("mean"))
    case .lognormal:
      let mu = form[0] == "median" ? log(at("median")) : at("mu")
      return try .lognormal(mu: mu, sigma: at("sigma"))
    case .gamma: return try .gamma(shape: at("shape"), scale: at("scale"))
    case .weibull: return try .weibull(shape: at("shape"), scale: at("scale"))
    case .pareto: return try .pareto(shape: at("shape"), scale: at("scale"))
    case .poisson: return try .poisson(mean: at("mean"))
    }
  }

  private func byMoments(mean: Double, cv: Double) throws(DistributionError) -> Distribution {
    switch self {
    case .uniform:
      let half = mean * cv * 3.0.squareRoot()
      return try .uniform(low: mean - half, high: mean + half)
    case .normal: return try .normal(mean: mean, sd: abs(mean) * cv)
    case .lognormal:
      let variance = log1p(cv * cv)
      return try .lognormal(mu: log(mean) - variance / 2, sigma: variance.squareRoot())
    case .gamma: return try .gamma(shape: 1 / (cv * cv), scale: mean * cv * cv)
    case .weibull: return try byMean(mean, shape: try DistributionFamily.weibullShape(cv: cv))
    case .pareto:
      // cv² = 1 / (α (α − 2)) for α > 2.
      return try byMean(mean, shape: 1 + (1 + 1 / (cv * cv)).squareRoot())
    case .constant, .exponential, .poisson: preconditionFailure("no form mean and cv")
    }
  }

  private func byMean(_ mean: Double, shape: Double) throws(DistributionError) -> Distribution {
    guard shape.isFinite, shape > (self == .pareto ? 1 : 0) else {
      let expected = self == .pareto ? "a number > 1, with which there is a mean" : "a number > 0"
      throw DistributionError(key: "shape", found: "\(shape)", expected: expected)
    }
    switch self {
    case .gamma: return try .gamma(shape: shape, scale: mean / shape)
    case .weibull: return try .weibull(shape: shape, scale: mean / tgamma(1 + 1 / shape))
    case .pareto: return try .pareto(shape: shape, scale: mean * (shape - 1) / shape)
    default: preconditionFailure("no form mean and shape")
    }
  }

  /// The shape k with Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 = cv², by bisection: it falls as k grows.
  private static func weibullShape(cv: Double) throws(DistributionError) -> Double {
    let squared = { (shape: Double) in expm1(lgamma(1 + 2 / shape) - 2 * lgamma(1 + 1 / shape)) }
    var (low, high) = (0.05, 100.0)
    guard cv * cv <= squared(low), cv * cv >= squared(high) else {
      throw DistributionError(key: "cv", found: "\(cv)", expected: "a number from 0.013 to 300000 (weibull)")
    }
    while high / low - 1 > 1e-15 {
      let middle = (low * high).squareRoot()
      if middle <= low || middle >= high { break }
      if squared(middle) > cv * cv { low = middle } else { high = middle }
    }
    return low
  }
}
