internal import Domain
internal import Engine
internal import Metrics

/// What is kept of the forecasts to be drawn: one a day for a week, a day ahead, by the half hour.
enum ForecastSampling {
  /// Of more zones, the first.
  static let zones = 24
  static let days = 7
  private static let step = TimeSpan.minutes(30)

  /// By zone. What a forecast does not reach is left out.
  static func forecasts(_ world: World, _ forecaster: any Forecaster, horizon: TimeSpan) -> [[ChartData.Forecast]] {
    let forecast = Forecast(zoneCount: world.zones.count)
    var result = world.zones.prefix(zones).map { _ in [ChartData.Forecast]() }
    var issue = world.start
    for _ in 0..<days where issue < world.end {
      forecaster.update(forecast, at: issue)
      let until = min(issue + min(horizon, .days(1)), world.end)
      for zone in result.indices {
        let view = forecast.carbon(zone)
        var steps: [ChartData.Step] = []
        var at = issue
        while at < until, view.covers(from: at, to: min(at + step, until)) {
          let next = min(at + step, until)
          steps.append(ChartData.Step(start: at, end: next, value: view.value(at: at)))
          at = next
        }
        if !steps.isEmpty { result[zone].append(ChartData.Forecast(issuedAt: issue, steps: steps)) }
      }
      issue = issue + .days(1)
    }
    return result
  }
}
