internal import Domain
internal import Foundation
internal import Randomness

/// One zone of ``SyntheticGridModel``: its constants, its stream and its own noise.
final class SyntheticZone {
  private typealias Table = SyntheticGridTable

  private let row: SyntheticGridTable.Row
  private let curve: LevelCurve
  private var stream: RandomStream
  private var fast = WanderingProcess(hours: Table.noise.fastHours)
  private var lasting = WanderingProcess(hours: Table.noise.slowHours)
  private let fastLoad = Table.noise.fastShare.squareRoot()
  private let lastingLoad = (1 - Table.noise.fastShare).squareRoot()
  private let noiseLoad: Double
  private let slowLoad: Double
  private let restLoad: Double
  /// The sine of the sun's elevation is sin φ sin δ + cos φ cos δ × the cosine of the hour angle, at each half hour.
  private let cosines: [Double]
  private let sineOfLatitude: Double
  private let cosineOfLatitude: Double
  private let sunMean: Double
  private let sunDeviation: Double

  /// State of the weather and the calendar in a half hour, shared by all zones.
  struct Weather {
    /// The half hour of the day, from 0.
    var slot: Int
    /// Sine and cosine of the sun's declination.
    var declination: (sine: Double, cosine: Double)
    var daily: Double
    var week: Double
    var slow: Double
    var factors: (Double, Double, Double)
    var clearness: Double
  }

  init(_ row: SyntheticGridTable.Row, seed: UInt64, replication: Int) {
    self.row = row
    curve = LevelCurve(levels: Table.levels, values: row.intensities)
    stream = RandomStream(seed: seed, replication: replication, name: "grid/gb-14/\(row.code)")
    let moments = SyntheticZone.moments(row)
    sunMean = moments.sunMean
    sunDeviation = moments.sunDeviation
    noiseLoad = row.noise.squareRoot()
    slowLoad = row.slow.squareRoot()
    // Scales Y to variance 1 too.
    restLoad = ((1 - row.slow) / moments.variance).squareRoot()
    let latitude = row.coordinates.latitude * .pi / 180
    sineOfLatitude = sin(latitude)
    cosineOfLatitude = cos(latitude)
    let longitude = row.coordinates.longitude
    cosines = DayShape.slots.map { slot in
      let degrees = 15 * (DayShape.hour(slot) - 12) + longitude
      return cos(degrees * .pi / 180)
    }
  }

  /// The zone's standard normal level in the next half hour.
  func level(_ weather: Weather) -> Double {
    let noise = fastLoad * fast.next(&stream) + lastingLoad * lasting.next(&stream)
    let height = cosineOfLatitude * weather.declination.cosine * cosines[weather.slot]
    let elevation = max(0, sineOfLatitude * weather.declination.sine + height)
    let sun = (elevation * weather.clearness - sunMean) / sunDeviation
    var known = row.diurnal * weather.daily + row.sun * sun
    known += row.factors.0 * weather.factors.0 + row.factors.1 * weather.factors.1
    known += row.factors.2 * weather.factors.2 + noiseLoad * noise
    return (slowLoad * weather.slow + restLoad * known + weather.week) * SyntheticZone.unit
  }

  /// The intensity of a level, whole gCO2/kWh.
  func intensity(_ level: Double) -> Double { max(0, curve.value(level).rounded()) }

  /// Takes the weekend's part of the variance off again: five days of 0.4 and two of −1 have a variance of 0.4.
  private static let unit = 1 / (1 + 0.4 * Table.weekend * Table.weekend).squareRoot()

