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

  /// Where a scenario asks for nothing of deadlines: 95 % of them. It binds nobody if no job has one.
  public static let standard = Requirement(metric: "sla_met_pct", least: 95)

  /// Whether a mean keeps it.
  public func isKept(by value: Double) -> Bool {
    value >= least ?? -.infinity && value <= most ?? .infinity
  }

  private static let titles: [(metric: String, title: String, unit: String)] = [
    ("sla_met_pct", "deadlines met", " %"), ("jobs_ended_after_clock", "jobs ended after the clock", ""),
    ("carbon_after_clock_pct", "emissions after the clock", " %"), ("wait_mean_s", "mean wait", " s"),
    ("jobs_rejected", "jobs rejected", ""), ("jobs_unfinished", "jobs unfinished", ""),
  ]

  /// `deadlines met`; the metric's own name where it has no title.
  public var title: String { Requirement.titles.first { $0.metric == metric }?.title ?? metric }
  public var unit: String { Requirement.titles.first { $0.metric == metric }?.unit ?? "" }

  /// `at least 95 %`.
  public var bound: String {
    func text(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
    switch (least, most) {
    case (let least?, let most?): return "from \(text(least)) to \(text(most))\(unit)"
    case (let least?, nil): return "at least \(text(least))\(unit)"
    case (nil, let most?): return "at most \(text(most))\(unit)"
    case (nil, nil): return "anything"
    }
  }

  /// `deadlines met at least 95 %`.
  public var text: String { "\(title) \(bound)" }
}
