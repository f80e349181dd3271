import Domain

/// The separator, the header and the sort of each column of a table, from its first lines.
struct TableSurvey {
  static let sampledRows = 200

  /// The sort of a column's cells, as far as they were looked at.
  struct Column {
    var numbers = 0
    var times = 0
    var texts = 0
    /// Times without an offset.
    var locals = 0
    var years = 0
    /// Numbers of a year and a month: 202503.
    var months = 0
    /// Numbers of a date and an hour: 2025010113.
    var compactHours = 0
    /// Numbers that could be a spreadsheet's dates, and such that are dates in eight digits.
    var serials = 0
    var compactDates = 0
    /// The first texts, at most five that differ.
    var samples: [String] = []
    /// The first times, to compare columns by.
    var instants: [Instant] = []
    var least = Double.infinity
    var most = -Double.infinity
    var hasZero = false
    var hasTwentyFour = false
    /// True if a number has a comma.
    var hasComma = false

    /// True if cells may be times without an offset.
    var mayBeLocal: Bool { locals > 0 || areCompactDates || isYears || areMonths || areCompactHours }
    var isText: Bool { texts > 0 && numbers == 0 && times == 0 }
    var isTime: Bool { times > 0 && numbers == 0 && texts == 0 }
    var isNumber: Bool { numbers > 0 && times == 0 && texts == 0 }
    /// True if every cell could be a spreadsheet's date.
    var areSerials: Bool { serials > 0 && serials == numbers && texts == 0 && times == 0 }
    var areCompactDates: Bool { compactDates > 0 && compactDates == numbers && texts == 0 && times == 0 }
    var hasDates: Bool { isTime || areCompactDates }
    var areMonths: Bool { months > 0 && months == numbers && texts == 0 && times == 0 }
    var areCompactHours: Bool { compactHours > 0 && compactHours == numbers && texts == 0 && times == 0 }
    var isYears: Bool { years > 0 && years == numbers && texts == 0 && times == 0 }
  }

  /// The first column of dates without a time of day.
  var dateOfDays: Int? {
    columns.firstIndex { column in
      column.areCompactDates
        || (column.isTime && !column.instants.isEmpty
          && column.instants.allSatisfy { $0.milliseconds % 86_400_000 == 0 })
    }
  }

  var dialect = CSVDialect()
  /// The line of the header, from 1.
  private(set) var headerLine = 1
  /// The columns' names; empty if there is no header.
  var names: [String] = []
  var columns: [Column] = []
  /// A line below the first one that looks like the header, and a line of units below the header.
  private(set) var headerBelow: Int?
  private(set) var unitsBelow: (line: Int, cells: [String])?
  /// A first line that holds values: the file has no header.
  var isHeaderless = false

  /// The names of a file of Octopus Agile prices without a header: time, time of day, letter and name of the region,
  /// price.
  static let agile = ["valid_from", "time", "region_code", "region", "value_inc_vat"]

  /// For messages about a file without a header: the line that it lacks.
  var expectedHeader: String {
    let times = columns.indices.filter { columns[$0].isTime }
    let numbers = columns.indices.filter { columns[$0].isNumber }
    let isOctopus = columns.count == 4 && times == [0, 1] && numbers == [2, 3]
    let line =
      isOctopus
      ? "valid_from,valid_to,value_exc_vat,value_inc_vat (if it is a tariff of Octopus, in p/kWh)"
      : "datetime,carbon_intensity or datetime,price"
    return "a header line that names the columns; put one before it, such as \(line)"
  }

