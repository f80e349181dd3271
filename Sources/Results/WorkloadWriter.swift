internal import Domain
internal import GRDB

/// Writes batches of workload rows to the database and to `jobs.csv` in one pass: a text is made once, in the CSV's
/// buffer, and SQLite reads it there.
final class WorkloadWriter {
  private let database: ResultDatabase
  private let insertion: String
  private let csv: OutputFile
  private let zoneIDs: [Int]
  private let names: NameTable
  private let text = TextBuffer()

  /// Path of `jobs.csv` while it is being made.
  let path: String

  init(database: ResultDatabase, path: String, zoneIDs: [Int], users: [String]) throws {
    self.database = database
    self.path = path
    csv = try OutputFile(path: path)
    self.zoneIDs = zoneIDs
    names = NameTable(users: users)
    let marks = WorkloadColumn.all.map { _ in "?" }.joined(separator: ",")
    insertion = "INSERT INTO compute_workloads VALUES (\(marks))"
    text.append(WorkloadColumn.csvNames)
    text.append(byte: 10)
  }

  /// - Parameters:
  ///   - tail: cells of the CSV behind all others, with a comma at their end.
  ///   - order: the places of the rows to be written, in that order.
  ///   - texts: where the rows' texts are.
  func write(
    run: Int, _ tail: TextBuffer, _ rows: UnsafePointer<WorkloadRow>, _ order: some Sequence<Int>,
    _ texts: UnsafePointer<UInt8>
  ) throws {
    try database.write { connection in
      var cells = RowCells(binder: try RowBinder(connection, sql: insertion), text: text)
      for place in order {
        put(rows + place, run, texts, room: tail.count, into: &cells)
        cells.text.append(tail.bytes)
        try cells.endRow()
      }
    }
    try csv.write(text)
  }

  /// Writes the segments of jobs that were interrupted.
  func write(run: Int, _ segments: [SegmentRow]) throws {
    let text = TextBuffer()
    text.reserve(48)
    try database.write { connection in
      var row = try RowBinder(connection, sql: "INSERT INTO workload_segments VALUES (?, ?, ?, ?, ?, ?)")
      for part in segments {
        let isOver = part.segment.end != .never
        text.append(part.segment.start)
        if isOver { text.append(part.segment.end) }
        row.put(run)
        row.put(part.job)
        row.put(part.number)
        row.put(zoneIDs[part.segment.zone])
        row.put(UnsafeBufferPointer(start: text.memory, count: 24))
        if isOver { row.put(UnsafeBufferPointer(start: text.memory + 24, count: 24)) } else { row.putNull() }
        try row.endRow()
        text.removeAll()
      }
    }
  }

  /// Hands a row's values over in the order of ``WorkloadColumn``.
  @inline(__always)
  private func put(
    _ row: UnsafePointer<WorkloadRow>, _ run: Int, _ texts: UnsafePointer<UInt8>, room: Int,
    into cells: inout RowCells
  ) {
    let record = row.pointee.record
    let job = record.job
    let id = UnsafeBufferPointer(start: texts + row.pointee.id, count: row.pointee.name - row.pointee.id)
    let name = UnsafeBufferPointer(start: texts + row.pointee.name, count: row.pointee.end - row.pointee.name)
    let user = names.users[job.user]
    // A quoted text is at most twice as long, and has two quotes and an apostrophe.
    cells.text.reserve(1200 + room + 2 * (id.count + name.count + user.count))
    cells.put(run)
    cells.put(job.sequence + 1)
    cells.put(id)
    cells.put(lasting: user)
    cells.put(name)
    cells.put(lasting: names.types[Int(job.type.rawValue)])
    cells.put(lasting: names.statuses[Int(record.status.rawValue)])
    cells.put(lasting: names.urgencies[Int(job.urgency.rawValue)])
    cells.put(job.demand.milliGPUs == 0 ? 0 : job.demand.gpus * job.estimatedDuration.inSeconds / 60)
    cells.put(thousandths: job.demand.milliCores)
    cells.put(thousandths: job.demand.milliGigabytes)
    cells.put(thousandths: job.demand.milliGPUs)
    cells.put(thousandths: job.estimatedDuration.milliseconds)
    cells.put(thousandths: record.actualDuration.milliseconds)
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
    if let reason = record.rejection {
      cells.put(lasting: names.rejections[Int(reason.rawValue)])
    } else {
      cells.putNull()
    }
  }

  @inline(__always)
  private func zone(_ index: Int, _ cells: inout RowCells) {
    if index >= 0 { cells.put(zoneIDs[index]) } else { cells.putNull() }
  }

  @inline(__always)
  private func instant(_ instant: Instant, _ cells: inout RowCells) {
    if instant == .never { cells.putNull() } else { cells.put(instant) }
  }

  /// A number; null where it is absent (NaN, or an infinite limit).
  @inline(__always)
  private func limit(_ number: Double, _ cells: inout RowCells) {
    if number.isFinite { cells.put(number) } else { cells.putNull() }
  }
}

/// A row on its way to a statement and to a line of CSV. The text buffer must have room for the whole row beforehand:
/// the statement reads texts where they stand in it.
private struct RowCells: ~Copyable {
  var binder: RowBinder
  let text: TextBuffer

  @inline(__always)
  mutating func put(_ number: Int) {
    binder.put(number)
    text.append(number)
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func put(_ number: Double) {
    binder.put(number)
    text.append(number)
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func put(thousandths number: Int64) {
    binder.put(Double(number) / 1000)
    text.append(thousandths: number)
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    binder.put(bytes)
    text.append(cell: bytes)
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func put(lasting bytes: UnsafeBufferPointer<UInt8>) {
    binder.put(lasting: bytes)
    text.append(cell: bytes)
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func put(_ instant: Instant) {
    text.append(instant)
    binder.put(UnsafeBufferPointer(start: text.memory + text.count - 24, count: 24))
    text.append(byte: 44)
  }

  @inline(__always)
  mutating func putNull() {
    binder.putNull()
    text.append(byte: 44)
  }

  /// Inserts the row and turns the comma after its last cell into a line's end.
  mutating func endRow() throws {
    try binder.endRow()
    text.removeLast()
    text.append(byte: 10)
  }
}

/// The texts that rows repeat, as bytes that stay where they are.
private final class NameTable {
  let users: [UnsafeBufferPointer<UInt8>]
  let types = WorkloadType.allCases.map { NameTable.bytes($0.name) }
  let statuses = JobStatus.allCases.map { NameTable.bytes($0.name) }
  let urgencies = Urgency.allCases.map { NameTable.bytes($0.name) }
  let rejections = Rejection.allCases.map { NameTable.bytes($0.text) }

  init(users: [String]) { self.users = users.map { NameTable.bytes($0) } }

  deinit {
    for text in users + types + statuses + urgencies + rejections { text.deallocate() }
  }

  private static func bytes(_ text: String) -> UnsafeBufferPointer<UInt8> {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = memory.initialize(from: text.utf8)
    return UnsafeBufferPointer(memory)
  }
}
