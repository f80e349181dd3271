import GRDB

/// Plain SQL on a result.
enum ResultQuery {
  static func texts(_ path: String, _ sql: String) throws -> [String] {
    try DatabaseQueue(path: path).read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        row.map { "\($0.1)".trimmingQuotes }.joined(separator: "|")
      }
    }
  }
}

extension String {
  fileprivate var trimmingQuotes: String { hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self }
}
