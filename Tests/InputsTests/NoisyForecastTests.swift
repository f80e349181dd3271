import Domain
import Inputs
import Testing

private let leads = [0, 1, 3, 6, 12, 23, 36, 47]
/// Mean absolute error in g at ``leads`` of a statistical forecast of Great Britain.
private let published = [5.0, 8.0, 11.5, 24.0, 27.5, 38.2, 38.2, 45.7]

private func forecaster(
  _ traces: [StepTrace], _ codes: [String], error: Double = 1, seed: UInt64 = 1, replication: Int = 1
) -> TraceForecaster {
  let settings = ForecastSettings(
    carbon: .noisy, price: .noisy, horizon: .hours(48), update: .hours(1), error: error)
  return TraceForecaster(
    zones: codes.map(zoneNamed), carbon: traces, price: traces, settings: settings, start: at(0), seed: seed,
    replication: replication)
}

private func flat(_ value: Double, days: Int) throws -> StepTrace {
  try StepTrace(stamps: (0..<(48 * days)).map { (at($0 * 30), value) }, end: at(days * day), extending: .hold)
}

@Suite struct NoisyForecastTests {
  private static let codes = (0..<14).map { "Z\($0)" }

  /// Errors in g of daily issues at midnight, hour by hour: an issue a zone.
  private func errors(days: Int, error: Double = 1) throws -> [[Double]] {
    let trace = try flat(146.6, days: days + 3)
    let forecaster = forecaster(NoisyForecastTests.codes.map { _ in trace }, NoisyForecastTests.codes, error: error)
    let forecast = Forecast(zoneCount: 14)
    return (0..<days).flatMap { issue in
      forecaster.update(forecast, at: at(issue * day))
      return (0..<14).map { zone in
        (0..<48).map { forecast.carbon(zone).value(at: at(issue * day + $0 * 60)) - 146.6 }
      }
    }
  }

  /// A constant is forecast as it is, and what is forecast beside it does not change for that.
  @Test func aConstantIsForecastWithoutAnError() throws {
    let settings = ForecastSettings(carbon: .noisy, price: .noisy, horizon: .hours(48), update: .hours(1))
    let flat = try flat(146.6, days: 5)
    func forecast(_ price: StepTrace) -> [(carbon: Double, price: Double)] {
      let forecaster = TraceForecaster(
        zones: [zoneNamed("A")], carbon: [flat], price: [price], settings: settings, start: at(0), seed: 1,
        replication: 1)
      let forecast = Forecast(zoneCount: 1)
      return (0..<24).map { hour in
        forecaster.update(forecast, at: at(hour * 60))
        let ahead = at(hour * 60 + 600)
        return (forecast.carbon(0).value(at: ahead), forecast.price(0).value(at: ahead))
      }
    }
    let constant = forecast(StepTrace(constant: 0.2))
    #expect(constant.allSatisfy { $0.price == 0.2 && $0.carbon != 146.6 })
    let varying = forecast(flat)
    #expect(varying.allSatisfy { $0.price != 146.6 } && varying.map(\.carbon) == constant.map(\.carbon))
  }

