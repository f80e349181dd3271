internal import Domain

/// Titles of metrics on axes.
enum MetricTitle {
  /// Title and unit; the name itself of a metric that this version does not know.
  static func of(_ metric: String, _ currency: Currency) -> (label: String, unit: String) {
    guard let known = Metric(rawValue: metric)?.definition else { return (metric, "") }
    return (known.title, known.unit.symbol(currency))
  }

  /// - Parameter unit: in place of the metric's own.
  static func axis(_ metric: String, _ currency: Currency, unit other: String? = nil, _ scale: Scale) -> Axis {
    let (label, unit) = of(metric, currency)
    return Axis(label, unit: other ?? unit, scale)
  }
}
