import Foundation
import GRDBSQLite
import Reports
import Runs

/// A small result with its cells, rows, tables and bytes changed, given to everything that reads one.
///
/// The first byte says who reads; then come edits, so that most inputs are still databases and reach the rules behind
/// the checks of the file itself.
let resultTarget = Target(name: "result") { bytes in
  var edits = ByteReader(bytes)
  let reader = edits.byte() % 8
  template.write(edited: &edits)
  do { try read(template.path, reader) } catch let refusal as BadInput {
    try demand(!refusal.description.isEmpty && refusal.description.utf8.count < 1 << 20, "a refusal is short")
  }
}

private let template = ResultTemplate()

private func read(_ path: String, _ reader: UInt8) throws {
  switch reader {
  case 0, 1, 2:
    let audit = try ResultAudit(path: path)
    try demand(audit.passed == audit.failures.isEmpty, "who passes has no failures")
    try demand(audit.text.utf8.count < 1 << 21, "an audit's text is bounded")
  case 3:
    let comparison = try ResultComparison(path: path, metrics: ["all"], confidence: 0.95)
    for format in ResultComparison.Format.allCases { _ = comparison.written(as: format) }
  case 4:
    let told = try ResultExplanation(path: path, job: "b", policy: nil, replication: 1)
    for format in ResultExplanation.Format.allCases { _ = try told.written(as: format) }
  case 5: _ = try ResultReplay(path: path).html
  case 6:
    let report = try ResultReport(path: path)
    _ = (report.written(as: .html), report.written(as: .markdown))
  default:
    let plot = try Plot(path: path)
    for name in plot.available { _ = try plot.svg(name) }
  }
}

/// Bytes one after another, zeros behind the end.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { at >= bytes.count }

  mutating func byte() -> UInt8 {
    defer { at += 1 }
    return at < bytes.count ? bytes[at] : 0
  }

  mutating func word() -> Int64 { (0..<8).reduce(0) { number, _ in number << 8 | Int64(byte()) } }

  mutating func take(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
}

/// A result file without the constraints that would keep edits out, and the edits.
private final class ResultTemplate: @unchecked Sendable {
  // One thread calls the fuzzer's entry.
  let path: String
  private let file: MemoryFile
  private let whole: [UInt8]
  private let tables: [(name: String, columns: [String], rows: Int)]

  private static let scenario = """
    name: small
    seed: 7
    clock: {start: 2025-01-06T00:00:00Z, duration: 6h}
    zones:
      - {code: N, name: North, region: N, coordinates: {lat: 55, lng: -3}, capacity: {cpu_cores: 4, memory_gb: 32}}
      - {code: S, name: South, region: S, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 8, memory_gb: 32}}
    grid: {carbon: {file: c.csv}, price: {constant: 0.1}}
    workload: {file: j.csv}
    interruption: {allowed: true, checkpoint: 1m, resume: 1m}
    events: [{outage: {zone: S, from: 1h, duration: 1h, running: suspend}}]
    policies: [standard, {wait-awhile: {zones: any}}, greedy-lowest-carbon]
    replications: 2
    outputs: {decisions: all, samples: {every: 2h}}
    """

  private static let tableNames =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"

  init() {
    file = MemoryFile("results.sqlite")
    path = file.path
    let folder = String(path.dropLast("/results.sqlite".count))
    do {
      try Data(Self.scenario.utf8).write(to: URL(fileURLWithPath: "\(folder)/s.yaml"))
      let hours = (0..<7).map { "2025-01-06T0\($0):00Z,\(100 + 37 * $0 % 90),\(200 - 20 * $0)\n" }.joined()
      try Data("datetime,N,S\n\(hours)".utf8).write(to: URL(fileURLWithPath: "\(folder)/c.csv"))
      let jobs =
        "job_id,submitted_at,duration_s,required_cpu_cores,deferral_window_mins,deadline\n"
        + "a,2025-01-06T00:10Z,5000,4,240,2025-01-06T05:00Z\nb,2025-01-06T00:20Z,3000,8,60,\n"
        + "c,2025-01-06T01:30Z,600,2,0,\nd,2025-01-06T02:00Z,90000,99,0,\n"
      try Data(jobs.utf8).write(to: URL(fileURLWithPath: "\(folder)/j.csv"))
      let opened = try OpenScenario(path: "\(folder)/s.yaml", overrides: [], policies: [], seed: nil)
      _ = try opened.run(into: "\(folder)/out", figures: "\(folder)/plots", threads: 1)
    } catch { fatalError("the small result: \(error)") }
    let loose = "\(folder)/loose.sqlite"
    Self.with("\(folder)/out/results.sqlite") { database in
      Self.run(database, "PRAGMA page_size = 512; VACUUM INTO '\(loose)'")
    }
    Self.with(loose) { database in
      Self.run(database, "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = OFF")
      for name in Self.texts(database, Self.tableNames) {
        Self.run(
          database,
          "CREATE TABLE loose AS SELECT * FROM \(name); DROP TABLE \(name); ALTER TABLE loose RENAME TO \(name)")
      }
      Self.run(database, "VACUUM")
    }
    guard let data = FileManager.default.contents(atPath: loose) else { fatalError("no \(loose)") }
    whole = [UInt8](data)
    tables = Self.with(loose) { database in
      Self.texts(database, Self.tableNames).map {
        name in
        (
          name, Self.texts(database, "SELECT name FROM pragma_table_info('\(name)')"),
          Int(Self.texts(database, "SELECT count(*) FROM \(name)")[0]) ?? 0
        )
      }
    }
  }

