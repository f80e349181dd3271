import Domain
internal import Scenarios

/// A file of values by series and stamp that can be read more than once.
protocol TraceRows {
  /// Hands every value to the book.
  mutating func walk(_ book: inout SeriesBook) throws
}

/// A CSV of any of the shapes that ``TraceLayout`` knows.
struct TraceCSV: TraceRows {
  let path: String
  let reading: TraceReading
  private(set) var survey: TableSurvey
  let fields = CSVFields()
  private(set) var stamps: StampText
  /// Local times: their clock, and by series the order of its rows.
  var clock: LocalClock?
  /// The meaning of hours in a column of their own.
  var hourRule = HourSurvey.Rule()
  private var orders: [Int: LocalOrder] = [:]
  private var descending = false
  private var isSurveyed = false
  /// True if `date_order` decides the meaning of a date of the file.
  private var hasOrderedDates = false
  /// True if a time without an offset was read.
  private var hasLocals = false
  /// True if a time with an offset, or with a meaning of its own, was read.
  private var hasInstants = false

  init(path: String, reading: TraceReading) throws {
    self.path = path
    self.reading = reading
    survey = try TableSurvey(path: path, mapping: reading.mapping)
    stamps = StampText(dateOrder: reading.mapping.dateOrder)
  }

  /// True if the header has a column of exactly this name, and its cells are texts.
  func hasTexts(in name: String) -> Bool {
    guard let place = survey.names.firstIndex(of: name) else { return false }
    return survey.columns[place].isText
  }

  mutating func walk(_ book: inout SeriesBook) throws {
    let reader = try CSVLineReader(path: path)
    fields.separator = survey.dialect.separator
    book.headerLine = survey.headerLine
    guard let header = try reader.next(), fields.split(header) else {
      return book.report("", 1, "text after a closing quote", "CSV")
    }
    if survey.isHeaderless, survey.names != TableSurvey.agile {
      return book.report("", 1, "values in the first line", survey.expectedHeader)
    }
    let layout = TraceLayout(survey, reading: reading, book: &book)
    book.tellingApart = layout.tellingApart
    // What is wrong with the header hides nothing of what is wrong with the cells below it.
    guard layout.isUnderstood else { return }
    guard try prepare(layout, &book) else { return }
    if survey.isHeaderless {
      book.note("no header: read as prices of Octopus Agile in p/kWh")
      // The survey of the rows leaves another line in the fields.
      if fields.split(header), fields.count == layout.names.count {
        row(layout, 1, &book)
      } else {
        book.report("", 1, "\(fields.count) fields", "\(layout.names.count), as in other rows")
      }
    }
    if let units = survey.unitsBelow {
      return book.report(
        "", units.line, "a second header line, of units such as \(units.cells.last ?? "")",
        "one header line with the units in it, such as \(layout.names.last ?? "") (\(units.cells.last ?? ""))")
    }
    while let line = book.nextLine(reader) {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line) else {
        book.report("", reader.lineNumber, "text after a closing quote", survey.dialect.name)
        continue
      }
      fields.dropEmptyTail(beyond: layout.names.count)
      if fields.isAllEmpty { continue }
      if fields.count == layout.names.count {
        row(layout, reader.lineNumber, &book)
      } else {
        reportWidth(layout, reader.lineNumber, &book)
      }
    }
    if let order = reading.mapping.dateOrder, !hasOrderedDates {
      book.note("date_order: \(order.rawValue) has no effect, as no date begins with its day or month")
    }
    if let name = reading.mapping.timeZone, hasInstants, !hasLocals, !hourRule.isCounted {
      book.note("time_zone: \(name) has no effect, as every time has an offset or is given in UTC")
    }
  }

  private func reportWidth(_ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) {
    let width = layout.names.count
    guard fields.count == 1, !fields.hasNumberOrTime else {
      let fields = fields.count == 1 ? "1 field" : "\(fields.count) fields"
      return book.report("", line, fields, "\(width), as in the header")
    }
    book.report("", line, "the text \(fields[0].quoted) alone", "\(width) fields, as in the header, and no remarks")
  }

  private mutating func row(_ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) {
    let time = time(layout, line, &book)
    switch layout.shape {
    case .wide(let series):
      let stamp = instant(time, 0, layout, line, &book)
      for field in series.indices {
        if case .none = series[field] { continue }
        add(field, series[field], stamp, layout, line, &book)
      }
    case .long(let zones, let countries, let value):
      if let field = layout.regionID, let id = fields[field].number, id > 14 { return }
      let targets = book.targets(zones.map { fields[$0] }, countries: countries.map { fields[$0] })
      add(value, targets, instant(time, series(of: targets), layout, line, &book), layout, line, &book)
    case .single(let targets, let value):
      let stamp = instant(time, 0, layout, line, &book)
      if let value, let field = layout.forecastOfActual, fields[value].number == 0,
        let forecast = fields[field].number, forecast > 0
      {
        book.addSentinel(to: targets, stamp: stamp, column: layout.names[value], line: line)
      } else {
        add(value, targets, stamp, layout, line, &book)
      }
    }
  }

  private func series(of targets: Targets) -> Int? {
    switch targets {
    case .none: nil
    case .one(let place): place
    case .many(let places): places.first
    }
  }

  private func add(
    _ field: Int?, _ targets: Targets, _ stamp: Int64?, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook
  ) {
    guard let field else { return }
    if case .none = targets { return }
    book.add(
      fields[field], to: targets, stamp: stamp, scale: layout.scales[field], column: layout.names[field], line: line)
  }
}

