public import Domain
internal import Foundation
internal import Metrics

/// Charts of a sweep: the response of figures to the settings that were varied.
public enum SweepChart {
  /// Metrics that are charted.
  public static let metrics = [
    Metric.carbon, .carbonSavings, .cost, .costSavings, .deadlinesMet, .waitMean,
  ].map(\.name)
  static let confidence = 0.95

  /// Names of all files that a sweep can have.
  public static let names = SweepChartName.allCases.map(fileName)

  /// `chart-<name>.svg`
  public static func fileName(_ name: SweepChartName) -> String { "chart-\(name.rawValue).svg" }

  /// The charts of a sweep by file name; fewer where it has nothing for them.
  ///
  /// - `chart-response.svg`: one key, every figure; of more keys, what is saved and waited over each.
  /// - `chart-heat.svg`: of a grid of two keys, emissions saved at every pair of values, a panel a policy.
  public static func figures(_ told: SweepData) -> [(name: String, figure: Figure)] {
    let (data, units) = told.readable
    let factors = data.factors
    var result: [(String, Figure)] = []
    var response = factors.count == 1 ? curves(data, factors[0], units) : clouds(data, factors, units)
    if factors.count == 2, data.points.count == factors[0].levels.count * factors[1].levels.count {
      // Of a grid, lines over the key with more values, which is numbers where one is.
      let order = factors.sorted { (a, b) in
        (a.numbers == nil ? 1 : 0, -a.levels.count) < (b.numbers == nil ? 1 : 0, -b.levels.count)
      }
      if order[1].levels.count <= 4 { response = grid(data, order[0], order[1], units) }
    }
    if let response {
      result.append((fileName(.response), response))
    }
    if factors.count == 2, data.points.count == factors[0].levels.count * factors[1].levels.count,
      let heat = heat(data, factors[0], factors[1])
    {
      result.append((fileName(.heat), heat))
    }
    return result
  }

  private static func axis(_ factor: SweepData.Factor) -> Axis {
    guard let numbers = factor.numbers, let low = numbers.first, let high = numbers.last else {
      return Axis(factor.key, .band(factor.levels))
    }
    // Room at both ends for the marks of several policies at one place.
    let share = 0.06
    if low > 0, high / low >= 30 {
      let margin = pow(high / low, share)
      return Axis(factor.key, unit: factor.unit, .logarithmic(low / margin...high * margin))
    }
    let margin = (high - low) * share
    return Axis(factor.key, unit: factor.unit, .linear(low - margin...high + margin, isRounded: false))
  }

  /// A value with its unit.
  private static func title(_ level: String, _ factor: SweepData.Factor) -> String {
    Double(level) != nil && !factor.unit.isEmpty ? "\(level) \(factor.unit)" : level
  }

  /// Names of the values, with the unit that they do not show themselves.
  private static func band(_ factor: SweepData.Factor) -> Axis {
    let isPlain = factor.levels.allSatisfy { Double($0) != nil }
    return Axis(factor.key, unit: isPlain ? factor.unit : "", .band(factor.levels))
  }

  private static func legend(_ data: SweepData, line: Bool) -> [LegendEntry] {
    data.policies.enumerated().map { place, policy in
      LegendEntry(policy, .series(place), line ? .line(LineStyle(dash: place / 7)) : .dot())
    }
  }

  private static func subtitle(_ data: SweepData) -> String {
    let counts = Set(data.values.values.joined().joined().map(\.count)).subtracting([0])
    let most = counts.max() ?? 0
    if most > 1, let variation = data.variation, !variation.affectsAll {
      return variation.heading(replications: most) + (variation.isEmpty ? "" : " (95 %, Student's)")
    }
    return most > 1
      ? "Means of \(counts.count > 1 ? "up to " : "")\(most) replications per point, and their 95 % intervals (Student's)"
      : "One replication per point"
  }

  /// The note on marks that are moved sideways; empty for one policy.
  private static func dodging(_ data: SweepData) -> String {
    data.policies.count > 1
      ? "Points of several policies at one value stand side by side around it, so that none hides another." : ""
  }

  /// Lines over one key, a panel a figure.
  private static func curves(
    _ data: SweepData, _ factor: SweepData.Factor, _ units: [String: String]
  ) -> Figure? {
    let shown = metrics.filter(data.has)
    guard !shown.isEmpty else { return nil }
    let panels = shown.map { metric in
      let drawn = lines(data, metric, factor, Array(data.points.indices))
      return Panel(
        x: axis(factor), y: MetricTitle.axis(metric, data.currency, unit: units[metric], .covering(drawn.ends)),
        marks: drawn.marks)
    }
    return Figure(
      title: "\(data.scenario): response to \(factor.key)", subtitle: subtitle(data), note: dodging(data),
      legend: legend(data, line: true),
      panels: panels, columns: min(3, panels.count), panelHeight: 190, sharesY: false)
  }

  /// Lines over one key, a panel a value of the other: a row for what is saved, one for waits.
  private static func grid(
    _ data: SweepData, _ first: SweepData.Factor, _ second: SweepData.Factor, _ units: [String: String]
  ) -> Figure? {
    let shown = ["carbon_savings_pct", "wait_mean_s"].filter(data.has)
    guard !shown.isEmpty else { return nil }
    let panels = shown.enumerated().flatMap { row, metric in
      let drawn = second.levels.indices.map { level in
        lines(data, metric, first, data.points.indices.filter { second.places[$0] == level })
      }
      let y = MetricTitle.axis(metric, data.currency, unit: units[metric], .covering(drawn.flatMap(\.ends)))
      return zip(second.levels, drawn).map { level, drawn in
        Panel(title: row == 0 ? title(level, second) : "", x: axis(first), y: y, marks: drawn.marks)
      }
    }
    return Figure(
      title: "\(data.scenario): response to \(first.key) and \(second.key)",
      subtitle: "One column per value of \(second.key). \(subtitle(data))", note: dodging(data),
      legend: legend(data, line: true), panels: panels, columns: second.levels.count, panelHeight: 190, sharesY: false)
  }

