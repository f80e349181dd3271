package import Domain

/// The steps of one quantity in one zone as `trace_steps` holds them: `value` on [start, end).
package struct TraceWalk {
  package private(set) var starts: [Int64] = []
  package private(set) var ends: [Int64] = []
  package private(set) var values: [Double] = []

  /// The result of a walk over a span.
  package enum Answer {
    /// In value × hours.
    case integral(Double, magnitude: Double)
    /// No step holds at this instant of the span.
    case missing(Instant)
  }

  /// Adds a step behind those there are.
  package mutating func append(start: Instant, end: Instant, value: Double) {
    starts.append(start.milliseconds)
    ends.append(end.milliseconds)
    values.append(value)
  }

  /// Adds up value × length step by step over [from, to). O(log steps) to find the first, then O(steps walked).
  package func integral(from: Instant, to: Instant) -> Answer {
    var at = from.milliseconds
    let until = to.milliseconds
    var step = index(of: at)
    var sum = AuditSum()
    while at < until {
      guard step >= 0, step < starts.count, starts[step] <= at, at < ends[step] else {
        return .missing(Instant(milliseconds: at))
      }
      let next = min(ends[step], until)
      sum.add(values[step] * Double(next - at))
      at = next
      step += 1
    }
    return .integral(sum.value / 3_600_000, magnitude: sum.magnitude / 3_600_000)
  }

  /// The value at an instant; `nil` where no step holds.
  package func value(at instant: Instant) -> Double? {
    let step = index(of: instant.milliseconds)
    return step >= 0 && instant.milliseconds < ends[step] ? values[step] : nil
  }

  /// The last step that starts by a time; -1 for none.
  private func index(of time: Int64) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The first instant of [from, to) at which no step holds, or two do; `nil` where exactly one always does.
  package func fault(from: Instant, to: Instant) -> Instant? {
    for step in starts.indices {
      if ends[step] <= starts[step] { return Instant(milliseconds: starts[step]) }
      if step > 0, starts[step] != ends[step - 1] { return Instant(milliseconds: min(starts[step], ends[step - 1])) }
    }
    guard let first = starts.first, first <= from.milliseconds else { return from }
    guard let last = ends.last, last >= to.milliseconds else { return ends.last.map { Instant(milliseconds: $0) } }
    return nil
  }
}
