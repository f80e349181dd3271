internal import Foundation
internal import GRDB

/// Compares the CSV files of a result, read by a reader of its own, with the tables, cell by cell.
struct TableChecks {
  let database: Database
  let folder: String
  /// Cells compared.
  private(set) var cells = 0

  init(database: Database, folder: String) {
    self.database = database
    self.folder = folder
  }

  mutating func check() throws {
    let runs = "SELECT run_id, policy, label, replication, seed FROM runs ORDER BY run_id"
    let jobs = try database.columns(in: "compute_workloads").map(\.name).dropFirst().map { "w.\($0)" }
    try compare(
      "jobs.csv",
      "SELECT run_id, \(jobs.joined(separator: ", ")), policy, label, replication "
        + "FROM compute_workloads w JOIN runs USING (run_id) ORDER BY run_id", isOrdered: false)
    try compareWide("metrics.csv", heads: runs) { database, run, name in
      try Row.fetchOne(
        database, sql: "SELECT value FROM run_metrics WHERE run_id = ? AND metric = ?", arguments: [run, name])
    }
    let zones = try database.columns(in: "zone_metrics").map(\.name).dropFirst(2).map { "m.\($0)" }
    try compare(
      "zones.csv",
      "SELECT m.run_id, policy, label, replication, grid_zone_id, grid_zone_code, \(zones.joined(separator: ", ")) "
        + "FROM zone_metrics m JOIN runs r USING (run_id) JOIN grid_zones z ON z.id = m.grid_zone_id", isOrdered: false)
    try compare(
      "policy_metrics.csv",
      "SELECT run_id, policy, label, replication, metric, value FROM policy_metrics JOIN runs USING (run_id)",
      isOrdered: false)
    try compareDecisions()
  }

  /// A file that is absent stands for a table that is, or has no rows.
  private func read(_ name: String, rows: Int) throws -> [[String]]? {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
      guard rows == 0 else { throw failure(name, "no file, but the table has \(rows) rows") }
      return nil
    }
    guard let text = String(validating: data, as: UTF8.self), let lines = SwarmCSV.rows(text) else {
      throw failure(name, "text that is not CSV")
    }
    guard let head = lines.first else { throw failure(name, "no header") }
    if let line = lines.first(where: { $0.count != head.count }) {
      throw failure(name, "a line with \(line.count) cells for \(head.count) columns: \(line)")
    }
    guard lines.count == rows + 1 else {
      throw failure(name, "\(lines.count - 1) lines, but the table has \(rows) rows")
    }
    return lines
  }

  private func failure(_ name: String, _ found: String) -> SwarmFailure {
    SwarmFailure(rule: .tables, found: "\(name): \(found)")
  }

  private mutating func compare(_ name: String, _ sql: String, isOrdered: Bool) throws {
    let rows = try Row.fetchAll(database, sql: sql).map { row in row.map(\.1) }
    guard let lines = try read(name, rows: rows.count) else { return }
    // Lines are in the order of the runs, rows in that of their keys.
    let sorted = isOrdered ? Array(lines.dropFirst()) : lines.dropFirst().sorted(by: TableChecks.precedes)
    let expected =
      isOrdered
      ? rows : rows.sorted { TableChecks.precedes($0.map(SwarmCSV.text), $1.map(SwarmCSV.text)) }
    for (line, row) in zip(sorted, expected) { try compare(name, line, row) }
  }

  /// By the first five cells, which tell lines apart in every file.
  private static func precedes(_ a: [String], _ b: [String]) -> Bool {
    a.prefix(5).lexicographicallyPrecedes(b.prefix(5))
  }

  private mutating func compare(_ name: String, _ line: [String], _ row: [DatabaseValue]) throws {
    guard line.count == row.count else { throw failure(name, "\(line.count) cells, but a row has \(row.count)") }
    for (cell, value) in zip(line, row) {
      cells += 1
      guard !SwarmCSV.matches(cell, value) else { continue }
      throw failure(name, "\(cell), but the table has \(value), in \(line.joined(separator: ","))")
    }
  }

  /// A line a run, a column a metric.
  private mutating func compareWide(
    _ name: String, heads: String, value: (Database, Int, String) throws -> Row?
  ) throws {
    let runs = try Row.fetchAll(database, sql: heads)
    guard let lines = try read(name, rows: runs.count) else { return }
    for (line, run) in zip(lines.dropFirst(), runs) {
      let head = run.map(\.1)
      try compare(name, Array(line.prefix(head.count)), head)
      for (metric, cell) in zip(lines[0], line).dropFirst(head.count) {
        cells += 1
        guard let row = try value(database, run[0], metric) else { throw failure(name, "\(metric) without a row") }
        let stored = row[0] as DatabaseValue
        guard SwarmCSV.matches(cell, stored) else {
          throw failure(name, "\(metric) \(cell), but the table has \(stored)")
        }
      }
    }
  }

  private mutating func compareDecisions() throws {
    guard try database.tableExists("decisions") else { return }
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM decisions ORDER BY run_id, decision")
    guard let lines = try read("decisions.csv", rows: rows.count) else { return }
    var options = 0
    for (line, row) in zip(lines.dropFirst(), rows) {
      let head = row.map(\.1)
      try compare("decisions.csv", Array(line.prefix(head.count)), head)
      let own = try Row.fetchAll(
        database, sql: "SELECT * FROM decision_options WHERE run_id = ? AND decision = ? ORDER BY rank",
        arguments: [row[0] as Int, row[1] as Int])
      // Behind run, decision and rank.
      let told = own.flatMap { $0.map(\.1).dropFirst(3) }
      try compare("decisions.csv", Array(line.dropFirst(head.count).prefix(told.count)), told)
      guard line.dropFirst(head.count + told.count).allSatisfy(\.isEmpty) else {
        throw failure("decisions.csv", "more options than the table has, in \(line.joined(separator: ","))")
      }
      options += own.count
    }
    let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM decision_options") ?? 0
    guard count == options else { throw failure("decisions.csv", "\(options) options, but the table has \(count)") }
  }
}

