internal import Domain
internal import Metrics

/// Emissions of the jobs over time, cumulated: one line per policy, named at its end.
///
/// Lines go on beyond the clock until the last job has ended: a policy that pushes work beyond the clock would look
/// better than it is at the clock's end.
enum EmissionsChart {
  private static let most = 24
  private static let points = 300

  static func figure(_ data: ChartData) -> Figure? {
    let sums = data.policies.map { ($0, data.cumulatedEmissions($0)) }.filter { !$0.1.isEmpty }
    guard !sums.isEmpty else { return nil }
    let shown = sums.prefix(most)
    let unit = EmissionUnit(fitting: shown.map { $0.1.last?.kilograms })
    let (start, clockEnd) = (Double(data.start.milliseconds), Double(data.end.milliseconds))
    let last = shown.compactMap { $0.1.last?.at }.max().map { Double($0.milliseconds) } ?? clockEnd
    let isLonger = last > clockEnd
    let lines = shown.enumerated().map { place, pair in
      let step = max(1, pair.1.count / points)
      let kept = pair.1.enumerated().filter { $0.offset % step == 0 || $0.offset == pair.1.count - 1 }.map(\.element)
      var line = [Point(start, 0)] + kept.map { Point(Double($0.at.milliseconds), $0.kilograms * unit.factor) }
      // Nothing is emitted after the policy's last job.
      if let end = line.last, end.x < last { line.append(Point(last, end.y)) }
      return Mark.line(
        line, .series(place), LineStyle(width: pair.0.isBaseline ? 2.6 : 1.6, dash: place / 7), label: pair.0.label)
    }
    let notes =
      [
        "Mean power of the jobs times carbon intensity, step by step, from the start of the clock "
          + (isLonger ? "until the last job has ended." : "to its end.")
      ] + [missing(data, shown.map(\.0))].compactMap { $0 }
      + Multiples.leftOut(sums.count, of: "policies", shown: shown.count) + data.replicationNote
    let x = Axis("time", unit: "UTC", .time(start...max(last, clockEnd)))
    let y = Axis(
      "emissions", unit: "\(unit.name)CO₂", .covering(shown.compactMap { $0.1.last.map { $0.kilograms * unit.factor } })
    )
    return Figure(
      title: "\(data.scenario): emissions over time",
      subtitle: "Emissions of the jobs so far, by policy; clock: \(data.clock)", note: notes.note,
      legend: isLonger ? [LegendEntry("end of the clock", .muted, .line(LineStyle()))] : [],
      panels: [Panel(x: x, y: y, marks: (isLonger ? [.rule(x: clockEnd, .muted)] : []) + lines)], panelHeight: 380)
  }

  /// Totals of policies whose jobs emit after the clock, if the result does not hold its jobs; `nil` if nothing is missing.
  static func missing(_ data: ChartData, _ policies: [ChartData.Policy]) -> String? {
    func first(_ metric: String, _ policy: ChartData.Policy) -> Double? { policy.figures[metric]?.first ?? nil }
    let late = policies.filter { policy in
      policy.lateLoad == nil && (first("carbon_after_clock_pct", policy) ?? 0) > 0 && first("carbon_kg", policy) != nil
    }
    guard !late.isEmpty else { return nil }
    let unit = EmissionUnit(fitting: late.map { first("carbon_kg", $0) })
    let totals = late.map { policy in
      "\(policy.label) \(Figures.short((first("carbon_kg", policy) ?? 0) * unit.factor))"
    }
    return "Lines end with the clock: without its jobs (workloads: none) the result does not say when the rest is "
      + "emitted. Totals with it, \(unit.name)CO₂: \(totals.joined(separator: ", "))."
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
      isLogarithmic ? .logarithmic(0.7...high * 1.2) : .counts(high))
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
