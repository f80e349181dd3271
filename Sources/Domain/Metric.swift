/// The figures of a run by name, in the order of the tables.
public enum Metric {
  /// Which way a figure gets better.
  public enum Direction: String, Sendable {
    case lower, higher
    /// Neither: it tells what was there, not how well it went.
    case neither
  }

  public static let all: [(name: String, better: Direction)] = [
    ("jobs_submitted", .neither), ("jobs_completed", .higher), ("jobs_rejected", .lower), ("jobs_unfinished", .lower),
    ("throughput_jobs_per_hour", .higher), ("energy_kwh", .lower), ("carbon_kg", .lower),
    ("carbon_per_job_g", .lower), ("cost_gbp", .lower), ("cost_per_job_gbp", .lower), ("carbon_savings_pct", .higher),
    ("cost_savings_pct", .higher), ("sla_met_pct", .higher), ("carbon_cap_violations", .lower),
    ("price_cap_violations", .lower), ("wait_mean_s", .lower), ("wait_p50_s", .lower), ("wait_p95_s", .lower),
    ("wait_p99_s", .lower), ("utilization_cpu", .neither), ("utilization_gpu", .neither),
    ("utilization_memory", .neither), ("overhead_kwh", .lower), ("overhead_carbon_kg", .lower),
    ("overhead_cost_gbp", .lower), ("jobs_ended_after_clock", .lower), ("carbon_after_clock_pct", .lower),
  ]

  public static let names = all.map(\.name)

  /// `neither` for a name that is not known.
  public static func better(_ name: String) -> Direction { all.first { $0.name == name }?.better ?? .neither }
}
