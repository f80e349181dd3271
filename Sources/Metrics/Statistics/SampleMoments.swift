internal import CGSL

/// Number, mean and standard deviation of values that come one by one (Welford 1962, doi:10.1080/00401706.1962.10490022).
///
/// The order of the values decides the last digits: replications are added by their number.
public struct SampleMoments: Sendable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var squares = 0.0

  public init() {}

  public init(_ values: [Double]) {
    for value in values { add(value) }
  }

  public mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
  }

  /// Over n − 1; `nil` of fewer than two values.
  public var variance: Double? { count > 1 ? squares / Double(count - 1) : nil }
  public var standardDeviation: Double? { variance?.squareRoot() }

  /// Half the width of Student's interval for the mean, t(n − 1, (1 + confidence)/2) s/√n; `nil` of fewer than two
  /// values.
  public func halfWidth(confidence: Double) -> Double? {
    guard let standardDeviation else { return nil }
    let quantile = StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: count - 1)
    return quantile * standardDeviation / Double(count).squareRoot()
  }
}

/// Student's t by GSL.
public enum StudentT {
  /// The value that t is below with this probability, in (0, 1).
  public static func quantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(probability > 0 && probability < 1 && degreesOfFreedom > 0, "no such t")
    return gsl_cdf_tdist_Pinv(probability, Double(degreesOfFreedom))
  }
}

/// A mean with its interval. Values that are all the same have none: an interval of no width would claim more than they
/// show.
public struct MeanEstimate: Sendable {
  public var count: Int
  public var mean: Double
  /// `nil` of values that do not differ, and of one.
  public var standardDeviation: Double?
  public var halfWidth: Double?
  /// By the bootstrap (``Bootstrap``); `nil` of fewer than three values.
  public var bootstrap: ClosedRange<Double>?

  public init(_ values: [Double], confidence: Double, bootstrap: ClosedRange<Double>? = nil) {
    let moments = SampleMoments(values)
    count = moments.count
    mean = moments.mean
    guard values.contains(where: { $0 != values[0] }) else { return }
    standardDeviation = moments.standardDeviation
    halfWidth = moments.halfWidth(confidence: confidence)
    self.bootstrap = bootstrap
  }
}
