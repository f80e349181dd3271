internal import Domain
public import Metrics

/// A trace file at a glance: each series over time and by hour of the day.
public enum TraceFigure {
  /// One series of a file.
  public struct Series: Sendable {
    public var name: String
    /// In order.
    public var steps: [ChartData.Step]

    public init(name: String, steps: [ChartData.Step]) {
      self.name = name
      self.steps = steps
    }
  }

  /// More series are not drawn, and the note says so.
  static let most = 60

  /// - Complexity: O(hours that the steps last + steps × log steps).
  public static func figure(_ series: [Series], title: String, quantity: String, unit: String) -> Figure {
    let shown = series.prefix(most)
    let parts = shown.map { Thinned.of($0.steps, most: 500) }
    let profiles = shown.map { DailyProfile($0.steps) }
    let scale = Scale.covering(parts.flatMap { $0.flatMap { [$0.low, $0.high] } })
    let profile = Scale.covering(profiles.flatMap { $0.means + $0.quartiles.flatMap { [$0.low, $0.high] } })
    let starts = shown.compactMap(\.steps.first?.start)
    let ends = shown.compactMap(\.steps.last?.end)
    let (from, until) = (starts.min() ?? Instant(milliseconds: 0), ends.max() ?? Instant(milliseconds: 1))
    let time = Axis("time", unit: "UTC", .time(Double(from.milliseconds)...Double(until.milliseconds)))
    let hour = Axis("hour of the day", unit: "UTC", .hours)
    let isThinned = zip(parts, shown).contains { $0.count < $1.steps.count }
    let panels = zip(shown, zip(parts, profiles)).enumerated().flatMap { place, pair in
      // Of the axes only the first row's are named: the others are the same.
      let isFirst = place < 2
      let (label, unit) = isFirst ? (quantity, unit) : ("", "")
      return [
        Panel(title: pair.0.name, x: time, y: Axis(label, unit: unit, scale), marks: marks(pair.1.0, isThinned)),
        Panel(title: "by hour", x: hour, y: Axis(label, unit: unit, profile), marks: pair.1.1.marks),
      ]
    }
    var notes: [String] = []
    if series.count > most { notes.append("The first \(most) of \(series.count) series are shown.") }
    if isThinned {
      let hours = parts.joined().map { $0.end - $0.start }.max() ?? 0
      notes.append(
        "Lines over time are means of \(Int(hours / 3_600_000)) h; the band goes from the lowest to the highest step.")
    }
    return Figure(
      title: title, subtitle: "\(from.readable) to \(until.readable)", note: notes.joined(separator: " "),
      legend: [
        LegendEntry(quantity, .series(0), .line(LineStyle())),
        LegendEntry("half of the days lie within", .faint),
      ], panels: panels, columns: shown.count > 1 ? 4 : 2, panelHeight: shown.count > 2 ? 110 : 260, sharesY: false)
  }

  private static func marks(_ steps: [Thinned], _ isThinned: Bool) -> [Mark] {
    var marks: [Mark] = []
    if isThinned {
      let band = steps.map { Mark.Extent(x: ($0.start + $0.end) / 2, low: $0.low, high: $0.high) }
      marks.append(.area(band, .series(0), opacity: 0.25))
    }
    marks.append(.line(Thinned.line(steps), .series(0), LineStyle(width: 1.2, isStepped: true)))
    return marks
  }
}

/// Means and quartiles of a series by hour of the day (UTC).
struct DailyProfile {
  /// 24 means, and the quartiles of what the hours of all days are; NaN for an hour that no step has.
  let means: [Double]
  let quartiles: [(low: Double, high: Double)]

  init(_ steps: [ChartData.Step]) {
    var values = Array(repeating: [(value: Double, weight: Double)](), count: 24)
    let hour: Int64 = 3_600_000
    for step in steps {
      var at = step.start.milliseconds
      while at < step.end.milliseconds {
        let number = at.flooredQuotient(hour)
        let next = min((number + 1) * hour, step.end.milliseconds)
        values[Int(number - number.flooredQuotient(24) * 24)].append((step.value, Double(next - at)))
        at = next
      }
    }
    means = values.map { part in
      let weight = part.reduce(0) { $0 + $1.weight }
      return weight > 0 ? part.reduce(0) { $0 + $1.value * $1.weight } / weight : .nan
    }
    quartiles = values.map { part in
      let sorted = part.sorted { $0.value < $1.value }
      return (DailyProfile.quantile(0.25, sorted), DailyProfile.quantile(0.75, sorted))
    }
  }

  /// The value that a share of the time lies at or below.
  private static func quantile(_ share: Double, _ sorted: [(value: Double, weight: Double)]) -> Double {
    let wanted = share * sorted.reduce(0) { $0 + $1.weight }
    var passed = 0.0
    for part in sorted {
      passed += part.weight
      if passed >= wanted { return part.value }
    }
    return sorted.last?.value ?? .nan
  }

  var marks: [Mark] {
    let hours = (0..<24).filter { means[$0].isFinite }
    let band = hours.map { Mark.Extent(x: Double($0) + 0.5, low: quartiles[$0].low, high: quartiles[$0].high) }
    return [
      .area(band, .faint, opacity: 0.7),
      .line(hours.map { Point(Double($0) + 0.5, means[$0]) }, .series(0), LineStyle(width: 1.6)),
    ]
  }
}
