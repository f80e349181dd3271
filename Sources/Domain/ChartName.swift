/// The charts of a result, in the order in which they are listed.
public enum ChartName: String, Sendable, CaseIterable, Hashable {
  case intensity, load, wait, turnaround
  case carbonByType = "carbon-by-type"
  case utilization, pareto, savings, forecast

  /// One line for people.
  public var summary: String {
    switch self {
    case .intensity: "carbon intensity of each zone over time"
    case .load: "power drawn by the jobs of each zone, stacked, by policy"
    case .wait: "distribution of the jobs' waits, by policy"
    case .turnaround: "distribution of the times from submission to end, by policy"
    case .carbonByType: "emissions of a job, by workload type and policy"
    case .utilization: "share of each zone's CPU cores (or GPUs) in use by hour of the day, by policy"
    case .pareto: "emissions, cost and deadlines met of each policy, and which are not beaten in all three"
    case .savings: "emissions and cost saved against the baseline, with intervals"
    case .forecast: "carbon intensity as it was forecast and as it came, by zone"
    }
  }
}
