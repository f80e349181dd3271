internal import Domain

/// Buckets of equal length, from a beginning on.
struct GridTimes {
  let origin: Int64
  /// In milliseconds.
  let step: Int64

  @inline(__always)
  func bucket(_ time: Int64) -> Int { Int((time - origin) / step) }

  @inline(__always)
  func time(_ bucket: Int) -> Int64 { origin + Int64(bucket) * step }
}

/// A forecast as tables over an even grid of time, made for scans over many starts at once: for each zone the value of
/// each bucket and the integral up to its beginning.
///
/// Memory of its own; zones lie behind one another, `stride` apart, with room at the end for a scan that reads past the
/// last bucket. An issue that tells what the one before did, and more, adds what is new; at any other all is made anew,
/// O(zones × buckets).
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
  /// One zone's values of an issue, to be compared.
  @exclusivity(unchecked) private var scratch: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private var scratchSize = 1
  /// The same tables with the zones of a bucket in a row, and what runs do not fall short of.
  let carbonBounds: WindowBounds
  let priceBounds: WindowBounds
  @exclusivity(unchecked) private(set) var stride = 0
  /// The grid's beginning, at or before the issue. It stays where issues agree with those before: they write on.
  @exclusivity(unchecked) private(set) var origin: Int64 = 0
  /// The beginning of the bucket that holds the issue.
  @exclusivity(unchecked) private var issueOrigin: Int64 = 0
  /// A bucket's length in milliseconds.
  @exclusivity(unchecked) private(set) var step: Int64 = 0
  /// Buckets.
  @exclusivity(unchecked) private(set) var count = 0
  /// True if the steps of all zones lie on one even grid.
  @exclusivity(unchecked) private(set) var isUsable = false
  /// True if the last issue told otherwise of a time that the one before had told of.
  @exclusivity(unchecked) private(set) var hasChanged = false
  @exclusivity(unchecked) private(set) var issuedAt = Instant(milliseconds: .min)
  @exclusivity(unchecked) private var horizonEnd: Int64 = .min
  private let needsPrice: Bool
  /// True if the prices of the issue before serve on, and how many buckets of them there are.
  @exclusivity(unchecked) private var keepsPrice = false
  @exclusivity(unchecked) private var priceCount = 0
  private let flatPrices: UnsafeMutablePointer<Bool>
  /// True if every zone's price stays the same as far as the grid reaches.
  @exclusivity(unchecked) private(set) var pricesAreFlat = false
  /// Lanes of the widest scan.
  static let padding = 16
  /// How many buckets issues to come may write on to, by those of an issue.
  private static func slack(_ count: Int) -> Int { max(64, count / 2) }
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
    scratch = .allocate(capacity: 1)
  }

  deinit {
    carbon.deallocate()
    price.deallocate()
    scratch.deallocate()
    flatPrices.deallocate()
  }

  var end: Int64 { origin + Int64(count) * step }

  /// True if a zone's price stays the same as far as the grid reaches.
  @inline(__always)
  func priceIsFlat(_ zone: Int) -> Bool { flatPrices[zone] }

  /// The grid that the expected load is kept on, which is taken wherever the forecast's steps begin on it.
  @exclusivity(unchecked) private var preferred: (step: Int64, phase: Int64)?

  func prefer(step: Int64, phase: Int64) { preferred = (step, phase) }

  var times: GridTimes {
    @inline(__always) get { GridTimes(origin: origin, step: step) }
  }

  /// The bucket that holds a time within the grid.
  @inline(__always)
  func bucket(_ time: Int64) -> Int { times.bucket(time) }

  @inline(__always)
  func time(_ bucket: Int) -> Int64 { times.time(bucket) }

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
    let layout = layOut(forecast)
    hasChanged = !agrees(forecast, layout)
    if hasChanged || !goOn(to: layout, forecast) { begin(layout, forecast) }
    if !isUsable { hasChanged = true }
    horizonEnd = forecast.end.milliseconds
  }

  /// Writes what an issue tells beyond the one before, which it agrees with; whether there was room for it.
  private func goOn(to layout: Layout, _ forecast: Forecast) -> Bool {
    let shift = Int((layout.origin - origin) / step)
    let total = shift + layout.count
    // Far from the beginning sums are less exact.
    guard total + 1 + ForecastGrid.padding <= stride, shift <= ForecastGrid.slack(layout.count) else { return false }
    // What was told beyond the horizon was a guess.
    let known = min(count, total, Int((horizonEnd - origin) / step))
    count = total
    issueOrigin = layout.origin
    carbonBounds.forget(from: known)
    keepsPrice = count <= priceCount && tellsSamePrice(forecast)
    if !keepsPrice { priceBounds.forget(from: known) }
    fill(from: known, forecast)
    return true
  }

  /// Writes everything anew.
  private func begin(_ layout: Layout, _ forecast: Forecast) {
    let couldKeep = isUsable && step == layout.step
    (origin, step, count, isUsable) = (layout.origin, layout.step, layout.count, layout.isUsable)
    issueOrigin = origin
    guard isUsable else { return }
    let isRoomy = count + 1 + ForecastGrid.padding <= stride
    if !isRoomy { stride = count + ForecastGrid.slack(count) + 1 + ForecastGrid.padding }
    keepsPrice = couldKeep && isRoomy && count <= priceCount && tellsSamePrice(forecast)
    resetTables()
    fill(from: 0, forecast)
  }

  /// Goes on to a time, and a quarter more of the way.
  private func extend(to until: Int64, _ forecast: Forecast) {
    let needed = Int((until - origin + step - 1) / step)
    let before = count
    count = needed + (needed - before) / 4 + 1
    if count + 1 + ForecastGrid.padding > stride {
      // Lines further apart: everything is written anew, what has passed no more.
      count -= Int((issueOrigin - origin) / step)
      origin = issueOrigin
      stride = max(stride, 2 * count + 1 + ForecastGrid.padding)
      keepsPrice = false
      resetTables()
      fill(from: 0, forecast)
    } else {
      // Runs past the end of what there was have another integral now.
      carbonBounds.forget(from: before)
      keepsPrice = keepsPrice && count <= priceCount
      if !keepsPrice { priceBounds.forget(from: before) }
      fill(from: before, forecast)
    }
  }

  /// Makes room for lines of `stride`, in which nothing is known.
  private func resetTables() {
    carbon.grow(zoneCount * stride)
    carbonBounds.reset(stride: stride)
    guard needsPrice, !keepsPrice else { return }
    price.grow(zoneCount * stride)
    priceBounds.reset(stride: stride)
  }

  /// True if every zone's price is for ever what the table has all through.
  private func tellsSamePrice(_ forecast: Forecast) -> Bool {
    guard needsPrice, pricesAreFlat else { return false }
    for zone in 0..<zoneCount {
      guard let constant = forecast.price(zone).constant, constant == price.values[zone * stride] else { return false }
    }
    return true
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

  /// A grid that a forecast can be laid on.
  private struct Layout {
    var origin: Int64
    var step: Int64
    var count = 0
    var isUsable = false
  }

  /// Chooses the grid: that of the expected load, or the finest even step that any zone has.
  private func layOut(_ forecast: Forecast) -> Layout {
    let issued = forecast.issuedAt
    var grid = Layout(origin: issued.milliseconds, step: 0)
    func consider(_ view: StepView) {
      guard view.evenStep > 0, grid.step == 0 || view.evenStep < grid.step else { return }
      grid.step = view.evenStep
      grid.origin = min(issued.milliseconds, StepWalk(view, at: issued).start)
    }
    for zone in 0..<zoneCount {
      consider(forecast.carbon(zone))
      if needsPrice { consider(forecast.price(zone)) }
    }
    if let preferred, grid.step % preferred.step == 0,
      (grid.origin - preferred.phase) % preferred.step == 0 || grid.step == 0
    {
      grid.step = preferred.step
      grid.origin = preferred.phase + (grid.origin - preferred.phase).flooredQuotient(grid.step) * grid.step
    } else if grid.step == 0 {
      grid.step = 1_800_000
      grid.origin = issued.milliseconds.flooredQuotient(grid.step) * grid.step
    }
    // Where the step that holds began long before, the grid begins at its last multiple before the issue.
    grid.origin += (issued.milliseconds - grid.origin) / grid.step * grid.step
    grid.count = Int((forecast.end.milliseconds - grid.origin + grid.step - 1) / grid.step)
    grid.isUsable = grid.count > 0 && grid.count <= 100_000
    return grid
  }

  /// Writes one zone's table from a bucket on; a step that begins between two of the grid's makes the grid unusable.
  /// Returns whether all of them have the value that the line begins with.
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

  /// True if a new issue, on the grid that it can be laid on, tells what the one before told of the time that both know.
  private func agrees(_ forecast: Forecast, _ new: Layout) -> Bool {
    guard isUsable, new.isUsable, new.step == step, new.origin >= origin, (new.origin - origin) % step == 0 else {
      return false
    }
    let shift = Int((new.origin - origin) / step)
    let shared = min(new.count, Int((min(horizonEnd, end) - new.origin) / step))
    guard shared > 0 else { return false }
    if shared + ForecastGrid.padding > scratchSize {
      scratch.deallocate()
      scratchSize = 2 * (shared + ForecastGrid.padding)
      scratch = .allocate(capacity: scratchSize)
    }
    func agrees(_ view: StepView, _ table: Table, _ zone: Int) -> Bool {
      guard view.fill(scratch, buckets: 0..<shared, origin: new.origin, step: step) else { return false }
      let then = table.values + (zone * stride + shift)
      var bucket = 0
      while bucket + Lane.scalarCount <= shared {
        if lane(scratch, bucket).differs(from: lane(then, bucket)) { return false }
        bucket += Lane.scalarCount
      }
      while bucket < shared {
        if scratch[bucket] != then[bucket] { return false }
        bucket += 1
      }
      return true
    }
    for zone in 0..<zoneCount where !agrees(forecast.carbon(zone), carbon, zone) { return false }
    guard needsPrice, !tellsSamePrice(forecast) else { return true }
    for zone in 0..<zoneCount where !agrees(forecast.price(zone), price, zone) { return false }
    return true
  }
}
