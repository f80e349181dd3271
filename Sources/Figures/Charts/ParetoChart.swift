internal import Metrics

/// Emissions against cost, deadlines met as colour: means over the replications.
enum ParetoChart {
  struct Entry {
    var label: String
    var isBaseline: Bool
    var cost: Double
    var carbon: Double
    /// `nil` if no job has a deadline.
    var sla: Double?
    /// True if the policy meets the scenario's requirements.
    var isKept = true
    /// Half widths of the intervals of cost and carbon; `nil` without several replications.
    var costHalf: Double?
    var carbonHalf: Double?

    /// True if another entry is at least as good in everything and better in something; an entry that does not meet the
    /// requirements beats none.
    func isBeaten(by other: Entry) -> Bool {
      // Sums in another order differ in their last digits.
      func atLeast(_ a: Double, _ b: Double) -> Bool { a >= b || a.isAlike(b) }
      func isMore(_ a: Double, _ b: Double) -> Bool { a > b && !a.isAlike(b) }
      let (own, others) = (sla ?? 0, other.sla ?? 0)
      return other.isKept && atLeast(carbon, other.carbon) && atLeast(cost, other.cost) && atLeast(others, own)
        && (isMore(carbon, other.carbon) || isMore(cost, other.cost) || isMore(others, own))
    }
  }

  static func entries(_ data: ChartData) -> [Entry] {
    let standings = data.standings
    return data.policies.compactMap { policy in
      guard let cost = policy.mean("cost_gbp"), let carbon = policy.mean("carbon_kg") else { return nil }
      func half(_ metric: String) -> Double? {
        MeanEstimate(policy.values(metric), confidence: SavingsChart.confidence).halfWidth
      }
      return Entry(
        label: policy.label, isBaseline: policy.isBaseline, cost: cost, carbon: carbon, sla: policy.mean("sla_met_pct"),
        isKept: standings.keeps(policy.label), costHalf: half("cost_gbp"), carbonHalf: half("carbon_kg"))
    }
  }

  /// Those that keep what is asked and that nobody beats in all three, by rising cost.
  static func front(_ entries: [Entry]) -> [Entry] {
    entries.filter { entry in entry.isKept && !entries.contains { entry.isBeaten(by: $0) } }
      .sorted { ($0.cost, $0.carbon, $0.label) < ($1.cost, $1.carbon, $1.label) }
  }

  /// Entries at one point, which are drawn and named together, in the order of the first of each.
  static func groups(_ entries: [Entry]) -> [[Entry]] {
    func isSame(_ a: Entry, _ b: Entry) -> Bool {
      guard a.cost.isAlike(b.cost), a.carbon.isAlike(b.carbon), a.isKept == b.isKept else { return false }
      guard let own = a.sla, let other = b.sla else { return a.sla == nil && b.sla == nil }
      return own.isAlike(other)
    }
    var groups: [[Entry]] = []
    for entry in entries {
      if let place = groups.firstIndex(where: { isSame($0[0], entry) }) {
        groups[place].append(entry)
      } else {
        groups.append([entry])
      }
    }
    return groups
  }

  /// The span of the colours: from the least to the greatest share of deadlines met among policies that keep what is asked,
  /// in tenths of a percent; `nil` if they do not differ.
  static func span(_ entries: [Entry]) -> ClosedRange<Double>? {
    let known = entries.filter(\.isKept).compactMap(\.sla)
    guard let least = known.min(), let most = known.max() else { return nil }
    let (low, high) = ((least * 10).rounded(.down) / 10, (most * 10).rounded(.up) / 10)
    return Figures.text(least, 1) != Figures.text(most, 1) ? low...high : nil
  }

