import Domain
import Inputs
import Testing

/// Numbers for tests from one seed (SplitMix64).
struct Dice {
  var state: UInt64

  mutating func roll(_ n: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(n))
  }
}

let minute: Int64 = 60_000
let day = 1440

func at(_ minutes: Int) -> Instant { Instant(milliseconds: Int64(minutes) * minute) }

/// A trace whose stamps are whole minutes, with a plain reading of it that shares no code.
struct PlainTrace {
  var stamps: [Int]
  var values: [Double]
  var end: Int
  var extending: TraceExtension

  /// Uneven where `steps` is empty, else a step of one of these lengths.
  init(_ dice: inout Dice, start: Int, days: Int, step: Int?, extending: TraceExtension) {
    stamps = []
    values = []
    self.extending = extending
    var now = start
    while now < start + days * day {
      stamps.append(now)
      values.append(Double(dice.roll(300)))
      now += step ?? (1 + dice.roll(400))
    }
    end = now
  }

  var trace: StepTrace {
    get throws {
      try StepTrace(
        stamps: zip(stamps, values).map { (at($0), $1) }, end: at(end), extending: extending)
    }
  }

  /// The place of the step that holds, and its stamp counted on beyond the span.
  func step(_ time: Int) -> (place: Int, stamp: Int) {
    var inside = time
    if extending == .wrap {
      while inside >= end { inside -= end - stamps[0] }
      while inside < stamps[0] { inside += end - stamps[0] }
    }
    let place = stamps.lastIndex { $0 <= inside } ?? 0
    return (place, stamps[place] + time - inside)
  }

  func value(_ time: Int) -> Double { values[step(time).place] }

  /// All stamps are later than a time from this place on; changing them must not matter to who knows the past alone.
  func changed(after time: Int, _ dice: inout Dice) -> PlainTrace {
    var other = self
    let known = stamps.filter { $0 <= time }.count
    other.stamps = Array(stamps.prefix(known))
    other.values = Array(values.prefix(known))
    var now = time
    while now < end {
      // The first at once, so that a look a minute ahead is seen.
      now += now == time ? 1 : 1 + dice.roll(300)
      other.stamps.append(now)
      other.values.append(Double(1000 + dice.roll(1000)))
    }
    other.end = now + 1
    return other
  }
}

