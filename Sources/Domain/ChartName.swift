/// The charts of a run, in the order in which they are listed.
public enum ChartName: String, Sendable, CaseIterable, Hashable {
  case intensity, load, emissions, queue, wait, turnaround
  case carbonByType = "carbon-by-type"
  case utilization, pareto, savings, forecast

  /// One line for people.
  public var summary: String {
    switch self {
    case .intensity: "carbon intensity of each zone over time"
    case .load: "power drawn by the jobs of each zone, stacked, by policy"
    case .emissions: "cumulative emissions of the jobs over time, by policy"
    case .queue: "number of waiting jobs over time, by policy"
    case .wait: "distribution of the jobs' waiting times, by policy"
    case .turnaround: "distribution of the times from submission to end, by policy"
    case .carbonByType: "emissions per job, by workload type and policy"
    case .utilization: "share of each zone's CPU cores (or GPUs) in use by hour of the day, by policy"
    case .pareto: "emissions, cost and deadlines met of each policy; Pareto-optimal policies are marked"
    case .savings: "emissions and cost saved against the baseline, with intervals, and deadlines met"
    case .forecast: "carbon intensity, forecast and actual, by zone"
    }
  }
}

/// The charts of all points of a sweep, in the order in which they are listed.
public enum SweepChartName: String, Sendable, CaseIterable, Hashable {
  case response, heat

  /// One line for people.
  public var summary: String {
    switch self {
    case .response: "metrics over the keys that a sweep varies, by policy"
    case .heat: "emissions saved at each pair of values of a grid of two keys, by policy"
    }
  }
}