  static func figure(_ data: ChartData) -> Figure? {
    let entries = entries(data)
    guard !entries.isEmpty else { return nil }
    let hasDeadlines = entries.contains { $0.sla != nil }
    // Colours are of the policies that keep what is asked; the others are hollow.
    let span = span(entries)
    let unit = EmissionUnit(fitting: entries.map(\.carbon))
    let hasMissed = entries.contains { !$0.isKept }
    let intervals = intervals(entries, unit)
    func ends(_ value: (Entry) -> Double, _ half: (Entry) -> Double?) -> [Double] {
      entries.flatMap { [value($0) - (half($0) ?? 0), value($0) + (half($0) ?? 0)] }
    }
    let panel = Panel(
      x: Axis("cost", unit: data.currency.code, .covering(ends(\.cost, \.costHalf), zero: false)),
      y: Axis(
        "emissions", unit: "\(unit.name)CO₂",
        .covering(ends({ $0.carbon * unit.factor }, { $0.carbonHalf.map { $0 * unit.factor } }), zero: false)),
      marks: [.intervals(intervals, .faint), .dots(dots(data, entries, span, unit))])
    let notes =
      ["The axes do not start at 0."] + means(data, hasIntervals: !intervals.isEmpty)
      + (hasDeadlines && span == nil ? ["Number at a point: deadlines met."] : [])
      + data.standings.legend(entries.map(\.label)).map { "\($0)." } + [data.homeCaption].compactMap { $0 }
    var legend = [LegendEntry("meets the scenario's requirements", .muted, .dot())]
    if hasMissed { legend.append(LegendEntry("misses a requirement", .muted, .dot(isHollow: true))) }
    return Figure(
      title: "\(data.scenario): emissions" + (hasDeadlines ? ", cost and deadlines" : " and cost"),
      subtitle: "One point per policy; lower left is better. Large markers"
        + (hasMissed ? " meet the requirements and are Pareto-optimal in carbon" : ": Pareto-optimal in carbon")
        + (hasDeadlines ? ", cost and deadlines met" : " and cost"),
      note: notes.note, legend: legend.count > 1 ? legend : [],
      ramp: span.map {
        RampLegend(
          "deadlines met (number at the point)", low: "\(Figures.text($0.lowerBound, 1)) %",
          high: "\(Figures.text($0.upperBound, 1)) %")
      },
      panels: [panel],
      panelHeight: 430)
  }

  private static func means(_ data: ChartData, hasIntervals: Bool) -> [String] {
    guard data.replications > 1 else { return [] }
    guard hasIntervals else { return ["Means over \(data.replications) replications."] }
    let doubt =
      data.variation.map { $0.affectsAll ? "" : " (\($0.heading(replications: data.replications)))" } ?? ""
    return [
      "Means over \(data.replications) replications; bars: 95 % intervals (Student's)\(doubt). Policies share their jobs: "
        + "differences are more certain, see the chart savings."
    ]
  }

  private static func intervals(_ entries: [Entry], _ unit: EmissionUnit) -> [Mark.Interval] {
    groups(entries).compactMap(\.first).flatMap { entry -> [Mark.Interval] in
      let (x, y) = (entry.cost, entry.carbon * unit.factor)
      var own: [Mark.Interval] = []
      if let half = entry.costHalf, half > 0 { own.append(Mark.Interval(Point(x - half, y), Point(x + half, y))) }
      if let half = entry.carbonHalf.map({ $0 * unit.factor }), half > 0 {
        own.append(Mark.Interval(Point(x, y - half), Point(x, y + half)))
      }
      return own
    }
  }

  /// Large ones are Pareto-optimal; no line joins them, as a front in three objectives is none in two.
  private static func dots(
    _ data: ChartData, _ entries: [Entry], _ span: ClosedRange<Double>?, _ unit: EmissionUnit
  ) -> [Mark.Dot] {
    let standings = data.standings
    let front = front(entries)
    return groups(entries).map { group in
      let entry = group[0]
      let isFirst = front.contains { $0.label == entry.label }
      let name = group.map { $0.label + standings.marks($0.label) + ($0.isBaseline ? " (baseline)" : "") }
        .joined(separator: " = ")
      let met = entry.sla.map { "\(Figures.text($0, 2)) % of the deadlines met" } ?? "no deadlines"
      let missed = standings.missed(entry.label).map { ", \($0.requirement.bound) required" }.joined()
      let title =
        "\(group.map(\.label).joined(separator: " = ")): \(Figures.text(entry.carbon * unit.factor, 3)) \(unit.name), "
        + "\(Figures.text(entry.cost, 2)) \(data.currency.code), \(met)\(missed)"
      var ink = Ink.series(0)
      if !entry.isKept {
        ink = .muted
      } else if let span, let sla = entry.sla {
        ink = .ramp((sla - span.lowerBound) / (span.upperBound - span.lowerBound))
      }
      return Mark.Dot(
        Point(entry.cost, entry.carbon * unit.factor), ink, radius: isFirst ? 8 : 4.5, isHollow: !entry.isKept,
        label: entry.sla.map { "\(name) · \(Figures.text($0, 1)) %" } ?? name, title: title)
    }
  }
}
