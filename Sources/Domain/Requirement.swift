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

  /// Of every metric. Costs are in the currency of the scenario, which is not told here.
  private static let titles: [(metric: String, title: String, unit: String)] = [
    ("sla_met_pct", "deadlines met", " %"), ("jobs_ended_after_clock", "jobs ended after the clock", ""),
    ("carbon_after_clock_pct", "emissions after the clock", " %"), ("wait_mean_s", "mean wait", " s"),
    ("jobs_rejected", "jobs rejected", ""), ("jobs_unfinished", "jobs unfinished", ""),
    ("jobs_submitted", "jobs submitted", ""), ("jobs_completed", "jobs completed", ""),
    ("throughput_jobs_per_hour", "throughput", " jobs/h"), ("energy_kwh", "energy", " kWh"),
    ("carbon_kg", "emissions", " kgCO₂"), ("carbon_per_job_g", "emissions of a job", " gCO₂"), ("cost_gbp", "cost", ""),
    ("cost_per_job_gbp", "cost of a job", ""), ("carbon_savings_pct", "emissions saved", " %"),
    ("cost_savings_pct", "cost saved", " %"), ("carbon_cap_violations", "violations of carbon caps", ""),
    ("price_cap_violations", "violations of price caps", ""), ("wait_p50_s", "median wait", " s"),
    ("wait_p95_s", "95th percentile of waits", " s"), ("wait_p99_s", "99th percentile of waits", " s"),
    ("utilization_cpu", "share of CPU cores in use", ""), ("utilization_gpu", "share of GPUs in use", ""),
    ("utilization_memory", "share of memory in use", ""), ("overhead_kwh", "overhead energy", " kWh"),
    ("overhead_carbon_kg", "overhead emissions", " kgCO₂"), ("overhead_cost_gbp", "overhead cost", ""),
  ]

  /// `deadlines met`; the metric's own name where it has no title.
  public var title: String { Requirement.titles.first { $0.metric == metric }?.title ?? metric }
  public var unit: String { Requirement.titles.first { $0.metric == metric }?.unit ?? "" }

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
