internal import Domain

/// A text with a form of its own, checked when the scenario is read.
public enum ParameterForm: Hashable, Sendable {
  /// `09:00-17:00`, of the local day; `22:00-06:00` passes midnight.
  case shift
  /// `mon-fri`, `sat,sun`, `fri-mon`.
  case weekdays
  /// Local time − UTC: `0h`, `-5h`, `+5:30`.
  case offset
  /// `13:00`.
  case timeOfDay

  var expected: String {
    switch self {
    case .shift: "a shift such as 09:00-17:00 or 22:00-06:00"
    case .weekdays: "weekdays such as mon-fri or mon,wed,sat"
    case .offset: "an offset from UTC such as 0h, -5h or +5:30, up to 14 hours"
    case .timeOfDay: "a time of day such as 13:00"
    }
  }

  /// True if a text has the form.
  public func accepts(_ text: String) -> Bool {
    switch self {
    case .shift: ParameterForm.shift(text) != nil
    case .weekdays: ParameterForm.weekdays(text) != nil
    case .offset: ParameterForm.offset(text) != nil
    case .timeOfDay: ParameterForm.timeOfDay(text).map { $0 < Shift.day } ?? false
    }
  }

  /// Milliseconds of the day, 24:00 among them.
  static func timeOfDay(_ text: some StringProtocol) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = digits(parts[0], 1...2), let minute = digits(parts[1], 2...2),
      minute < 60, hour < 24 || (hour == 24 && minute == 0)
    else { return nil }
    return hour * 3_600_000 + minute * 60_000
  }

  static func shift(_ text: String) -> (start: Int64, length: Int64)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let start = timeOfDay(ends[0]), let end = timeOfDay(ends[1]), start < Shift.day,
      start != end
    else { return nil }
    return (start, end > start ? end - start : end + Shift.day - start)
  }

  /// Bits, 0 for Monday.
  static func weekdays(_ text: String) -> UInt8? {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    var bits: UInt8 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.filter { $0 != " " }.lowercased()
      let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { names.firstIndex(of: String($0)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
      var day = first
      bits |= 1 << UInt8(day)
      while day != last {
        day = (day + 1) % 7
        bits |= 1 << UInt8(day)
      }
    }
    return bits
  }

  /// Milliseconds.
  static func offset(_ text: String) -> Int64? {
    var rest = text[...]
    let isNegative = rest.hasPrefix("-")
    if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
    if rest.hasSuffix("h") { rest.removeLast() }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let hours = digits(parts[0], 1...2) else { return nil }
    var minutes: Int64 = 0
    if parts.count == 2 {
      guard let told = digits(parts[1], 2...2), told < 60 else { return nil }
      minutes = told
    }
    let size = hours * 60 + minutes
    return size <= 14 * 60 ? (isNegative ? -size : size) * 60_000 : nil
  }

  private static func digits(_ text: some StringProtocol, _ length: ClosedRange<Int>) -> Int64? {
    guard length.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text)
  }
}
