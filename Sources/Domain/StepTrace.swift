/// What a trace says outside its recorded span.
public enum TraceExtension: String, Hashable, Sendable, CaseIterable {
  /// Nothing: asking is an error.
  case none
  /// The first and the last value hold for ever.
  case hold
  /// The span repeats.
  case wrap
}

/// A step function of time: the value stamped t holds on [t, next stamp), the last one until ``end``.
///
/// Integrals are exact up to the rounding of a few `Double` operations: partial steps count by their length, whole
/// steps come from prefix sums kept as an unevaluated sum of two doubles (Dekker 1971, doi:10.1007/BF01397083), so a
/// millisecond at the end of a century keeps its precision. O(1) for even steps, else O(log steps).
public struct StepTrace: Sendable {
  @usableFromInline
  struct Step: Sendable {
    @usableFromInline var start: Int64
    @usableFromInline var value: Double
    /// Integral from the first stamp to `start`, in value × ms; `low` is what `high` could not hold.
    @usableFromInline var high: Double
    @usableFromInline var low: Double
  }

  /// Why a trace cannot be made of what was given.
  public enum Fault: Error, Equatable {
    case empty
    case notIncreasing(at: Int)
    case notFinite(at: Int)
  }

  @usableFromInline var steps: [Step]
  @usableFromInline let first: Int64
  @usableFromInline let last: Int64
  /// Length of an even step, 0 for an uneven trace.
  @usableFromInline let even: Int64
  @usableFromInline let extending: TraceExtension

  /// - Parameter stamps: strictly increasing starts with their values.
  /// - Parameter end: where the last value stops to hold.
  /// - Throws: ``Fault``.
  public init(
    stamps: [(start: Instant, value: Double)], end: Instant, extending: TraceExtension = .none
  ) throws(Fault) {
    guard let head = stamps.first else { throw .empty }
    var steps: [Step] = []
    steps.reserveCapacity(stamps.count + 1)
    var high = 0.0
    var low = 0.0
    var isEven = true
    for (index, stamp) in stamps.enumerated() {
      let next = index + 1 < stamps.count ? stamps[index + 1].start : end
      guard next > stamp.start else { throw .notIncreasing(at: index) }
      guard stamp.value.isFinite else { throw .notFinite(at: index) }
      steps.append(Step(start: stamp.start.milliseconds, value: stamp.value, high: high, low: low))
      let length = (next - stamp.start).milliseconds
      if length != (stamps.count > 1 ? stamps[1].start - head.start : next - head.start).milliseconds { isEven = false }
      let product = stamp.value * Double(length)
      let error = (-product).addingProduct(stamp.value, Double(length))
      let sum = high + product
      let shifted = sum - high
      low += ((high - (sum - shifted)) + (product - shifted)) + error
      high = sum
    }
    let count = Int64(stamps.count)
    first = head.start.milliseconds
    last = end.milliseconds
    even = isEven ? (last - first) / count : 0
    steps.append(Step(start: last, value: steps[steps.count - 1].value, high: high, low: low))
    self.steps = steps
    self.extending = extending
  }

  /// The same value at all times.
  public init(constant: Double) {
    first = 0
    last = 1
    even = 1
    extending = .hold
    steps = [Step(start: 0, value: constant, high: 0, low: 0), Step(start: 1, value: constant, high: constant, low: 0)]
  }

  public var start: Instant { Instant(milliseconds: first) }
  public var end: Instant { Instant(milliseconds: last) }
  public var stepCount: Int { steps.count - 1 }
  /// Stamp and value of step `index`.
  public func step(_ index: Int) -> (start: Instant, value: Double) {
    (Instant(milliseconds: steps[index].start), steps[index].value)
  }

  /// Whether the trace has a value on all of [from, to).
  @inlinable
  public func covers(from: Instant, to: Instant) -> Bool {
    extending != .none || (from.milliseconds >= first && to.milliseconds <= last)
  }

  /// The value at an instant. Outside the span of a trace that does not extend it is our mistake to ask.
  @inlinable
  public func value(at instant: Instant) -> Double {
    steps[index(of: folded(instant.milliseconds).time)].value
  }

  /// The first stamp after an instant at which the value may change; `never` where it changes no more.
  public func nextStamp(after instant: Instant) -> Instant {
    let time = instant.milliseconds
    if time < first && extending != .wrap { return start }
    if time >= last && extending != .wrap { return .never }
    if extending != .wrap, index(of: time) + 1 == stepCount { return .never }
    let (inside, periods) = folded(time)
    let next = steps[index(of: inside) + 1].start
    return Instant(milliseconds: next + periods * (last - first))
  }

  /// The integral over [from, to), in value × hours.
  @inlinable
  public func integral(from: Instant, to: Instant) -> Double {
    precondition(from <= to && covers(from: from, to: to), "a trace was asked outside its span")
    let (a, periodsA) = folded(from.milliseconds)
    let (b, periodsB) = folded(to.milliseconds)
    if periodsA == periodsB { return within(a, b) / 3_600_000 }
    // Up to the end of the first period, whole periods between, and from the start of the last one.
    let whole = Double(periodsB - periodsA - 1) * (steps[steps.count - 1].high + steps[steps.count - 1].low)
    return (within(a, last) + whole + within(first, b)) / 3_600_000
  }

  /// An instant moved into the span by whole periods (`wrap`); other traces leave it.
  @inlinable
  func folded(_ time: Int64) -> (time: Int64, periods: Int64) {
    guard extending == .wrap else { return (time, 0) }
    let periods = (time - first).flooredQuotient(last - first)
    return (time - periods * (last - first), periods)
  }

  /// The step that holds at a time, clamped to the span.
  @inlinable
  func index(of time: Int64) -> Int {
    if time <= first { return 0 }
    if time >= last { return steps.count - 2 }
    if even > 0 { return Int((time - first) / even) }
    var low = 0
    var high = steps.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if steps[middle].start <= time { low = middle } else { high = middle }
    }
    return low
  }

  /// The integral over [a, b) in value × ms, clamped values outside the span.
  @inlinable
  func within(_ a: Int64, _ b: Int64) -> Double {
    let i = index(of: a)
    let j = index(of: b)
    if i == j { return steps[i].value * Double(b - a) }
    let head = steps[i].value * Double(steps[i + 1].start - a)
    let tail = steps[j].value * Double(b - steps[j].start)
    let whole = (steps[j].high - steps[i + 1].high) + (steps[j].low - steps[i + 1].low)
    return head + whole + tail
  }
}
