internal import Domain
internal import Randomness

/// The error of the forecast model `noisy`: a slowly wandering level whose size grows with the lead time.
///
/// A zone's forecast for τ issued at t is truth(τ) + M × scale × σ(τ − t) × Z(t, τ), never below 0 for carbon, where M
/// is the zone's mean over its trace (of magnitudes, for a price). Z has a standard normal distribution,
///
///     Z(t, τ) = √0.55 A(t) + √0.45 C(τ)
///
/// with A a level that all forecasts issued around t share (knots at midnight UTC), and C an error that belongs to the
/// hour that is forecast, whenever it is (knots six hours apart); each is the sum of half of Great Britain's and half of
/// the zone's own variance. Between knots a process is the line between its two normal numbers over the standard
/// deviation of that line, so that its variance is 1 throughout.
///
/// σ is √(π/2) times the mean absolute error by lead over a mean of 146.6 g, linear between the leads below: a
/// statistical forecast of Great Britain, 1,427 daily issues against the intensities of 2021–2023. Of those errors'
/// variance over 48 hours 59 % was the issue's own mean and their correlation from an hour to the next 0.96, which the
/// share of A and the distance of the knots give back. The system operator's errors are about 0.6 of these. How errors
/// divide between zones is assumed (no error of a regional forecast is published), and so is that those of carbon and
/// price have nothing in common.
struct ForecastError {
  /// Lead in hours and mean absolute error in grams; after the last it stays.
  static let table: [(lead: Double, meanAbsoluteError: Double)] = [
    (0, 5), (1, 8), (3, 11.5), (6, 24), (12, 27.5), (23, 38.2), (36, 38.2), (47, 45.7), (71, 48.2), (95, 49.5),
  ]
  static let meanOfTable = 146.6
  private static let levelShare = 0.55
  private static let zoneShare = 0.5
  private static let day: Int64 = 86_400_000
  private static let knotLength: Int64 = 21_600_000

  /// Weights of a step's error: σ times each of three weights, and the first of the two knots.
  private struct Weight {
    var level: Double
    var left: Double
    var right: Double
    var knot: Int
  }

  /// One series' normal numbers: its own and, mixed in, those of Great Britain.
  private struct Series {
    var own: CounterNormal
    var levels: (Double, Double) = (0, 0)
    var knots: [Double] = []
  }

  private let scale: Double
  private let common: [CounterNormal]
  private var series: [Series]
  private let names: [String]
  /// Days and first knot whose numbers the series hold.
  private var heldDay = Int64.min
  private var heldKnot = Int64.min
  private var heldKnots = 0
  private var weights: [Weight] = []
  /// The steps that ``weights`` belong to.
  private var weighed: (issued: Int64, first: Int64, even: Int64, count: Int) = (.min, 0, 0, 0)

  /// - Parameter zones: the zones' codes, by which their numbers are told apart.
  init(seed: UInt64, replication: Int, zones: [String], scale: Double) {
    self.scale = scale
    names = GridQuantity.allCases.map { "forecast error/\($0)" }
    common = names.map { CounterNormal(seed: seed, replication: replication, name: $0) }
    series = names.flatMap { name in
      zones.map { Series(own: CounterNormal(seed: seed, replication: replication, name: "\(name)/\($0)")) }
    }
  }

  /// σ over the mean, at a lead in hours.
  static func deviation(lead: Double) -> Double {
    let factor = (Double.pi / 2).squareRoot() / meanOfTable
    guard let after = table.firstIndex(where: { $0.lead > lead }) else {
      return factor * table[table.count - 1].meanAbsoluteError
    }
    guard after > 0 else { return factor * table[0].meanAbsoluteError }
    let (a, b) = (table[after - 1], table[after])
    let share = (lead - a.lead) / (b.lead - a.lead)
    return factor * (a.meanAbsoluteError + share * (b.meanAbsoluteError - a.meanAbsoluteError))
  }

