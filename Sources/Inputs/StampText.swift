import Domain

/// Reads the times of a table in the forms that people have.
///
/// ISO 8601 and epoch seconds as ``Instant/init(utf8:)``; epoch milliseconds, microseconds and nanoseconds; a range of two times, of which the first
/// counts; `2024-01` and, for a column of years, `2024`; `31.12.2024 23:00`, `2024/12/31`, `20241231`, and `31/12/2024`
/// or `12/31/2024` as `dateOrder` has it; `31-Dec-2024`. A time may end in `UTC`, `GMT`, `(CET)`, `(CEST)`, `EST` or an
/// offset behind a blank; 24:00 is the end of its day.
struct StampText {
  enum Reading: Equatable {
    case time(WrittenTime)
    /// A date such as `03/04/2025` whose order is not known.
    case ambiguous
    /// A date as spreadsheets count it, in days from 1900 on.
    case serial
    case none
  }

  var dateOrder: TableMapping.DateOrder?
  var isYears = false
  /// True if numbers are a year and a month: 202503.
  var areMonths = false
  /// True if numbers are a date and an hour: 2025010113.
  var areCompactHours = false
  /// True if every number of the column could be a spreadsheet's date.
  var areSerials = false
  /// True if `31.12.2024` also has the month first. Other dates of a file do not show it.
  private let dottedMonthFirst: Bool

  /// - Parameter dateOrder: the order that the user specifies.
  init(dateOrder: TableMapping.DateOrder? = nil, isYears: Bool = false) {
    self.dateOrder = dateOrder
    self.isYears = isYears
    dottedMonthFirst = dateOrder == .monthFirst
  }

  func read(_ cell: Bytes) -> Reading {
    // ISO 8601 has a dash in the fifth place.
    if cell.count < 10 || cell[4] != 45, let number = cell.number ?? cell.decimalCommaNumber, isSerial(number) {
      return .serial
    }
    if isYears {
      guard let year = StampText.year(cell), let start = Instant(year: year, month: 1, day: 1) else { return .none }
      return .time(.local(start))
    }
    if areMonths {
      guard let month = StampText.month(cell) else { return .none }
      return midnight(month.year, month.month, 1)
    }
    if areCompactHours { return StampText.compactHour(cell).map { .time(.local($0)) } ?? .none }
    if let time = WrittenTime(utf8: cell) { return .time(time) }
    return other(cell.text)
  }

  /// A date with points, `01.10.2024 13:30`, which has the day first wherever it is written; `nil` for another text.
  static func dotted(_ cell: Bytes) -> WrittenTime? {
    guard cell.count >= 8, cell[1] == 46 || cell[2] == 46, DateOrderSurvey.hasOrder(cell),
      case .time(let time) = StampText().other(cell.text)
    else { return nil }
    return time
  }

  func read(text: String) -> Reading {
    var text = text
    return text.withUTF8 { read($0) }
  }

  /// A spreadsheet's dates of the years 1954 to 2119, which as epoch seconds would be the first day of 1970.
  static func mayBeSerial(_ number: Double) -> Bool { 20_000...80_000 ~= number }

  /// A number of a column of serial dates.
  private func isSerial(_ number: Double) -> Bool { areSerials && StampText.mayBeSerial(number) }

  /// For messages about a cell that is no time.
  static let expected = "an ISO 8601 time or epoch seconds"

  /// For messages.
  static let serialExpected =
    "an ISO 8601 time or epoch seconds: this looks like a spreadsheet's serial date; format the column as "
    + "yyyy-mm-dd hh:mm and save it again"

  /// A year from 1900 to 2199 in four digits.
  static func year(_ cell: Bytes) -> Int? {
    guard cell.count == 4, let number = cell.number, let year = Int(exactly: number) else { return nil }
    return 1900...2199 ~= year ? year : nil
  }

