import Domain
import Inputs
import Testing

@testable import Policies

@Suite struct WindowBoundsTests {
  /// No run of any length falls short of its stretch's bound, whenever it starts, and on some start the bound is met;
  /// also past the horizon, for which a grid is laid further after bounds have been asked for, and with values below 0.
  /// Runs are added up by the forecast itself.
  @Test func boundsAreExactForStretches() throws {
    var (runs, met) = (0, 0)
    for seed in UInt64(1)...60 {
      var random = TestRandom(seed: seed)
      let zones = (0..<(1 + random.below(9))).map { zone($0, cores: 4) }
      let values = zones.map { _ in (0..<400).map { _ in Double(random.below(90)) - 30 } }
      let price = try values.map { values in
        try StepTrace(
          stamps: values.enumerated().map { (Instant(milliseconds: Int64($0.offset) * 30 * minute), $0.element) },
          end: Instant(milliseconds: 200 * hour), extending: .hold)
      }
      let forecaster = TraceForecaster(
        zones: zones, carbon: price, price: price,
        settings: ForecastSettings(carbon: .perfect, price: .perfect, horizon: .hours(24)),
        start: Instant(milliseconds: 0), seed: 1, replication: 1)
      let forecast = Forecast(zoneCount: zones.count)
      forecaster.update(forecast, at: Instant(milliseconds: Int64(random.below(20)) * 30 * minute))
      let grid = ForecastGrid(zoneCount: zones.count, needsPrice: true)
      for _ in 0..<6 {
        let whole = random.below(6)
        let cut = random.below(3) == 0 ? 0 : Int64(1 + random.below(1_799_999))
        let length = Int64(whole) * 30 * minute + max(cut, whole == 0 ? 1 : 0)
        let until = forecast.issuedAt.milliseconds + Int64(20 + random.below(100)) * hour
        guard grid.reaches(until, forecast) else { continue }
        let last = Int((until - length - grid.origin) / grid.step) / WindowBounds.stretch
        let (least, more) = (
          grid.priceBounds.least(whole, through: last), grid.priceBounds.least(whole + 1, through: last)
        )
        for stretch in 0...last {
          let first = grid.time(stretch * WindowBounds.stretch)
          let at = random.below(zones.count)
          let place = stretch * grid.priceBounds.width + at
          let part = Double(length - Int64(whole) * grid.step) / Double(grid.step)
          let bound = least[place] * (1 - part) + more[place] * part
          var own = Double.infinity
          for step in 0..<WindowBounds.stretch {
            for start in [0, grid.step - length % grid.step, Int64(random.below(1_800_000))] {
              let from = first + Int64(step) * grid.step + start
              guard from >= forecast.issuedAt.milliseconds, from + length <= until else { continue }
              let sum = forecast.price(at).integralMilliseconds(
                from: Instant(milliseconds: from), to: Instant(milliseconds: from + length))
              runs += 1
              #expect(sum >= bound - 1e-3, "seed \(seed), stretch \(stretch), from \(from)")
              own = min(own, sum)
            }
          }
          if own <= bound + 1e-3 { met += 1 }
        }
      }
    }
    #expect(runs > 50_000 && met > 1000, "\(runs) runs, \(met) bounds met")
  }

  /// Against each start's run, bucket by bucket: frames that fit in two words and frames that do not.
  @Test func closedStartsAreThoseWhoseRunsMeetAFullBucket() {
    var (few, many) = (0, 0)
    for seed in UInt64(1)...2000 {
      var random = TestRandom(seed: seed)
      let length = 1 + random.below(random.below(4) == 0 ? 150 : 12)
      let from = random.below(8)
      let starts = from..<(from + 1 + random.below(random.below(3) == 0 ? 300 : 60))
      let sparse = 1 + random.below(40)
      let full = (0..<(starts.upperBound + length)).map {
        $0 >= from && $0 < starts.upperBound + length - 1 && random.below(sparse) == 0
      }
      var closed = ClosedStarts()
      defer { closed.deallocate() }
      closed.begin(full.count)
      for place in full.indices where full[place] { closed.words[place / 64] |= 1 << UInt64(place % 64) }
      if full.count > 128 { many += 1 } else { few += 1 }
      let isOpen = (0..<starts.upperBound).map { start in
        starts.contains(start) && !full[start..<(start + length)].contains(true)
      }
      #expect(closed.close(starts, length) == isOpen.contains(true), "seed \(seed)")
      for place in isOpen.indices {
        let isClosed = closed.words[place / 64] >> UInt64(place % 64) & 1 == 1
        #expect(isClosed == !isOpen[place], "seed \(seed), start \(place)")
      }
    }
    #expect(few > 500 && many > 200)
  }
}