  /// Looks up the numbers of an issue; to be called before the first ``add(to:count:even:place:mean:floor:)``.
  mutating func begin(issuedAt: Int64, end: Int64) {
    let today = issuedAt.flooredQuotient(ForecastError.day)
    let knot = issuedAt.flooredQuotient(ForecastError.knotLength)
    // A step may have begun before the issue; its lead is 0, and so it stands at the issue.
    let count = Int(end.flooredQuotient(ForecastError.knotLength) - knot) + 2
    weighed.issued = .min
    guard today != heldDay || knot != heldKnot || count > heldKnots else { return }
    (heldDay, heldKnot, heldKnots) = (today, knot, count)
    let own = ForecastError.zoneShare.squareRoot()
    let shared = (1 - ForecastError.zoneShare).squareRoot()
    let zones = series.count / common.count
    for (kind, common) in common.enumerated() {
      // Levels have even counters, knots odd ones.
      let levels = (common(2 * today), common(2 * (today + 1)))
      let knots = (0..<count).map { common(2 * (knot + Int64($0)) + 1) }
      for place in (kind * zones)..<((kind + 1) * zones) {
        let normal = series[place].own
        series[place].levels = (
          shared * levels.0 + own * normal(2 * today), shared * levels.1 + own * normal(2 * (today + 1))
        )
        series[place].knots = (0..<count).map { shared * knots[$0] + own * normal(2 * (knot + Int64($0)) + 1) }
      }
    }
  }

  /// Adds the error to the steps of a series.
  ///
  /// - Parameters:
  ///   - even: the length of even steps, else 0.
  ///   - place: the zone's for carbon, for price that plus the number of zones.
  ///   - mean: M above.
  ///   - floor: what no value may go below.
  mutating func add(
    to steps: UnsafeMutablePointer<StepView.Step>, count: Int, even: Int64, place: Int, issuedAt: Int64, mean: Double,
    floor: Double
  ) {
    let same = (issued: issuedAt, first: steps[0].start, even: even, count: count)
    if even == 0 || same != weighed {
      weigh(steps, count, issuedAt)
      weighed = same
    }
    let size = mean * scale
    let fraction = Double(issuedAt - heldDay * ForecastError.day) / Double(ForecastError.day)
    let unit = ForecastError.unit(fraction)
    let levels = series[place].levels
    let level = size * (levels.0 * unit.left + levels.1 * unit.right)
    series[place].knots.withUnsafeBufferPointer { knots in
      weights.withUnsafeBufferPointer { weights in
        for index in 0..<count {
          let weight = weights[index]
          let wander = knots[weight.knot] * weight.left + knots[weight.knot + 1] * weight.right
          steps[index].value = max(floor, steps[index].value + level * weight.level + size * wander)
        }
      }
    }
  }

  private mutating func weigh(_ steps: UnsafeMutablePointer<StepView.Step>, _ count: Int, _ issuedAt: Int64) {
    weights.removeAll(keepingCapacity: true)
    let level = ForecastError.levelShare.squareRoot()
    let wander = (1 - ForecastError.levelShare).squareRoot()
    for index in 0..<count {
      let time = max(issuedAt, steps[index].start)
      let sigma = ForecastError.deviation(lead: Double(time - issuedAt) / 3_600_000)
      let knot = time.flooredQuotient(ForecastError.knotLength)
      let unit = ForecastError.unit(
        Double(time - knot * ForecastError.knotLength) / Double(ForecastError.knotLength))
      weights.append(
        Weight(
          level: sigma * level, left: sigma * wander * unit.left, right: sigma * wander * unit.right,
          knot: Int(knot - heldKnot)))
    }
  }

  /// The weights of two knots whose line has a variance of 1.
  private static func unit(_ fraction: Double) -> (left: Double, right: Double) {
    let norm = (fraction * fraction + (1 - fraction) * (1 - fraction)).squareRoot()
    return ((1 - fraction) / norm, fraction / norm)
  }
}
