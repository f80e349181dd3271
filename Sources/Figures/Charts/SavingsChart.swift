internal import Metrics

/// Savings of each policy against the baseline, on the same jobs, and the deadlines that it meets: means over the
/// replications and their intervals, the greatest savings of emissions first.
enum SavingsChart {
  static let confidence = 0.95

  static func figure(_ data: ChartData) -> Figure? {
    let policies = sorted(
      data.policies.filter { policy in !policy.isBaseline && metrics.contains { !policy.values($0.name).isEmpty } }
    ).prefix(60)
    guard !policies.isEmpty else { return nil }
    let standings = data.standings
    let labels = policies.map(\.label)
    let names = Axis("", .band(labels.map { $0 + standings.marks($0) }))
    let isKept = labels.map(standings.keeps)
    let baseline = data.baselineLabel ?? "the baseline"
    var panels = metrics.map { metric in
      panel(
        metric.title, estimates(policies, metric.name), names, isKept, Axis("saved", unit: "%", .linear(0...1)),
        marks: labels.map { standings.figureMark(metric.name, $0) })
    }
    let deadlines = estimates(policies, "sla_met_pct")
    let hasDeadlines = deadlines.contains { $0 != nil }
    if hasDeadlines {
      let own = data.policies.first(where: \.isBaseline)?.mean("sla_met_pct")
      panels.append(
        panel(
          "deadlines met", deadlines, names, isKept, Axis("deadlines met", unit: "%", .linear(0...1)), baseline: own,
          isShare: true))
    }
    let legend = standings.legend(labels) + [standings.savingLegend(labels)].compactMap { $0 }
    let notes =
      ["Positive: less than \(baseline)." + (hasDeadlines ? " The line at the deadlines met is \(baseline)'s." : "")]
      + legend.map { "\($0)." } + [data.homeCaption].compactMap { $0 }
    let hollow = [
      LegendEntry("meets the scenario's requirements", .series(0), .dot()),
      LegendEntry("misses one", .series(0), .dot(isHollow: true)),
    ]
    return Figure(
      title: "\(data.scenario): saved against \(baseline)", subtitle: subtitle(data),
      note: notes.note, legend: isKept.contains(false) ? hollow : [], panels: panels, columns: panels.count,
      panelHeight: max(80, Double(policies.count) * 22), sharesX: false)
  }

  private static func sorted(_ policies: [ChartData.Policy]) -> [ChartData.Policy] {
    func saved(_ policy: ChartData.Policy) -> Double { policy.mean("carbon_savings_pct") ?? -.infinity }
    return policies.enumerated().sorted { (-saved($0.element), $0.offset) < (-saved($1.element), $1.offset) }
      .map(\.element)
  }

  private static func estimates(_ policies: some Sequence<ChartData.Policy>, _ metric: String) -> [MeanEstimate?] {
    policies.map { policy in
      let values = policy.values(metric)
      return values.isEmpty ? nil : MeanEstimate(values, confidence: confidence)
    }
  }

  private static func subtitle(_ data: ChartData) -> String {
    if data.replications < 2 { return "One replication: intervals need several" }
    if let variation = data.variation, !variation.affectsAll {
      return variation.heading(replications: data.replications) + (variation.isEmpty ? "" : " (95 %, Student's)")
    }
    return "Means of the paired savings of \(data.replications) replications, and their 95 % intervals (Student's)"
      + (data.variation?.windowsOverlap == true ? "; windows overlap: optimistic" : "")
  }

  private static let metrics = [("carbon_savings_pct", "emissions"), ("cost_savings_pct", "cost")].map {
    (name: $0.0, title: $0.1)
  }

  /// - Parameters:
  ///   - x: its scale is fitted to what is drawn.
  ///   - isShare: of 100 %: numbers stand in a column at its start.
  ///   - marks: behind each number; empty for none.
  private static func panel(
    _ title: String, _ estimates: [MeanEstimate?], _ names: Axis, _ isKept: [Bool], _ x: Axis, baseline: Double? = nil,
    isShare: Bool = false, marks: [String] = []
  ) -> Panel {
    var dots: [Mark.Dot] = []
    var intervals: [Mark.Interval] = []
    var texts: [Mark] = []
    var ends = [0.0] + (isShare ? [100] : [])
    for (place, estimate) in estimates.enumerated() {
      guard let estimate else { continue }
      let y = Double(place)
      let half = estimate.halfWidth ?? 0
      dots.append(Mark.Dot(Point(estimate.mean, y), .series(0), radius: 4.5, isHollow: !isKept[place]))
      if half > 0 { intervals.append(Mark.Interval(Point(estimate.mean - half, y), Point(estimate.mean + half, y))) }
      let width = estimate.halfWidth.map { " ± \(Figures.text($0, 1))" } ?? ""
      let text = Figures.text(estimate.mean, 1) + width + (marks.isEmpty ? "" : marks[place])
      // Away from the line at 0, which would hide a sign; beside intervals there is room on one side only.
      let isLeft = estimate.mean < 0 && !isShare && half == 0
      let isColumn = isShare && estimate.mean - half >= 30
      let end = isColumn ? 0 : estimate.mean + (isLeft ? 0 : half)
      // Hollow markers reach 5.5 px from their middle.
      texts.append(.text(text, at: Point(end, y), .ink, alignment: isLeft ? 1 : 0, gap: 8))
      ends += [estimate.mean - half, estimate.mean + half]
      if isShare, !isColumn, estimate.mean + half > 60 { ends.append(estimate.mean + half + 70) }
    }
    // Room for the number beside the mark that reaches furthest.
    let room = intervals.isEmpty ? 0.2 : 0.7
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 1)
    if !isShare {
      if high > 0 { ends.append(high + max(high - low, 1) * room) }
      if low < 0, intervals.isEmpty { ends.append(low - max(high - low, 1) * room) }
    }
    var x = x
    x.scale = .covering(ends)
    return Panel(
      title: title, x: x, y: names,
      marks: [.rule(x: 0, .muted)] + (baseline.map { [.rule(x: $0, .muted)] } ?? [])
        + [.intervals(intervals, .series(0)), .dots(dots)] + texts)
  }
}
