public import Domain

/// One series of a trace file in figures, all of them over time: a step counts by its length.
public struct TraceSummary: Sendable {
  public var start: Instant
  public var end: Instant
  /// Length of every step; `nil` if they differ.
  public var step: TimeSpan?
  public var count: Int
  public var mean: Double
  /// Quantiles at 0, 5, 25, 50, 75, 95, 100 %: those of type 7 (Hyndman and Fan 1996,
  /// doi:10.1080/00031305.1996.10473566) of the steps cut into pieces of one length, their greatest common divisor. So
  /// an hour weighs as much as four quarter hours, and steps of one length weigh as rows do.
  public var quantiles: [Double]
  /// The share of time at zero.
  public var zeros: Double
  /// The share of time below zero.
  public var negatives: Double
  /// Correlation with itself one step, 24 hours and 7 days later; `nil` if steps differ, the span is too short or
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
    let total = Double(column.end - stamps[0])
    let weighted = zip(values, lengths).reduce(0) { $0 + $1.0 * Double($1.1) }
    mean = weighted / total
    quantiles = TraceSummary.quantiles([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], of: values, lengths)
    func share(_ counts: (Double) -> Bool) -> Double {
      Double(zip(values, lengths).reduce(0) { counts($1.0) ? $0 + $1.1 : $0 }) / total
    }
    zeros = share { $0 == 0 }
    negatives = share { $0 < 0 }
    let steps = { (span: Int64) -> Double? in
      guard lengths.allSatisfy({ $0 == first }), span % first == 0 else { return nil }
      return TraceSummary.autocorrelation(values, lag: Int(span / first))
    }
    autocorrelation = (steps(first), steps(86_400_000), steps(604_800_000))
  }

  /// Quantiles of values that hold for spans of time.
  ///
  /// - Parameter shares: rising, from 0 to 1.
  static func quantiles(_ shares: [Double], of values: [Double], _ lengths: [Int64]) -> [Double] {
    let piece = lengths.reduce(0, greatestCommonDivisor)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let pieces = lengths.reduce(0, +) / piece
    var (next, before) = (0, Int64(0))
    /// The value of a piece, counted from the lowest; of later pieces each time.
    func value(_ piece: Int64, _ length: Int64) -> Double {
      while next + 1 < order.count, piece >= before + lengths[order[next]] / length {
        before += lengths[order[next]] / length
        next += 1
      }
      return values[order[next]]
    }
    return shares.map { share in
      let place = share * Double(pieces - 1)
      let low = min(Int64(place), pieces - 1)
      let first = value(low, piece)
      let kept = (next, before)
      let second = value(min(low + 1, pieces - 1), piece)
      // The next share may lie in the same piece.
      (next, before) = kept
      return first + (second - first) * (place - Double(low))
    }
  }

  /// The quantile of type 7 of values that weigh the same.
  static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
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
