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
    /// The least value from the grid's beginning to a bucket, that one too.
    var minima: UnsafeMutablePointer<Double>

    private var size: Int

    init(size: Int) {
      self.size = size
      values = .allocate(capacity: size)
      sums = .allocate(capacity: size)
      minima = .allocate(capacity: size)
      values.initialize(repeating: 0, count: size)
      sums.initialize(repeating: 0, count: size)
      minima.initialize(repeating: 0, count: size)
    }

    /// Makes room; what was written is lost where there was too little.
    mutating func grow(_ needed: Int) {
      guard needed > size else { return }
      deallocate()
      self = Table(size: needed)
    }

    func deallocate() {
      values.deallocate()
      sums.deallocate()
      minima.deallocate()
    }
  }

  let zoneCount: Int
  @exclusivity(unchecked) private(set) var carbon: Table
  @exclusivity(unchecked) private(set) var price: Table
  /// The tables of the issue before; they serve again for the next.
  @exclusivity(unchecked) private var oldCarbon: Table
  @exclusivity(unchecked) private var oldPrice: Table
  @exclusivity(unchecked) private(set) var stride = 0
  /// The grid's beginning, at or before the issue.
  @exclusivity(unchecked) private(set) var origin: Int64 = 0
  /// A bucket's length in milliseconds.
  @exclusivity(unchecked) private(set) var step: Int64 = 0
  /// Buckets.
  @exclusivity(unchecked) private(set) var count = 0
  /// Whether the steps of all zones lie on one even grid.
  @exclusivity(unchecked) private(set) var isUsable = false
  /// Whether the last issue told otherwise of a time that the one before had told of.
  @exclusivity(unchecked) private(set) var hasChanged = false
  @exclusivity(unchecked) private(set) var issuedAt = Instant(milliseconds: .min)
  @exclusivity(unchecked) private var horizonEnd: Int64 = .min
  /// How far beyond its issue a grid must reach; it grows when one job in 500 needs more.
  @exclusivity(unchecked) private var reach: Int64 = 0
  @exclusivity(unchecked) private var asked = 0
  @exclusivity(unchecked) private var missed = 0
  private let needsPrice: Bool
  /// Lanes of the widest scan.
  static let padding = 16
  /// No grid reaches further; a job that does is looked at without one.
  static let farthest: Int64 = 45 * 86_400_000

  init(zoneCount: Int, needsPrice: Bool) {
    self.zoneCount = zoneCount
    self.needsPrice = needsPrice
    carbon = Table(size: 1)
    price = Table(size: 1)
    oldCarbon = Table(size: 1)
    oldPrice = Table(size: 1)
  }

  deinit { for table in [carbon, price, oldCarbon, oldPrice] { table.deallocate() } }

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
    asked += 1
    if needed > max(reach, (forecast.end - forecast.issuedAt).milliseconds) {
      missed += 1
      if missed * 500 > asked, asked > 64, needed <= ForecastGrid.farthest {
        reach = needed + needed / 4
        (asked, missed) = (0, 0)
        build(forecast)
      }
    }
    if forecast.issuedAt != issuedAt { build(forecast) }
    return isUsable && until <= end
  }

  private func build(_ forecast: Forecast) {
    let isSameIssue = forecast.issuedAt == issuedAt
    issuedAt = forecast.issuedAt
    let old = (origin: origin, step: step, stride: stride, end: min(horizonEnd, end), usable: isUsable)
    lay(forecast)
    guard isUsable else {
      hasChanged = true
      return
    }
    stride = count + 1 + ForecastGrid.padding
    swapTables()
    for zone in 0..<zoneCount where isUsable {
      fill(carbon, zone, forecast.carbon(zone))
      if needsPrice { fill(price, zone, forecast.price(zone)) }
    }
    hasChanged =
      !isSameIssue
      && !(old.usable && isUsable && old.step == step && agrees(carbon, oldCarbon, old)
        && (!needsPrice || agrees(price, oldPrice, old)))
    horizonEnd = forecast.end.milliseconds
  }

  /// The tables of now become the old ones, which the new ones are compared with.
  private func swapTables() {
    swap(&carbon, &oldCarbon)
    swap(&price, &oldPrice)
    carbon.grow(zoneCount * stride)
    if needsPrice { price.grow(zoneCount * stride) }
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
    let minima = table.minima + zone * stride
    var sum = 0.0
    var least = Double.infinity
    var time = origin
    for bucket in 0..<count {
      while walk.end <= time { walk.advance() }
      values[bucket] = walk.value
      sums[bucket] = sum
      least = min(least, walk.value)
      minima[bucket] = least
      sum += walk.value * Double(step)
      time += step
      if walk.end < time { isUsable = false }
    }
    for bucket in count..<stride {
      values[bucket] = 0
      sums[bucket] = sum
      minima[bucket] = least
    }
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