/// CSV as RFC 4180 has it.
enum SwarmCSV {
  /// `nil` where a quote is out of place.
  static func rows(_ text: String, separator: UInt8 = 44) -> [[String]]? {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var (isQuoted, wasQuoted) = (false, false)
    var bytes = text.utf8.makeIterator()
    var next = bytes.next()
    while let byte = next {
      next = bytes.next()
      if isQuoted {
        if byte != 34 {
          cell.append(byte)
        } else if next == 34 {
          cell.append(34)
          next = bytes.next()
        } else {
          (isQuoted, wasQuoted) = (false, true)
        }
      } else if byte == separator || byte == 10 {
        row.append(String(decoding: cell, as: UTF8.self))
        (cell, wasQuoted) = ([], false)
        if byte == 10 {
          rows.append(row)
          row = []
        }
      } else if byte == 34 && cell.isEmpty && !wasQuoted {
        isQuoted = true
      } else if byte == 34 || wasQuoted {
        return nil
      } else {
        cell.append(byte)
      }
    }
    return isQuoted || !cell.isEmpty || !row.isEmpty ? nil : rows
  }

  /// A value as a cell has it, for order alone.
  static func text(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null, .blob: ""
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): guarded(text)
    }
  }

  /// True if a cell agrees with a table's value: empty for null, otherwise the very number or the very text.
  static func matches(_ cell: String, _ value: DatabaseValue) -> Bool {
    switch value.storage {
    case .null: cell.isEmpty
    case .int64(let number): Double(cell) == Double(number)
    case .double(let number): Double(cell) == number
    case .string(let text): cell == guarded(text)
    case .blob: false
    }
  }

  /// Puts an apostrophe before text that a spreadsheet would take for a formula.
  private static func guarded(_ text: String) -> String {
    text.first.map { "=+-@\t".contains($0) } == true ? "'" + text : text
  }
}