  /// A year and a month in six digits, `202503`, or as Eurostat writes them, `2025M03`.
  static func month(_ cell: Bytes) -> (year: Int, month: Int)? {
    guard cell.count == 6 || (cell.count == 7 && cell[4] == 77), let year = year(Bytes(rebasing: cell[..<4])),
      let number = Bytes(rebasing: cell.suffix(2)).number, let month = Int(exactly: number), 1...12 ~= month
    else { return nil }
    return (year, month)
  }

  /// A date and an hour in ten digits: `2025010113`.
  static func compactHour(_ cell: Bytes) -> Instant? {
    guard cell.count == 10, cell.allSatisfy({ 48...57 ~= $0 }), let number = cell.number.flatMap({ Int($0) }),
      1900..<2200 ~= number / 1_000_000, number % 100 <= 24
    else { return nil }
    let day = Instant(year: number / 1_000_000, month: number / 10_000 % 100, day: number / 100 % 100)
    return day.map { $0 + .hours(Int64(number % 100)) }
  }

  private func other(_ text: String) -> Reading {
    if let time = digits(text) { return .time(time) }
    if let time = basic(text) { return .time(time) }
    if text.utf8.count == 7, let month = text.withBytes({ StampText.month($0) }) {
      return midnight(month.year, month.month, 1)
    }
    for dash in [" - ", " – "] {
      let parts = text.split(separator: dash, maxSplits: 1)
      if parts.count == 2 { return parts[0].contains(dash) ? .none : whole(String(parts[0])) }
    }
    return dated(text)
  }

  private func whole(_ text: String) -> Reading {
    var copy = text
    if let time = copy.withUTF8({ WrittenTime(utf8: $0) }) { return .time(time) }
    return dated(text)
  }

  /// ISO 8601's basic form: `20250101T133000Z`, `20250101T1330`.
  private func basic(_ text: String) -> WrittenTime? {
    let isUTC = text.hasSuffix("Z")
    let rest = text.dropLast(isUTC ? 1 : 0)
    guard [13, 15].contains(rest.utf8.count), rest.dropFirst(8).first == "T",
      case .local(let local)? = digits(String(rest.prefix(8)) + String(rest.dropFirst(9)))
    else { return nil }
    return isUTC ? .instant(local) : .local(local)
  }

  /// Times in digits alone: epoch milliseconds, microseconds and nanoseconds; `202501011330`, `20250101133000`.
  private func digits(_ text: String) -> WrittenTime? {
    guard 12...19 ~= text.utf8.count, text.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int64(text) else {
      return nil
    }
    switch text.utf8.count {
    case 13: return .instant(Instant(milliseconds: number))
    case 16: return .instant(Instant(milliseconds: number / 1000))
    case 19: return .instant(Instant(milliseconds: number / 1_000_000))
    case 12, 14:
      let all = text.utf8.count == 12 ? number * 100 : number
      let (date, clock) = (Int(all / 1_000_000), all % 1_000_000)
      guard 1900..<2200 ~= date / 10_000, clock / 10_000 < 24, clock / 100 % 100 < 60, clock % 100 < 60,
        let day = Instant(year: date / 10_000, month: date / 100 % 100, day: date % 100)
      else { return nil }
      return .local(day + .seconds((clock / 10_000 * 60 + clock / 100 % 100) * 60 + clock % 100))
    default: return nil
    }
  }

  private static let zones: [(suffix: String, hours: Int64)] = [
    ("(UTC)", 0), ("UTC", 0), ("GMT", 0), ("(CEST)", 2), ("(CET)", 1), ("CEST", 2), ("CET", 1),
  ]

