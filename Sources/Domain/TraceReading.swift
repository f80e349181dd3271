/// The reading of a trace file, as far as its content does not say it all.
public struct TraceReading: Hashable, Sendable {
  /// The series of the file that a zone gets.
  public enum Scope: Hashable, Sendable {
    /// The one of its id, code, name or alias; from a national file also that of its country.
    case matching
    /// Every zone gets the series that the file calls so; or, if the file has a column of texts of this name, that
    /// column names the zone of each row and scope is ``matching``.
    case series(String)
    /// The file has a single series, and every zone gets it.
    case everywhere
  }

  public var format: TraceFormat
  /// `nil`: life-cycle if the file has it, else direct.
  public var basis: IntensityBasis?
  public var scope: Scope
  /// Columns, separators, times and units that the file does not say.
  public var mapping: TableMapping

  public init(
    format: TraceFormat = .auto, basis: IntensityBasis? = nil, scope: Scope = .matching,
    mapping: TableMapping = TableMapping()
  ) {
    self.format = format
    self.basis = basis
    self.scope = scope
    self.mapping = mapping
  }
}
