internal import Domain
internal import Foundation
internal import GRDB

/// The views of a result: what people and scripts read instead of the tables must be what this program defines.
enum ViewChecks {
  /// Holds each view's definition against the program's own, which the checked tables stand behind.
  ///
  /// - Returns: what was not checked: views of others, and those of a file that another version wrote.
  static func check(
    _ database: Database, _ program: Audit.Program, _ findings: Findings
  ) throws -> [(reason: UncheckedReason, names: [String])] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT name, sql, type FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY name")
    var stored: [(name: String, sql: String)] = []
    var strangers: [String] = []
    let expected = program.views(try metrics(database))
    for row in rows {
      let name = String.fromDatabaseValue(row[0]) ?? "?"
      guard String.fromDatabaseValue(row[2]) == "view", expected.contains(where: { $0.name == name }) else {
        strangers.append(name)
        continue
      }
      stored.append((name, String.fromDatabaseValue(row[1]) ?? ""))
    }
    // The provenance says which version wrote the file; without one it is an old one.
    guard try AuditedProvenance(database)?.version == program.version else {
      let names = (stored.map(\.name) + strangers).map { "view \($0)" }
      return names.isEmpty ? [] : [(.otherProgram, names)]
    }
    for (name, sql) in expected {
      let found = stored.first { $0.name == name }?.sql
      guard found != sql else { continue }
      findings.add(.view) {
        AuditFailure(
          $0, name: "view \(name)",
          found: .text(found.map { "different SQL, \(difference($0, sql))" } ?? "no such view"),
          expected: .text("the definition of this program"))
      }
    }
    return strangers.isEmpty ? [] : [(.otherProgram, strangers.map { "view or trigger \($0)" })]
  }

  /// The figures of a run in the order of the view's columns.
  private static func metrics(_ database: Database) throws -> [String] {
    let names = try DatabaseValue.fetchAll(database, sql: "SELECT DISTINCT metric FROM run_metrics")
      .compactMap { String.fromDatabaseValue($0) }
    return Metric.names.filter(names.contains)
  }

  /// The first words that differ.
  private static func difference(_ found: String, _ expected: String) -> String {
    let pairs = zip(found.split(whereSeparator: \.isWhitespace), expected.split(whereSeparator: \.isWhitespace))
    guard let (a, b) = pairs.first(where: { $0 != $1 }) else { return "longer or shorter" }
    return "\(a.prefix(60)) instead of \(b.prefix(60))"
  }
}
