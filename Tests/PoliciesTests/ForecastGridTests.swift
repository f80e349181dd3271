import Domain
import Inputs
import Testing

@testable import Policies

/// One grid that follows many issues, against the forecast of the moment itself, which is asked value by value.
@Suite struct ForecastGridTests {
  /// Issues that agree with those before, on which the grid goes on, and others; grids that reach past the horizon;
  /// issues that nobody looked at; prices that stay.
  @Test(arguments: [ForecastModel.perfect, .persistence, .noisy])
  func aGridThatGoesOnTellsWhatTheForecastTells(_ model: ForecastModel) throws {
    var (wentOn, began, looks) = (0, 0, 0)
    for seed in UInt64(1)...25 {
      var random = TestRandom(seed: seed)
      var course = try Course(model, &random)
      for _ in 0..<80 {
        course.goOn(&random)
        let (issue, origin) = (course.grid.issuedAt, course.grid.origin)
        let expected = course.hasChanged()
        let until = course.now + Int64(1 + random.below(random.below(8) == 0 ? 400 : 30)) * hour
        // At the issue first, which shows whether the grid goes on; a long look lays it further, or anew.
        guard course.grid.reaches(course.now, course.forecast) else { continue }
        if course.forecast.issuedAt != issue {
          if course.grid.origin == origin { wentOn += 1 } else { began += 1 }
          if let expected { #expect(course.grid.hasChanged == expected, "\(model), seed \(seed), at \(course.now)") }
          course.remember()
        }
        guard course.grid.reaches(until, course.forecast) else { continue }
        for _ in 0..<6 { looks += course.compare(until, &random, "\(model), seed \(seed), at \(course.now)") }
      }
    }
    #expect(looks > 10_000, "\(looks)")
    let agrees = model == .perfect
    #expect(agrees ? wentOn > 600 && began > 30 : began > 300, "\(model): went on \(wentOn), began \(began)")
  }

  /// The expected load as the scan has it, kept over issues that the grid goes on with, while jobs are booked and given
  /// back and time passes, against the timeline's own sums.
  @Test func theExpectedLoadIsKeptOverIssues() throws {
    var (kept, looks) = (0, 0)
    for seed in UInt64(1)...40 {
      var random = TestRandom(seed: seed)
      var course = try Course(.perfect, &random)
      course.goOn(&random)
      _ = course.grid.reaches(course.now, course.forecast)
      let timeline = CapacityTimeline(
        zones: course.zones, step: course.grid.step, phase: course.grid.origin, now: course.now)
      let shares = ShareTable(timeline)
      var bookings: [(zone: Int, from: Int64, to: Int64)] = []
      for _ in 0..<200 {
        let origin = course.grid.origin
        course.goOn(&random)
        let until = course.now + Int64(1 + random.below(random.below(20) == 0 ? 300 : 30)) * hour
        guard course.grid.reaches(until, course.forecast) else { continue }
        if course.grid.origin == origin { kept += 1 }
        timeline.advance(to: course.now)
        shares.lay(course.grid)
        let demand = Resources(milliCores: 700, milliGigabytes: 100, milliGPUs: 0)
        if random.below(3) > 0 || bookings.isEmpty {
          let from = course.now + Int64(random.below(Int(until - course.now)))
          let booking = (
            zone: random.below(course.zones.count), from: from, to: from + Int64(1 + random.below(9)) * hour
          )
          timeline.add(demand, booking.zone, from: booking.from, to: booking.to)
          shares.touch(booking.zone, from: booking.from)
          bookings.append(booking)
        } else {
          let booking = bookings.remove(at: random.below(bookings.count))
          let from = max(booking.from, course.now)
          if booking.to > from {
            timeline.add(demand, booking.zone, from: from, to: booking.to, sign: -1)
            shares.touch(booking.zone, from: from)
          }
        }
        for _ in 0..<4 {
          let zone = random.below(course.zones.count)
          let from = course.now + Int64(random.below(Int(until - course.now)))
          let to = from + 1 + Int64(random.below(Int(until - from)))
          let run = RunSpan(from, to - from, course.grid.times)
          shares.prepare(zone, run.last + 1)
          // A bucket's load is spread over it: from the first bucket's beginning on, as now is within one.
          let mean = shares.mean(zone, run, to - from)
          #expect(
            (mean - timeline.meanShare(zone, from: from, to: to)).magnitude < 1e-9, "seed \(seed), \(from) to \(to)")
          if mean > 0 { looks += 1 }
        }
      }
    }
    #expect(kept > 3000 && looks > 3000, "\(kept), \(looks)")
  }

