public import Domain

/// Replications until an interval is narrow enough.
public struct StoppingSpec: Hashable, Sendable {
  /// The figure whose mean is wanted.
  public var metric: String
  /// The policy whose figure it is; `nil`: that of every policy.
  public var policy: String?
  /// Half width of the confidence interval, in the metric's unit, > 0.
  public var halfWidth: Double
  /// Confidence level of the interval, in 0...1.
  public var confidence: Double
  /// So many replications at least and at most.
  public var least: Int
  public var most: Int

  public init(
    metric: String, policy: String? = nil, halfWidth: Double, confidence: Double = 0.95, least: Int = 10,
    most: Int = 1000
  ) {
    self.metric = metric
    self.policy = policy
    self.halfWidth = halfWidth
    self.confidence = confidence
    self.least = least
    self.most = most
  }
}

/// The part at the beginning of a run that metrics leave out.
public enum WarmUpSpec: Hashable, Sendable {
  case none
  case span(TimeSpan)
  /// The span that MSER-5 finds, see `MSER`.
  case mser5
}

/// A condition on a metric that must hold for `pylon check` to pass.
public struct CheckSpec: Hashable, Sendable {
  /// Empty: every figure.
  public var metrics: [String]
  /// `nil`: every policy.
  public var policy: String?
  /// The mean over the replications is at least, at most.
  public var least: Double?
  public var most: Double?
  /// A `metrics.csv` of an earlier run, its path resolved: every run's figure is its, within `absolute` or `relative`.
  public var baseline: String?
  public var absolute: Double
  public var relative: Double
  /// Line of the check in the scenario.
  public var line: Int

  public init(
    metrics: [String] = [], policy: String? = nil, least: Double? = nil, most: Double? = nil, baseline: String? = nil,
    absolute: Double = 0, relative: Double = 0, line: Int = 0
  ) {
    self.metrics = metrics
    self.policy = policy
    self.least = least
    self.most = most
    self.baseline = baseline
    self.absolute = absolute
    self.relative = relative
    self.line = line
  }
}
