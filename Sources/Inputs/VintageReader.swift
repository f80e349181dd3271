public import Domain

/// Reads forecasts with the instants that they were issued at: CSV of `issued_at,datetime,zone,forecast`.
public enum VintageReader {
  private static let columns = ["issued_at", "datetime", "zone", "forecast"]

  /// True if a file's header has the column `issued_at`; JSON has none.
  public static func isVintages(path: String, mapping: TableMapping = TableMapping()) throws -> Bool {
    if try TraceReader.beginsLikeJSON(path) { return false }
    if mapping.issued != nil { return true }
    return try TableSurvey(path: path, mapping: mapping).names.contains { $0.lowercased() == columns[0] }
  }

  /// The forecasts of the zones, in their order; rows of other zones are left out. Rows need not be sorted.
  ///
  /// - Parameters:
  ///   - start: the clock's start; each zone must have been forecast by then.
  ///   - mapping: the names of columns and the form of numbers, if they are others.
  /// - Throws: ``InputError`` with all the file's faults.
  public static func read(
    path: String, zones: [Zone], start: Instant, mapping: TableMapping = TableMapping()
  ) throws -> [ForecastVintages] {
    let reader = try CSVLineReader(path: path)
    let fields = CSVFields()
    var issues = IssueList()
    let table = try Table(path, mapping, &issues)
    fields.separator = table.dialect.separator
    guard let header = try reader.next(), fields.split(header) else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    try fields.checkWidth(path)
    let places = table.places
    let matcher = ZoneMatcher(zones)
    var rows = [[Row]](repeating: [], count: zones.count)
    while let line = try reader.next() {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line), fields.count == table.width else {
        issues.add(
          InputIssue(
            file: path, line: reader.lineNumber, found: "\(fields.count) fields", expected: "\(table.width) fields"))
        continue
      }
      guard let zone = matcher.place(of: fields[places[2]]) else { continue }
      if let row = row(fields, table, path, reader.lineNumber, &issues) { rows[zone].append(row) }
    }
    let vintages = zip(zones, rows).map { zone, rows in sorted(rows, zone, path, start, &issues) }
    try issues.throwIfAny()
    return vintages
  }

  /// The columns of the table and what their cells mean.
  private struct Table {
    var dialect: CSVDialect
    var width: Int
    var places: [Int] = []
    var scale = 1.0
    /// For each of the two columns of times: true if they could be a spreadsheet's dates.
    var areSerials: [Bool] = []
    private let clock: LocalClock?

    init(_ path: String, _ mapping: TableMapping, _ issues: inout IssueList) throws {
      let survey = try TableSurvey(path: path, mapping: mapping)
      dialect = survey.dialect
      width = survey.names.count
      clock = mapping.timeZone.flatMap { LocalClock(name: $0) }
      func refuse(_ key: String, _ line: Int, _ found: String, _ expected: String) {
        issues.add(InputIssue(file: path, line: line, key: key, found: found, expected: expected))
      }
      if let name = mapping.timeZone, clock == nil {
        refuse("time_zone", 0, "\"\(name)\"", LocalClock.expected(for: name))
      }
      if mapping.stamps == .end || mapping.duplicates != .error || mapping.null != nil || mapping.dateOrder != nil {
        refuse("", 0, "stamps, duplicates, null or date_order", "no such keys for a file of issues (issued_at)")
      }
      let names = survey.names.map { $0.lowercased() }
      let own = [mapping.issued, mapping.time, mapping.zone, mapping.forecast ?? mapping.value]
      for (name, wanted) in zip(columns, own) {
        let exact = wanted.flatMap { wanted in survey.names.firstIndex(of: wanted) }
        if let place = wanted == nil ? names.firstIndex(of: name) : exact {
          places.append(place)
        } else {
          refuse(name, 1, "the columns \(list(survey.names.map { $0.lowercased() }))", "a column \(wanted ?? name)")
        }
      }
      try issues.throwIfAny()
      if dialect.separator != 44, mapping.decimal == nil {
        dialect.hasDecimalCommas = survey.columns[places[3]].hasComma
      }
      areSerials = places.prefix(2).map { survey.columns[$0].areSerials }
      let unit = HeaderUnit(survey.names[places[3]])
      switch unit.meaning {
      case .intensity(let factor): scale = mapping.scale ?? factor
      case .none: scale = mapping.scale ?? 1
      case .price, .other:
        scale = mapping.scale ?? 1
        if mapping.scale == nil { refuse(survey.names[places[3]], 1, "the unit \(unit.unit)", "a mass per energy") }
      }
      try issues.throwIfAny()
    }

    /// A time with an offset or of the time zone; of a local time that occurs twice the first instant.
    func instant(_ cell: Bytes) -> Instant? {
      guard let clock, case .local(let local)? = WrittenTime(utf8: cell) else { return Instant(utf8: cell) }
      var own = clock
      switch own.resolve(local) {
      case .none: return nil
      case .one(let instant), .two(let instant, _): return instant
      }
    }
  }

  private struct Row {
    var issued: Int64
    var start: Int64
    var value: Double
    var line: Int
  }

  private static func row(
    _ fields: CSVFields, _ table: Table, _ path: String, _ line: Int, _ issues: inout IssueList
  ) -> Row? {
    let places = table.places
    func refuse(_ column: Int, _ expected: String) {
      issues.add(
        InputIssue(
          file: path, line: line, key: columns[column], found: fields[places[column]].quoted, expected: expected))
    }
    let stamps = [0, 1].map { column -> Int64? in
      let cell = fields[places[column]]
      if table.areSerials[column] {
        refuse(column, StampText.serialExpected)
        return nil
      }
      if let stamp = table.instant(cell) { return stamp.milliseconds }
      refuse(column, "an ISO 8601 time or epoch seconds")
      return nil
    }
    guard let value = table.dialect.number(fields[places[3]]), value >= 0 else {
      refuse(3, "an intensity of at least 0")
      return nil
    }
    guard let issued = stamps[0], let start = stamps[1] else { return nil }
    return Row(issued: issued, start: start, value: value * table.scale, line: line)
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
            found: "\(row.value), and \(last.value) on line \(last.line), for the same issue and timestamp",
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
