package import Domain
package import GRDB
internal import GRDBSQLite

/// Cells that cannot be read: the first ones, and how many more.
package final class CellFaults {
  private let path: String
  private var faults: [CellFault] = []
  private var more = 0

  package init(path: String) { self.path = path }

  package func add(_ fault: @autoclosure () -> CellFault) {
    if faults.count < Audit.toldInFull { faults.append(fault()) } else { more += 1 }
  }

  package func throwIfAny() throws(AuditRefusal) {
    if !faults.isEmpty { throw .badCells(path: path, faults: faults, more: more) }
  }
}

/// The rows of one table, columns by name. A cell of a wrong kind is a fault and reads as 0; ``isSound`` tells of a
/// row with one.
///
/// Cells are read through SQLite's own interface: GRDB's rows cost more than the audit does.
package final class AuditQuery {
  private let statement: Statement
  private let database: Database
  private let handle: OpaquePointer?
  private let faults: CellFaults
  package let table: String
  package let columns: [String]
  private let keys: Int
  /// True if no cell read of this row was faulty.
  package private(set) var isSound = true
  /// The last column read of this row that is no whole number of thousandths.
  package private(set) var inexact: Int?

  /// - Parameters:
  ///   - keys: how many columns, the first ones, tell a row from others.
  ///   - clause: what follows the table's name.
  package init(
    _ database: Database, _ faults: CellFaults, table: String, columns: [String], keys: Int, clause: String,
    arguments: [Int] = []
  ) throws {
    self.database = database
    self.faults = faults
    self.table = table
    self.columns = columns
    self.keys = keys
    statement = try database.makeStatement(sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table) \(clause)")
    try statement.setArguments(StatementArguments(arguments))
    handle = statement.sqliteStatement
  }

  /// Steps to the next row; false after the last.
  package func next() throws -> Bool {
    isSound = true
    inexact = nil
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
    }
  }

  package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

  package func integer(_ column: Int) -> Int {
    guard sqlite3_column_type(handle, Int32(column)) == SQLITE_INTEGER else {
      return fault(column, "a whole number", 0)
    }
    return Int(sqlite3_column_int64(handle, Int32(column)))
  }

  package func integer(_ column: Int, in range: ClosedRange<Int>) -> Int {
    let value = integer(column)
    guard range.contains(value) else {
      return fault(column, "a whole number from \(range.lowerBound) to \(range.upperBound)", range.lowerBound)
    }
    return value
  }

  package func optionalInteger(_ column: Int) -> Int? { isNull(column) ? nil : integer(column) }

  package func flag(_ column: Int) -> Bool {
    let value = integer(column)
    guard value == 0 || value == 1 else { return fault(column, "0 or 1", false) }
    return value == 1
  }

  package func number(_ column: Int) -> Double {
    let kind = sqlite3_column_type(handle, Int32(column))
    let value = sqlite3_column_double(handle, Int32(column))
    guard kind == SQLITE_FLOAT || kind == SQLITE_INTEGER, value.isFinite else {
      return fault(column, "a finite number", 0)
    }
    return value
  }

  package func optionalNumber(_ column: Int) -> Double? { isNull(column) ? nil : number(column) }

  package func nonNegative(_ column: Int) -> Double {
    let value = number(column)
    return value >= 0 ? value : fault(column, "a number of at least 0", 0)
  }

  /// A number of units as thousandths: milliseconds, or thousandths of a resource.
  package func thousandths(_ column: Int) -> Int64 {
    let value = nonNegative(column)
    guard value <= 4e12 else { return fault(column, "a number of at most 4e12", 0) }
    let whole = (value * 1000).rounded()
    if abs(whole / 1000 - value) > 1e-12 * value { inexact = column }
    return Int64(whole)
  }

  package func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// The bytes of a text, valid until the next row.
  package func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT else {
      return fault(column, "text", UnsafeBufferPointer(start: nil, count: 0))
    }
    return raw(column)
  }

  package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

  package func instant(_ column: Int) -> Instant {
    guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT, let instant = AuditQuery.instant(raw(column))
    else { return fault(column, "an instant such as 2020-01-06T00:00:00.000Z", Instant(milliseconds: 0)) }
    return instant
  }

  package func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }

  /// A hash of the cell with its kind. `-1.0` and `-1` are different cells.
  package func hash(_ column: Int, into hash: inout UInt64) {
    switch sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_NULL: AuditHash.add(1, to: &hash)
    case SQLITE_INTEGER: AuditHash.add(UInt64(bitPattern: sqlite3_column_int64(handle, Int32(column))), to: &hash)
    case SQLITE_FLOAT: AuditHash.add(sqlite3_column_double(handle, Int32(column)).bitPattern, to: &hash)
    default: AuditHash.add(AuditHash.fnv(raw(column)), to: &hash)
    }
  }

  private func raw(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, Int32(column))
    return UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, Int32(column))))
  }

  private func fault<Value>(_ column: Int, _ expected: String, _ value: Value) -> Value {
    isSound = false
    faults.add(
      CellFault(
        table: table, row: (0..<keys).map { "\(columns[$0]) \(shown($0))" }.joined(separator: ", "),
        column: columns[column], found: shown(column), expected: expected))
    return value
  }

  /// A cell for people: whatever it holds, cut short.
  private func shown(_ column: Int) -> String {
    switch sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_NULL: return "nothing"
    case SQLITE_BLOB: return "\(sqlite3_column_bytes(handle, Int32(column))) bytes"
    case SQLITE_TEXT:
      let all = String(decoding: raw(column), as: UTF8.self)
      return all.count > 40 ? "\"\(all.prefix(40))…\"" : "\"\(all)\""
    default: return String(decoding: raw(column), as: UTF8.self)
    }
  }

  /// Exactly the form of contract §7, `2020-01-06T00:00:00.000Z`.
  package static func instant(_ text: UnsafeBufferPointer<UInt8>) -> Instant? {
    guard text.count == 24, text[4] == 45, text[7] == 45, text[10] == 84, text[13] == 58, text[16] == 58,
      text[19] == 46, text[23] == 90
    else { return nil }
    var sound = true
    func number(_ from: Int, _ digits: Int) -> Int {
      var value = 0
      for at in from..<from + digits {
        let digit = Int(text[at]) - 48
        if digit < 0 || digit > 9 { sound = false }
        value = value * 10 + digit
      }
      return value
    }
    let date = (number(0, 4), number(5, 2), number(8, 2))
    let time = (number(11, 2), number(14, 2), number(17, 2), number(20, 3))
    guard sound else { return nil }
    return Instant(
      year: date.0, month: date.1, day: date.2, hour: time.0, minute: time.1, second: time.2, millisecond: time.3)
  }
}
