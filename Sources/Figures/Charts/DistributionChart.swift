internal import Metrics

/// The distribution of the jobs' waits or turnarounds, by policy.
enum DistributionChart {
  enum Quantity: String {
    case wait = "wait_s"
    case turnaround = "turnaround_s"

    var title: String { self == .wait ? "waits" : "turnarounds" }
    var axis: String { self == .wait ? "time from submission to first start" : "time from submission to end" }
  }

  static func figure(_ data: ChartData, _ quantity: Quantity) -> Figure? {
    let policies = data.policies.filter { !$0.quantiles[quantity.rawValue, default: []].isEmpty }
    guard !policies.isEmpty else { return nil }
    let shown = Array(policies.prefix(Multiples.most))
    let longest = max(shown.flatMap { $0.quantiles[quantity.rawValue, default: []].map(\.value) }.max() ?? 1, 10)
    let lines = shown.map { policy in
      // From nothing on the left to everything on the right: a policy whose jobs never wait has a line too.
      [Point(0, 0)] + policy.quantiles[quantity.rawValue, default: []].map { Point($0.value, 100 * $0.share) }
        + [Point(longest, 100)]
    }
    let drawn = PolicyLines(
      shown, lines, x: Axis(quantity.axis, .spans(0...longest)), y: Axis("jobs", unit: "%", .linear(0...100)))
    let notes =
      ["The time axis is logarithmic; times up to 1 s lie at its left end."]
      + Multiples.leftOut(policies.count, of: "policies", shown: shown.count) + data.replicationNote
    return Figure(
      title: "\(data.scenario): \(quantity.title) by policy",
      subtitle: quantity == .wait
        ? "Share of jobs started within the time on the axis" : "Share of jobs ended within the time on the axis",
      note: notes.note,
      legend: drawn.legend, panels: drawn.panels, columns: drawn.columns, panelHeight: drawn.panelHeight)
  }
}
