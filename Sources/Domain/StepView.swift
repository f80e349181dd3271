/// The queries of a ``StepTrace``, over memory that the trace keeps alive: a flat value that is never retained.
@frozen
public struct StepView: @unchecked Sendable {
  // Unchecked for the pointer, whose memory is written before the view is made and never after.

  @frozen @usableFromInline
  package struct Step: Sendable {
    @usableFromInline package var start: Int64
    @usableFromInline package var value: Double
    /// Integral from the first stamp to `start`, in value × ms; `low` is what `high` could not hold.
    @usableFromInline package var high: Double
    @usableFromInline package var low: Double
  }

  /// `count` steps, and a last one that holds the end and the whole integral.
  @usableFromInline let steps: UnsafePointer<Step>
  @usableFromInline let count: Int
  @usableFromInline let first: Int64
  @usableFromInline let last: Int64
  /// Length of an even step, 0 for an uneven trace.
  @usableFromInline let even: Int64
  /// 1 / ``even``: a multiplication costs a third of a division of integers.
  @usableFromInline let inverse: Double
  @usableFromInline let extending: TraceExtension
  /// Length of the part that repeats after the end, and also before the start if it is the whole span; used by `wrap`
  /// alone.
  @usableFromInline let period: Int64

  /// - Parameter period: how much of the end `wrap` repeats, at most the span; `nil` for the whole.
  init(
    steps: UnsafePointer<Step>, count: Int, first: Int64, last: Int64, even: Int64, extending: TraceExtension,
    period: Int64? = nil
  ) {
    self.steps = steps
    self.count = count
    self.first = first
    self.last = last
    self.even = even
    inverse = even > 0 ? 1 / Double(even) : 0
    self.extending = extending
    self.period = period ?? (last - first)
  }

  /// True if the trace has a value at every instant.
  public var isEndless: Bool { extending != .none }
  public var start: Instant { Instant(milliseconds: first) }
  public var end: Instant { Instant(milliseconds: last) }
  /// True if the trace has a value on all of [from, to).
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
    if extending != .wrap, index(of: time) + 1 == count { return .never }
    let (inside, periods) = folded(time)
    let next = steps[index(of: inside) + 1].start
    return Instant(milliseconds: next + periods * period)
  }

  /// The integral over [from, to), in value × hours.
  @inlinable
  public func integral(from: Instant, to: Instant) -> Double { integralMilliseconds(from: from, to: to) / 3_600_000 }

  /// The integral over [from, to), in value × milliseconds.
  @inlinable @inline(__always)
  public func integralMilliseconds(from: Instant, to: Instant) -> Double {
    precondition(from <= to && covers(from: from, to: to), "a trace was asked outside its span")
    if extending == .wrap { return wrapped(from.milliseconds, to.milliseconds) }
    return within(from.milliseconds, to.milliseconds)
  }

  @inlinable
  func wrapped(_ from: Int64, _ to: Int64) -> Double {
    let (a, periodsA) = folded(from)
    let (b, periodsB) = folded(to)
    if periodsA == periodsB { return within(a, b) }
    // Up to the end of the first period, whole periods between, and from the start of the last one.
    let whole = Double(periodsB - periodsA - 1) * within(last - period, last)
    return within(a, last) + whole + within(last - period, b)
  }

  /// An instant moved into the span by whole periods (`wrap`); other traces leave it.
  @inlinable
  func folded(_ time: Int64) -> (time: Int64, periods: Int64) {
    guard extending == .wrap, time >= last || time < first else { return (time, 0) }
    let periods = (time - last).flooredQuotient(period) + 1
    if periods < 0, period < last - first { return (time, 0) }
    return (time - periods * period, periods)
  }

  /// The step that holds at a time, clamped to the span.
  @inlinable @inline(__always)
  func index(of time: Int64) -> Int {
    if time <= first { return 0 }
    if time >= last { return count - 1 }
    guard even > 0 else { return searched(time) }
    // The product is at most one step off for the 2^53 ms that a Double tells apart.
    let offset = time - first
    let near = Int64(Double(offset) * inverse)
    let over = offset - near * even
    return Int(over < 0 ? near - 1 : over >= even ? near + 1 : near)
  }

  @inlinable
  func searched(_ time: Int64) -> Int {
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if steps[middle].start <= time { low = middle } else { high = middle }
    }
    return low
  }

  /// The integral over [a, b) in value × ms, clamped values outside the span.
  @inlinable @inline(__always)
  func within(_ a: Int64, _ b: Int64) -> Double {
    if count == 1 { return steps[0].value * Double(b - a) }
    let i = index(of: a)
    let j = index(of: b)
    if i == j { return steps[i].value * Double(b - a) }
    let head = steps[i].value * Double(steps[i + 1].start - a)
    let tail = steps[j].value * Double(b - steps[j].start)
    let whole = (steps[j].high - steps[i + 1].high) + (steps[j].low - steps[i + 1].low)
    return head + whole + tail
  }
}