  /// An offset, `Z`, or a fixed abbreviation at the end of a time of day: `2025-01-01 13:00 +0100`,
  /// `13/01/2025 24:00Z`, `… 13:00 EST`, `…+01:00[Europe/Berlin]`.
  private func offset(_ text: String) -> (rest: String, minutes: Int)? {
    var text = Substring(text)
    if text.last == "]", let open = text.lastIndex(of: "[") { text = text[..<open] }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    func cut(_ at: String.Index) -> String { String(text[..<at].reversed().drop { $0 == " " }.reversed()) }
    if let last = text.last, "Zz".contains(last) { return (cut(text.index(before: text.endIndex)), 0) }
    if let sign = text[colon...].lastIndex(where: { "+-−".contains($0) }) {
      return ClockOffset(name: String(text[sign...])).map { (cut(sign), $0.minutes) }
    }
    let word = text.reversed().prefix { $0.isLetter }.reversed()
    return HeaderTimeZone.offset(String(word)).map { (cut(text.index(text.endIndex, offsetBy: -word.count)), $0) }
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// A date with the English name of its month, with the number instead: `01-Jan-2025`, `1 January 2025`, `Jan 1, 2025`,
  /// `Mar 2025`.
  private func withMonthNumber(_ text: String) -> String? {
    guard text.contains(where: { $0.isLetter }) else { return nil }
    let words = text.split { " -/,".contains($0) }.map(String.init)
    guard let place = words.prefix(2).firstIndex(where: { StampText.month(named: $0) != nil }),
      let month = StampText.month(named: words[place])
    else { return nil }
    func number(_ at: Int) -> Int? { at < words.count && words[at].count <= 4 ? Int(words[at]) : nil }
    let two = month < 10 ? "0\(month)" : "\(month)"
    if place == 0, let year = number(1), year > 999 {
      return ([String(year) + "-" + two] + words.dropFirst(2)).joined(separator: " ")
    }
    guard let day = number(1 - place), let year = number(2), year > 999 else { return nil }
    return (["\(year)-\(two)-\(day)"] + words.dropFirst(3)).joined(separator: " ")
  }

  private static func month(named word: String) -> Int? {
    let lower = word.lowercased()
    return (months.firstIndex(of: lower) ?? monthNames.firstIndex(of: lower)).map { $0 + 1 }
  }

  private func dated(_ text: String) -> Reading {
    for zone in StampText.zones where text.hasSuffix(zone.suffix) {
      let rest = String(text.dropLast(zone.suffix.count).reversed().drop { $0 == " " }.reversed())
      guard case .time(.local(let local)) = whole(rest) else { return .none }
      return .time(.instant(local - .hours(zone.hours)))
    }
    if let (rest, minutes) = offset(text) {
      guard case .time(.local(let local)) = whole(rest) else { return .none }
      return .time(.instant(local - .minutes(Int64(minutes))))
    }
    let parts = (withMonthNumber(text) ?? text).split(separator: " ", omittingEmptySubsequences: true)
    guard let first = parts.first, parts.count <= 3 else { return .none }
    var date = String(first)
    var clock = parts.dropFirst().map(String.init)
    if let mark = date.firstIndex(of: "T") {
      clock.insert(String(date[date.index(after: mark)...]), at: 0)
      date = String(date[..<mark])
    }
    guard let time = timeOfDay(clock) else { return .none }
    let day = day(date)
    guard case .time(.local(let midnight)) = day else { return day }
    return .time(.local(Instant(milliseconds: midnight.milliseconds + time)))
  }

  /// `2024-01`, `2024/12/31`, `20241231`, `31.12.2024`, `31/12/2024` as midnight.
  private func day(_ text: String) -> Reading {
    if text.utf8.count == 8, let number = Int(text), text.utf8.allSatisfy({ 48...57 ~= $0 }) {
      return 1900..<2200 ~= number / 10_000 ? midnight(number / 10_000, number / 100 % 100, number % 100) : .none
    }
    guard let mark = text.first(where: { "./-".contains($0) }) else { return .none }
    let parts = text.split(separator: mark, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count <= 4 && $0.allSatisfy(\.isASCII) ? Int($0) : nil }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 > 0 }) else { return .none }
    if parts.count == 2, parts[0].count == 4, parts[1].count == 2 { return midnight(numbers[0], numbers[1], 1) }
    guard parts.count == 3 else { return .none }
    if parts[0].count == 4 { return midnight(numbers[0], numbers[1], numbers[2]) }
    guard parts[2].count == 4 else { return .none }
    if mark == "." {
      return dottedMonthFirst
        ? midnight(numbers[2], numbers[0], numbers[1]) : midnight(numbers[2], numbers[1], numbers[0])
    }
    switch dateOrder {
    case .dayFirst: return midnight(numbers[2], numbers[1], numbers[0])
    case .monthFirst: return midnight(numbers[2], numbers[0], numbers[1])
    case nil: return numbers[0] == numbers[1] ? midnight(numbers[2], numbers[1], numbers[0]) : .ambiguous
    }
  }

  private func midnight(_ year: Int, _ month: Int, _ day: Int) -> Reading {
    guard let start = Instant(year: year, month: month, day: day) else { return .none }
    return .time(.local(start))
  }

  /// True if a cell is a date in eight digits: 20241231.
  static func isCompactDate(_ cell: Bytes) -> Bool {
    guard cell.count == 8, case .time = StampText().dated(cell.text) else { return false }
    return true
  }

  /// `23:00`, `23:00:00`, `11:00 PM` or nothing, in milliseconds.
  private func timeOfDay(_ parts: [String]) -> Int64? {
    guard let clock = parts.first else { return 0 }
    let texts = clock.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = texts.compactMap { $0.count <= 2 && $0.allSatisfy(\.isASCII) ? Int64($0) : nil }
    guard 2...3 ~= texts.count, numbers.count == texts.count, numbers.allSatisfy({ 0...59 ~= $0 }) else { return nil }
    var hour = numbers[0]
    if parts.count == 2 {
      let half = parts[1].uppercased().replacing(".", with: "")
      guard ["AM", "PM"].contains(half), 1...12 ~= hour else { return nil }
      hour = hour % 12 + (half == "PM" ? 12 : 0)
    }
    // 24:00 is the midnight at the end of a day.
    let isEnd = hour == 24 && parts.count == 1 && numbers.dropFirst().allSatisfy { $0 == 0 }
    guard hour < 24 || isEnd else { return nil }
    return ((hour * 60 + numbers[1]) * 60 + (numbers.count > 2 ? numbers[2] : 0)) * 1000
  }
}

