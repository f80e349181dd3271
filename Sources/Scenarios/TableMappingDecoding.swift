import Domain

extension TableMapping {
  /// The keys of a table that is mapped.
  static let keys = [
    "columns", "time", "value", "separator", "decimal", "time_zone", "stamps", "duplicates", "null", "scale",
    "date_order",
  ]
  private static let columns = ["time", "zone", "value", "forecast", "issued_at"]

  /// Reads the keys of a table from a mapping that may have them.
  ///
  /// - Parameter hasDefaults: whether there is a table, so that keys which are absent have their defaults.
  init(_ fields: Fields, hasDefaults: Bool = true) {
    self.init()
    let reader = fields.reader
    let names = reader.fields(
      fields.optional("columns"), allowed: TableMapping.columns, expected: "a mapping such as {time: COLUMN}")
    func column(_ key: String) -> String? {
      let long = names?.optional(key)
      let short = ["time", "value"].contains(key) ? fields.optional(key) : nil
      if let long, short != nil {
        reader.refuse(long, expected: "either \(key) or columns.\(key)", found: "both")
      }
      return reader.text(long ?? short, expected: "the name of a column")
    }
    func cell(_ key: String, _ standard: String) -> Cell? {
      hasDefaults ? fields.optional(key, else: standard) : fields.optional(key)
    }
    time = column("time")
    zone = column("zone")
    value = column("value")
    forecast = column("forecast")
    issued = column("issued_at")
    if let cell = fields.optional("separator") {
      let expected = "a character such as \",\" or \";\", or tab"
      separator = reader.text(cell, expected: expected).flatMap { TableMapping.separator($0) }
      if separator == nil, case .scalar(let text, _) = cell.tree.content, !text.isEmpty {
        reader.refuse(cell, expected: expected)
      }
    }
    decimal = reader.choice(fields.optional("decimal"), of: Decimal.self)
    timeZone = reader.text(fields.optional("time_zone"), expected: "a time zone such as Europe/Berlin")
    stamps = reader.choice(fields.optional("stamps"), of: Stamps.self)
    duplicates = reader.choice(cell("duplicates", "error"), of: Duplicates.self) ?? .error
    null = nulls(fields)
    scale = reader.number(fields.optional("scale"), expected: "a number above 0 and up to 1e12") {
      $0 > 0 && $0 <= 1e12
    }
    dateOrder = reader.choice(fields.optional("date_order"), of: DateOrder.self)
  }

  private func nulls(_ fields: Fields) -> [String]? {
    let expected = "a list of strings such as [NA, \"\"]"
    guard let items = fields.reader.items(fields.optional("null"), expected: expected) else { return nil }
    return items.compactMap { item in
      guard case .scalar(let text, _) = item.tree.content else {
        fields.reader.refuse(item, expected: "a string")
        return nil
      }
      return text
    }
  }
}