  /// Means and intervals of each policy over a key at some of the points, and the heights that they reach.
  private static func lines(
    _ data: SweepData, _ metric: String, _ factor: SweepData.Factor, _ points: [Int]
  ) -> (marks: [Mark], ends: [Double]) {
    let table = data.values[metric, default: []]
    var ends: [Double] = []
    var marks: [Mark] = []
    for policy in data.policies.indices {
      let means = factor.levels.indices.map { level -> MeanEstimate? in
        let values = points.filter { factor.places[$0] == level }.flatMap { table[$0][policy] }
        return values.isEmpty ? nil : MeanEstimate(values, confidence: confidence)
      }
      let places = factor.numbers ?? factor.levels.indices.map(Double.init)
      let line = zip(places, means).map { place, mean in mean.map { Point(place, $0.mean) } ?? .gap }
      let intervals = zip(places, means).compactMap { place, mean -> Mark.Interval? in
        guard let mean, let half = mean.halfWidth, half > 0 else { return nil }
        ends += [mean.mean - half, mean.mean + half]
        return Mark.Interval(Point(place, mean.mean - half), Point(place, mean.mean + half))
      }
      ends += line.filter { !$0.isGap }.map(\.y)
      let own: [Mark] = [
        .intervals(intervals, .series(policy)),
        .line(line, .series(policy), LineStyle(width: 1.8, dash: policy / 7)),
        .dots(line.map { Mark.Dot($0, .series(policy), radius: 3) }),
      ]
      marks.append(.dodged(Mark.Dodge(series: policy, of: data.policies.count, at: places), own))
    }
    return (marks, ends)
  }

  /// Dots over each of several keys, whatever the others are.
  private static func clouds(
    _ data: SweepData, _ factors: [SweepData.Factor], _ units: [String: String]
  ) -> Figure? {
    let shown = ["carbon_savings_pct", "wait_mean_s"].filter(data.has)
    guard !shown.isEmpty, !factors.isEmpty else { return nil }
    let kept = factors.prefix(8)
    let panels = shown.flatMap { metric -> [Panel] in
      let table = data.values[metric, default: []]
      let means = table.map { point in point.map { $0.isEmpty ? Double.nan : SampleMoments($0).mean } }
      let y = MetricTitle.axis(metric, data.currency, unit: units[metric], .covering(means.joined()))
      return kept.map { factor in
        let places = factor.places.map { factor.numbers?[$0] ?? Double($0) }
        let dots = data.policies.indices.flatMap { policy in
          zip(places, means).map { place, row in Mark.Dot(Point(place, row[policy]), .series(policy), radius: 3) }
        }
        return Panel(x: axis(factor), y: y, marks: [.dots(dots)])
      }
    }
    let note = factors.count > kept.count ? "The first \(kept.count) of \(factors.count) keys are shown." : ""
    return Figure(
      title: "\(data.scenario): response to \(kept.map(\.key).joined(separator: ", "))",
      subtitle: "One dot per point and policy: the mean of its replications", note: note,
      legend: legend(data, line: false),
      panels: panels, columns: min(kept.count, 4), panelHeight: 190, sharesX: false, sharesY: false)
  }

  /// A square a pair of values.
  private static func heat(_ data: SweepData, _ first: SweepData.Factor, _ second: SweepData.Factor) -> Figure? {
    let metric = "carbon_savings_pct"
    guard data.has(metric) else { return nil }
    let table = data.values[metric, default: []]
    // What never saves anything is the baseline: a panel of noughts tells nothing.
    let saving = data.policies.indices.filter { policy in table.contains { $0[policy].contains { $0 != 0 } } }
    let policies = saving.isEmpty ? Array(data.policies.indices) : saving
    let means = policies.map { policy in
      second.levels.indices.map { row in
        first.levels.indices.map { column in
          SampleMoments(
            data.points.indices.filter { first.places[$0] == column && second.places[$0] == row }
              .flatMap { table[$0][policy] })
        }
      }
    }
    let all = means.joined().joined().filter { $0.count > 0 }.map(\.mean)
    guard let low = all.min(), let high = all.max() else { return nil }
    let panels = zip(policies, means).map { policy, rows in
      var cells: [Mark.Tile] = []
      var numbers: [Mark] = []
      for (row, columns) in rows.enumerated() {
        for (column, moments) in columns.enumerated() where moments.count > 0 {
          let (x, y) = (Double(column), Double(row))
          let share = high > low ? (moments.mean - low) / (high - low) : 0.5
          cells.append(Mark.Tile(x: x - 0.5...x + 0.5, y: y - 0.5...y + 0.5, .ramp(share)))
          if columns.count <= 8 {
            let ink: Ink = .custom(share > 0.5 ? "#000000" : "#ffffff")
            numbers.append(.number(Figures.text(moments.mean, 1), at: Point(x, y), ink))
          }
        }
      }
      return Panel(
        title: data.policies[policy], x: band(first), y: band(second),
        marks: [.cells(cells)] + numbers)
    }
    let (label, unit) = MetricTitle.of(metric, data.currency)
    return Figure(
      title: "\(data.scenario): \(label)", subtitle: "Mean at each pair of values",
      ramp: RampLegend(label, low: "\(Figures.text(low, 1)) \(unit)", high: "\(Figures.text(high, 1)) \(unit)"),
      panels: panels, columns: Multiples.columns(panels.count),
      panelHeight: max(90, min(400, Double(second.levels.count) * 26)))
  }
}
