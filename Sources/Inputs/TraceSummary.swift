public import Domain

/// One series of a trace file in figures.
public struct TraceSummary: Sendable {
  public var start: Instant
  public var end: Instant
  /// Length of every step; `nil` where they differ.
  public var step: TimeSpan?
  public var count: Int
  /// Mean over time.
  public var mean: Double
  /// Quantiles of type 7 (Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566) at 0, 5, 25, 50, 75, 95, 100 %.
  public var quantiles: [Double]
  public var zeros: Int
  public var negatives: Int
  /// Correlation with itself one step, 24 hours and 7 days later; `nil` where steps differ, the span is too short or
  /// nothing varies.
  public var autocorrelation: (step: Double?, day: Double?, week: Double?)

  /// - Parameter column: at least one step.
  public init(_ column: TraceColumn) {
    let values = column.steps.map(\.value)
    let stamps = column.steps.map(\.start) + [column.end]
    start = Instant(milliseconds: stamps[0])
    end = Instant(milliseconds: column.end)
    let lengths = zip(stamps, stamps.dropFirst()).map { $1 - $0 }
    let first = lengths[0]
    step = lengths.allSatisfy { $0 == first } ? TimeSpan(milliseconds: first) : nil
    count = values.count
    let weighted = zip(values, lengths).reduce(0) { $0 + $1.0 * Double($1.1) }
    mean = weighted / Double(column.end - stamps[0])
    let sorted = values.sorted()
    quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1].map { TraceSummary.quantile($0, of: sorted) }
    zeros = values.count { $0 == 0 }
    negatives = values.count { $0 < 0 }
    let steps = { (span: Int64) -> Double? in
      guard lengths.allSatisfy({ $0 == first }), span % first == 0 else { return nil }
      return TraceSummary.autocorrelation(values, lag: Int(span / first))
    }
    autocorrelation = (steps(first), steps(86_400_000), steps(604_800_000))
  }

  static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  /// Pearson's correlation of the values with those `lag` steps later.
  static func autocorrelation(_ values: [Double], lag: Int) -> Double? {
    let count = values.count - lag
    guard lag > 0, count > 2 else { return nil }
    let (early, late) = (values[..<count], values[lag...])
    let means = (early.reduce(0, +) / Double(count), late.reduce(0, +) / Double(count))
    var (both, first, second) = (0.0, 0.0, 0.0)
    for (a, b) in zip(early, late) {
      both += (a - means.0) * (b - means.1)
      first += (a - means.0) * (a - means.0)
      second += (b - means.1) * (b - means.1)
    }
    return first > 0 && second > 0 ? both / (first * second).squareRoot() : nil
  }
}
