public import Domain

/// Potential savings of flexible hours: the mean emissions over all starts of a job that may wait or pause.
///
/// Sukprasert et al., "On the Limitations of Carbon-Aware Temporal and Spatial Workload Shifting in the Cloud", EuroSys
/// 2024, doi:10.1145/3627703.3629587: a job of L steps submitted at step i with a slack of S starts at once, or at the
/// best k in [i, min(i + S, n − L)], or takes the L cleanest steps of [i, min(i + S + L, n)).
public struct DeferralPotential: Hashable, Sendable {
  /// How many submissions were looked at: all i < n − L.
  public var starts: Int
  /// Means over the starts.
  public var atOnce: Emissions
  public var deferred: Emissions
  public var interrupted: Emissions

  /// - Parameters:
  ///   - trace: steps of one length.
  ///   - length: steps that the job runs, ≥ 1 and less than the trace has.
  ///   - slack: steps that it may wait, ≥ 0.
  /// - Complexity: O(n (L + S)) in the worst case.
  public init(trace: StepTrace, length: Int, slack: Int, power: Power) {
    let count = trace.stepCount
    precondition(length >= 1 && length < count && slack >= 0, "a job that does not fit its trace")
    let hours = (trace.end - trace.start).inHours / Double(count)
    let steps = (0..<count).map { trace.step($0) }
    let values = steps.map(\.value)
    func window(_ from: Int) -> Double {
      let end = from + length < count ? steps[from + length].start : trace.end
      return trace.integral(from: steps[from].start, to: end)
    }
    let sums = (0...(count - length)).map(window)
    starts = count - length
    var totals = (atOnce: 0.0, deferred: 0.0, interrupted: 0.0)
    var candidates = SlidingOrder()
    var hoursWithin = SlidingOrder()
    for start in 0..<starts {
      candidates.slide(sums, to: start..<(min(start + slack, count - length) + 1))
      hoursWithin.slide(values, to: start..<min(start + slack + length, count))
      totals.atOnce += sums[start]
      totals.deferred += candidates.sorted[0]
      totals.interrupted += hoursWithin.sorted.prefix(length).reduce(0, +) * hours
    }
    let factor = power.value / Double(starts)
    atOnce = Emissions(totals.atOnce * factor)
    deferred = Emissions(totals.deferred * factor)
    interrupted = Emissions(totals.interrupted * factor)
  }
}

/// The values of a range that only moves forward, in rising order.
private struct SlidingOrder {
  private(set) var sorted: [Double] = []
  private var range = 0..<0

  mutating func slide(_ values: [Double], to next: Range<Int>) {
    for place in range.upperBound..<next.upperBound { sorted.insert(values[place], at: index(of: values[place])) }
    for place in range.lowerBound..<next.lowerBound { sorted.remove(at: index(of: values[place])) }
    range = next
  }

  /// The first place whose value is not less.
  private func index(of value: Double) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
