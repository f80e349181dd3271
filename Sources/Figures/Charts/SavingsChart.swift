internal import Metrics

/// What each policy saves against the baseline, on the same jobs: means over the replications and their intervals.
enum SavingsChart {
  static let confidence = 0.95

  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { policy in
      !policy.isBaseline && metrics.contains { !policy.values($0.name).isEmpty }
    }.prefix(60)
    guard !policies.isEmpty else { return nil }
    let standings = data.standings
    let labels = policies.map(\.label)
    let names = Axis("", .band(labels.map { $0 + standings.marks($0) }))
    let notes =
      ["To the right of 0 is less than the baseline's."] + standings.legend(labels).map { "\($0)." }
      + [data.homeCaption].compactMap { $0 }
    let panels = metrics.map { metric in
      let estimates = policies.map { policy in
        let values = policy.values(metric.name)
        return values.isEmpty ? nil : MeanEstimate(values, confidence: confidence)
      }
      return panel(metric.title, estimates, names)
    }
    let subtitle: String
    if data.replications < 2 {
      subtitle = "One replication: more of them would give intervals"
    } else if let variation = data.variation, !variation.affectsAll {
      subtitle = variation.heading(replications: data.replications) + (variation.isEmpty ? "" : " (95 %, Student's)")
    } else {
      let overlap = data.variation?.windowsOverlap == true ? "; windows overlap: optimistic" : ""
      subtitle =
        "Means of the paired savings of \(data.replications) replications, and their 95 % intervals (Student's)"
        + overlap
    }
    return Figure(
      title: "\(data.scenario): saved against \(data.baseline?.label ?? "the baseline")", subtitle: subtitle,
      note: notes.note, panels: panels, columns: 2,
      panelHeight: max(80, Double(policies.count) * 22), sharesX: false)
  }

  private static let metrics = [("carbon_savings_pct", "emissions"), ("cost_savings_pct", "cost")].map {
    (name: $0.0, title: $0.1)
  }

  private static func panel(_ title: String, _ estimates: [MeanEstimate?], _ names: Axis) -> Panel {
    var dots: [Mark.Dot] = []
    var intervals: [Mark.Interval] = []
    var texts: [Mark] = []
    var ends = [0.0]
    for (place, estimate) in estimates.enumerated() {
      guard let estimate else { continue }
      let y = Double(place)
      let half = estimate.halfWidth ?? 0
      dots.append(Mark.Dot(Point(estimate.mean, y), .series(0), radius: 4.5))
      if half > 0 { intervals.append(Mark.Interval(Point(estimate.mean - half, y), Point(estimate.mean + half, y))) }
      let text = Figures.text(estimate.mean, 1) + (estimate.halfWidth.map { " ± \(Figures.text($0, 1))" } ?? "")
      // Away from the line at 0, which would hide a sign.
      let isNegative = estimate.mean < 0
      texts.append(
        .text(text, at: Point(estimate.mean + (isNegative ? -half : half), y), .ink, alignment: isNegative ? 1 : 0))
      ends += [estimate.mean - half, estimate.mean + half]
    }
    // Room for the number beside the mark that reaches furthest.
    let room = intervals.isEmpty ? 0.15 : 0.3
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 1)
    if high > 0 { ends.append(high + max(high - low, 1) * room) }
    if low < 0 { ends.append(low - max(high - low, 1) * room) }
    return Panel(
      title: title, x: Axis("saved", unit: "%", .covering(ends)), y: names,
      marks: [.rule(x: 0, .muted), .intervals(intervals, .series(0)), .dots(dots)] + texts)
  }
}
