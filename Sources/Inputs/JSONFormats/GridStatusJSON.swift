import Domain

/// Answers of gridstatus.io: rows of a data set as objects, or as lists behind one with the columns' names.
enum GridStatusJSON: JSONTraceFormat {
  static let takesValue = true
  static let title = "gridstatus.io"
  private static let source = "gridstatus.io"
  private static let time = "interval_start_utc"
  private static let prices = ["lmp", "spp", "price"]
  private static let zones = ["location", "zone", "region", "hub"]

  static func recognises(_ root: JSONNode) -> Bool {
    guard let first = root["data"]?.list?.first else { return false }
    return first[time] != nil || first.list?.contains { $0.text == time } == true
  }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    let rows = answers.flatMap { objects($0["data"]?.list ?? []) }
    let columns = rows.first?.keys ?? []
    let own = reading.mapping.value.map { [$0] }
    let wanted = own ?? (book.kind == .price ? prices : book.kind == .carbon ? ["carbon_intensity"] : ["forecast"])
    guard let key = wanted.first(where: { columns.contains($0) }) else {
      return book.report(
        book.kind.longColumn, answers[0].line, "the columns \(list(columns))",
        "a column \(wanted.joined(separator: " or "))")
    }
    var scale = 1.0
    if book.kind == .price {
      scale = 0.001
      book.noteCurrency("USD", of: source)
      if book.fixedScale == nil { book.note("\(source): \(key) is read as USD/MWh and converted to USD/kWh (× 0.001)") }
    }
    guard let zone = zones.first(where: { columns.contains($0) }) else {
      guard let targets = book.unnamedTargets(key, answers[0].line) else { return }
      for row in rows { book.add(row, key, to: targets, stamp: book.stamp(row, time), scale: scale) }
      return
    }
    for row in rows {
      guard let name = row[zone]?.text else {
        book.report(zone, row.line, row[zone]?.summary ?? "nothing", "a name")
        continue
      }
      book.add(row, key, to: book.targets([name]), stamp: book.stamp(row, time), scale: scale)
    }
  }

  /// Rows as objects.
  private static func objects(_ rows: [JSONNode]) -> [JSONNode] {
    guard let head = rows.first?.list else { return rows }
    let names = head.map { $0.text ?? "" }
    return rows.dropFirst().map { row in
      guard let cells = row.list else { return row }
      return JSONNode(value: .object(Array(zip(names, cells)).map { (key: $0, value: $1) }), line: row.line)
    }
  }
}
