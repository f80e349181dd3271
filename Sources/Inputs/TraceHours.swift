import Domain

/// An hour of a day as a cell has it: `7`, `07:00`, `0700`, `HE07`, `07:00 - 08:00`, `02*`.
struct HourCell {
  let number: Int64
  /// True if the cell also has the end of the hour.
  let isRange: Bool
  /// True if the cell specifies that it is the end of the hour: `HE07`.
  private(set) var isEnding = false

  init?(_ text: String) { self.init(Substring(text)) }

  init?(_ cell: Bytes) { self.init(Substring(cell.text)) }

  private init?(_ text: Substring) {
    var rest = text
    for prefix in ["he", "hour", "h", "std."] where rest.lowercased().hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count).drop { $0 == " " }
      isEnding = prefix == "he"
      break
    }
    guard let number = HourCell.hour(&rest) else { return nil }
    self.number = number
    // The second one of an hour that is told twice, as market operators mark it.
    if let mark = rest.first, "*xXbB".contains(mark) { rest = rest.dropFirst() }
    rest = rest.drop { $0 == " " }
    isRange = rest.first.map { "-–".contains($0) } ?? false
    if isRange {
      rest = rest.dropFirst().drop { $0 == " " }
      guard let end = HourCell.hour(&rest), end == number + 1 || end == 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
  }

  /// Takes an hour from the beginning of a text.
  private static func hour(_ text: inout Substring) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    text = text.dropFirst(digits.count)
    if digits.count > 2 {
      text = text.hasPrefix(".0") ? text.dropFirst(2) : text
      return digits.count <= 4 && number % 100 == 0 ? number / 100 : nil
    }
    for zeros in [":00:00", ":00", ".0"] where text.hasPrefix(zeros) {
      text = text.dropFirst(zeros.count)
      break
    }
    return number
  }
}

/// The hours of a file's days, as all its rows show them.
struct HourSurvey {
  private var least = Int64.max
  private(set) var most = Int64.min
  private var hasRanges = false
  private var hasEndings = false
  private var days: [Int64: UInt32] = [:]

  /// The meaning of a file's hours.
  struct Rule {
    /// The number of a day's first hour.
    var first: Int64 = 0
    /// True if hours are counted from local midnight, so that days on which clocks change have 23 or 25; otherwise they
    /// are hours of the clock, one of which is skipped or occurs twice on such days.
    var isCounted = false
  }

  /// - Parameter day: local midnight as though it were UTC.
  mutating func add(_ hour: HourCell, day: Instant) {
    guard 0...25 ~= hour.number else { return }
    least = min(least, hour.number)
    most = max(most, hour.number)
    hasRanges = hasRanges || hour.isRange
    hasEndings = hasEndings || hour.isEnding
    days[day.milliseconds, default: 0] |= 1 << UInt32(hour.number)
  }

  /// The rule of the hours; otherwise what is found and what is expected.
  ///
  /// - Parameters:
  ///   - saysEnding: whether the column's name says that hours are ends.
  ///   - clock: the clock of the days; `nil` if nobody says their time zone.
  func rule(saysEnding: Bool, clock: LocalClock?) -> Result<Rule, Refusal> {
    guard !days.isEmpty else { return .success(Rule(first: saysEnding ? 1 : 0)) }
    let expected = "hours from 0 to 23, or from 1 to 24"
    let remedy = "time_zone: with that of these days, such as Europe/Berlin, some of which have 23 or 25 hours"
    if most == 25 || (least == 0 && most == 24) {
      guard clock != nil else {
        let found = least == 0 ? "hours 0 and 24" : "hours up to 25"
        return .failure(Refusal(found: found, expected: "\(expected); or \(remedy)"))
      }
      guard least > 0 || most < 25, areLong(clock) else {
        return .failure(Refusal(found: "hours from \(least) to \(most)", expected: expected))
      }
      return .success(Rule(first: least == 0 ? 0 : 1, isCounted: true))
    }
    let isEnding = !hasRanges && (most == 24 || saysEnding || hasEndings)
    guard isEnding == (least > 0) else {
      let found = least == 0 ? "hour 0 in a column of hour endings" : "hours without 0 and 24"
      return .failure(Refusal(found: found, expected: expected))
    }
    let first: Int64 = isEnding ? 1 : 0
    return .success(Rule(first: first, isCounted: hasSkippedHours(first, clock)))
  }

