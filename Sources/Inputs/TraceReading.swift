public import Domain

/// How a trace file is to be read, where its content does not say it all.
public struct TraceReading: Hashable, Sendable {
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// JSON where the first character is `{` or `[`, else CSV; whatever the file's name.
    case auto, csv, json
  }

  /// Which of an Electricity Maps export's two intensities.
  public enum Basis: String, Hashable, Sendable, CaseIterable {
    /// What power stations emit while running, and what building and fuelling them did.
    case lifecycle
    case direct
  }

  /// Which series of the file a zone gets.
  public enum Scope: Hashable, Sendable {
    /// The one of its id, code, name or alias; from a national file also that of its country.
    case matching
    /// Every zone gets the series that the file calls so; or, if the file has a column of texts of this name, that
    /// column names the zone of each row and scope is ``matching``.
    case series(String)
    /// The file has a single series, and every zone gets it.
    case everywhere
  }

  public var format: Format
  /// `nil`: life-cycle where the file has it, else direct.
  public var basis: Basis?
  public var scope: Scope
  /// Columns, separators, times and units, where the file does not say them.
  public var mapping: TableMapping

  public init(
    format: Format = .auto, basis: Basis? = nil, scope: Scope = .matching, mapping: TableMapping = TableMapping()
  ) {
    self.format = format
    self.basis = basis
    self.scope = scope
    self.mapping = mapping
  }
}

/// Every series of a file, by the names that the file has for them.
public struct NamedTraces: Sendable {
  public var names: [String]
  public var table: TraceTable
}
