import Domain

/// Reads the times of a table in the forms that people have.
///
/// ISO 8601 and epoch seconds as ``Instant/init(utf8:)``; epoch milliseconds; a range of two times, of which the first
/// counts; `2024-01` and, for a column of years, `2024`; `31.12.2024 23:00`, `2024/12/31`, `20241231`, and `31/12/2024`
/// or `12/31/2024` as `dateOrder` has it. A time may end in `UTC`, `GMT`, `(CET)` or `(CEST)`.
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
  /// Whether numbers are a year and a month: 202503.
  var areMonths = false
  /// Whether every number of the column could be a spreadsheet's date.
  var areSerials = false
  /// Whether `31.12.2024` too has the month first. Other dates of a file do not show it.
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
    if let time = WrittenTime(utf8: cell) { return .time(time) }
    return other(cell.text)
  }

  func read(text: String) -> Reading {
    var text = text
    return text.withUTF8 { read($0) }
  }

  /// A spreadsheet's dates of the years 1954 to 2119, which as epoch seconds would be the first day of 1970.
  static func mayBeSerial(_ number: Double) -> Bool { 20_000...80_000 ~= number }

  /// A number of a column of serial dates.
  private func isSerial(_ number: Double) -> Bool { areSerials && StampText.mayBeSerial(number) }

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

  private func other(_ text: String) -> Reading {
    if text.utf8.count == 7, let month = text.withBytes({ StampText.month($0) }) {
      return midnight(month.year, month.month, 1)
    }
    if let milliseconds = epochMilliseconds(text) { return .time(.instant(Instant(milliseconds: milliseconds))) }
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

  private func epochMilliseconds(_ text: String) -> Int64? {
    guard text.utf8.count == 13, text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
    return Int64(text)
  }

  private static let zones: [(suffix: String, hours: Int64)] = [
    ("(UTC)", 0), ("UTC", 0), ("GMT", 0), ("(CEST)", 2), ("(CET)", 1), ("CEST", 2), ("CET", 1),
  ]

  private func dated(_ text: String) -> Reading {
    for zone in StampText.zones where text.hasSuffix(zone.suffix) {
      let rest = String(text.dropLast(zone.suffix.count).reversed().drop { $0 == " " }.reversed())
      guard case .time(.local(let local)) = whole(rest) else { return .none }
      return .time(.instant(local - .hours(zone.hours)))
    }
    let parts = text.split(separator: " ", omittingEmptySubsequences: true)
    guard let first = parts.first, parts.count <= 3 else { return .none }
    var date = String(first)
    var clock = parts.dropFirst().map(String.init)
    if clock.isEmpty, let mark = date.firstIndex(of: "T") {
      clock = [String(date[date.index(after: mark)...])]
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

  /// Whether a cell is a date in eight digits: 20241231.
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
      let half = parts[1].uppercased()
      guard ["AM", "PM"].contains(half), 1...12 ~= hour else { return nil }
      hour = hour % 12 + (half == "PM" ? 12 : 0)
    }
    guard hour < 24 else { return nil }
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

  /// `nil` if no day is above 12 or both orders occur.
  var order: TableMapping.DateOrder? {
    dayFirst == monthFirst ? nil : dayFirst ? .dayFirst : .monthFirst
  }
}
