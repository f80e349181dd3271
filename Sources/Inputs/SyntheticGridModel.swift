internal import Domain
internal import Foundation
internal import Randomness

/// The processes behind ``SyntheticGrid`` and what they make of the next half hour.
struct SyntheticGridModel: ~Copyable {
  /// gCO2/kWh, a number a zone.
  private(set) var intensities: [Double]
  /// GBP/kWh, a number a zone.
  private(set) var prices: [Double]

  private typealias Table = SyntheticGridTable

  private var stamp: Int64
  private var common: RandomStream
  private var slow = WanderingProcess(hours: Table.slowHours)
  private var wind = (SmoothProcess(hours: 28, lag: 3), SmoothProcess(hours: 10, lag: 2))
  private var north = (SmoothProcess(hours: 60, lag: 2), WanderingProcess(hours: 8))
  private var east = (SmoothProcess(hours: 14, lag: 2), SmoothProcess(hours: 80, lag: 2))
  private var cloud = WanderingProcess(hours: Table.cloud.hours)
  private var market: RandomStream
  private var fast = WanderingProcess(hours: Table.price.fastHours)
  private var lasting = WanderingProcess(hours: Table.price.slowHours)
  private let zones: [SyntheticZone]
  private let priceCurve = LevelCurve(levels: Table.priceLevels, values: Table.prices)

  init(seed: UInt64, replication: Int, start: Instant) {
    stamp = start.milliseconds
    common = RandomStream(seed: seed, replication: replication, name: "grid/gb-14")
    market = RandomStream(seed: seed, replication: replication, name: "grid/gb-14/price")
    intensities = [Double](repeating: 0, count: Table.zones.count)
    prices = intensities
    zones = Table.zones.map { SyntheticZone($0, seed: seed, replication: replication) }
  }

  /// The next half hour, the first one at first.
  mutating func advance() {
    let weather = weather()
    var levels = 0.0
    var total = 0.0
    for place in zones.indices {
      let level = zones[place].level(weather)
      let intensity = zones[place].intensity(level)
      intensities[place] = intensity
      levels += level
      total += intensity
    }
    let count = Double(zones.count)
    advancePrices(level: levels / count, mean: total / count, slot: weather.slot)
    stamp += 1_800_000
  }

  private mutating func weather() -> SyntheticZone.Weather {
    let day = stamp.flooredQuotient(86_400_000)
    let slot = Int((stamp - day * 86_400_000) / 1_800_000)
    let dayOfYear = SyntheticGridModel.dayOfYear(stamp)
    let declination = SolarGeometry.declination(day: dayOfYear)
    // 1970-01-01 was a Thursday; days are UTC's.
    let isWeekend = ((day + 3) % 7 + 7) % 7 >= 5
    let f1 = 0.8.squareRoot() * wind.0.next(&common) + 0.2.squareRoot() * wind.1.next(&common)
    let f2 = 0.8 * north.0.next(&common) + 0.6 * north.1.next(&common)
    let f3 = 0.8 * east.0.next(&common) + 0.6 * east.1.next(&common)
    let clear = 1 + Table.cloud.spread * cloud.next(&common)
    return SyntheticZone.Weather(
      slot: slot, declination: (sin(declination), cos(declination)),
      daily: DayShape.season(dayOfYear) * DayShape.daily[slot], week: Table.weekend * (isWeekend ? -1 : 0.4),
      slow: slow.next(&common), factors: (f1, f2, f3),
      clearness: min(Table.cloud.high, max(Table.cloud.low, clear)))
  }

  private mutating func advancePrices(level: Double, mean: Double, slot: Int) {
    let price = Table.price
    let fastLoad = price.fastShare.squareRoot()
    let lastingLoad = (1 - price.fastShare).squareRoot()
    let noise = fastLoad * fast.next(&market) + lastingLoad * lasting.next(&market)
    let rest = (1 - price.carbon * price.carbon - price.hours * price.hours).squareRoot()
    let carbon = price.carbon * level / price.meanZoneDeviation
    let national = priceCurve.value(carbon + price.hours * DayShape.price[slot] + rest * noise)
    for place in zones.indices {
      let factor = mean > 0 ? 1 + 0.25 * (intensities[place] / mean - 1) : 1
      // GBP/MWh to the penny, as GBP/kWh.
      prices[place] = (national * factor * 100).rounded() / 100_000
    }
  }

  /// Days since 1 January, 1 on that day, of years of 365.2425 days since 2000.
  private static func dayOfYear(_ stamp: Int64) -> Double {
    let years = Double(stamp - 946_684_800_000) / 86_400_000 / 365.2425
    return (years - years.rounded(.down)) * 365.2425 + 1
  }
}
