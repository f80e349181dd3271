internal import Domain
internal import Foundation
internal import Inputs

/// Times a year of the synthetic grid and the issue of forecasts for its fourteen zones.
///
///     swift run -c release benchmark grid
enum GridBenchmark {
  private static let start = Instant(milliseconds: 1_735_689_600_000)

  static func run() {
    var seconds = (1...5).map { replication in
      let began = processorSeconds()
      let traces = drawn(replication)
      let passed = processorSeconds() - began
      precondition(traces.carbon.count == SyntheticGrid.codes.count)
      return passed
    }
    seconds.sort()
    print("a year of carbon and price, 14 zones, half-hourly: \(seconds[2]) s")
    let traces = drawn(1)
    let zones = SyntheticGrid.codes.enumerated().map { place, code in
      Zone(
        id: place + 1, code: code, name: code, region: code, coordinates: Coordinates(latitude: 0, longitude: 0),
        capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
    }
    for model in [ForecastModel.perfect, .persistence, .noisy] {
      let forecaster = TraceForecaster(
        zones: zones, carbon: traces.carbon, price: traces.price,
        settings: ForecastSettings(carbon: model, price: model, horizon: .hours(48)), start: start, seed: 1,
        replication: 1)
      let forecast = Forecast(zoneCount: zones.count)
      let issues = 16_000
      forecaster.update(forecast, at: start + .days(2))
      let began = processorSeconds()
      for issue in 1...issues { forecaster.update(forecast, at: start + .days(2) + .minutes(30 * Int64(issue))) }
      let each = (processorSeconds() - began) / Double(issues) * 1e6
      print("\(model): \(each) µs an issue of carbon and price, 14 zones, 96 half hours")
    }
  }

  private static func drawn(_ replication: Int) -> (carbon: [StepTrace], price: [StepTrace]) {
    let grid = SyntheticGrid(seed: 1, replication: replication, start: start, end: start + .days(365))
    let rows = SyntheticGrid.codes.indices
    return (
      rows.map { grid.trace(.carbon, row: $0, extending: .wrap) },
      rows.map { grid.trace(.price, row: $0, extending: .wrap) }
    )
  }
}
