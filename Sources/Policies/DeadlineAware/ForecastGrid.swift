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

    private var size: Int

    init(size: Int) {
      self.size = size
      values = .allocate(capacity: size)
      sums = .allocate(capacity: size)
      values.initialize(repeating: 0, count: size)
      sums.initialize(repeating: 0, count: size)
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
    }
  }

  let zoneCount: Int
  @exclusivity(unchecked) private(set) var carbon: Table
  @exclusivity(unchecked) private(set) var price: Table
  /// The tables of the issue before; they serve again for the next.
  @exclusivity(unchecked) private var oldCarbon: Table
  @exclusivity(unchecked) private var oldPrice: Table
  /// The same tables with the zones of a bucket in a row, and what runs do not fall short of.
  let carbonBounds: WindowBounds
  let priceBounds: WindowBounds
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
  private let needsPrice: Bool
  /// Whether the prices of the issue before serve on, and how many buckets of them there are.
  @exclusivity(unchecked) private var keepsPrice = false
  @exclusivity(unchecked) private var priceCount = 0
  private let flatPrices: UnsafeMutablePointer<Bool>
  /// Whether every zone's price stays the same as far as the grid reaches.
  @exclusivity(unchecked) private(set) var pricesAreFlat = false
  /// Lanes of the widest scan.
  static let padding = 16
  /// No grid reaches further; a job that does is looked at without one.
  static let farthest: Int64 = 45 * 86_400_000

  init(zoneCount: Int, needsPrice: Bool) {
    self.zoneCount = zoneCount
    self.needsPrice = needsPrice
    flatPrices = .allocate(capacity: zoneCount)
    flatPrices.initialize(repeating: false, count: zoneCount)
    carbonBounds = WindowBounds(zoneCount: zoneCount)
    priceBounds = WindowBounds(zoneCount: zoneCount)
    carbon = Table(size: 1)
    price = Table(size: 1)
    oldCarbon = Table(size: 1)
    oldPrice = Table(size: 1)
  }

  deinit {
    for table in [carbon, price, oldCarbon, oldPrice] { table.deallocate() }
    flatPrices.deallocate()
  }

  var end: Int64 { origin + Int64(count) * step }

  /// Whether a zone's price stays the same as far as the grid reaches.
  @inline(__always)
  func priceIsFlat(_ zone: Int) -> Bool { flatPrices[zone] }

  /// The grid that the expected load is kept on, which is taken wherever the forecast's steps begin on it.
  @exclusivity(unchecked) private var preferred: (step: Int64, phase: Int64)?

  func prefer(step: Int64, phase: Int64) { preferred = (step, phase) }

  /// The bucket that holds a time within the grid.
  @inline(__always)
  func bucket(_ time: Int64) -> Int { Int((time - origin) / step) }

  @inline(__always)
  func time(_ bucket: Int) -> Int64 { origin + Int64(bucket) * step }

  /// Brings the grid up to the forecast of now; whether it reaches at least to `until` and can be used. Of an issue no
  /// more is worked out than somebody asked for, and at least its horizon.
  func reaches(_ until: Int64, _ forecast: Forecast) -> Bool {
    // Without a forecaster nothing was ever issued.
    guard forecast.issuedAt < forecast.nextIssue else { return false }
    if forecast.issuedAt != issuedAt { build(forecast) }
    if until > end, isUsable, until - issuedAt.milliseconds <= ForecastGrid.farthest { extend(to: until, forecast) }
    return isUsable && until <= end
  }

  private func build(_ forecast: Forecast) {
    issuedAt = forecast.issuedAt
    let old = (origin: origin, step: step, stride: stride, end: min(horizonEnd, end), usable: isUsable)
    lay(forecast)
    guard isUsable else {
      hasChanged = true
      return
    }
    stride = max(stride, count + 1 + ForecastGrid.padding)
    keepsPrice =
      needsPrice && old.usable && old.step == step && old.stride == stride && count <= priceCount
      && tellsSamePrice(forecast)
    swapTables()
    resetBounds()
    fill(from: 0, forecast)
    hasChanged =
      !(old.usable && isUsable && old.step == step && agrees(carbon, oldCarbon, old)
      && (!needsPrice || keepsPrice || agrees(price, oldPrice, old)))
    horizonEnd = forecast.end.milliseconds
  }

  /// Goes on to a time, and a quarter more of the way.
  private func extend(to until: Int64, _ forecast: Forecast) {
    let needed = Int((until - origin + step - 1) / step)
    let before = count
    count = needed + (needed - before) / 4 + 1
    if count + 1 + ForecastGrid.padding > stride {
      // Lines further apart: everything is written anew.
      stride = 2 * count + 1 + ForecastGrid.padding
      keepsPrice = false
      carbon.grow(zoneCount * stride)
      if needsPrice { price.grow(zoneCount * stride) }
      resetBounds()
      fill(from: 0, forecast)
    } else {
      // Runs past the end of what there was have another integral now.
      carbonBounds.forget()
      priceBounds.forget()
      keepsPrice = keepsPrice && count <= priceCount
      fill(from: before, forecast)
    }
  }

  /// Whether every zone's price is for ever what the table has all through.
  private func tellsSamePrice(_ forecast: Forecast) -> Bool {
    guard pricesAreFlat else { return false }
    for zone in 0..<zoneCount {
      guard let constant = forecast.price(zone).constant, constant == price.values[zone * stride] else { return false }
    }
    return true
  }

  private func resetBounds() {
    carbonBounds.reset(stride: stride)
    if needsPrice, !keepsPrice { priceBounds.reset(stride: stride) }
  }

  private func fill(from: Int, _ forecast: Forecast) {
    if !keepsPrice { pricesAreFlat = true }
    for zone in 0..<zoneCount where isUsable {
      _ = fill(carbon, carbonBounds, zone, forecast.carbon(zone), from: from)
      if needsPrice, !keepsPrice {
        let isFlat = fill(price, priceBounds, zone, forecast.price(zone), from: from)
        flatPrices[zone] = isFlat && (from == 0 || flatPrices[zone])
        pricesAreFlat = pricesAreFlat && flatPrices[zone]
      }
    }
    if !keepsPrice { priceCount = count }
  }

  /// The tables of now become the old ones, which the new ones are compared with.
  private func swapTables() {
    swap(&carbon, &oldCarbon)
    carbon.grow(zoneCount * stride)
    guard !keepsPrice else { return }
    swap(&price, &oldPrice)
    if needsPrice { price.grow(zoneCount * stride) }
  }

  /// Chooses the grid: that of the expected load, or the finest even step that any zone has.
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
    if let preferred, step % preferred.step == 0, (origin - preferred.phase) % preferred.step == 0 || step == 0 {
      step = preferred.step
      origin = preferred.phase + (origin - preferred.phase).flooredQuotient(step) * step
    } else if step == 0 {
      step = 1_800_000
      origin = issued.milliseconds.flooredQuotient(step) * step
    }
    // Where the step that holds began long before, the grid begins at its last multiple before the issue.
    origin += (issued.milliseconds - origin) / step * step
    count = Int((forecast.end.milliseconds - origin + step - 1) / step)
    isUsable = count > 0 && count <= 100_000
  }

  /// Writes one zone's table from a bucket on; a step that begins between two of the grid's makes the grid unusable.
  /// Returns whether all values from the line's beginning on are the same.
  private func fill(
    _ table: Table, _ bounds: WindowBounds, _ zone: Int, _ view: StepView, from: Int
  ) -> Bool {
    let (values, sums) = (table.values + zone * stride, table.sums + zone * stride)
    let level = from > 0 ? values[0] : view.value(at: Instant(milliseconds: time(0)))
    if !view.fill(values, buckets: from..<count, origin: origin, step: step) { isUsable = false }
    let (acrossValues, acrossSums, width) = (bounds.values + zone, bounds.sums + zone, bounds.width)
    var sum = from > 0 ? sums[from] : 0
    var isFlat = true
    let length = Double(step)
    for bucket in from..<count {
      let value = values[bucket]
      isFlat = isFlat && value == level
      sums[bucket] = sum
      acrossValues[bucket &* width] = value
      acrossSums[bucket &* width] = sum
      sum += value * length
    }
    for bucket in count..<(count + 1 + ForecastGrid.padding) {
      values[bucket] = 0
      sums[bucket] = sum
      acrossValues[bucket &* width] = 0
      acrossSums[bucket &* width] = sum
    }
    return isFlat
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
      let (now, then) = (new.values + zone * stride, before.values + (zone * old.stride + shift))
      var bucket = 0
      while bucket + Lane.scalarCount <= shared {
        if lane(now, bucket).differs(from: lane(then, bucket)) { return false }
        bucket += Lane.scalarCount
      }
      while bucket < shared {
        if now[bucket] != then[bucket] { return false }
        bucket += 1
      }
    }
    return true
  }
}
