/// A bound that a scenario asks every policy to keep: verdicts lead with those that do.
public struct Requirement: Hashable, Sendable {
  public var metric: String
  public var least: Double?
  public var most: Double?

  public init(metric: String, least: Double? = nil, most: Double? = nil) {
    self.metric = metric
    self.least = least
    self.most = most
  }

  /// Default for a scenario that sets no requirement on deadlines: 95 % of them are met. It binds no policy if no job
  /// has a deadline.
  public static let standard = Requirement(metric: "sla_met_pct", least: 95)

  /// True if a mean satisfies the requirement.
  public func isKept(by value: Double) -> Bool {
    value >= least ?? -.infinity && value <= most ?? .infinity
  }

  private var definition: MetricDefinition? { Metric(rawValue: metric)?.definition }

  /// `deadlines met`; the name itself of a metric that this version does not know.
  public var title: String { definition?.title ?? metric }

  /// The unit after a number, with its space.
  public var unit: String {
    switch definition?.unit {
    case nil, .jobs, .share, .currency: ""
    case .kilograms: " kgCO₂"
    case .grams: " gCO₂"
    case let unit?: " " + unit.rawValue
    }
  }

  /// `at least 95 %`.
  public var bound: String {
    /// Seconds of an hour and more also in hours.
    func text(_ value: Double) -> String {
      let plain = number(value)
      guard unit == " s", value >= 3600 else { return plain + unit }
      return "\(plain) s (\(number((value / 36).rounded() / 100)) h)"
    }
    func number(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
    switch (least, most) {
    case (let least?, let most?): return "from \(number(least)) to \(text(most))"
    case (let least?, nil): return "at least \(text(least))"
    case (nil, let most?): return "at most \(text(most))"
    case (nil, nil): return "anything"
    }
  }

  /// `deadlines met at least 95 %`.
  public var text: String { "\(title) \(bound)" }
}
