internal import GRDB

/// The provenance of a result: the rows of `provenance`, read without the code that wrote them.
public struct AuditedProvenance: Sendable {
  /// Version of the program that wrote the result.
  public var version = ""
  /// The scenario file's own name, without its folder.
  public var file = ""
  /// Contents of the scenario file; `nil` if the result does not have them.
  public var text: String?
  /// Options of the command line, in their order.
  public var options: [(name: String, value: String)] = []

  /// - Returns: `nil` if the file does not say.
  init?(_ database: Database) throws {
    guard try database.tableExists("provenance") else { return nil }
    for row in try Row.fetchAll(database, sql: "SELECT item, value FROM provenance ORDER BY place") {
      guard let item = String.fromDatabaseValue(row[0]), let value = String.fromDatabaseValue(row[1]) else { continue }
      switch item {
      case "pylon_version": version = value
      case "scenario_file": file = value
      case "scenario_text": text = value
      default: if item.hasPrefix("--") { options.append((item, value)) }
      }
    }
    if file.isEmpty { return nil }
  }
}
