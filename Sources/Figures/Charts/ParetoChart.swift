internal import Metrics

/// Emissions against cost, deadlines met as colour: means over the replications.
enum ParetoChart {
  struct Entry {
    var label: String
    var isBaseline: Bool
    var cost: Double
    var carbon: Double
    var sla: Double

    /// Whether another is at least as good in everything and better in something.
    func isBeaten(by other: Entry) -> Bool {
      other.carbon <= carbon && other.cost <= cost && other.sla >= sla
        && (other.carbon < carbon || other.cost < cost || other.sla > sla)
    }
  }

  static func entries(_ data: ChartData) -> [Entry] {
    data.policies.compactMap { policy in
      guard let cost = policy.mean("cost_gbp"), let carbon = policy.mean("carbon_kg"),
        let sla = policy.mean("sla_met_pct")
      else { return nil }
      return Entry(label: policy.label, isBaseline: policy.isBaseline, cost: cost, carbon: carbon, sla: sla)
    }
  }

  /// Those that nobody beats in all three, by rising cost.
  static func front(_ entries: [Entry]) -> [Entry] {
    entries.filter { entry in !entries.contains { entry.isBeaten(by: $0) } }
      .sorted { ($0.cost, $0.carbon, $0.label) < ($1.cost, $1.carbon, $1.label) }
  }

  static func figure(_ data: ChartData) -> Figure? {
    let entries = entries(data)
    guard !entries.isEmpty else { return nil }
    let least = entries.map(\.sla).min() ?? 0
    let low = least >= 100 ? 90 : (least / 10).rounded(.down) * 10
    let dots = entries.map { entry in
      let isBeaten = entries.contains { entry.isBeaten(by: $0) }
      let text = "\(entry.label) · \(Figures.text(entry.sla, 1)) %"
      let title =
        "\(entry.label): \(Figures.text(entry.carbon, 3)) kg, \(Figures.text(entry.cost, 2)) GBP, "
        + "\(Figures.text(entry.sla, 2)) % of the deadlines met"
      return Mark.Dot(
        Point(entry.cost, entry.carbon), .ramp((entry.sla - low) / (100 - low)), radius: isBeaten ? 4 : 7, label: text,
        title: title)
    }
    let line = front(entries).map { Point($0.cost, $0.carbon) }
    let panel = Panel(
      x: Axis("cost", unit: "GBP", .covering(entries.map(\.cost), zero: false)),
      y: Axis("emissions", unit: "kgCO₂", .covering(entries.map(\.carbon), zero: false)),
      marks: [.line(line, .muted, LineStyle(width: 1.2, dash: 1)), .dots(dots)])
    var notes = ["Axes need not begin at 0."]
    if data.replications > 1 { notes.append("Means over \(data.replications) replications.") }
    return Figure(
      title: "\(data.scenario): emissions, cost and deadlines",
      subtitle: "A point a policy: left and low is better; colour and number tell the deadlines met",
      note: notes.note,
      legend: [LegendEntry("large, on the line: not beaten in all three", .muted, .line(LineStyle(dash: 1)))],
      ramp: RampLegend("deadlines met", low: "\(Figures.text(low, 0)) %", high: "100 %"), panels: [panel],
      panelHeight: 430)
  }
}
