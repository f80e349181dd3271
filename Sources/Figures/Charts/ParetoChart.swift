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
      let (own, others) = (sla ?? 0, other.sla ?? 0)
      return other.isKept && other.carbon <= carbon && other.cost <= cost && others >= own
        && (other.carbon < carbon || other.cost < cost || others > own)
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
    let least = known.min() ?? 100
    let low = least >= 100 ? 90 : (least / 10).rounded(.down) * 10
    let standings = data.standings
    let front = front(entries)
    let dots = entries.map { entry in
      let isFirst = front.contains { $0.label == entry.label }
      let name = entry.label + standings.marks(entry.label)
      let met = entry.sla.map { "\(Figures.text($0, 2)) % of the deadlines met" } ?? "no deadlines"
      let missed = standings.missed(entry.label).map { ", \($0.requirement.bound) asked" }.joined()
      let title =
        "\(entry.label): \(Figures.text(entry.carbon, 3)) kg, \(Figures.text(entry.cost, 2)) \(data.currency.code), "
        + "\(met)\(missed)"
      return Mark.Dot(
        Point(entry.cost, entry.carbon), entry.sla.map { .ramp(($0 - low) / (100 - low)) } ?? .series(0),
        radius: isFirst ? 7 : 4, isHollow: !entry.isKept,
        label: entry.sla.map { "\(name) · \(Figures.text($0, 1)) %" } ?? name, title: title)
    }
    let line = front.map { Point($0.cost, $0.carbon) }
    let panel = Panel(
      x: Axis("cost", unit: data.currency.code, .covering(entries.map(\.cost), zero: false)),
      y: Axis("emissions", unit: "kgCO₂", .covering(entries.map(\.carbon), zero: false)),
      marks: [.line(line, .muted, LineStyle(width: 1.2, dash: 1)), .dots(dots)])
    let notes =
      ["Axes need not begin at 0."]
      + (data.replications > 1 ? ["Means over \(data.replications) replications."] : [])
      + standings.legend(entries.map(\.label)).map { "\($0)." } + [data.homeCaption].compactMap { $0 }
    let hasDeadlines = !known.isEmpty
    return Figure(
      title: "\(data.scenario): emissions, cost and deadlines",
      subtitle: hasDeadlines
        ? "One point per policy: lower left is better; colour and number give the deadlines met, hollow ones keep less "
          + "than is asked"
        : "One point per policy: lower left is better; no job has a deadline",
      note: notes.note,
      legend: [
        LegendEntry(
          hasDeadlines ? "large, on the line: not beaten in all three" : "large, on the line: not beaten in both",
          .muted, .line(LineStyle(dash: 1)))
      ],
      ramp: hasDeadlines
        ? RampLegend("deadlines met", low: "\(Figures.text(low, 0)) %", high: "100 %") : nil, panels: [panel],
      panelHeight: 430)
  }
}