  struct Refusal: Error {
    var found: String
    var expected: String
  }

  /// True if every day that has the last hour is a day of 25 hours.
  private func areLong(_ clock: LocalClock?) -> Bool {
    guard var clock else { return false }
    return days.filter { $0.value & 1 << UInt32(most) != 0 }.keys.allSatisfy { clock.hours(ofDay: $0) == 25 }
  }

  /// True if a day has an hour that clocks skip: hours are then counted.
  private func hasSkippedHours(_ first: Int64, _ clock: LocalClock?) -> Bool {
    guard var clock else { return false }
    return days.contains { day, hours in
      guard clock.hours(ofDay: day) == 23 else { return false }
      return (0..<24).contains { hour in
        guard hours & 1 << UInt32(Int64(hour) + first) != 0 else { return false }
        return clock.resolve(Instant(milliseconds: day + Int64(hour) * 3_600_000)) == .none
      }
    }
  }
}

extension LocalClock {
  /// The instant at which a local day begins; where clocks skip midnight, the first one after it.
  mutating func start(ofDay day: Int64) -> Instant? {
    for minutes in stride(from: Int64(0), through: 120, by: 30) {
      switch resolve(Instant(milliseconds: day + minutes * 60_000)) {
      case .one(let instant), .two(let instant, _): return instant
      case .none: continue
      }
    }
    return nil
  }

  /// The whole hours of a local day.
  mutating func hours(ofDay day: Int64) -> Int64 {
    guard let from = start(ofDay: day), let to = start(ofDay: day + 86_400_000) else { return 24 }
    return (to.milliseconds - from.milliseconds) / 3_600_000
  }
}

// Hours beside dates.
extension TraceCSV {
  /// Looks through the file for the numbers of its hours, and notes how they are read.
  ///
  /// - Returns: `false` after reporting that they cannot be read.
  mutating func surveyHours(_ layout: TraceLayout, _ book: inout SeriesBook) throws -> Bool {
    guard case .hours(let date, let hour, let isEnding)? = layout.time else { return true }
    var survey = HourSurvey()
    let reader = try CSVLineReader(path: path)
    _ = try reader.next()
    while let line = try? reader.next() {
      guard fields.split(line) else { continue }
      fields.dropEmptyTail(beyond: layout.names.count)
      guard fields.count == layout.names.count, let number = HourCell(fields[hour]),
        case .time(.local(let day)) = stamps.read(fields[date])
      else { continue }
      survey.add(number, day: day)
    }
    switch survey.rule(saysEnding: isEnding, clock: clock) {
    case .failure(let refusal):
      book.report(layout.names[hour], 1, refusal.found, refusal.expected)
      return false
    case .success(let rule):
      hourRule = rule
      if rule.first == 1 { book.note("column \(layout.names[hour]): hours 1 to 24 are read as hour endings") }
      if rule.isCounted {
        book.note(
          "column \(layout.names[hour]): hours are counted from midnight in \(clock?.name ?? ""), as days in which "
            + "clocks change have 23 or 25")
      }
      return true
    }
  }

  /// The time of a date and an hour; `nil` after reporting that it is none.
  mutating func hourTime(
    _ date: Int, _ hour: Int, _ layout: TraceLayout, _ line: Int, _ book: inout SeriesBook
  ) -> WrittenTime? {
    let form = stamps.read(fields[date])
    if form == .ambiguous || form == .serial {
      reportForm(form, date, layout, line, &book)
      return nil
    }
    let cell = HourCell(fields[hour])
    var range = hourRule.first...hourRule.first + 23
    if case .time(.local(let day)) = form, day.milliseconds % 86_400_000 == 0 {
      if hourRule.isCounted {
        range = hourRule.first...hourRule.first + (clock?.hours(ofDay: day.milliseconds) ?? 24) - 1
      }
      if let cell, range.contains(cell.number) {
        let since = (cell.number - hourRule.first) * 3_600_000
        guard hourRule.isCounted, let start = clock?.start(ofDay: day.milliseconds) else {
          return .local(Instant(milliseconds: day.milliseconds + since))
        }
        return .instant(Instant(milliseconds: start.milliseconds + since))
      }
    }
    book.report(
      layout.names[date], line, "\(fields[date].quoted) and \(fields[hour].quoted)",
      "a date and an hour from \(range.lowerBound) to \(range.upperBound)")
    return nil
  }
}
