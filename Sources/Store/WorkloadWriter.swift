internal import Domain
internal import GRDB
internal import GRDBSQLite

/// Writes batches of workload rows to the database and to `jobs.csv`.
///
/// The values are bound through SQLite's own interface: GRDB's arguments cost more than the insertion does.
final class WorkloadWriter {
  private let database: ResultDatabase
  private let insertion: String
  private let csv: OutputFile
  private let zoneIDs: [Int]
  private let users: [String]
  private var text = TextBuffer()

  init(database: ResultDatabase, csv: OutputFile, zoneIDs: [Int], users: [String]) {
    self.database = database
    self.csv = csv
    self.zoneIDs = zoneIDs
    self.users = users
    let marks = WorkloadColumn.all.map { _ in "?" }.joined(separator: ",")
    insertion = "INSERT INTO compute_workloads VALUES (\(marks))"
    text.append(WorkloadColumn.names)
    text.append(byte: 10)
  }

  func write(run: Int, _ rows: [WorkloadRow], _ texts: [UInt8]) throws {
    try texts.withUnsafeBufferPointer { bytes in
      try database.write { connection in
        let statement = try connection.cachedStatement(sql: insertion).sqliteStatement
        for row in rows {
          var binder = Binder(statement: statement)
          put(row, run, bytes, into: &binder)
          guard binder.run() else {
            throw StoreError(description: "results.sqlite: \(connection.lastErrorMessage ?? "unknown error")")
          }
        }
      }
      for row in rows {
        put(row, run, bytes, into: &text)
        text.endLine()
      }
    }
    try csv.write(&text)
  }

  /// Hands a row's values over in the order of ``WorkloadColumn``.
  @inline(__always)
  private func put(_ row: WorkloadRow, _ run: Int, _ texts: UnsafeBufferPointer<UInt8>, into cells: inout some Cells) {
    let record = row.record
    let job = record.job
    cells.put(run)
    cells.put(job.sequence + 1)
    cells.put(UnsafeBufferPointer(rebasing: texts[row.id]))
    cells.put(users[job.user])
    cells.put(UnsafeBufferPointer(rebasing: texts[row.name]))
    cells.put(job.type.name)
    cells.put(record.status.name)
    cells.put(job.urgency.name)
    cells.put(job.demand.gpus * job.estimatedDuration.inSeconds / 60)
    cells.put(job.demand.cpuCores)
    cells.put(job.demand.memoryGigabytes)
    cells.put(job.demand.gpus)
    cells.put(job.estimatedDuration.inSeconds)
    cells.put(record.actualDuration.inSeconds)
    zone(job.homeZone, &cells)
    limit(job.estimatedEnergy.value, &cells)
    limit(job.emissionsCap.value, &cells)
    limit(job.intensityCap.value, &cells)
    limit(job.costCap.value, &cells)
    zone(Int(record.recommendations.first), &cells)
    zone(Int(record.recommendations.second), &cells)
    zone(Int(record.recommendations.third), &cells)
    zone(record.zone, &cells)
    cells.put(job.deferralWindow.inSeconds / 60)
    instant(job.deadline, &cells)
    cells.put(job.submittedAt)
    instant(record.start, &cells)
    instant(record.end, &cells)
    let ran = record.start != .never
    limit(ran ? record.energy.value : .nan, &cells)
    limit(ran ? record.emissions.value / 1000 : .nan, &cells)
    limit(ran ? record.cost.value : .nan, &cells)
    if let reason = record.rejection { cells.put(reason.text) } else { cells.putNull() }
  }

  private func zone(_ index: Int, _ cells: inout some Cells) {
    if index >= 0 { cells.put(zoneIDs[index]) } else { cells.putNull() }
  }

  private func instant(_ instant: Instant, _ cells: inout some Cells) {
    if instant == .never { cells.putNull() } else { cells.put(instant) }
  }

  /// A number; null where it is absent (NaN, or an infinite limit).
  private func limit(_ number: Double, _ cells: inout some Cells) {
    if number.isFinite { cells.put(number) } else { cells.putNull() }
  }
}

/// Where the values of a row go, one after the other.
private protocol Cells {
  mutating func put(_ number: Int)
  mutating func put(_ number: Double)
  mutating func put(_ text: String)
  mutating func put(_ text: UnsafeBufferPointer<UInt8>)
  mutating func put(_ instant: Instant)
  mutating func putNull()
}

/// Binds values to a statement.
private struct Binder: Cells {
  let statement: OpaquePointer?
  private var column: Int32 = 0
  /// SQLite is to copy the bytes at once.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(statement: OpaquePointer?) { self.statement = statement }

  private mutating func next() -> Int32 {
    column += 1
    return column
  }

  mutating func put(_ number: Int) { sqlite3_bind_int64(statement, next(), Int64(number)) }
  mutating func put(_ number: Double) { sqlite3_bind_double(statement, next(), number) }
  mutating func put(_ text: String) {
    var copy = text
    copy.withUTF8 { put($0) }
  }
  mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else {
      sqlite3_bind_text(statement, next(), "", 0, Binder.transient)
      return
    }
    base.withMemoryRebound(to: CChar.self, capacity: text.count) {
      _ = sqlite3_bind_text(statement, next(), $0, Int32(text.count), Binder.transient)
    }
  }
  mutating func put(_ instant: Instant) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { room in
      guard let base = room.baseAddress else { return }
      instant.writeISO8601(into: base)
      put(UnsafeBufferPointer(start: base, count: 24))
    }
  }
  mutating func putNull() { sqlite3_bind_null(statement, next()) }

  /// Whether the row was inserted.
  func run() -> Bool {
    let done = sqlite3_step(statement) == SQLITE_DONE
    return sqlite3_reset(statement) == SQLITE_OK && done
  }
}

extension TextBuffer: Cells {
  mutating func put(_ number: Int) {
    append(number)
    append(byte: 44)
  }
  mutating func put(_ number: Double) {
    append(number)
    append(byte: 44)
  }
  mutating func put(_ text: String) {
    append(cell: text)
    append(byte: 44)
  }
  mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
    append(cell: text)
    append(byte: 44)
  }
  mutating func put(_ instant: Instant) {
    append(instant)
    append(byte: 44)
  }
  mutating func putNull() { append(byte: 44) }

  /// Turns the comma after the last cell into a line's end.
  mutating func endLine() {
    removeLast()
    append(byte: 10)
  }
}
