internal import Domain

/// A forecast as tables over an even grid of time, made for scans over many starts at once: for each zone the value of
/// each bucket and the integral up to its beginning.
///
/// Memory of its own; zones lie behind one another, `stride` apart, with room at the end for a scan that reads past the
/// last bucket. Made anew at each issue that is asked for, O(zones × buckets).
final class ForecastGrid {
  /// Value and integral tables of one quantity.
  struct Table {
    var values: UnsafeMutablePointer<Double>
    /// In value × milliseconds from the grid's beginning.
    var sums: UnsafeMutablePointer<Double>
  }

  let zoneCount: Int
  private(set) var carbon: Table
  private(set) var price: Table
  private(set) var stride = 0
  /// The grid's beginning, at or before the issue.
  private(set) var origin: Int64 = 0
  /// A bucket's length in milliseconds.
  private(set) var step: Int64 = 0
  /// Buckets.
  private(set) var count = 0
  /// Whether the steps of all zones lie on one even grid.
  private(set) var isUsable = false
  /// Whether the last issue told otherwise of a time that the one before had told of.
  private(set) var hasChanged = false
  private(set) var issuedAt = Instant(milliseconds: .min)
  private var horizonEnd: Int64 = .min
  /// How far beyond its issue a grid must reach.
  private var reach: Int64 = 0
  private let needsPrice: Bool
  /// Lanes of the widest scan.
  static let padding = 16
  /// No grid reaches further; a job that does is looked at without one.
  static let farthest: Int64 = 45 * 86_400_000

  init(zoneCount: Int, needsPrice: Bool) {
    self.zoneCount = zoneCount
    self.needsPrice = needsPrice
    carbon = Table(values: .allocate(capacity: 1), sums: .allocate(capacity: 1))
    price = Table(values: .allocate(capacity: 1), sums: .allocate(capacity: 1))
  }

  deinit {
    for table in [carbon, price] {
      table.values.deallocate()
      table.sums.deallocate()
    }
  }

  var end: Int64 { origin + Int64(count) * step }

  /// The bucket that holds a time within the grid.
  @inline(__always)
  func bucket(_ time: Int64) -> Int { Int((time - origin) / step) }

  @inline(__always)
  func time(_ bucket: Int) -> Int64 { origin + Int64(bucket) * step }

  /// Brings the grid up to the forecast of now; whether it reaches at least to `until` and can be used.
  func reaches(_ until: Int64, _ forecast: Forecast) -> Bool {
    // Without a forecaster nothing was ever issued.
    guard forecast.issuedAt < forecast.nextIssue else { return false }
    let needed = until - forecast.issuedAt.milliseconds
    if needed > ForecastGrid.farthest { return false }
    if needed > reach { reach = min(ForecastGrid.farthest, max(needed + needed / 4, 2 * reach)) }
    if forecast.issuedAt != issuedAt || (isUsable && end < until) { build(forecast) }
    return isUsable && until <= end
  }

  private func build(_ forecast: Forecast) {
    let isSameIssue = forecast.issuedAt == issuedAt
    issuedAt = forecast.issuedAt
    let old = (origin: origin, step: step, stride: stride, end: min(horizonEnd, end), usable: isUsable)
    let before = carbon
    let beforePrice = price
    lay(forecast)
    guard isUsable else {
      hasChanged = true
      return
    }
    // The tables of before are compared with the new ones, so these have memory of their own.
    stride = count + 1 + ForecastGrid.padding
    carbon = table()
    price = needsPrice ? table() : Table(values: .allocate(capacity: 1), sums: .allocate(capacity: 1))
    for zone in 0..<zoneCount where isUsable {
      fill(carbon, zone, forecast.carbon(zone))
      if needsPrice { fill(price, zone, forecast.price(zone)) }
    }
    hasChanged =
      !isSameIssue
      && !(old.usable && isUsable && old.step == step && agrees(carbon, before, old)
        && (!needsPrice || agrees(price, beforePrice, old)))
    for table in [before, beforePrice] {
      table.values.deallocate()
      table.sums.deallocate()
    }
    horizonEnd = forecast.end.milliseconds
  }

  private func table() -> Table {
    let size = zoneCount * stride
    let table = Table(values: .allocate(capacity: size), sums: .allocate(capacity: size))
    table.values.initialize(repeating: 0, count: size)
    table.sums.initialize(repeating: 0, count: size)
    return table
  }

  /// Chooses the grid: the finest even step that any zone has, half an hour where nothing changes.
  private func lay(_ forecast: Forecast) {
    step = 0
    let issued = forecast.issuedAt
    origin = issued.milliseconds
    for zone in 0..<zoneCount {
      for view in needsPrice ? [forecast.carbon(zone), forecast.price(zone)] : [forecast.carbon(zone)]
      where view.evenStep > 0 && (step == 0 || view.evenStep < step) {
        step = view.evenStep
        origin = min(issued.milliseconds, StepWalk(view, at: issued).start)
      }
    }
    if step == 0 {
      step = 1_800_000
      origin = issued.milliseconds.flooredQuotient(step) * step
    }
    // Where the step that holds began long before, the grid begins at its last multiple before the issue.
    origin += (issued.milliseconds - origin) / step * step
    let until = max(forecast.end.milliseconds, issued.milliseconds + reach)
    count = Int((until - origin + step - 1) / step)
    isUsable = count > 0 && count <= 100_000
  }

  /// Writes one zone's table; a step that begins between two of the grid's makes the grid unusable.
  private func fill(_ table: Table, _ zone: Int, _ view: StepView) {
    var walk = StepWalk(view, at: Instant(milliseconds: origin))
    let values = table.values + zone * stride
    let sums = table.sums + zone * stride
    var sum = 0.0
    var time = origin
    for bucket in 0..<count {
      while walk.end <= time { walk.advance() }
      values[bucket] = walk.value
      sums[bucket] = sum
      sum += walk.value * Double(step)
      time += step
      if walk.end < time { isUsable = false }
    }
    for bucket in count..<stride { sums[bucket] = sum }
  }

  /// Whether the new values are the old ones for as long as the old forecast reached.
  private func agrees(
    _ new: Table, _ before: Table, _ old: (origin: Int64, step: Int64, stride: Int, end: Int64, usable: Bool)
  ) -> Bool {
    guard (origin - old.origin) % step == 0, origin >= old.origin else { return false }
    let shift = Int((origin - old.origin) / step)
    let shared = min(count, Int((old.end - origin) / step))
    guard shared > 0 else { return false }
    for zone in 0..<zoneCount {
      for bucket in 0..<shared
      where new.values[zone * stride + bucket] != before.values[zone * old.stride + shift + bucket] { return false }
    }
    return true
  }
}
