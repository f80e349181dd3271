/// The rule for a trace's values outside its recorded span.
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

  /// Why a trace cannot be made of what was given.
  public enum Fault: Error, Equatable {
    case empty
    case notIncreasing(at: Int)
    case notFinite(at: Int)
  }

  /// Keeps the steps of ``view`` alive.
  private let storage: Storage
  /// The view that answers queries on the trace.
  public let view: StepView

  private final class Storage: Sendable {
    // Written by `init` alone and never after, so threads may share it.
    nonisolated(unsafe) let memory: UnsafeMutablePointer<StepView.Step>

    init(_ steps: [StepView.Step]) {
      memory = .allocate(capacity: steps.count)
      memory.initialize(from: steps, count: steps.count)
    }

    deinit { memory.deallocate() }
  }

  /// - Parameter stamps: strictly increasing starts with their values.
  /// - Parameter end: where the last value stops to hold.
  /// - Throws: ``Fault``.
  public init(
    stamps: [(start: Instant, value: Double)], end: Instant, extending: TraceExtension = .none
  ) throws(Fault) {
    guard let head = stamps.first else { throw .empty }
    var steps: [StepView.Step] = []
    steps.reserveCapacity(stamps.count + 1)
    var high = 0.0
    var low = 0.0
    var isEven = true
    for (index, stamp) in stamps.enumerated() {
      let next = index + 1 < stamps.count ? stamps[index + 1].start : end
      guard next > stamp.start else { throw .notIncreasing(at: index) }
      guard stamp.value.isFinite else { throw .notFinite(at: index) }
      steps.append(StepView.Step(start: stamp.start.milliseconds, value: stamp.value, high: high, low: low))
      let length = (next - stamp.start).milliseconds
      if length != (stamps.count > 1 ? stamps[1].start - head.start : next - head.start).milliseconds { isEven = false }
      let product = stamp.value * Double(length)
      let error = (-product).addingProduct(stamp.value, Double(length))
      let sum = high + product
      let shifted = sum - high
      low += ((high - (sum - shifted)) + (product - shifted)) + error
      high = sum
    }
    let last = end.milliseconds
    let first = head.start.milliseconds
    steps.append(StepView.Step(start: last, value: steps[steps.count - 1].value, high: high, low: low))
    storage = Storage(steps)
    view = StepView(
      steps: UnsafePointer(storage.memory), count: stamps.count, first: first, last: last,
      even: isEven ? (last - first) / Int64(stamps.count) : 0, extending: extending)
  }

  /// Creates a trace that has one value at all times.
  public init(constant: Double) {
    storage = Storage([
      StepView.Step(start: 0, value: constant, high: 0, low: 0),
      StepView.Step(start: 1, value: constant, high: constant, low: 0),
    ])
    view = StepView(
      steps: UnsafePointer(storage.memory), count: 1, first: 0, last: 1, even: 1, extending: .hold)
  }

  /// True if the trace has a value at every instant.
  public var isEndless: Bool { view.isEndless }
  public var extending: TraceExtension { view.extending }
  public var start: Instant { view.start }
  public var end: Instant { view.end }
  public var stepCount: Int { view.count }

  /// Stamp and value of step `index`.
  public func step(_ index: Int) -> (start: Instant, value: Double) {
    precondition(index >= 0 && index < view.count, "no such step")
    return (Instant(milliseconds: view.steps[index].start), view.steps[index].value)
  }

  /// True if the trace has a value on all of [from, to).
  public func covers(from: Instant, to: Instant) -> Bool { view.covers(from: from, to: to) }

  /// The value at an instant. Outside the span of a trace that does not extend it is our mistake to ask.
  public func value(at instant: Instant) -> Double { view.value(at: instant) }

  /// The first stamp after an instant at which the value may change; `never` where it changes no more.
  public func nextStamp(after instant: Instant) -> Instant { view.nextStamp(after: instant) }

  /// How many steps there are over [from, to) at most, up to a few: repeated ones count each time. O(1).
  public func steps(from: Instant, to: Instant) -> Double {
    guard extending == .wrap else { return Double(stepCount + 2) }
    return Double(stepCount) * Double((to - from).milliseconds) / Double((end - start).milliseconds)
  }

  /// The integral over [from, to), in value × hours.
  public func integral(from: Instant, to: Instant) -> Double { view.integral(from: from, to: to) }
}
