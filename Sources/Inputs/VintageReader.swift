public import Domain

/// Reads forecasts with the instants that they were issued at: CSV of `issued_at,datetime,zone,forecast`.
public enum VintageReader {
  private static let columns = ["issued_at", "datetime", "zone", "forecast"]

  /// Whether a file's header has the column `issued_at`; JSON has none.
  public static func isVintages(path: String) throws -> Bool {
    try !TraceReader.beginsLikeJSON(path) && header(path).contains { $0.lowercased() == columns[0] }
  }

  /// The names in the first line of a CSV; none where it is empty or no CSV.
  static func header(_ path: String) throws -> [String] {
    let fields = CSVFields()
    let reader = try CSVLineReader(path: path)
    // The fields lie in the reader's memory.
    return try withExtendedLifetime(reader) {
      guard let header = try reader.next(), fields.split(header) else { return [] }
      try fields.checkWidth(path)
      return (0..<fields.count).map { fields[$0].text }
    }
  }

  /// The forecasts of the zones, in their order; rows of other zones are left out. Rows need not be sorted.
  ///
  /// - Parameter start: the clock's start; each zone must have been forecast by then.
  /// - Throws: ``InputError`` with all the file's faults.
  public static func read(path: String, zones: [Zone], start: Instant) throws -> [ForecastVintages] {
    let reader = try CSVLineReader(path: path)
    let fields = CSVFields()
    var issues = IssueList()
    guard let header = try reader.next(), fields.split(header) else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    try fields.checkWidth(path)
    let names = (0..<fields.count).map { fields[$0].text.lowercased() }
    let places = columns.map { names.firstIndex(of: $0) ?? -1 }
    for (name, place) in zip(columns, places) where place < 0 {
      issues.add(
        InputIssue(
          file: path, line: 1, key: name, found: "the columns \(list(names))", expected: "a column \(name)"))
    }
    try issues.throwIfAny()
    let matcher = ZoneMatcher(zones)
    var rows = [[Row]](repeating: [], count: zones.count)
    while let line = try reader.next() {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line), fields.count == names.count else {
        issues.add(
          InputIssue(
            file: path, line: reader.lineNumber, found: "\(fields.count) fields", expected: "\(names.count) fields"))
        continue
      }
      guard let zone = matcher.place(of: fields[places[2]]) else { continue }
      if let row = row(fields, places, path, reader.lineNumber, &issues) { rows[zone].append(row) }
    }
    let vintages = zip(zones, rows).map { zone, rows in sorted(rows, zone, path, start, &issues) }
    try issues.throwIfAny()
    return vintages
  }

  private struct Row {
    var issued: Int64
    var start: Int64
    var value: Double
    var line: Int
  }

  private static func row(
    _ fields: CSVFields, _ places: [Int], _ path: String, _ line: Int, _ issues: inout IssueList
  ) -> Row? {
    func refuse(_ column: Int, _ expected: String) {
      issues.add(
        InputIssue(
          file: path, line: line, key: columns[column], found: fields[places[column]].quoted, expected: expected))
    }
    let stamps = [0, 1].map { column -> Int64? in
      if let stamp = Instant(utf8: fields[places[column]]) { return stamp.milliseconds }
      refuse(column, "an ISO 8601 time or epoch seconds")
      return nil
    }
    guard let value = fields[places[3]].number, value >= 0 else {
      refuse(3, "an intensity of at least 0")
      return nil
    }
    guard let issued = stamps[0], let start = stamps[1] else { return nil }
    return Row(issued: issued, start: start, value: value, line: line)
  }

  private static func sorted(
    _ rows: [Row], _ zone: Zone, _ path: String, _ start: Instant, _ issues: inout IssueList
  ) -> ForecastVintages {
    let rows = rows.sorted { ($0.issued, $0.start, $0.line) < ($1.issued, $1.start, $1.line) }
    var kept: [Row] = []
    for row in rows {
      guard let last = kept.last, last.issued == row.issued, last.start == row.start else {
        kept.append(row)
        continue
      }
      if last.value != row.value {
        issues.add(
          InputIssue(
            file: path, line: row.line, key: zone.code,
            found: "\(row.value), and \(last.value) in line \(last.line), of one issue and stamp",
            expected: "one value"))
      }
    }
    guard let first = kept.first, first.issued <= start.milliseconds else {
      let found = kept.first.map { "a first issue at \(Instant(milliseconds: $0.issued).iso8601)" } ?? "no rows"
      issues.add(
        InputIssue(
          file: path, line: 0, key: zone.code, found: found,
          expected: "an issue at or before the clock's start, \(start.iso8601)"))
      return ForecastVintages(rows: [])
    }
    return ForecastVintages(rows: kept.map { ($0.issued, $0.start, $0.value) })
  }
}