// Stamps.
extension TraceCSV {
  /// Looks through the file for what its first lines may not show: decimal commas, the order of day and month, and
  /// whether rows fall.
  ///
  /// - Returns: `false` after reporting that times cannot be read.
  private mutating func prepare(_ layout: TraceLayout, _ book: inout SeriesBook) throws -> Bool {
    orders = [:]
    if !isSurveyed {
      isSurveyed = true
      let name = reading.mapping.timeZone ?? layout.timeZone
      clock = name.flatMap { LocalClock(name: $0) }
      if let name, clock == nil {
        book.report("time_zone", 0, "\"\(name)\"", LocalClock.expected(for: name))
        return false
      }
      stamps.areSerials = layout.time.map { survey.columns[$0.fields[0]].areSerials } ?? false
      if case .column(let field)? = layout.time {
        stamps.isYears = survey.columns[field].isYears
        stamps.areMonths = survey.columns[field].areMonths
        stamps.areCompactHours = survey.columns[field].areCompactHours
        // ENTSO-E writes days first.
        if stamps.dateOrder == nil, squashed(layout.names[field]).hasPrefix("mtu") { stamps.dateOrder = .dayFirst }
      }
      if let grouped = try surveyRows(layout) {
        book.report(
          "", grouped.line, "numbers such as \(grouped.text), whose point may separate decimals or thousands",
          "decimal: \".\" or decimal: \",\"")
        return false
      }
      guard try surveyHours(layout, &book) else { return false }
    }
    book.dialect = survey.dialect
    book.clock = clock
    book.timeColumn = layout.time.map { layout.names[$0.fields[0]] } ?? ""
    if layout.areEnds { book.endStamps = true }
    if stamps.isYears || stamps.areMonths || stamps.areCompactHours {
      let kind = stamps.isYears ? "years" : stamps.areMonths ? "months" : "dates with an hour (yyyymmddhh)"
      book.note("column \(layout.names[layout.time?.fields.first ?? 0]): read as \(kind)")
    }
    return true
  }

  /// - Returns: the first number whose point may group digits, if no number of the file shows whether it does.
  private mutating func surveyRows(_ layout: TraceLayout) throws -> (line: Int, text: String)? {
    let seeksCommas = survey.dialect.separator != 44 && reading.mapping.decimal == nil
    let values = values(layout)
    guard let first = layout.time?.fields.first else { return nil }
    var points = PointSurvey()
    let seeksOrder = stamps.dateOrder == nil && !stamps.isYears
    let seeksUse = reading.mapping.dateOrder != nil
    guard seeksCommas || seeksOrder || seeksUse || clock != nil else { return nil }
    var order = DateOrderSurvey()
    var changes = (rises: 0, falls: 0)
    var last: Int64?
    let reader = try CSVLineReader(path: path)
    _ = try reader.next()
    let loose = StampText(dateOrder: stamps.dateOrder ?? .dayFirst)
    var rows = 0
    while let line = try? reader.next() {
      rows += 1
      guard fields.split(line) else { continue }
      fields.dropEmptyTail(beyond: layout.names.count)
      guard fields.count == layout.names.count else { continue }
      if seeksCommas, !survey.dialect.hasDecimalCommas {
        for field in values { points.add(fields[field], reader.lineNumber) }
        survey.dialect.hasDecimalCommas = values.contains { fields[$0].contains(44) }
      }
      let cell = fields[first]
      if seeksOrder { order.add(cell) }
      if seeksUse, !hasOrderedDates { hasOrderedDates = DateOrderSurvey.hasOrder(cell) }
      if clock != nil, rows <= 10_000, case .time(.local(let local)) = loose.read(cell) {
        if let last, local.milliseconds != last {
          if local.milliseconds > last { changes.rises += 1 } else { changes.falls += 1 }
        }
        last = local.milliseconds
      }
      // A file whose first rows show none of it has none of it.
      if rows > 1000, !seeksCommas, clock == nil, cell.count < 5 || cell[4] == 45 { break }
    }
    if seeksOrder { stamps.dateOrder = order.order }
    descending = changes.falls > changes.rises
    return survey.dialect.hasDecimalCommas ? nil : points.ambiguous
  }

