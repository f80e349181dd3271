/// The queries of a ``StepTrace``, over memory that the trace keeps alive: a flat value that is never retained.
@frozen
public struct StepView: @unchecked Sendable {
  // Unchecked for the pointer, whose memory is written before the view is made and never after.

  @frozen @usableFromInline
  struct Step: Sendable {
    @usableFromInline var start: Int64
    @usableFromInline var value: Double
    /// Integral from the first stamp to `start`, in value × ms; `low` is what `high` could not hold.
    @usableFromInline var high: Double
    @usableFromInline var low: Double
  }

  /// `count` steps, and a last one that holds the end and the whole integral.
  @usableFromInline let steps: UnsafePointer<Step>
  @usableFromInline let count: Int
  @usableFromInline let first: Int64
  @usableFromInline let last: Int64
  /// Length of an even step, 0 for an uneven trace.
  @usableFromInline let even: Int64
  @usableFromInline let extending: TraceExtension

  init(
    steps: UnsafePointer<Step>, count: Int, first: Int64, last: Int64, even: Int64, extending: TraceExtension
  ) {
    self.steps = steps
    self.count = count
    self.first = first
    self.last = last
    self.even = even
    self.extending = extending
  }

  /// Whether the trace has a value at every instant.
  public var isEndless: Bool { extending != .none }
  public var start: Instant { Instant(milliseconds: first) }
  public var end: Instant { Instant(milliseconds: last) }
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
    if extending != .wrap, index(of: time) + 1 == count { return .never }
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
    let whole = Double(periodsB - periodsA - 1) * (steps[count].high + steps[count].low)
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
    if time >= last { return count - 1 }
    if even > 0 { return Int((time - first) / even) }
    var low = 0
    var high = count
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
