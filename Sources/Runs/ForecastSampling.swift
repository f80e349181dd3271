internal import Domain
internal import Engine
internal import Metrics

/// Samples the forecasts that charts draw: one forecast per day for a week, each a day ahead in half-hour steps.
enum ForecastSampling {
  /// Maximum number of zones; if there are more, the first ones are sampled.
  static let zones = 24
  static let days = 7
  private static let step = TimeSpan.minutes(30)

  /// The samples of each zone, without the steps that a forecast does not reach.
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