  /// A clock, a forecast and the grid that follows it.
  private struct Course {
    let zones: [Zone]
    let forecaster: TraceForecaster
    let forecast: Forecast
    let grid: ForecastGrid
    let needsPrice: Bool
    var now: Int64 = 26 * hour
    /// What the issue before told, by zone and half hour, of carbon and price.
    var told: [Int64: [Double]] = [:]

    init(_ model: ForecastModel, _ random: inout TestRandom) throws {
      let zones = (0..<(1 + random.below(6))).map { zone($0, cores: 4) }
      self.zones = zones
      // A value that comes back makes some issues agree that need not.
      let levels = random.below(5) == 0 ? 1 : 2 + random.below(90)
      // Not at all, for a while at the beginning, or for ever.
      let flatSteps = [0, 60 + random.below(200), 700][random.below(3)]
      needsPrice = random.below(4) > 0
      func traces(_ flatSteps: Int) throws -> [StepTrace] {
        try zones.map { _ in
          let level = Double(random.below(3) == 0 ? 0 : random.below(levels))
          if flatSteps == 700 { return StepTrace(constant: level) }
          return try StepTrace(
            stamps: (0..<700).map {
              (Instant(milliseconds: Int64($0) * 30 * minute), $0 < flatSteps ? level : Double(random.below(levels)))
            }, end: Instant(milliseconds: 350 * hour), extending: .hold)
        }
      }
      forecaster = TraceForecaster(
        zones: zones, carbon: try traces(0), price: try traces(flatSteps),
        settings: ForecastSettings(
          carbon: model, price: model, horizon: .hours(Int64(6 + random.below(random.below(3) == 0 ? 60 : 19)))),
        start: Instant(milliseconds: 0), seed: seedOf(&random), replication: 1)
      forecast = Forecast(zoneCount: zones.count)
      grid = ForecastGrid(zoneCount: zones.count, needsPrice: needsPrice)
    }

    mutating func goOn(_ random: inout TestRandom) {
      let most = random.below(10) == 0 ? 9 * hour : 40 * minute
      now += 1 + Int64(random.below(Int(most)))
      let instant = Instant(milliseconds: now)
      if instant >= forecast.nextIssue { forecaster.update(forecast, at: instant) }
    }

    private func tell(_ time: Int64) -> [Double] {
      let at = Instant(milliseconds: time)
      return zones.indices.flatMap { zone in
        [forecast.carbon(zone).value(at: at)] + (needsPrice ? [forecast.price(zone).value(at: at)] : [])
      }
    }

    /// Half hours from the one of the issue to the horizon.
    private var steps: [Int64] {
      let first = forecast.issuedAt.milliseconds / (30 * minute) * (30 * minute)
      return Array(stride(from: first, to: forecast.end.milliseconds, by: Int(30 * minute)))
    }

    /// Whether the issue tells otherwise than the one that was remembered; `nil` where none was.
    func hasChanged() -> Bool? {
      guard !told.isEmpty else { return nil }
      let known = steps.filter { told[$0] != nil }
      return known.isEmpty || known.contains { told[$0] != tell($0) }
    }

    mutating func remember() { told = Dictionary(uniqueKeysWithValues: steps.map { ($0, tell($0)) }) }

    /// Values and an integral of a random run within the grid's reach, and the bounds of its stretch; how many looks.
    func compare(_ until: Int64, _ random: inout TestRandom, _ comment: String) -> Int {
      let zone = random.below(zones.count)
      let from = now + Int64(random.below(Int(until - now)))
      let to = from + 1 + Int64(random.below(Int(until - from)))
      let run = RunSpan(from, to - from, grid.times)
      var quantities = [(grid.carbon, forecast.carbon(zone), grid.carbonBounds)]
      if needsPrice { quantities.append((grid.price, forecast.price(zone), grid.priceBounds)) }
      var looks = 0
      for (table, view, bounds) in quantities {
        looks += 1
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
        looks += 1
      }
      return looks
    }
  }
}

private func seedOf(_ random: inout TestRandom) -> UInt64 { UInt64(1 + random.below(1 << 30)) }