func zoneNamed(_ code: String) -> Zone {
  Zone(
    id: 1, code: code, name: code, region: "R", coordinates: Coordinates(latitude: 0, longitude: 0),
    capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
}

/// What is forecast for one zone; its price is 1.
func issue(
  _ model: ForecastModel, _ trace: StepTrace, at now: Instant, horizon: TimeSpan, update: TimeSpan? = nil,
  recorded: RecordedForecast? = nil, start: Instant = Instant(milliseconds: 0), seed: UInt64 = 1
) -> Forecast {
  let settings = ForecastSettings(carbon: model, price: .perfect, horizon: horizon, update: update)
  let forecaster = TraceForecaster(
    zones: [zoneNamed("A")], carbon: [trace], price: [StepTrace(constant: 1)], settings: settings, recorded: recorded,
    start: start, seed: seed, replication: 1)
  let forecast = Forecast(zoneCount: 1)
  forecaster.update(forecast, at: now)
  return forecast
}

/// A forecast's values, a minute each, from its issue on.
func minutes(_ view: StepView, _ forecast: Forecast, _ count: Int) -> [Double] {
  (0..<count).map { view.value(at: forecast.issuedAt + .minutes(Int64($0))) }
}

private let kinds: [(step: Int?, extending: TraceExtension)] = [
  (30, .none), (30, .wrap), (30, .hold), (60, .wrap), (nil, .none), (nil, .wrap), (nil, .hold), (7, .wrap),
]

@Suite struct ForecasterTests {
  @Test(arguments: 0..<8, [180, 1435, 1440, 2880, 3660])
  func perfectIsTheTraceAndThenItsLastDay(_ kind: Int, _ horizon: Int) throws {
    var dice = Dice(state: UInt64(kind * 10_000 + horizon))
    let plain = PlainTrace(
      &dice, start: dice.roll(100), days: 6, step: kinds[kind].step, extending: kinds[kind].extending)
    let trace = try plain.trace
    for round in 0..<4 {
      // Beyond the span too, where there is something; where there is nothing, up to its end.
      let now = plain.stamps[0] + dice.roll(plain.extending == .none ? 3 * day : 9 * day)
      let forecast = issue(
        .perfect, trace, at: at(now), horizon: .minutes(Int64(horizon)), update: round % 2 == 0 ? nil : .minutes(1))
      let issued = Int(forecast.issuedAt.milliseconds / minute)
      #expect(issued <= now && at(now) < forecast.nextIssue)
      let last = plain.extending == .none ? min(plain.end, issued + horizon) : issued + horizon
      let view = forecast.carbon(0)
      var sum = 0.0
      for time in issued..<(issued + 5 * day) {
        var asked = time
        while asked >= last, last - issued >= day { asked -= day }
        let expected = asked >= last ? plain.value(last - 1) : plain.value(asked)
        #expect(view.value(at: at(time)) == expected, "\(kind) \(horizon) min, issued \(issued), at \(time)")
        sum += expected / 60
        if time % 97 == 0 {
          let integral = view.integral(from: forecast.issuedAt, to: at(time + 1))
          #expect(abs(integral - sum) <= 1e-9 * max(1, sum), "\(kind) \(horizon) min, issued \(issued), to \(time)")
        }
      }
    }
  }

  @Test(arguments: 0..<8) func persistenceIsYesterdayOverAndOver(_ kind: Int) throws {
    var dice = Dice(state: UInt64(1 + kind))
    let plain = PlainTrace(
      &dice, start: dice.roll(100), days: 5, step: kinds[kind].step, extending: kinds[kind].extending)
    let trace = try plain.trace
    for round in 0..<6 {
      let now = plain.stamps[0] + (round == 0 ? dice.roll(day) : day + dice.roll(3 * day))
      let forecast = issue(.persistence, trace, at: at(now), horizon: .hours(60), update: .minutes(1))
      #expect(forecast.issuedAt == at(now))
      let current = plain.value(now)
      // The first stamp of yesterday's that is still to come holds back the current value.
      var until = now + 1
      while plain.step(until - day).stamp == plain.step(now - day).stamp { until += 1 }
      for time in now..<(now + 4 * day) {
        var asked = time
        while asked >= until { asked -= day }
        let expected = now - day < plain.stamps[0] ? current : asked > now ? current : plain.value(asked)
        let told = time < until ? current : expected
        #expect(forecast.carbon(0).value(at: at(time)) == told, "\(kind), issued \(now), at \(time)")
      }
    }
  }

  @Test(arguments: [ForecastModel.persistence, .recorded], [30, nil])
  func theFutureOfTheTraceChangesNothing(_ model: ForecastModel, _ step: Int?) throws {
    var dice = Dice(state: 77)
    let plain = PlainTrace(&dice, start: 0, days: 5, step: step, extending: .none)
    let told = PlainTrace(&dice, start: 0, days: 8, step: 30, extending: .hold)
    let recorded = model == .recorded ? RecordedForecast.column([try told.trace]) : nil
    for _ in 0..<10 {
      let now = dice.roll(4 * day)
      let other = plain.changed(after: now, &dice)
      let forecasts = try [plain, other].map {
        issue(model, try $0.trace, at: at(now), horizon: .hours(48), update: .minutes(1), recorded: recorded)
      }
      let told = forecasts.map { minutes($0.carbon(0), $0, 3 * day) }
      #expect(told[0] == told[1])
      // The test can fail: who knows the future tells another one.
      let perfect = try [plain, other].map { issue(.perfect, try $0.trace, at: at(now), horizon: .hours(48)) }
      #expect(minutes(perfect[0].carbon(0), perfect[0], 3 * day) != minutes(perfect[1].carbon(0), perfect[1], 3 * day))
    }
  }

  @Test func issuesComeAtStampsOrAsOftenAsTold() throws {
    let hourly = try StepTrace(stamps: (0..<100).map { (at($0 * 60 + 5), Double($0)) }, end: at(6005))
    let start = at(10)
    let byStamp = issue(.persistence, hourly, at: at(130), horizon: .hours(24), start: start)
    #expect(byStamp.issuedAt == at(125) && byStamp.nextIssue == at(185) && byStamp.end == at(125 + 1440))
    // Nothing is issued before the clock's start.
    #expect(issue(.persistence, hourly, at: at(20), horizon: .hours(24), start: start).issuedAt == at(10))
    let told = issue(.persistence, hourly, at: at(130), horizon: .hours(24), update: .minutes(25), start: start)
    #expect(told.issuedAt == at(110) && told.nextIssue == at(135))
    // A value that never changes is told anew every day.
    let constant = issue(.noisy, StepTrace(constant: 5), at: at(3000), horizon: .hours(24), start: start)
    #expect(constant.issuedAt == at(10 + 2 * day) && constant.nextIssue == at(10 + 3 * day))
  }

  @Test func nothingIsIssuedTwice() throws {
    var dice = Dice(state: 5)
    let trace = try PlainTrace(&dice, start: 0, days: 5, step: 30, extending: .wrap).trace
    let forecaster = TraceForecaster(
      zones: [zoneNamed("A")], carbon: [trace], price: [trace],
      settings: ForecastSettings(carbon: .persistence, price: .persistence, horizon: .hours(48)), start: at(0), seed: 1,
      replication: 1)
    let forecast = Forecast(zoneCount: 1)
    forecaster.update(forecast, at: at(2000))
    let view = forecast.carbon(0)
    forecaster.update(forecast, at: at(2009))
    #expect(forecast.issuedAt == at(1980) && forecast.carbon(0).value(at: at(1990)) == view.value(at: at(1990)))
    forecaster.update(forecast, at: at(2010))
    #expect(forecast.issuedAt == at(2010))
    // Back in time for another run on the same thread.
    forecaster.update(forecast, at: at(1500))
    #expect(forecast.issuedAt == at(1500))
  }
}
