/// A quantity that a grid forecast covers.
public enum GridQuantity: Int, Hashable, Sendable, CaseIterable {
  /// Carbon intensity, gCO2/kWh.
  case carbon
  /// Price, GBP/kWh.
  case price
}

/// A grid forecast issued at one instant: carbon intensity and price of every zone up to a horizon, as step functions.
///
/// The views answer in O(1) for even steps, else in O(log steps). They are valid while the forecast lives and until its
/// next issue, which overwrites the same memory; nothing is allocated once that is large enough. A view starts at
/// ``issuedAt`` or at the stamp of the step that holds then. Beyond ``end`` the last 24 forecast hours repeat; if fewer
/// hours were forecast, the last value holds.
public final class Forecast {
  public let zoneCount: Int
  /// The instant that the forecast was issued at; nothing later was known.
  @inlinable public var issuedAt: Instant { times.pointee.issuedAt }
  /// The end of the horizon.
  @inlinable public var end: Instant { times.pointee.end }
  /// When there will be a newer one; until then ``Forecaster/update(_:at:)`` has nothing to do.
  @inlinable public var nextIssue: Instant { times.pointee.nextIssue }

  /// Behind a pointer: policies ask at every event, and of a class's own field each access is checked.
  @usableFromInline let times: UnsafeMutablePointer<Times>

  @usableFromInline struct Times {
    @usableFromInline var issuedAt = Instant(milliseconds: .min)
    @usableFromInline var end = Instant(milliseconds: .min)
    @usableFromInline var nextIssue = Instant(milliseconds: .min)

    init() {}
  }

  /// A view a zone for carbon, then one a zone for price.
  private let views: UnsafeMutablePointer<StepView>
  private let series: UnsafeMutablePointer<Series>

  private struct Series {
    var steps: UnsafeMutablePointer<StepView.Step>
    var capacity: Int
  }

  /// A forecast that has not been issued yet: it says 0 for ever.
  public init(zoneCount: Int) {
    self.zoneCount = zoneCount
    times = .allocate(capacity: 1)
    times.initialize(to: Times())
    views = .allocate(capacity: 2 * zoneCount)
    series = .allocate(capacity: 2 * zoneCount)
    for place in 0..<(2 * zoneCount) {
      let steps = UnsafeMutablePointer<StepView.Step>.allocate(capacity: 2)
      steps.initialize(repeating: StepView.Step(start: 0, value: 0, high: 0, low: 0), count: 2)
      steps[1].start = 1
      (series + place).initialize(to: Series(steps: steps, capacity: 2))
      (views + place).initialize(
        to: StepView(steps: UnsafePointer(steps), count: 1, first: 0, last: 1, even: 1, extending: .hold))
    }
  }

  deinit {
    for place in 0..<(2 * zoneCount) { series[place].steps.deallocate() }
    series.deallocate()
    views.deallocate()
    times.deallocate()
  }

  private func place(_ quantity: GridQuantity, _ zone: ZoneIndex) -> Int {
    precondition(zone >= 0 && zone < zoneCount, "a forecast was asked for a zone that does not exist")
    return quantity == .carbon ? zone : zoneCount + zone
  }

  /// Forecast carbon intensity, gCO2/kWh. O(1).
  public func carbon(_ zone: ZoneIndex) -> StepView { views[place(.carbon, zone)] }

  /// Forecast price, GBP/kWh. O(1).
  public func price(_ zone: ZoneIndex) -> StepView { views[place(.price, zone)] }

  /// Keeps the memory alive that views may point at.
  private var issuer: (any Forecaster)?

  /// Begins an issue; every series is to be filled next.
  ///
  /// - Parameter issuer: who keeps alive the traces that the forecast is pointed at.
  package func begin(issuedAt: Instant, end: Instant, nextIssue: Instant, issuer: any Forecaster) {
    self.issuer = issuer
    precondition(issuedAt < end && issuedAt < nextIssue, "a forecast that covers no time after its issue")
    times.pointee.issuedAt = issuedAt
    times.pointee.end = end
    times.pointee.nextIssue = nextIssue
  }

  /// Memory for `count` steps of a series and its end. What was written of it stays.
  package func steps(
    _ quantity: GridQuantity, _ zone: ZoneIndex, room count: Int, keeping written: Int
  ) -> UnsafeMutablePointer<StepView.Step> {
    let place = place(quantity, zone)
    if count >= series[place].capacity {
      let capacity = max(count + 1, 2 * series[place].capacity)
      let larger = UnsafeMutablePointer<StepView.Step>.allocate(capacity: capacity)
      larger.initialize(from: series[place].steps, count: written)
      (larger + written).initialize(
        repeating: StepView.Step(start: 0, value: 0, high: 0, low: 0), count: capacity - written)
      series[place].steps.deallocate()
      series[place] = Series(steps: larger, capacity: capacity)
    }
    return series[place].steps
  }

  /// Ends a series whose starts and values have been written: sums it up and lets it be seen.
  ///
  /// - Parameter even: the length of the steps where all but the first's begin and the last's end are alike, else 0.
  package func seal(_ quantity: GridQuantity, _ zone: ZoneIndex, count: Int, end last: Int64, even: Int64) {
    let steps = steps(quantity, zone, room: count, keeping: count)
    var sum = 0.0
    for index in 0..<count {
      let next = index + 1 < count ? steps[index + 1].start : last
      steps[index].high = sum
      steps[index].low = 0
      sum += steps[index].value * Double(next - steps[index].start)
    }
    steps[count] = StepView.Step(start: last, value: steps[count - 1].value, high: sum, low: 0)
    show(quantity, zone, UnsafePointer(steps), count: count, end: last, even: even)
  }

  /// Lets a stretch of a trace's own memory be seen, without copying it. The issuer must keep the trace alive.
  ///
  /// - Returns: whether that can be done; not where the horizon goes past the end of a trace that extends.
  package func point(_ quantity: GridQuantity, _ zone: ZoneIndex, at trace: StepView) -> Bool {
    let from = issuedAt.milliseconds
    guard from >= trace.first, from < trace.last, !trace.isEndless || end.milliseconds <= trace.last else {
      return false
    }
    let last = min(end.milliseconds, trace.last)
    let index = trace.index(of: from)
    let count = trace.index(of: last - 1) - index + 1
    show(quantity, zone, trace.steps + index, count: count, end: last, even: trace.even)
    return true
  }

  private func show(
    _ quantity: GridQuantity, _ zone: ZoneIndex, _ steps: UnsafePointer<StepView.Step>, count: Int, end last: Int64,
    even: Int64
  ) {
    let day: Int64 = 86_400_000
    let repeats = last - issuedAt.milliseconds >= day
    views[place(quantity, zone)] = StepView(
      steps: steps, count: count, first: steps[0].start, last: last, even: even, extending: repeats ? .wrap : .hold,
      period: repeats ? day : nil)
  }
}

/// Issues forecasts, and only when somebody asks.
public protocol Forecaster: AnyObject {
  /// Brings a forecast up to what is believed at an instant; O(1) where it already is.
  ///
  /// The forecast depends on the latest update instant at or before `now` and on nothing after it, nor on earlier calls
  /// or on the caller: all policies see the same.
  func update(_ forecast: Forecast, at now: Instant)
}
