internal import GRDB
internal import GRDBSQLite

/// Binds the values of row after row to a statement through SQLite's own interface: GRDB's arguments cost more than
/// the insertion does. A column whose value is the last row's costs a comparison.
struct RowBinder: ~Copyable {
  private let statement: OpaquePointer
  private let connection: Database
  private var column: Int32 = 0
  /// Value bound to each column: the bits of a number or the address of a lasting text; `nothing` if the next value is
  /// to be bound whatever it is.
  private let held: UnsafeMutablePointer<UInt64>
  private static let columns = 64
  // Two patterns that nothing written has: NaNs and whole numbers below -2^50 are not, and no address is so high.
  private static let nothing: UInt64 = 0xFFF8_0000_0000_0001
  private static let null: UInt64 = 0xFFF8_0000_0000_0002

  /// - Parameter sql: an insertion with at most 64 values, each of one type in all rows or null.
  init(_ connection: Database, sql: String) throws {
    self.connection = connection
    statement = try connection.cachedStatement(sql: sql).sqliteStatement
    sqlite3_clear_bindings(statement)
    held = .allocate(capacity: RowBinder.columns)
    held.initialize(repeating: RowBinder.nothing, count: RowBinder.columns)
  }

  /// Lets go of the texts of the last row.
  deinit {
    sqlite3_clear_bindings(statement)
    held.deallocate()
  }

  /// Steps to the next column; whether it must be bound anew for what it is to hold.
  @inline(__always)
  private mutating func takes(_ pattern: UInt64) -> Bool {
    column += 1
    let place = held + Int(column - 1)
    if place.pointee == pattern { return false }
    place.pointee = pattern
    return true
  }

  @inline(__always)
  mutating func put(_ number: Int) {
    if takes(UInt64(bitPattern: Int64(number))) { sqlite3_bind_int64(statement, column, Int64(number)) }
  }

  @inline(__always)
  mutating func put(_ number: Double) {
    if takes(number.bitPattern) { sqlite3_bind_double(statement, column, number) }
  }

  /// A text that stays where it is, unchanged, for as long as rows are inserted.
  @inline(__always)
  mutating func put(lasting text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress, text.count > 0 else { return put(text) }
    if takes(UInt64(UInt(bitPattern: base))) { bind(text) }
  }

  /// The bytes are read when the row is inserted, not now.
  @inline(__always)
  mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
    held[Int(column)] = RowBinder.nothing
    column += 1
    bind(text)
  }

  @inline(__always)
  private func bind(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else {
      sqlite3_bind_text(statement, column, "", 0, nil)
      return
    }
    base.withMemoryRebound(to: CChar.self, capacity: text.count) {
      _ = sqlite3_bind_text(statement, column, $0, Int32(truncatingIfNeeded: text.count), nil)
    }
  }

  @inline(__always)
  mutating func putNull() {
    if takes(RowBinder.null) { sqlite3_bind_null(statement, column) }
  }

  /// Inserts the row.
  mutating func endRow() throws {
    column = 0
    let done = sqlite3_step(statement) == SQLITE_DONE
    guard sqlite3_reset(statement) == SQLITE_OK, done else {
      throw StoreError(description: "results.sqlite: \(connection.lastErrorMessage ?? "unknown error")")
    }
  }
}