  init(path: String, mapping: TableMapping) throws {
    let reader = try CSVLineReader(path: path)
    guard let header = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    headerLine = reader.lineNumber
    let separator = mapping.separator ?? reader.namedSeparator
    dialect = separator.map { CSVDialect(separator: $0) } ?? CSVDialect(header: Bytes(header))
    dialect.hasDecimalCommas = mapping.decimal == .comma
    let fields = CSVFields()
    fields.separator = dialect.separator
    guard fields.split(header) else { return }
    try fields.checkWidth(path)
    // A line break in a name is a blank.
    names = (0..<fields.count).map { field in
      let name = fields[field].text
      return name.contains(where: \.isNewline) ? name.split(whereSeparator: \.isNewline).joined(separator: " ") : name
    }
    columns = names.map { _ in Column() }
    let nulls = NullTexts(mapping.null)
    let stamps = StampText(dateOrder: mapping.dateOrder ?? .dayFirst)
    isHeaderless = names.first.map { TableSurvey.isTime($0) } ?? false
    if isHeaderless {
      add(fields, nulls, stamps)
      if looksLikeAgile(fields) { names = TableSurvey.agile }
    }
    for _ in 0..<TableSurvey.sampledRows {
      // Broken text is reported when the rows are read.
      guard let line = try? reader.next() else { break }
      guard fields.split(line) else { continue }
      fields.dropEmptyTail(beyond: names.count)
      if reader.lineNumber < headerLine + 20 { look(fields, reader.lineNumber) }
      guard fields.count == names.count else { continue }
      add(fields, nulls, stamps)
    }
  }

  /// Looks for a header, or for units, below the first line.
  private mutating func look(_ fields: CSVFields, _ line: Int) {
    let cells = (0..<min(fields.count, 50)).map { fields[$0].text }
    if headerBelow == nil, cells.count > 1, cells.contains(where: { TraceNames.isTimeName($0) }),
      !cells.contains(where: { Double($0) != nil })
    {
      headerBelow = line
    }
    guard unitsBelow == nil, line == headerLine + 1, cells.count == names.count else { return }
    let isUnit = cells.contains { cell in
      switch HeaderUnit("x (\(cell))").meaning {
      case .intensity, .price: true
      case .none, .other: false
      }
    }
    let isData = fields.hasNumberOrTime
    if isUnit, !isData { unitsBelow = (line, cells.filter { !$0.isEmpty }) }
  }

  private static func isTime(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.count >= 10 && bytes[4] == 45 && Instant(utf8: bytes) != nil
    }
  }

  private func looksLikeAgile(_ fields: CSVFields) -> Bool {
    fields.count == 5 && fields[2].count == 1 && (65...80).contains(fields[2][0]) && fields[4].number != nil
      && fields[1].count == 5 && fields[1][2] == 58
  }

  private mutating func add(_ fields: CSVFields, _ nulls: NullTexts, _ stamps: StampText) {
    for place in columns.indices {
      let cell = fields[place]
      if nulls.contains(cell) { continue }
      if let number = cell.number ?? cell.decimalCommaNumber {
        columns[place].numbers += 1
        if StampText.year(cell) != nil { columns[place].years += 1 }
        if StampText.compactHour(cell) != nil { columns[place].compactHours += 1 }
        if StampText.month(cell) != nil { columns[place].months += 1 }
        if StampText.mayBeSerial(number) { columns[place].serials += 1 }
        if StampText.isCompactDate(cell) { columns[place].compactDates += 1 }
        if cell.contains(44) { columns[place].hasComma = true }
        columns[place].least = min(columns[place].least, number)
        columns[place].most = max(columns[place].most, number)
        if number == 0 { columns[place].hasZero = true }
        if number == 24 { columns[place].hasTwentyFour = true }
        if columns[place].instants.count < 20, let instant = Instant(utf8: cell) {
          columns[place].instants.append(instant)
        }
        continue
      }
      switch stamps.read(cell) {
      case .none, .serial:
        columns[place].texts += 1
        if columns[place].samples.count < 5, !columns[place].samples.contains(cell.text) {
          columns[place].samples.append(cell.text)
        }
      case .ambiguous:
        columns[place].times += 1
        columns[place].locals += 1
      case .time(let time):
        let instant =
          switch time {
          case .instant(let instant), .local(let instant): instant
          }
        if case .local = time { columns[place].locals += 1 }
        columns[place].times += 1
        if columns[place].instants.count < 20 { columns[place].instants.append(instant) }
      }
    }
  }
}
