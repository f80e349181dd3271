internal import Foundation
internal import GRDB

/// Compares two results: every file's bytes, of the database every row, but for what the machine's clock said.
enum SameResult {
  static func check(_ folder: String, _ other: String) throws {
    let names = try files(folder)
    let others = try files(other)
    guard names == others else {
      let difference = others.difference(from: names).map { "\($0)" }.joined(separator: ", ")
      throw SwarmFailure(rule: .threads, found: "different files: \(difference)")
    }
    for name in names where !name.hasSuffix(".sqlite") {
      let bytes = [folder, other].map { FileManager.default.contents(atPath: "\($0)/\(name)") }
      guard bytes[0] == bytes[1] else { throw SwarmFailure(rule: .threads, found: "\(name) has different bytes") }
    }
    let rows = try [folder, other].map { try contents(of: $0) }
    guard rows[0].count == rows[1].count else {
      throw SwarmFailure(rule: .threads, found: "\(rows[0].count) rows in the tables, and \(rows[1].count)")
    }
    for (row, twin) in zip(rows[0], rows[1]) where row != twin {
      throw SwarmFailure(rule: .threads, found: "\(row) became \(twin)")
    }
  }

  private static func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains(".") }.sorted()
  }

  /// Table by table, row by row in the order in which the file has them.
  private static func contents(of folder: String) throws -> [String] {
    try SwarmResult.read(folder) { database in
      let tables = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master ORDER BY type, name")
      var lines = tables.map { "\($0)" }
      let names = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      for name in names {
        let columns = try database.columns(in: name).map(\.name).filter { !$0.hasPrefix("wall_clock_") }
        let rows = try Row.fetchCursor(database, sql: "SELECT \(columns.joined(separator: ", ")) FROM \(name)")
        while let row = try rows.next() { lines.append("\(name) \(row.map(\.1))") }
      }
      return lines
    }
  }
}
