internal import Foundation
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
      ["Positive: less than \(baseline)."]
      + (hasDeadlines ? ["In 'deadlines met', the vertical line marks \(baseline)."] : [])
      + legend.map { "\($0)." } + [data.homeCaption].compactMap { $0 }
    let hollow = [
      LegendEntry("meets the scenario's requirements", .series(0), .dot()),
      LegendEntry("misses a requirement", .series(0), .dot(isHollow: true)),
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
  ///   - isShare: of 100 %.
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
      var (low, high) = (estimate.mean - half, estimate.mean + half)
      // A share ends at 0 and at 100 %, whatever Student's distribution says.
      if isShare { (low, high) = (max(low, min(0, estimate.mean)), min(high, max(100, estimate.mean))) }
      if half > 0 { intervals.append(Mark.Interval(Point(low, y), Point(high, y))) }
      texts.append(.beside(text(estimate) + (marks.isEmpty ? "" : marks[place]), y: y, .ink))
      ends += [low, high]
    }
    var x = x
    // Differences that rounding makes are none: an axis of them would have ticks of nothing.
    x.scale = ends.contains { abs($0) > negligible } ? (isShare ? .covering(ends) : scale(ends)) : .linear(-1...1)
    return Panel(
      title: title, x: x, y: names,
      marks: [.rule(x: 0, .muted)] + (baseline.map { [.rule(x: $0, .muted)] } ?? [])
        + [.intervals(intervals, .series(0)), .dots(dots)] + texts)
  }

  /// An axis as long as what is drawn, with some room for markers: in narrow panels one that ends on ticks would be half
  /// empty.
  static func scale(_ ends: [Double]) -> Scale {
    let (low, high) = (min(ends.min() ?? 0, 0), max(ends.max() ?? 0, 0))
    let margin = 0.04 * (high - low)
    return .linear((low < 0 ? low - margin : 0)...(high > 0 ? high + margin : 0), isRounded: false)
  }

  /// Percentage points that are written as 0.
  private static let negligible = 0.0005

  /// A mean and the half width of its interval, which has two significant digits; both end at the same digit.
  static func text(_ estimate: MeanEstimate) -> String {
    let mean = estimate.mean
    guard let half = estimate.halfWidth, half >= negligible else {
      return Figures.text(mean, abs(mean) < 0.1 ? 2 : 1)
    }
    let decimals = max(0, min(3, 1 - Int(log10(half * 1.005).rounded(.down))))
    return "\(Figures.text(mean, decimals)) ± \(Figures.text(half, decimals))"
  }
}
