internal import Domain

/// How figures are called on axes.
enum MetricTitle {
  /// Name and unit; the name itself of one that is not known.
  static func of(_ metric: String, _ currency: Currency) -> (label: String, unit: String) {
    titles.first { $0.metric == metric }.map { ($0.label, $0.unit ?? currency.code) } ?? (metric, "")
  }

  /// - Parameter unit: in place of the metric's own.
  static func axis(_ metric: String, _ currency: Currency, unit other: String? = nil, _ scale: Scale) -> Axis {
    let (label, unit) = of(metric, currency)
    return Axis(label, unit: other ?? unit, scale)
  }

  /// A unit of `nil` is the currency.
  private static let titles: [(metric: String, label: String, unit: String?)] = [
    ("carbon_kg", "emissions", "kgCO₂"), ("carbon_per_job_g", "emissions of a job", "gCO₂"),
    ("carbon_savings_pct", "emissions saved", "%"), ("cost_gbp", "cost", nil),
    ("cost_per_job_gbp", "cost of a job", nil), ("cost_savings_pct", "cost saved", "%"),
    ("sla_met_pct", "deadlines met", "%"), ("wait_mean_s", "mean wait", "s"),
    ("wait_p95_s", "95 % of waits within", "s"),
    ("wait_p99_s", "99 % of waits within", "s"), ("energy_kwh", "energy", "kWh"),
    ("jobs_completed", "jobs completed", ""),
    ("throughput_jobs_per_hour", "throughput", "jobs/h"), ("utilization_cpu", "CPU cores in use", "share"),
    ("utilization_gpu", "GPUs in use", "share"), ("utilization_memory", "memory in use", "share"),
  ]
}
