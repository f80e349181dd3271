/// Instants as text: ISO 8601 in and out, epoch seconds in.
extension Instant {
  /// `2020-01-06T00:00:00.000Z`: UTC with milliseconds, the form of every table and CSV file.
  public var iso8601: String {
    String(unsafeUninitializedCapacity: 24) { writeISO8601(into: $0.baseAddress!) }
  }

  /// `2020-01-06 00:00 UTC`, for people.
  public var readable: String {
    let text = Array(iso8601.utf8)
    let seconds = milliseconds % 60_000 == 0 ? "" : String(decoding: text[16..<19], as: UTF8.self)
    return
      "\(String(decoding: text[0..<10], as: UTF8.self)) \(String(decoding: text[11..<16], as: UTF8.self))\(seconds) UTC"
  }

  /// `20200106T000000Z`, for file names.
  public var compact: String { String(iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z" }

  /// Writes the 24 bytes of ``iso8601`` and returns 24. An instant outside the ``calendar`` is written as its nearer end.
  @discardableResult
  public func writeISO8601(into bytes: UnsafeMutablePointer<UInt8>) -> Int {
    let c = withinCalendar.civil
    func two(_ n: Int, _ at: Int) {
      bytes[at] = UInt8(48 + n / 10)
      bytes[at + 1] = UInt8(48 + n % 10)
    }
    two(c.year / 100, 0)
    two(c.year % 100, 2)
    bytes[4] = 45
    two(c.month, 5)
    bytes[7] = 45
    two(c.day, 8)
    bytes[10] = 84
    two(c.hour, 11)
    bytes[13] = 58
    two(c.minute, 14)
    bytes[16] = 58
    two(c.second, 17)
    bytes[19] = 46
    bytes[20] = UInt8(48 + c.millisecond / 100)
    two(c.millisecond % 100, 21)
    bytes[23] = 90
    return 24
  }

  /// Reads ISO 8601 (`2020-01-06`, `2020-01-06T00:00Z`, `2020-01-06 00:00:00.123+01:00`) or epoch seconds
  /// (`1578268800`, `1578268800.5`). A time with no offset is UTC. Fractions beyond a millisecond are rounded.
  public init?(text: String) {
    var copy = text
    let parsed = copy.withUTF8 { Instant(utf8: $0) }
    guard let parsed else { return nil }
    self = parsed
  }

  /// Reads an instant from bytes, in the forms of ``init(text:)``, without allocating.
  public init?(utf8 text: UnsafeBufferPointer<UInt8>) {
    var reader = DigitReader(text)
    guard text.count >= 10, text[4] == 45 else {
      guard let seconds = reader.epochSeconds(), Instant.calendar.contains(seconds) else { return nil }
      self = seconds
      return
    }
    guard let year = reader.number(4), reader.skip(45), let month = reader.number(2), reader.skip(45),
      let day = reader.number(2)
    else { return nil }
    var time = (hour: 0, minute: 0, second: 0, millisecond: Int64(0))
    var offset: Int64 = 0
    if !reader.atEnd {
      guard reader.skip(84) || reader.skip(32) || reader.skip(116), let hour = reader.number(2), reader.skip(58),
        let minute = reader.number(2)
      else { return nil }
      time.hour = hour
      time.minute = minute
      if reader.skip(58) {
        guard let second = reader.number(2) else { return nil }
        time.second = second
        if reader.skip(46) || reader.skip(44) {
          guard let fraction = reader.fraction() else { return nil }
          time.millisecond = fraction
        }
      }
      guard let zone = reader.offset(), reader.atEnd else { return nil }
      offset = zone
    }
    guard
      let instant = Instant(
        year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    else { return nil }
    self.init(milliseconds: instant.milliseconds + time.millisecond - offset)
    guard Instant.calendar.contains(self) else { return nil }
  }

  /// Instants that can be written as text: the years 0 to 9999, UTC.
  public static let calendar =
    Instant(milliseconds: -62_167_219_200_000)...Instant(milliseconds: 253_402_300_799_999)

  /// The nearest instant that can be told as text.
  public var withinCalendar: Instant { min(max(self, Instant.calendar.lowerBound), Instant.calendar.upperBound) }
}

/// Reads digits and single characters from ASCII text.
struct DigitReader {
  let text: UnsafeBufferPointer<UInt8>
  var at = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var atEnd: Bool { at == text.count }

  mutating func number(_ digits: Int) -> Int? {
    guard at + digits <= text.count else { return nil }
    var value = 0
    for _ in 0..<digits {
      let digit = Int(text[at]) - 48
      guard digit >= 0, digit <= 9 else { return nil }
      value = value * 10 + digit
      at += 1
    }
    return value
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  /// Digits after the decimal point, as milliseconds, rounded half up.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while at < text.count, text[at] >= 48, text[at] <= 57 {
      if digits < 4 { value = value * 10 + Int64(text[at] - 48) }
      digits += 1
      at += 1
    }
    guard digits > 0 else { return nil }
    for _ in min(digits, 4)..<4 { value *= 10 }
    return (value + 5) / 10
  }

  /// `Z`, `+01:00`, `+0100`, `+01` or nothing (UTC), in milliseconds east of UTC.
  mutating func offset() -> Int64? {
    if atEnd || skip(90) || skip(122) { return 0 }
    let east: Int64
    if skip(43) { east = 1 } else if skip(45) { east = -1 } else { return nil }
    guard let hours = number(2), hours <= 23 else { return nil }
    var minutes = 0
    if !atEnd {
      _ = skip(58)
      guard let given = number(2), given <= 59 else { return nil }
      minutes = given
    }
    return east * Int64(hours * 60 + minutes) * 60_000
  }

  /// True if a number is a date of the years 1900 to 2199 without separators (20250310, 202503101430), which as seconds
  /// would be an instant of 1970, or of a far future.
  private func isDate(_ number: Int64, digits: Int) -> Bool {
    guard digits == 8 || digits == 12 else { return false }
    let date = digits == 8 ? number : number / 10_000
    let (year, month, day) = (Int(date / 10_000), Int(date / 100 % 100), Int(date % 100))
    let (hour, minute) = digits == 8 ? (0, 0) : (Int(number / 100 % 100), Int(number % 100))
    return (1900..<2200).contains(year) && hour < 24 && minute < 60
      && Instant(year: year, month: month, day: day) != nil
  }

  mutating func epochSeconds() -> Instant? {
    let negative = skip(45)
    var seconds: Int64 = 0
    let first = at
    while at < text.count, text[at] >= 48, text[at] <= 57 {
      guard at - first < 12 else { return nil }
      seconds = seconds * 10 + Int64(text[at] - 48)
      at += 1
    }
    guard at > first, !isDate(seconds, digits: at - first) else { return nil }
    var milliseconds = seconds * 1000
    if skip(46) {
      guard let part = fraction() else { return nil }
      milliseconds += part
    }
    guard atEnd else { return nil }
    return Instant(milliseconds: negative ? -milliseconds : milliseconds)
  }
}

/// As ISO 8601 text.
extension Instant: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(iso8601)
  }
}
