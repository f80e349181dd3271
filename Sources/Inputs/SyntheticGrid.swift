public import Domain
internal import Foundation
internal import Randomness

/// Half-hourly carbon intensity and price of the fourteen regions of Great Britain, drawn from a model.
///
/// Each zone has a standard normal level X, which a monotone, piecewise linear function of its own turns into an
/// intensity (a Gaussian copula; ``SyntheticGridTable`` holds the few numbers of each zone):
///
///     X = √s S + √(1 − s) Y + 0.26 W,    Y = d D + p U + l₁F₁ + l₂F₂ + l₃F₃ + √e E    (Y and X scaled to variance 1)
///
/// S is the slow level that all share (weeks), F₁ wind against gas (a day or two), F₂ north against south, F₃ east
/// against west and Scotland; D is the daily shape, larger in winter; U the sun over the zone by latitude, date and
/// hour, times a cloudiness that all share; W weekdays against weekends; E the zone's own noise. S, F and E are sums of
/// Ornstein–Uhlenbeck processes. The national price has a level of its own, which shares a part with the mean X of the
/// zones; a zone's is that times 1 + 0.25 (intensity / mean intensity − 1), the platform's regional factor.
///
/// Intensities are whole grams and prices whole pence a MWh, as the published ones, so that a written trace reads back
/// the same. Every process draws from its own stream, so a longer span only goes on where a shorter one stops. There is
/// no trend over the years, no holidays and no plant that fails.
public struct SyntheticGrid: Sendable {
  public static let names = ["gb-14"]
  /// The length of a step.
  public static let step = TimeSpan.minutes(30)

  /// The zones' codes in the order of the values.
  public static var codes: [String] { SyntheticGridTable.zones.map(\.code) }

  /// The first stamp, on a half hour.
  public let start: Instant
  /// gCO2/kWh, a row a zone.
  private let carbon: [[Double]]
  /// GBP/kWh, a row a zone.
  private let price: [[Double]]

  public var stepCount: Int { carbon.first?.count ?? 0 }
  public var end: Instant { start + TimeSpan(milliseconds: Int64(stepCount) * SyntheticGrid.step.milliseconds) }

  /// Draws all steps from the half hour that holds at `start` to that which ends at or after `end`.
  ///
  /// - Complexity: O(steps), about 20 normal numbers a step.
  public init(seed: UInt64, replication: Int, start: Instant, end: Instant) {
    precondition(start < end, "a grid without a span")
    let length = SyntheticGrid.step.milliseconds
    let first = start.milliseconds.flooredQuotient(length)
    let count = Int((end.milliseconds - 1).flooredQuotient(length) - first) + 1
    self.start = Instant(milliseconds: first * length)
    var model = SyntheticGridModel(seed: seed, replication: replication, start: self.start)
    let rows = SyntheticGridTable.zones.count
    var carbon = [[Double]](repeating: [], count: rows)
    var price = carbon
    for zone in 0..<rows {
      carbon[zone].reserveCapacity(count)
      price[zone].reserveCapacity(count)
    }
    for _ in 0..<count {
      model.advance()
      for zone in 0..<rows {
        carbon[zone].append(model.intensities[zone])
        price[zone].append(model.prices[zone])
      }
    }
    self.carbon = carbon
    self.price = price
  }

  /// The row of a zone: by its code, else by its region or an alias being one of the fourteen regions.
  public static func row(of zone: Zone) -> Int? {
    let zones = SyntheticGridTable.zones
    return zones.firstIndex { $0.code == zone.code }
      ?? zones.firstIndex { row in zone.region == row.region || zone.aliases.contains(row.region) }
  }

  /// The values of a row: gCO2/kWh or GBP/kWh, a number a step.
  public func values(_ quantity: GridQuantity, row: Int) -> [Double] {
    quantity == .carbon ? carbon[row] : price[row]
  }

  /// The trace of a row.
  public func trace(_ quantity: GridQuantity, row: Int, extending: TraceExtension = .none) -> StepTrace {
    let length = SyntheticGrid.step.milliseconds
    let stamps = values(quantity, row: row).enumerated().map { index, value in
      (start: Instant(milliseconds: start.milliseconds + Int64(index) * length), value: value)
    }
    do { return try StepTrace(stamps: stamps, end: end, extending: extending) } catch {
      preconditionFailure("a generated trace is not one: \(error)")
    }
  }
}