/// The order of day and month, as dates of a file show it.
struct DateOrderSurvey {
  private var dayFirst = false
  private var monthFirst = false

  /// Looks at a cell such as `31/12/2024 23:00`.
  mutating func add(_ cell: Bytes) {
    let text = cell.prefix { $0 != 32 && $0 != 84 }
    guard let mark = text.first(where: { $0 == 47 || $0 == 45 }) else { return }
    let parts = text.split(separator: mark)
    guard parts.count == 3, parts[0].count <= 2, parts[2].count == 4,
      let first = Bytes(rebasing: parts[0]).number, let second = Bytes(rebasing: parts[1]).number
    else { return }
    if first > 12 { dayFirst = true }
    if second > 12 { monthFirst = true }
  }

  /// True if a cell begins with a date whose year comes last: `03/04/2025`, `3.4.2025`.
  static func hasOrder(_ cell: Bytes) -> Bool {
    let text = cell.prefix { $0 != 32 && $0 != 84 }
    guard let mark = text.first(where: { 45...47 ~= $0 }) else { return false }
    let parts = text.split(separator: mark)
    return parts.count == 3 && parts[0].count <= 2 && parts[1].count <= 2
  }

  /// `nil` if no day is above 12 or both orders occur.
  var order: TableMapping.DateOrder? {
    dayFirst == monthFirst ? nil : dayFirst ? .dayFirst : .monthFirst
  }
}
