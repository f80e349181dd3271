public import Domain

extension TraceKind {
  /// The column of a long file that has this quantity.
  var longColumn: String { self == .carbon ? "carbon_intensity" : rawValue }
  var mayBeNegative: Bool { self == .price }
}

/// One zone's steps.
public struct TraceColumn: Sendable {
  /// Stamps in milliseconds since the epoch, rising, each with the value that holds from it on.
  public var steps: [(start: Int64, value: Double)]
  /// The end of the last step: it is as long as a regular step, or as the last difference if the last three are equal;
  /// for an irregular trace ``UsualStep`` determines its length.
  public var end: Int64
  public var gapsFilled: Int
  public var clipped: Int
  public var duplicates: Int

  /// The step function of these values.
  public func trace(extending: TraceExtension) throws(StepTrace.Fault) -> StepTrace {
    try StepTrace(
      stamps: steps.map { (Instant(milliseconds: $0.start), $0.value) }, end: Instant(milliseconds: end),
      extending: extending)
  }
}

/// The traces of all zones, in the order of the zones.
public struct TraceTable: Sendable {
  public var columns: [TraceColumn]
  /// Zeros of national measurements that stand for absent values: they were taken for missing steps.
  public var sentinels = 0
  /// Decisions of the reader that its user should know, such as a conversion of units: whole phrases, no two alike.
  public var notes: [String] = []
  /// The currency of prices as ISO 4217 has it, if the file's header names one: `EUR`.
  public var currency: String?
  /// The basis of intensities, if the file says it: that of an Electricity Maps export.
  public var basis: IntensityBasis?

  /// Missing steps that were filled.
  public var gapsFilled: Int { columns.reduce(0) { $0 + $1.gapsFilled } }
  /// Negative values that were set to zero.
  public var clipped: Int { columns.reduce(0) { $0 + $1.clipped } }
  /// Values that stood twice, the same both times.
  public var duplicates: Int { columns.reduce(0) { $0 + $1.duplicates } }
}
