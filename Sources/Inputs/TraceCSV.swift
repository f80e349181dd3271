import Domain

/// A file of values by series and stamp that can be read more than once.
protocol TraceRows {
  /// Hands every value to the book.
  mutating func walk(_ book: inout SeriesBook) throws
}

/// A CSV of any of the shapes that ``TraceLayout`` knows.
struct TraceCSV: TraceRows {
  let path: String
  let basis: TraceReading.Basis?
  private let fields = CSVFields()

  init(path: String, basis: TraceReading.Basis?) {
    self.path = path
    self.basis = basis
  }

  mutating func walk(_ book: inout SeriesBook) throws {
    let reader = try CSVLineReader(path: path)
    guard let header = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    guard fields.split(header) else { return book.report("", 1, "text after a closing quote", "CSV") }
    try fields.checkWidth(path)
    let layout = TraceLayout(header: fields, line: reader.lineNumber, basis: basis, book: &book)
    // What is wrong with the header hides nothing of what is wrong with the cells below it.
    guard layout.isUnderstood else { return }
    while let line = book.nextLine(reader) {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line) else {
        book.report("", reader.lineNumber, "text after a closing quote", "a comma")
        continue
      }
      guard fields.count == layout.names.count else {
        book.report("", reader.lineNumber, "\(fields.count) fields", "\(layout.names.count), as in the header")
        continue
      }
      row(layout, reader.lineNumber, &book)
    }
  }

  private func row(_ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) {
    let stamp = stamp(layout, line, &book)
    switch layout.shape {
    case .wide(let series):
      for field in series.indices {
        if case .none = series[field] { continue }
        add(field, series[field], stamp, layout, line, &book)
      }
    case .long(let zones, let countries, let value):
      if let field = layout.regionID, let id = fields[field].number, id > 14 { return }
      let targets = book.targets(zones.map { fields[$0] }, countries: countries.map { fields[$0] })
      add(value, targets, stamp, layout, line, &book)
    case .single(let targets, let value):
      if let value, let field = layout.forecastOfActual, fields[value].number == 0,
        let forecast = fields[field].number, forecast > 0
      {
        book.addSentinel(to: targets, stamp: stamp, column: layout.names[value], line: line)
      } else {
        add(value, targets, stamp, layout, line, &book)
      }
    }
  }

  private func add(
    _ field: Int?, _ targets: Targets, _ stamp: Int64?, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook
  ) {
    guard let field else { return }
    if case .none = targets { return }
    book.add(
      fields[field], to: targets, stamp: stamp, scale: layout.scale, column: layout.names[field], line: line)
  }

  /// `nil` where the header has no time and, after reporting it, where it is none.
  private func stamp(_ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook) -> Int64? {
    switch layout.time {
    case nil: return nil
    case .column(let field):
      if let stamp = Instant(utf8: fields[field]) { return stamp.milliseconds }
      book.report(layout.names[field], line, fields[field].quoted, "an ISO 8601 time or epoch seconds")
    case .parts(let date, let time):
      if let stamp = Instant(text: fields[date].text + "T" + fields[time].text) { return stamp.milliseconds }
      book.report(
        layout.names[date], line, "\(fields[date].quoted) and \(fields[time].quoted)", "a date and a time of day")
    case .settlement(let date, let period):
      let number = fields[period].number.flatMap { Int(exactly: $0) }
      // The rule of the clocks' change is this one since 1996.
      if let day = Instant(utf8: fields[date]), day.milliseconds % 86_400_000 == 0, day.civil.year >= 1996, let number,
        let start = SettlementPeriod.start(day: day, period: number)
      {
        return start.milliseconds
      }
      book.report(
        layout.names[date], line, "\(fields[date].quoted) and \(fields[period].quoted)",
        "a settlement date and one of its periods")
    }
    return nil
  }
}
