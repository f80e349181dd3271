internal import Metrics

/// What share of the jobs waited, or took, no longer than so long.
enum DistributionChart {
  enum Quantity: String {
    case wait = "wait_s"
    case turnaround = "turnaround_s"

    var title: String { self == .wait ? "waits" : "turnarounds" }
    var axis: String { self == .wait ? "from submission to first start" : "from submission to end" }
  }

  private static let together = 7

  static func figure(_ data: ChartData, _ quantity: Quantity) -> Figure? {
    let policies = data.policies.filter { !$0.quantiles[quantity.rawValue, default: []].isEmpty }
    guard !policies.isEmpty else { return nil }
    let shown = policies.prefix(Multiples.most)
    let lines = shown.map { policy in
      policy.quantiles[quantity.rawValue, default: []].map { Point($0.value, 100 * $0.share) }
    }
    let longest = lines.joined().map(\.x).max() ?? 1
    let x = Axis(quantity.axis, .spans(0...max(longest, 10)))
    let y = Axis("jobs", unit: "%", .linear(0...100))
    let isTogether = policies.count <= together
    let panels: [Panel]
    var legend: [LegendEntry]
    if isTogether {
      panels = [
        Panel(
          x: x, y: y, marks: lines.enumerated().map { .line($1, .series($0), LineStyle(width: 2, dash: $0 % 4)) })
      ]
      legend = shown.enumerated().map {
        LegendEntry($1.label, .series($0), .line(LineStyle(dash: $0 % 4)))
      }
    } else {
      let base = shown.firstIndex(where: \.isBaseline)
      panels = zip(shown, lines).map { policy, line in
        let behind = base.map { [Mark.line(lines[$0], .muted, LineStyle(width: 1.3, dash: 1))] } ?? []
        return Panel(
          title: policy.label, x: x, y: y, marks: behind + [.line(line, .series(0), LineStyle(width: 2))])
      }
      legend = [LegendEntry("the policy", .series(0), .line(LineStyle()))]
      if let base {
        legend.append(LegendEntry("\(shown[base].label), the baseline", .muted, .line(LineStyle(dash: 1))))
      }
    }
    let notes =
      ["Times under 1 s lie at the left edge."] + Multiples.leftOut(policies.count, of: "policies", shown: shown.count)
      + data.replicationNote
    return Figure(
      title: "\(data.scenario): \(quantity.title) by policy",
      subtitle: quantity == .wait
        ? "Share of the jobs that had started so long after their submission"
        : "Share of the jobs that had ended so long after their submission", note: notes.note, legend: legend,
      panels: panels, columns: isTogether ? 1 : 4, panelHeight: isTogether ? 360 : 120)
  }
}
