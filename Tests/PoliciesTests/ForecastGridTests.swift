import Domain
import Inputs
import Testing

@testable import Policies

/// One grid that follows many issues, against the forecast of the moment itself, which is asked value by value.
@Suite struct ForecastGridTests {
  /// Issues that agree with those before, on which the grid goes on, and others; grids that reach past the horizon;
  /// issues that nobody looked at; prices that stay.
  @Test(arguments: [ForecastSettings.Model.perfect, .persistence, .noisy])
  func aGridThatGoesOnTellsWhatTheForecastTells(_ model: ForecastSettings.Model) throws {
    var (wentOn, began, looks) = (0, 0, 0)
    for seed in UInt64(1)...30 {
      var random = TestRandom(seed: seed)
      var course = try Course(model, &random)
      var origin = Int64.min
      for _ in 0..<80 {
        course.goOn(&random)
        let isOld = course.told.isEmpty
        let expected = course.hasChanged()
        let until = course.now + Int64(1 + random.below(random.below(8) == 0 ? 400 : 30)) * hour
        guard course.grid.reaches(until, course.forecast) else { continue }
        if course.grid.origin == origin { wentOn += 1 } else { began += 1 }
        origin = course.grid.origin
        if !isOld { #expect(course.grid.hasChanged == expected, "\(model), seed \(seed), at \(course.now)") }
        course.remember()
        for _ in 0..<6 { looks += course.compare(until, &random, "\(model), seed \(seed), at \(course.now)") }
      }
    }
    #expect(looks > 5000)
    let agrees = model != .noisy
    #expect(agrees ? wentOn > 300 && began > 50 : began > 300, "\(model): went on \(wentOn), began \(began)")
  }

  /// A clock, a forecast and the grid that follows it.
  private struct Course {
    let zones: [Zone]
    let forecaster: TraceForecaster
    let forecast: Forecast
    let grid: ForecastGrid
    var now: Int64 = 26 * hour
    /// What the issue before told, by zone and half hour, of carbon and price.
    var told: [Int64: [Double]] = [:]

    init(_ model: ForecastSettings.Model, _ random: inout TestRandom) throws {
      let zones = (0..<(1 + random.below(6))).map { zone($0, cores: 4) }
      self.zones = zones
      // A value that comes back makes some issues agree that need not.
      let levels = 2 + random.below(90)
      let isFlat = random.below(2) == 0
      func traces(_ isFlat: Bool) throws -> [StepTrace] {
        try zones.map { _ in
          if isFlat { return StepTrace(constant: Double(random.below(levels))) }
          return try StepTrace(
            stamps: (0..<700).map { (Instant(milliseconds: Int64($0) * 30 * minute), Double(random.below(levels))) },
            end: Instant(milliseconds: 350 * hour), extending: .hold)
        }
      }
      forecaster = TraceForecaster(
        zones: zones, carbon: try traces(false), price: try traces(isFlat),
        settings: ForecastSettings(carbon: model, price: model, horizon: .hours(Int64(6 + random.below(19)))),
        start: Instant(milliseconds: 0), seed: seedOf(&random), replication: 1)
      forecast = Forecast(zoneCount: zones.count)
      grid = ForecastGrid(zoneCount: zones.count, needsPrice: true)
    }

    mutating func goOn(_ random: inout TestRandom) {
      let most = random.below(10) == 0 ? 9 * hour : 40 * minute
      now += 1 + Int64(random.below(Int(most)))
      let instant = Instant(milliseconds: now)
      if instant >= forecast.nextIssue { forecaster.update(forecast, at: instant) }
    }

    private func tell(_ time: Int64) -> [Double] {
      let at = Instant(milliseconds: time)
      return zones.indices.flatMap { [forecast.carbon($0).value(at: at), forecast.price($0).value(at: at)] }
    }

    /// Half hours from the one of the issue to the horizon.
    private var steps: [Int64] {
      let first = forecast.issuedAt.milliseconds / (30 * minute) * (30 * minute)
      return Array(stride(from: first, to: forecast.end.milliseconds, by: Int(30 * minute)))
    }

    /// Whether the issue tells otherwise than the one that was remembered.
    func hasChanged() -> Bool {
      let known = steps.filter { told[$0] != nil }
      if forecast.issuedAt == grid.issuedAt { return grid.hasChanged }
      return known.isEmpty || known.contains { told[$0] != tell($0) }
    }

    mutating func remember() { told = Dictionary(uniqueKeysWithValues: steps.map { ($0, tell($0)) }) }

    /// Values and an integral of a random run within the grid's reach, and the bounds of its stretch; how many looks.
    func compare(_ until: Int64, _ random: inout TestRandom, _ comment: String) -> Int {
      let zone = random.below(zones.count)
      let from = now + Int64(random.below(Int(until - now)))
      let to = from + 1 + Int64(random.below(Int(until - from)))
      let run = RunSpan(from, to - from, grid.times)
      for (table, view, bounds) in [
        (grid.carbon, forecast.carbon(zone), grid.carbonBounds), (grid.price, forecast.price(zone), grid.priceBounds),
      ] {
        let line = zone * grid.stride
        #expect(
          table.values[line + run.first] == view.value(at: Instant(milliseconds: from)), "\(comment), from \(from)")
        #expect(bounds.values[run.first * bounds.width + zone] == table.values[line + run.first], "\(comment)")
        let sum = view.integralMilliseconds(from: Instant(milliseconds: from), to: Instant(milliseconds: to))
        let own = run.integral(table.values + line, table.sums + line)
        #expect((own - sum).magnitude <= 1e-9 * max(sum.magnitude, 1e9), "\(comment), \(from) to \(to)")
        let whole = Int((to - from) / grid.step)
        guard grid.time(run.first + whole + 2) <= until else { continue }
        let part = Double(to - from - Int64(whole) * grid.step) / Double(grid.step)
        let stretch = run.first / WindowBounds.stretch
        let place = stretch * bounds.width + zone
        let least = bounds.least(whole, through: stretch)[place]
        let more = bounds.least(whole + 1, through: stretch)[place]
        #expect(own >= least + (more - least) * part - 1e-3, "\(comment), \(from) to \(to)")
        // Anew, they are the same: nothing is left of what was told before.
        let start = stretch * WindowBounds.stretch
        guard grid.time(start + WindowBounds.stretch + whole + 1) <= until else { continue }
        let runs = (start...(start + WindowBounds.stretch)).map {
          table.sums[line + $0 + whole] - table.sums[line + $0]
        }
        #expect(least == runs.min(), "\(comment), stretch \(stretch)")
      }
      return 1
    }
  }
}

private func seedOf(_ random: inout TestRandom) -> UInt64 { UInt64(1 + random.below(1 << 30)) }
