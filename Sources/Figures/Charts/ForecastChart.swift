internal import Domain
internal import Metrics

/// Forecasts of the carbon intensity, day by day, and the actual values.
enum ForecastChart {
  private static let most = 24

  static func figure(_ data: ChartData) -> Figure? {
    guard let last = data.forecasts.joined().flatMap(\.steps).map(\.end).max() else { return nil }
    let places = data.forecasts.indices.filter { !data.forecasts[$0].isEmpty }.prefix(most)
    let shown = places.count
    let drawn = places.map { zone in
      (actual: data.intensity[zone].filter { $0.start < last }, issues: data.forecasts[zone])
    }
    let values = drawn.flatMap { zone in zone.actual.map(\.value) + zone.issues.flatMap { $0.steps.map(\.value) } }
    let x = Axis("time", unit: "UTC", .time(Double(data.start.milliseconds)...Double(last.milliseconds)))
    let y = Axis("carbon intensity", unit: "gCO₂/kWh", .covering(values))
    let panels = zip(places, drawn).map { place, series in
      let zone = data.zones[place]
      var marks: [Mark] = [
        .line(Thinned.line(Thinned.of(series.actual, most: 400)), .faint, LineStyle(width: 3, isStepped: true))
      ]
      for issue in series.issues {
        let line = Thinned.line(Thinned.of(issue.steps, most: 100))
        marks.append(.line(line, .series(3), LineStyle(width: 1.3, isStepped: true)))
      }
      let error = error(series.issues, series.actual)
      return Panel(title: zone.name + (error.map { " · error \(Figures.text($0, 1))" } ?? ""), x: x, y: y, marks: marks)
    }
    return Figure(
      title: "\(data.scenario): carbon intensity, forecast and actual",
      subtitle: "Issued every 24 hours from the clock's start, for the 24 hours ahead; error: mean absolute, gCO₂/kWh",
      note: (Multiples.leftOut(data.zones.count, of: "zones", shown: shown) + data.replicationNote).note,
      legend: [
        LegendEntry("forecast", .series(3), .line(LineStyle())), LegendEntry("actual", .faint, .line(LineStyle())),
      ], panels: panels, columns: Multiples.columns(shown), panelHeight: shown > 6 ? 120 : Multiples.height(shown))
  }

  /// The mean absolute error over time; `nil` where nothing was both forecast and seen.
  static func error(_ issues: [ChartData.Forecast], _ actual: [ChartData.Step]) -> Double? {
    var (sum, weight) = (0.0, 0.0)
    var place = 0
    for step in issues.flatMap(\.steps) {
      while place > 0, actual[place].start > step.start { place -= 1 }
      while place < actual.count, actual[place].end <= step.start { place += 1 }
      var at = place
      while at < actual.count, actual[at].start < step.end {
        let (from, until) = (max(actual[at].start, step.start), min(actual[at].end, step.end))
        let length = Double(max(0, (until - from).milliseconds))
        sum += abs(step.value - actual[at].value) * length
        weight += length
        at += 1
      }
      if place == actual.count { place = max(0, place - 1) }
    }
    return weight > 0 ? sum / weight : nil
  }
}
