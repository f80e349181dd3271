import Domain
internal import Scenarios

/// The columns of a trace's time.
enum TraceTime {
  case column(Int)
  /// A date and a time of day.
  case parts(date: Int, time: Int)
  /// A date and an hour from 0 or from 1 (``HourSurvey``); whether the header says that it is the hour's end.
  case hours(date: Int, hour: Int, isEnding: Bool)
  /// Elexon's day and half hour.
  case settlement(date: Int, period: Int)

  var fields: [Int] {
    switch self {
    case .column(let field): [field]
    case .parts(let date, let time): [date, time]
    case .hours(let date, let hour, _): [date, hour]
    case .settlement(let date, let period): [date, period]
    }
  }
}

/// Finds the column of the time by its name and by its cells, and says what else could be it.
struct TraceTimeFinder {
  let names: [String]
  let keys: [String]
  let survey: TableSurvey
  let mapping: TableMapping
  /// True if the stamps that were found are ends of intervals by their name.
  private(set) var areEnds = false
  /// The time zone that the name implies.
  private(set) var timeZone: String?

  init(names: [String], keys: [String], survey: TableSurvey, mapping: TableMapping) {
    self.names = names
    self.keys = keys
    self.survey = survey
    self.mapping = mapping
  }

  mutating func find(_ book: inout SeriesBook) -> TraceTime? {
    let found = search(&book)
    if timeZone == nil, let found { describe(found, &book) }
    return found
  }

  private mutating func search(_ book: inout SeriesBook) -> TraceTime? {
    if let wanted = mapping.time {
      guard let field = findColumn(wanted, names, "time", 1, &book) else { return nil }
      if keys[field] == "settlementdate", let date = settlementDate(&book) { return .column(date) }
      if TraceNames.isEnd(keys[field]) { takeEnds(field, &book) }
      return .column(field)
    }
    if let date = keys.firstIndex(of: "settlementdate"), let period = keys.firstIndex(of: "settlementperiod"),
      !keys.contains("periodstartutc")
    {
      return .settlement(date: date, period: period)
    }
    if let date = settlementDate(&book) { return .column(date) }
    if refusesDatesInParts(&book) { return nil }
    if let found = dateAndTime(&book) { return found }
    if let strange = strangeHour(), !hasWholeTime {
      book.report(
        names[strange.hour], 1,
        "hours next to the dates in \(names[strange.date]) that are not whole numbers, such as \(strange.cell)",
        "hours from 0 to 23 or from 1 to 24, or a single column of date and time")
      return nil
    }
    let ranked = keys.indices.compactMap { field in TraceNames.rank(keys[field]).map { (field: field, rank: $0) } }
    guard let best = ranked.min(by: { ($0.rank, $0.field) < ($1.rank, $1.field) }) else { return another(&book) }
    if let date = dates(besidePeriods: best.field) { return settlement(date, best.field, &book) }
    noteOthers(than: best.field, ranked.map(\.field), &book)
    return .column(best.field)
  }

  /// AEMO's `SETTLEMENTDATE`: ends of intervals in the market's time, ten hours ahead of UTC the whole year.
  private mutating func settlementDate(_ book: inout SeriesBook) -> Int? {
    guard let date = keys.firstIndex(of: "settlementdate"), !keys.contains("settlementperiod"),
      survey.columns[date].isTime, !hasWholeTime, ["rrp", "regionid", "duid"].contains(where: keys.contains)
    else { return nil }
    if mapping.stamps == nil {
      areEnds = true
      book.note(
        "column \(names[date]): AEMO's timestamps are read as ends of intervals (stamps: start reads them as starts)")
    }
    if mapping.timeZone == nil {
      timeZone = "Australia/Brisbane"
      book.note("column \(names[date]): AEMO's times are read as UTC+10, the market time (time_zone: changes this)")
    }
    return date
  }

  /// True if a column is a complete time by its name.
  private var hasWholeTime: Bool { keys.contains { TraceNames.rank($0) != nil } }