  /// Mean and deviation of the sun under its clouds, and the variance of Y, over every seventh day of a year.
  private static func moments(
    _ row: SyntheticGridTable.Row
  ) -> (sunMean: Double, sunDeviation: Double, variance: Double) {
    var suns: [Double] = []
    var shapes: [Double] = []
    for day in stride(from: 1.5, to: 366, by: 7) {
      let declination = SolarGeometry.declination(day: day)
      for slot in DayShape.slots {
        suns.append(
          SolarGeometry.sineOfElevation(row.coordinates, declination: declination, hour: DayShape.hour(slot)))
        shapes.append(DayShape.season(day) * DayShape.daily[slot])
      }
    }
    let count = Double(suns.count)
    let mean = suns.reduce(0, +) / count
    let square = suns.reduce(0) { $0 + $1 * $1 } / count
    let cloudy = Table.cloud.variance * square
    let deviation = (square - mean * mean + cloudy).squareRoot()
    let known = zip(suns, shapes).map { row.diurnal * $1 + row.sun * ($0 - mean) / deviation }
    let knownMean = known.reduce(0, +) / count
    let knownVariance = known.reduce(0) { $0 + ($1 - knownMean) * ($1 - knownMean) } / count
    let loads = row.factors.0 * row.factors.0 + row.factors.1 * row.factors.1 + row.factors.2 * row.factors.2
    let clouds = row.sun * row.sun * cloudy / (deviation * deviation)
    return (mean, deviation, knownVariance + clouds + loads + row.noise)
  }
}

/// The shapes of a day in half hours, UTC.
enum DayShape {
  static let slots = 0..<48

  /// The middle of a half hour.
  static func hour(_ slot: Int) -> Double { (Double(slot) + 0.5) / 2 }

  /// How large ``daily`` is on a day of the year, 1 being 1 January.
  static func season(_ dayOfYear: Double) -> Double {
    SyntheticGridTable.season.mean + SyntheticGridTable.season.amplitude * cos(2 * .pi * (dayOfYear - 5) / 365.2425)
  }

  /// D at each half hour: times ``season(_:)`` it has mean 0 and variance 1 over a year.
  static let daily: [Double] = {
    let raw = slots.map { slot -> Double in
      let angle = 2 * Double.pi * hour(slot) / 24
      var sum = 0.0
      for (place, harmonic) in SyntheticGridTable.daily.enumerated() {
        let turn = Double(place + 1) * angle
        sum += harmonic.0 * cos(turn) + harmonic.1 * sin(turn)
      }
      return sum
    }
    let season = SyntheticGridTable.season
    let size = season.mean * season.mean + season.amplitude * season.amplitude / 2
    let deviation = (raw.reduce(0) { $0 + $1 * $1 } / 48 * size).squareRoot()
    return raw.map { $0 / deviation }
  }()

  /// Dear and cheap hours: mean 0, variance 1.
  static let price: [Double] = {
    let raw = slots.map(dearness)
    let mean: Double = raw.reduce(0, +) / 48
    let squares: [Double] = raw.map { value in (value - mean) * (value - mean) }
    let deviation = (squares.reduce(0, +) / 48).squareRoot()
    return raw.map { value in (value - mean) / deviation }
  }()

  private static func dearness(_ slot: Int) -> Double {
    switch slot / 2 {
    case 16..<20: 1
    case 7..<10: 0.45
    case 0..<5: -0.75
    default: 0
    }
  }
}

/// A piecewise linear function of a level, constant outside its knots.
struct LevelCurve {
  private let levels: [Double]
  private let values: [Double]
  private let slopes: [Double]

  init(levels: [Double], values: [Double]) {
    precondition(levels.count == values.count && levels.count > 1, "a curve without its values")
    self.levels = levels
    self.values = values
    slopes = (1..<levels.count).map { (place: Int) -> Double in
      let rise = values[place] - values[place - 1]
      return rise / (levels[place] - levels[place - 1])
    }
  }

  func value(_ level: Double) -> Double {
    let last = levels.count - 1
    if level <= levels[0] { return values[0] }
    if level >= levels[last] { return values[last] }
    var place = 0
    while levels[place + 1] <= level { place += 1 }
    return values[place] + slopes[place] * (level - levels[place])
  }
}
