internal import Metrics

/// One line per policy: a few policies in one panel, more of them in a panel each with the baseline behind.
struct PolicyLines {
  private static let together = 7

  let panels: [Panel]
  let legend: [LegendEntry]
  let columns: Int
  let panelHeight: Double

  /// - Parameter lines: of the policies, in their order.
  init(_ policies: [ChartData.Policy], _ lines: [[Point]], x: Axis, y: Axis, isStepped: Bool = false) {
    if policies.count <= PolicyLines.together {
      let styles = policies.indices.map { LineStyle(width: 2, dash: $0 % 4, isStepped: isStepped) }
      panels = [
        Panel(x: x, y: y, marks: lines.enumerated().map { .line($1, .series($0), styles[$0]) })
      ]
      legend = policies.enumerated().map { LegendEntry($1.label, .series($0), .line(styles[$0])) }
      (columns, panelHeight) = (1, 360)
      return
    }
    let base = policies.firstIndex(where: \.isBaseline)
    panels = zip(policies, lines).map { policy, line in
      let isOwn = policy.isBaseline
      let behind = base.map { [Mark.line(lines[$0], .muted, LineStyle(width: 1.3, dash: 1, isStepped: isStepped))] }
      return Panel(
        title: policy.label, x: x, y: y,
        marks: (isOwn ? [] : behind ?? []) + [.line(line, .series(0), LineStyle(width: 1.8, isStepped: isStepped))])
    }
    legend =
      [LegendEntry("the policy", .series(0), .line(LineStyle()))]
      + (base.map { [LegendEntry("\(policies[$0].label), the baseline", .muted, .line(LineStyle(dash: 1)))] } ?? [])
    (columns, panelHeight) = (4, 120)
  }
}