  /// A column of hours in a form that is not read, beside one of dates.
  private func strangeHour() -> (date: Int, hour: Int, cell: String)? {
    guard let date = keys.indices.first(where: { TraceNames.isDay(keys[$0]) && survey.columns[$0].hasDates }),
      let hour = keys.indices.first(where: { TraceNames.hours.contains(keys[$0]) }),
      let cell = survey.columns[hour].samples.first(where: { HourCell($0) == nil })
    else { return nil }
    return (date, hour, cell)
  }

  /// Refuses a year and a month in columns of their own.
  private func refusesDatesInParts(_ book: inout SeriesBook) -> Bool {
    guard let year = keys.firstIndex(of: "year"), let month = keys.firstIndex(of: "month"),
      survey.columns[year].isYears,
      survey.columns[month].isNumber, survey.columns[month].most <= 12, !survey.columns.contains(where: \.hasDates)
    else { return false }
    let parts = keys.indices.filter { ["year", "month", "day", "minute"].contains(keys[$0]) || isHour($0) }
    book.report(
      list(parts.map { names[$0] }), 1, "a date in \(parts.count) columns",
      "a single column of dates, such as 2025-03 or 2025-03-01 13:00")
    return true
  }

  /// True if a column has hours of the day, by its name and its cells.
  private func isHour(_ field: Int) -> Bool {
    let column = survey.columns[field]
    return TraceNames.hours.contains(keys[field]) && column.times == 0 && column.numbers + column.texts > 0
      && column.samples.allSatisfy { HourCell($0) != nil }
  }

  private mutating func dateAndTime(_ book: inout SeriesBook) -> TraceTime? {
    let hour = keys.indices.first(where: isHour)
    guard let date = keys.firstIndex(where: TraceNames.isDay) ?? (hour == nil ? nil : survey.dateOfDays) else {
      return nil
    }
    if let time = keys.firstIndex(where: { ["from", "uhrzeit", "von", "timeofday"].contains($0) }) {
      return .parts(date: date, time: time)
    }
    // `time` beside a date is the whole time unless it is a time of day.
    if let time = keys.firstIndex(of: "time"), survey.columns[time].isText { return .parts(date: date, time: time) }
    guard let hour else { return nil }
    return .hours(date: date, hour: hour, isEnding: keys[hour].hasSuffix("ending") || keys[hour] == "he")
  }

  /// A time by its cells, a date, or the ends of intervals.
  private mutating func another(_ book: inout SeriesBook) -> TraceTime? {
    if let end = keys.indices.first(where: { TraceNames.isEnd(keys[$0]) && survey.columns[$0].isTime }) {
      takeEnds(end, &book)
      return .column(end)
    }
    if let date = keys.indices.first(where: {
      TraceNames.dates.contains(keys[$0])
        && (survey.columns[$0].hasDates || survey.columns[$0].isYears || survey.columns[$0].areMonths
          || survey.columns[$0].areSerials)
    }) {
      return .column(date)
    }
    let alike = survey.columns.indices.filter { survey.columns[$0].isTime && !keys[$0].hasPrefix("settlement") }
    guard alike.count == 1 else {
      reportNoTime(alike, &book)
      return nil
    }
    book.note("time is read from the column \(names[alike[0]]) (time: selects another)")
    return .column(alike[0])
  }

  /// Notes further columns of times that differ from the one that was taken.
  private func noteOthers(than taken: Int, _ known: [Int], _ book: inout SeriesBook) {
    let own = survey.columns[taken].instants
    let others = names.indices.filter { field in
      let column = survey.columns[field]
      guard field != taken, !TraceNames.isEnd(keys[field]), !TraceNames.dates.contains(keys[field]) else {
        return false
      }
      return (column.isTime || known.contains(field)) && !column.instants.isEmpty && column.instants != own
    }
    guard !others.isEmpty else { return }
    book.note(
      "time is read from the column \(names[taken]), not from \(list(others.map { names[$0] })) "
        + "(time: selects another)")
  }

