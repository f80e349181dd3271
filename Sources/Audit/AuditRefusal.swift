/// A cell that cannot be what its column says.
public struct CellFault: Hashable, Sendable {
  public var table: String
  /// The row's key, `run_id 1, id 17`.
  public var row: String
  public var column: String
  public var found: String
  public var expected: String

  public init(table: String, row: String, column: String, found: String, expected: String) {
    self.table = table
    self.row = row
    self.column = column
    self.found = found
    self.expected = expected
  }
}

/// Why a file cannot be audited.
public enum AuditRefusal: Error, Sendable {
  case missing(path: String)
  case notAFile(path: String)
  case unreadable(path: String, reason: String)
  case empty(path: String)
  /// Another program holds a lock on it, and did for as long as was waited.
  case locked(path: String, seconds: Int)
  case notADatabase(path: String)
  /// SQLite's own words on a file that is damaged.
  case damaged(path: String, told: [String])
  /// Tables, or columns as `table.column`, that every result has.
  case lacks(path: String, names: [String])
  /// A table that is a view or computes its columns: reading it would run somebody else's program.
  case notPlain(path: String, names: [String])
  case noRuns(path: String)
  /// The results of a sweep where those of one scenario were wanted; how many points it has.
  case sweep(path: String, points: Int)
  case noPoint(path: String, point: Int, points: Int)
  case badCells(path: String, faults: [CellFault], more: Int)
}
