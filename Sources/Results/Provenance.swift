package import GRDB

/// The inputs from which a result was made, so that it can be reproduced: the rows of `provenance`.
public struct Provenance: Sendable, Hashable {
  /// An option of the command line, `--set` and what stood behind it.
  public struct Option: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Version of the program that wrote the result.
  public var version: String
  /// The scenario file's own name, without its folder.
  public var file: String
  /// Contents of the scenario file; `nil` if they are longer than a result's texts may be.
  public var text: String?
  /// In their order.
  public var options: [Option]

  public init(version: String, file: String, text: String?, options: [Option]) {
    self.version = version
    self.file = file
    self.text = text
    self.options = options
  }

  /// How jobs came to their home zones; `nil` of a result that does not hold it.
  public private(set) var homes: String?

  /// Bytes.
  package static let longestText = 1_000_000

  package static let table = """
    CREATE TABLE provenance (place INTEGER PRIMARY KEY, item TEXT NOT NULL, value TEXT NOT NULL);
    """

  private var items: [(item: String, value: String)] {
    var items = [("pylon_version", version), ("scenario_file", file)]
    if let text, text.utf8.count <= Provenance.longestText { items.append(("scenario_text", text)) }
    return items + options.map { ($0.name, $0.value) }
  }

  package func insert(_ database: Database) throws {
    for (place, item) in items.enumerated() {
      try database.execute(
        sql: "INSERT INTO provenance VALUES (?, ?, ?)", arguments: [place + 1, item.item, item.value])
    }
  }

  /// Adds an item behind those there are.
  package static func insert(_ item: String, _ value: String, _ database: Database) throws {
    try database.execute(
      sql: "INSERT INTO provenance SELECT coalesce(max(place), 0) + 1, ?, ? FROM provenance", arguments: [item, value])
  }

  /// - Returns: `nil` of a file that does not tell.
  package init?(_ database: Database) throws {
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'provenance'")
    guard isThere == true else { return nil }
    self.init(version: "", file: "", text: nil, options: [])
    for row in try Row.fetchAll(database, sql: "SELECT item, value FROM provenance ORDER BY place") {
      guard let item = String.fromDatabaseValue(row[0]), let value = String.fromDatabaseValue(row[1]) else { continue }
      switch item {
      case "pylon_version": version = value
      case "scenario_file": file = value
      case "scenario_text": text = value
      case "home_zones": homes = value
      default: if item.hasPrefix("--") { options.append(Option(item, value)) }
      }
    }
    if file.isEmpty { return nil }
  }
}