  /// Reports a header without a time, and what it lacks.
  private func reportNoTime(_ alike: [Int], _ book: inout SeriesBook) {
    // A column is called like a time and has no cell that is one.
    let named = keys.indices.first { TraceNames.dates.contains(keys[$0]) && survey.columns[$0].isText }
    if alike.isEmpty, let named, let sample = survey.columns[named].samples.first {
      return book.report(
        names[named], 1, "times such as \(sample.withBytes { $0.quoted })", StampText.expected)
    }
    let isBlank = names.allSatisfy(\.isEmpty)
    let found = isBlank ? "an empty line" : list(names)
    let hint = alike.isEmpty ? "" : " (time: selects another)"
    let below = survey.headerBelow.map { "; line \($0) may be the header: remove the lines before it" } ?? ""
    book.report("", 1, found, "a column datetime or Time\(hint)\(below)")
  }

  /// Takes stamps of a column as ends of intervals, as its name says, unless `stamps:` says something else.
  private mutating func takeEnds(_ field: Int, _ book: inout SeriesBook) {
    guard mapping.stamps == nil else { return }
    areEnds = true
    book.note("column \(names[field]): timestamps are read as ends of intervals (stamps: start reads them as starts)")
  }

  /// Takes the time zone that the name of the time's column implies, unless `time_zone:` says something else.
  private mutating func describe(_ time: TraceTime, _ book: inout SeriesBook) {
    if case .settlement = time { return }
    guard mapping.timeZone == nil, let field = time.fields.first else { return }
    let key = keys[field]
    // Numbers of seconds, and times that have an offset, say it themselves.
    let areLocal = time.fields.contains { survey.columns[$0].mayBeLocal }
    if let offset = time.fields.compactMap({ ClockOffset(header: names[$0]) }).first {
      timeZone = offset.name
    } else if let found = time.fields.compactMap({ HeaderTimeZone(header: names[$0]) }).first, areLocal {
      switch found.meaning {
      case .zone(let name): timeZone = name
      case .unclear(let zones):
        return book.report(
          names[field], 1,
          "the time zone \(found.text), which \(zones.count > 1 ? "has several meanings" : "is not known")",
          "time_zone: with an offset or a name such as \(zones.isEmpty ? "Europe/Berlin" : zones.joined(separator: " or "))"
        )
      }
    }
    if let timeZone {
      book.note("column \(names[field]): times without an offset are read as \(timeZone) (time_zone: changes this)")
    } else if TraceNames.isLocal(key) || key == "datumvon" || key == "datumbis" {
      book.note("column \(names[field]): times without an offset are read as UTC (time_zone: names their time zone)")
    }
  }

  /// The column of dates beside a column `period` of whole numbers, as of settlement periods.
  private func dates(besidePeriods field: Int) -> Int? {
    let column = survey.columns[field]
    guard keys[field] == "period", column.isNumber, column.least >= 0, column.most <= 100 else { return nil }
    return keys.indices.first { TraceNames.isDay(keys[$0]) && survey.columns[$0].hasDates }
  }

  /// Half hours of settlement days; `nil` after refusing periods that could be of another length.
  private func settlement(_ date: Int, _ period: Int, _ book: inout SeriesBook) -> TraceTime? {
    let column = survey.columns[period]
    guard column.least >= 1, 25...50 ~= column.most else {
      book.report(
        list([names[date], names[period]]), 1,
        "dates with periods from \(Int(column.least)) to \(Int(column.most))",
        "half hours of a settlement day, from 1 up to 50, or a single column of date and time")
      return nil
    }
    book.note(
      "columns \(names[date]) and \(names[period]): read as settlement days of Great Britain and their half hours")
    return .settlement(date: date, period: period)
  }
}

/// The place of a column that a mapping names; `nil` after reporting that there is none.
func findColumn(
  _ wanted: String, _ names: [String], _ key: String, _ line: Int, _ book: inout SeriesBook
) -> Int? {
  if let place = names.firstIndex(of: wanted) ?? names.firstIndex(where: { squashed($0) == squashed(wanted) }) {
    return place
  }
  let hint = nearest(to: wanted, among: names).map { "; did you mean \($0)?" } ?? ""
  book.report(key, line, "no column \(wanted) among \(list(names))", "a column of the header\(hint)")
  return nil
}