  /// The columns of values.
  private func values(_ layout: TraceLayout) -> [Int] {
    switch layout.shape {
    case .wide(let series): series.indices.filter { if case .none = series[$0] { false } else { true } }
    case .long(_, _, let value), .single(_, let value): value.map { [$0] } ?? []
    }
  }

  /// The instant of a row's time; of a local time that occurs twice, by the order of the rows of its series.
  ///
  /// - Parameter series: `nil` for rows that nobody wants.
  private mutating func instant(
    _ time: WrittenTime?, _ series: Int?, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook
  ) -> Int64? {
    switch time {
    case nil: return nil
    case .instant(let instant)?:
      hasInstants = true
      return instant.milliseconds
    case .local(let local)?:
      hasLocals = true
      guard clock != nil else {
        book.hasLocalTimes = true
        return local.milliseconds
      }
      guard let series, let match = clock?.resolve(local) else { return nil }
      if let instant = orders[series, default: LocalOrder(descending: descending)].next(match) {
        return instant.milliseconds
      }
      let text = String(local.iso8601.prefix(16)).replacing("T", with: " ")
      let remedy =
        reading.mapping.timeZone == nil ? ", or time_zone: with an offset such as +01:00 if clocks do not change" : ""
      book.report(
        layout.names[layout.time?.fields.first ?? 0], line, text,
        "a time that exists in \(clock?.name ?? "") (clocks skip this hour)\(remedy)")
      return nil
    }
  }

  /// `nil` if the header has no time and, after reporting it, if it is none.
  private mutating func time(_ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) -> WrittenTime? {
    switch layout.time {
    case nil: return nil
    case .column(let field): return column(field, layout, line, &book)
    case .parts(let date, let time):
      if case .time(let found) = stamps.read(text: fields[date].text + "T" + fields[time].text) { return found }
      let day = stamps.read(fields[date])
      if day == .ambiguous || day == .serial {
        reportForm(day, date, layout, line, &book)
      } else {
        book.report(
          layout.names[date], line, "\(fields[date].quoted) and \(fields[time].quoted)", "a date and a time of day")
      }
    case .hours(let date, let hour, _): return hourTime(date, hour, layout, line, &book)
    case .settlement(let date, let period):
      let number = fields[period].number.flatMap { Int(exactly: $0) }
      // The rule of the clocks' change is this one since 1996.
      if let day = Instant(utf8: fields[date]), day.milliseconds % 86_400_000 == 0, day.civil.year >= 1996, let number,
        let start = SettlementPeriod.start(day: day, period: number)
      {
        return .instant(start)
      }
      book.report(
        layout.names[date], line, "\(fields[date].quoted) and \(fields[period].quoted)",
        "a settlement date and one of its periods")
    }
    return nil
  }

  /// Reports a date in a form that is not read, once a file: each date has the same fault.
  func reportForm(
    _ form: StampText.Reading, _ field: Int, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook
  ) {
    if !book.hasStrangeDates {
      book.report(
        layout.names[field], line, fields[field].quoted,
        form == .serial
          ? StampText.serialExpected
          : "an unambiguous date such as 2025-04-03, or date_order: day-first | month-first")
    }
    book.hasStrangeDates = true
  }

  private func column(_ field: Int, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) -> WrittenTime? {
    switch stamps.read(fields[field]) {
    case .time(let time): return time
    case .ambiguous, .serial: reportForm(stamps.read(fields[field]), field, layout, line, &book)
    case .none:
      // Cells that are all alike in their form are reported once.
      let own = survey.columns[field]
      let isForm = own.times == 0 && own.numbers == 0 && own.samples.count > 1
      let found = isForm ? "times such as \(own.samples[0].withBytes { $0.quoted })" : fields[field].quoted
      book.report(layout.names[field], line, found, StampText.expected)
    }
    return nil
  }
}
