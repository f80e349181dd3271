internal import Metrics

/// Carbon intensity over time: a few zones in one panel, many in a panel each, all on one scale.
enum IntensityChart {
  private static let together = 4

  static func figure(_ data: ChartData) -> Figure? {
    guard data.intensity.contains(where: { !$0.isEmpty }) else { return nil }
    let isTogether = data.zones.count <= together
    let shown = min(data.zones.count, Multiples.most)
    let lines = data.intensity.prefix(shown).map { Thinned.of($0, most: isTogether ? 700 : 340) }
    let value = Axis("carbon intensity", unit: "gCO₂/kWh", .covering(lines.joined().map(\.mean)))
    let panels: [Panel]
    if isTogether {
      let marks = zip(data.zones, lines).enumerated().map { place, pair in
        Mark.line(
          Thinned.line(pair.1), .series(place), LineStyle(width: 1.5, dash: place / 7, isStepped: true),
          label: pair.0.name)
      }
      panels = [Panel(x: data.timeAxis, y: value, marks: marks)]
    } else {
      panels = zip(data.zones, lines).map { zone, steps in
        let weight = steps.reduce(0) { $0 + $1.end - $1.start }
        let mean = steps.reduce(0) { $0 + $1.mean * ($1.end - $1.start) } / max(weight, 1)
        return Panel(
          title: "\(zone.name) · mean \(Figures.text(mean, 0))", x: data.timeAxis, y: value,
          marks: [
            .rule(y: mean, .faint),
            .line(Thinned.line(steps), .series(0), LineStyle(width: 1.2, isStepped: true)),
          ])
      }
    }
    let notes = Multiples.leftOut(data.zones.count, of: "zones", shown: shown) + data.replicationNote
    return Figure(
      title: "\(data.scenario): carbon intensity by zone",
      subtitle: data.clock + (isTogether ? "" : "; the grey line is the mean"), note: notes.note, panels: panels,
      columns: isTogether ? 1 : 4, panelHeight: isTogether ? 340 : 110)
  }
}
