/// Tells when enough replications are done: Chow and Robbins' rule (1965, doi:10.1214/aoms/1177700156) with a guard.
///
/// After n replications the work is complete where n ≥ `least` and
///
///     t(n − 1, (1 + confidence)/2) √((s² + d²/n) / n) ≤ d
///
/// with d the half width that is wanted. A sequential rule stops too early where s happens to be small: the term d²/n,
/// Chow and Robbins' 1/n in units of d so that the unit of the figure does not matter, the least number of
/// replications, and `confirmations` (the rule must hold that many times in a row) work against it. It is asked after
/// each replication in their order, so it stops at the same one for any number of threads.
public struct SequentialRule: Sendable {
  public let halfWidth: Double
  public let confidence: Double
  public let least: Int
  /// How many times in a row the interval must be narrow enough.
  public static let confirmations = 3
  public private(set) var moments = SampleMoments()
  private var inARow = 0
  /// True if a value was missing: then the rule never holds.
  private var lacksValues = false

  /// halfWidth > 0, confidence in (0, 1), least ≥ 2.
  public init(halfWidth: Double, confidence: Double, least: Int) {
    precondition(halfWidth > 0 && confidence > 0 && confidence < 1 && least >= 2, "no such rule")
    self.halfWidth = halfWidth
    self.confidence = confidence
    self.least = least
  }

  /// Takes the figure of the next replication; `nil` where it is not defined.
  public mutating func add(_ value: Double?) {
    guard let value else {
      lacksValues = true
      return
    }
    moments.add(value)
    inARow = isNarrow ? inARow + 1 : 0
  }

  private var isNarrow: Bool {
    guard let variance = moments.variance else { return false }
    let n = Double(moments.count)
    let quantile = StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: moments.count - 1)
    return quantile * ((variance + halfWidth * halfWidth / n) / n).squareRoot() <= halfWidth
  }

  /// True if enough replications are done.
  public var isSatisfied: Bool {
    !lacksValues && moments.count >= least && inARow >= SequentialRule.confirmations
  }
}
