internal import Domain
internal import Metrics

/// Emissions of the jobs over time, cumulated: one line per policy, named at its end.
enum EmissionsChart {
  private static let most = 24
  private static let points = 300

  static func figure(_ data: ChartData) -> Figure? {
    let sums = data.policies.map { ($0, data.cumulatedEmissions($0)) }.filter { !$0.1.isEmpty }
    guard !sums.isEmpty else { return nil }
    let shown = sums.prefix(most)
    let unit = EmissionUnit(fitting: shown.map { $0.1.last?.kilograms })
    let start = Double(data.start.milliseconds)
    let marks = shown.enumerated().map { place, pair in
      let step = max(1, pair.1.count / points)
      let kept = pair.1.enumerated().filter { $0.offset % step == 0 || $0.offset == pair.1.count - 1 }.map(\.element)
      let line = [Point(start, 0)] + kept.map { Point(Double($0.at.milliseconds), $0.kilograms * unit.factor) }
      return Mark.line(
        line, .series(place), LineStyle(width: pair.0.isBaseline ? 2.6 : 1.6, dash: place / 7), label: pair.0.label)
    }
    let notes =
      ["Mean power of the jobs times carbon intensity, step by step, from the start of the clock to its end."]
      + Multiples.leftOut(sums.count, of: "policies", shown: shown.count) + data.replicationNote
    let y = Axis(
      "emissions", unit: "\(unit.name)CO₂", .covering(shown.compactMap { $0.1.last.map { $0.kilograms * unit.factor } })
    )
    return Figure(
      title: "\(data.scenario): emissions over time",
      subtitle: "Emissions of the jobs so far, by policy; \(data.clock)",
      note: notes.note, panels: [Panel(x: data.timeAxis, y: y, marks: marks)], panelHeight: 380)
  }
}

/// Jobs that wait for their start, over time, by policy.
enum QueueChart {
  static func figure(_ data: ChartData) -> Figure? {
    let policies = data.policies.filter { !$0.queue.isEmpty }
    guard !policies.isEmpty else { return nil }
    let shown = Array(policies.prefix(Multiples.most))
    let steps = shown.map { Thinned.highest($0.queue, most: shown.count > 7 ? 200 : 400) }
    let peaks = steps.map { $0.map(\.mean).max() ?? 0 }
    let (low, high) = (peaks.min() ?? 0, peaks.max() ?? 0)
    // If one queue is much longer than another, only a logarithmic axis shows both.
    let isLogarithmic = high > 20 && high > 6 * low
    let y = Axis(
      isLogarithmic ? "jobs waiting (logarithmic)" : "jobs waiting",
      isLogarithmic ? .logarithmic(0.7...high * 1.2) : .covering([high, 10]))
    let drawn = PolicyLines(shown, steps.map(Thinned.line), x: data.timeAxis, y: y, isStepped: true)
    let notes =
      (isLogarithmic ? ["0 lies at the bottom of the logarithmic axis."] : [])
      + Multiples.leftOut(policies.count, of: "policies", shown: shown.count) + data.replicationNote
    return Figure(
      title: "\(data.scenario): queue length over time",
      subtitle: "Jobs submitted and not yet started, maximum within each step; \(data.clock)", note: notes.note,
      legend: drawn.legend, panels: drawn.panels, columns: drawn.columns, panelHeight: drawn.panelHeight)
  }
}