  /// Writes the template with the edits that the bytes tell.
  func write(edited edits: inout ByteReader) {
    whole.withUnsafeBytes { file.fill($0) }
    var raw: [(place: Int, byte: UInt8)] = []
    var length = whole.count
    ResultTemplate.with(path) { database in
      ResultTemplate.run(
        database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; BEGIN")
      var left = 12
      while !edits.isAtEnd, left > 0 {
        left -= 1
        let kind = edits.byte()
        if kind >= 0xF0 {
          raw.append((Int(edits.byte()) << 16 | Int(edits.byte()) << 8 | Int(edits.byte()), edits.byte()))
        } else if kind == 0xEF {
          length = Int(edits.byte()) * 512 + Int(edits.byte())
        } else {
          sql(kind, &edits, database)
        }
      }
      ResultTemplate.run(database, "COMMIT")
    }
    guard !raw.isEmpty || length < whole.count, let data = FileManager.default.contents(atPath: path) else { return }
    var bytes = [UInt8](data)
    for edit in raw { bytes[edit.place % bytes.count] = edit.byte }
    bytes.removeLast(max(0, bytes.count - length))
    bytes.withUnsafeBytes { file.fill($0) }
  }

  private func sql(_ kind: UInt8, _ edits: inout ByteReader, _ database: OpaquePointer) {
    let table = tables[Int(edits.byte()) % tables.count]
    let column = table.columns[Int(edits.byte()) % table.columns.count]
    let row = Int(edits.byte()) % max(table.rows, 1)
    let here = ResultTemplate.key(database, table.name, row)
    switch kind {
    case 0xE0..<0xE8: ResultTemplate.run(database, "DELETE FROM \(table.name) WHERE \(here)")
    case 0xE8: ResultTemplate.run(database, "DROP TABLE \(table.name)")
    case 0xE9: ResultTemplate.run(database, "ALTER TABLE \(table.name) DROP COLUMN \(column)")
    case 0xEA: ResultTemplate.run(database, "UPDATE OR IGNORE \(table.name) SET \(column) = \(value(&edits))")
    case 0xEB: ResultTemplate.run(database, "DELETE FROM \(table.name)")
    case 0xEC..<0xEF:
      let columns = table.columns.map { $0 == column ? value(&edits) : $0 }.joined(separator: ", ")
      ResultTemplate.run(
        database, "INSERT OR IGNORE INTO \(table.name) SELECT \(columns) FROM \(table.name) WHERE \(here)")
    default:
      ResultTemplate.run(
        database, "UPDATE OR IGNORE \(table.name) SET \(column) = \(value(&edits, column)) WHERE \(here)")
    }
  }

  private static func key(_ database: OpaquePointer, _ table: String, _ row: Int) -> String {
    "rowid = (SELECT rowid FROM \(table) LIMIT 1 OFFSET \(row))"
  }

  /// A literal of SQL.
  private func value(_ edits: inout ByteReader, _ column: String = "NULL") -> String {
    let odd = [
      "NULL", "0", "-1", "9223372036854775807", "-9223372036854775808", "1e308", "-1e308", "9e999", "-9e999", "''",
      "'x'", "x'ff00'", "zeroblob(1000)", "'2025-01-06T03:00:00.000Z'", "'9999-12-31T23:59:59.999Z'",
      "'0000-01-01T00:00:00.000Z'", "'COMPLETED'", "'{\"lat\":1e999,\"lng\":0}'", "4294967296", "'a\u{1B}[31m<&\"'",
      "4e15", "1e-300", "CAST(x'80' AS TEXT)", "'nan'", "2", "3", "1000000000000", "x''",
      "printf('%.*c', 5000, 'w')", "1e15", "'[1]'", "'{}'",
    ]
    let kind = edits.byte()
    switch kind % 8 {
    case 0, 1, 2: return odd[Int(edits.byte()) % odd.count]
    case 3: return "\(edits.word())"
    case 4:
      let number = Double(bitPattern: UInt64(bitPattern: edits.word()))
      return number.isFinite ? "\(number)" : "NULL"
    case 5:
      let hex = edits.take(Int(edits.byte() % 24)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      return "CAST(x'\(hex.joined())' AS TEXT)"
    case 6: return "\(column) + \(Int8(bitPattern: edits.byte()))"
    default: return "\(column) * \(Double(Int8(bitPattern: edits.byte())) / 16)"
    }
  }

  // MARK: SQLite

  @discardableResult
  private static func with<Value>(_ path: String, _ body: (OpaquePointer) -> Value) -> Value {
    var database: OpaquePointer?
    guard sqlite3_open(path, &database) == SQLITE_OK, let database else { fatalError("cannot open \(path)") }
    defer { sqlite3_close(database) }
    return body(database)
  }

  /// Edits that SQLite refuses change nothing.
  private static func run(_ database: OpaquePointer, _ sql: String) { sqlite3_exec(database, sql, nil, nil, nil) }

  private static func texts(_ database: OpaquePointer, _ sql: String) -> [String] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { fatalError(sql) }
    defer { sqlite3_finalize(statement) }
    var found: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW { found.append(String(cString: sqlite3_column_text(statement, 0))) }
    return found
  }
}