  @Test func meanAbsoluteErrorsByLeadAreThePublishedOnes() throws {
    let errors = try errors(days: 400)
    for (lead, expected) in zip(leads, published) {
      let found = errors.reduce(0) { $0 + abs($1[lead]) } / Double(errors.count)
      // 400 issues of zones that share half of the variance: a standard error of some 3 %.
      #expect(abs(found - expected) <= 0.08 * expected, "lead \(lead) h: \(found), expected \(expected)")
    }
    // Unbiased, but for the few values cut at 0.
    let bias = errors.reduce(0) { $0 + $1[23] } / Double(errors.count)
    #expect(abs(bias) <= 4)
    // 59 % of the variance over 48 h was the issue's own mean; its correlation from hour to hour 0.96.
    let total = errors.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } / 48 }
    let own = errors.reduce(0) { sum, issue in
      let mean = issue.reduce(0, +) / 48
      return sum + mean * mean
    }
    #expect(abs(own / total - 0.59) <= 0.05, "share of the issue's mean \(own / total)")
    var products = (0.0, 0.0, 0.0)
    for issue in errors {
      let mean = issue.reduce(0, +) / 48
      for hour in 0..<47 {
        let (a, b) = (issue[hour] - mean, issue[hour + 1] - mean)
        products = (products.0 + a * b, products.1 + a * a, products.2 + b * b)
      }
    }
    let correlation = products.0 / (products.1 * products.2).squareRoot()
    #expect(abs(correlation - 0.96) <= 0.015, "hour to hour \(correlation)")
  }

  /// On the three recorded years, where errors below 0 g are cut; 1,090 issues of one zone.
  @Test(.enabled(if: SharedData.isPresent, "shared/data is absent"))
  func meanAbsoluteErrorsOnTheRecordedYears() throws {
    let values = try (2021...2023).flatMap { year in
      try SharedData.rows("electricity-maps-gb/GB_\(year)_hourly.csv").dropFirst().compactMap { Double($0[4]) }
    }
    #expect(abs(values.reduce(0, +) / Double(values.count) - 146.6) < 0.1)
    let trace = try StepTrace(
      stamps: values.enumerated().map { (at($0 * 60), $1) }, end: at(values.count * 60))
    let forecaster = forecaster([trace], ["A"])
    let forecast = Forecast(zoneCount: 1)
    var sums = [Double](repeating: 0, count: leads.count)
    let days = values.count / 24 - 3
    for issue in 0..<days {
      forecaster.update(forecast, at: at(issue * day))
      for (place, lead) in leads.enumerated() {
        let time = issue * day + lead * 60
        sums[place] += abs(forecast.carbon(0).value(at: at(time)) - trace.value(at: at(time)))
      }
    }
    for (sum, expected) in zip(sums, published) {
      #expect(abs(sum / Double(days) / expected - 1) <= 0.1, "\(sum / Double(days)), expected \(expected)")
    }
  }

  @Test func errorScalesAndTheSameErrorWandersFromIssueToIssue() throws {
    let whole = try errors(days: 5)
    let part = try errors(days: 5, error: 0.5)
    for (a, b) in zip(whole.joined(), part.joined()) where a > -146 { #expect(abs(a / 2 - b) < 1e-9) }
    // An hour later the same target has nearly the same error: no fresh draw.
    let trace = try flat(1000, days: 40)
    let forecaster = forecaster([trace], ["A"])
    let forecast = Forecast(zoneCount: 1)
    var products = (0.0, 0.0)
    for issue in 0..<(24 * 30) {
      forecaster.update(forecast, at: at(issue * 60))
      let first = forecast.carbon(0).value(at: at(issue * 60 + 20 * 60)) - 1000
      forecaster.update(forecast, at: at((issue + 1) * 60))
      let second = forecast.carbon(0).value(at: at(issue * 60 + 20 * 60)) - 1000
      products = (products.0 + (first - second) * (first - second), products.1 + first * first + second * second)
    }
    #expect(products.0 / products.1 < 0.02, "change from issue to issue \(products)")
  }

  @Test func theErrorKnowsNothingOfTheFutureButItsMean() throws {
    var dice = Dice(state: 9)
    // Two futures of one mean: the second half of the values in another order. All are too large to be cut at 0.
    let values = (0..<480).map { _ in Double(1000 + dice.roll(1000)) }
    let other = values[..<200] + values[200...].reversed()
    let traces = try [values, Array(other)].map { values in
      try StepTrace(stamps: values.enumerated().map { (at($0 * 30), $1) }, end: at(480 * 30), extending: .hold)
    }
    let found = traces.map { trace in
      let forecast = Forecast(zoneCount: 1)
      forecaster([trace], ["A"]).update(forecast, at: at(199 * 30))
      return (0..<48).map { lead in
        let time = forecast.issuedAt + .hours(Int64(lead))
        return forecast.carbon(0).value(at: time) - trace.value(at: time)
      }
    }
    for (a, b) in zip(found[0], found[1]) { #expect(abs(a - b) < 1e-9) }
    #expect(traces[0].value(at: at(250 * 30)) != traces[1].value(at: at(250 * 30)))
  }

  @Test func itDependsOnSeedReplicationZoneAndIssueAlone() throws {
    let trace = try flat(200, days: 10)
    func told(
      _ codes: [String], _ zone: Int, seed: UInt64 = 1, replication: Int = 1, by way: [Int] = []
    ) -> [Double] {
      let forecaster = forecaster(codes.map { _ in trace }, codes, seed: seed, replication: replication)
      let forecast = Forecast(zoneCount: codes.count)
      for minutes in way { forecaster.update(forecast, at: at(minutes)) }
      forecaster.update(forecast, at: at(5000))
      return minutes(forecast.carbon(zone), forecast, 3 * day) + minutes(forecast.price(zone), forecast, 3 * day)
    }
    let plain = told(["A", "B"], 0)
    #expect(plain == told(["B", "A"], 1))
    #expect(plain == told(["A"], 0, by: [0, 700, 4999, 9000, 4000]))
    #expect(plain != told(["A", "B"], 1))
    #expect(plain != told(["A", "B"], 0, seed: 2))
    #expect(plain != told(["A", "B"], 0, replication: 2))
  }

  @Test func unevenStepsKeepTheirStampsAndNothingIsNegative() throws {
    var dice = Dice(state: 3)
    for extending in [TraceExtension.hold, .wrap] {
      let plain = PlainTrace(&dice, start: 0, days: 3, step: nil, extending: extending)
      let forecast = Forecast(zoneCount: 1)
      forecaster([try plain.trace], ["A"], error: 5).update(forecast, at: at(2 * day))
      var time = forecast.issuedAt
      var stamps: [Int] = []
      while true {
        time = forecast.carbon(0).nextStamp(after: time)
        if time >= forecast.end { break }
        stamps.append(Int(time.milliseconds / minute))
      }
      let own = ((2 * day + 1)..<(4 * day)).filter { minute in
        extending == .hold ? plain.stamps.contains(minute) : plain.step(minute).stamp == minute
      }
      #expect(stamps == own)
      let values = minutes(forecast.carbon(0), forecast, 4 * day)
      #expect(values.allSatisfy { $0 >= 0 } && values.contains(0))
      #expect(minutes(forecast.price(0), forecast, 4 * day).contains { $0 < 0 })
    }
  }
}
