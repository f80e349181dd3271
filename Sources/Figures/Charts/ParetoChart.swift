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
    /// Whether the policy keeps what the scenario asks.
    var isKept = true

    /// Whether another is at least as good in everything and better in something; one that does not keep what is asked
    /// beats none that does.
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
      return Entry(
        label: policy.label, isBaseline: policy.isBaseline, cost: cost, carbon: carbon, sla: policy.mean("sla_met_pct"),
        isKept: standings.keeps(policy.label))
    }
  }

  /// Those that keep what is asked and that nobody beats in all three, by rising cost.
  static func front(_ entries: [Entry]) -> [Entry] {
    entries.filter { entry in entry.isKept && !entries.contains { entry.isBeaten(by: $0) } }
      .sorted { ($0.cost, $0.carbon, $0.label) < ($1.cost, $1.carbon, $1.label) }
  }

  static func figure(_ data: ChartData) -> Figure? {
    let entries = entries(data)
    guard !entries.isEmpty else { return nil }
    let known = entries.compactMap(\.sla)
    // Colours are of the policies that keep what is asked; the others are hollow.
    let least = entries.filter(\.isKept).compactMap(\.sla).min() ?? 100
    let low = min(90, (least / 10).rounded(.down) * 10)
    let hasDeadlines = !known.isEmpty
    let unit = EmissionUnit(fitting: entries.map(\.carbon))
    let hasMissed = entries.contains { !$0.isKept }
    let panel = Panel(
      x: Axis("cost", unit: data.currency.code, .covering(entries.map(\.cost), zero: false)),
      y: Axis("emissions", unit: "\(unit.name)CO₂", .covering(entries.map { $0.carbon * unit.factor }, zero: false)),
      marks: [.dots(dots(data, entries, low, unit))])
    let notes =
      ["The axes do not start at 0."]
      + (data.replications > 1 ? ["Means over \(data.replications) replications."] : [])
      + data.standings.legend(entries.map(\.label)).map { "\($0)." } + [data.homeCaption].compactMap { $0 }
    var legend = [LegendEntry("meets the scenario's requirements", .muted, .dot())]
    if hasMissed {
      legend.append(LegendEntry("misses one", .muted, .dot(isHollow: true)))
    }
    return Figure(
      title: "\(data.scenario): emissions, cost and deadlines",
      subtitle: "One point per policy; lower left is better. Large markers"
        + (hasMissed ? " meet the requirements and are Pareto-optimal in carbon" : ": Pareto-optimal in carbon")
        + (hasDeadlines ? ", cost and deadlines met" : " and cost"),
      note: notes.note, legend: legend.count > 1 ? legend : [],
      ramp: hasDeadlines
        ? RampLegend("deadlines met (number at the point)", low: "\(Figures.text(low, 0)) %", high: "100 %") : nil,
      panels: [panel],
      panelHeight: 430)
  }

  /// Large ones are Pareto-optimal; no line joins them, as a front in three objectives is none in two.
  private static func dots(_ data: ChartData, _ entries: [Entry], _ low: Double, _ unit: EmissionUnit) -> [Mark.Dot] {
    let standings = data.standings
    let front = front(entries)
    return entries.map { entry in
      let isFirst = front.contains { $0.label == entry.label }
      let name = entry.label + standings.marks(entry.label) + (entry.isBaseline ? " (baseline)" : "")
      let met = entry.sla.map { "\(Figures.text($0, 2)) % of the deadlines met" } ?? "no deadlines"
      let missed = standings.missed(entry.label).map { ", \($0.requirement.bound) required" }.joined()
      let title =
        "\(entry.label): \(Figures.text(entry.carbon * unit.factor, 3)) \(unit.name), \(Figures.text(entry.cost, 2)) \(data.currency.code), "
        + "\(met)\(missed)"
      let ink: Ink = entry.isKept ? entry.sla.map { .ramp(($0 - low) / (100 - low)) } ?? .series(0) : .muted
      return Mark.Dot(
        Point(entry.cost, entry.carbon * unit.factor), ink, radius: isFirst ? 8 : 4.5, isHollow: !entry.isKept,
        label: entry.sla.map { "\(name) · \(Figures.text($0, 1)) %" } ?? name, title: title)
    }
  }
}
