/// A length of time: a whole number of milliseconds.
@frozen
public struct TimeSpan: Comparable, Hashable, Sendable {
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable public static var zero: TimeSpan { TimeSpan(milliseconds: 0) }
  @inlinable public static func seconds(_ n: Int64) -> TimeSpan { TimeSpan(milliseconds: n * 1000) }
  @inlinable public static func minutes(_ n: Int64) -> TimeSpan { TimeSpan(milliseconds: n * 60_000) }
  @inlinable public static func hours(_ n: Int64) -> TimeSpan { TimeSpan(milliseconds: n * 3_600_000) }
  @inlinable public static func days(_ n: Int64) -> TimeSpan { TimeSpan(milliseconds: n * 86_400_000) }

  @inlinable public var inSeconds: Double { Double(milliseconds) / 1000 }
  @inlinable public var inHours: Double { Double(milliseconds) / 3_600_000 }

  @inlinable public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.milliseconds < b.milliseconds }
  @inlinable public static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: a.milliseconds + b.milliseconds)
  }
  @inlinable public static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: a.milliseconds - b.milliseconds)
  }
}

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
@frozen
public struct Instant: Comparable, Hashable, Sendable {
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Later than every instant of a simulation: "never".
  @inlinable public static var never: Instant { Instant(milliseconds: .max) }

  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
  @inlinable public static func + (a: Instant, b: TimeSpan) -> Instant {
    Instant(milliseconds: a.milliseconds + b.milliseconds)
  }
  @inlinable public static func - (a: Instant, b: TimeSpan) -> Instant {
    Instant(milliseconds: a.milliseconds - b.milliseconds)
  }
  @inlinable public static func - (a: Instant, b: Instant) -> TimeSpan {
    TimeSpan(milliseconds: a.milliseconds - b.milliseconds)
  }
}

extension Instant {
  /// The civil date and time of day in UTC.
  public struct Civil: Equatable, Sendable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    public var millisecond: Int
    /// 0 is Monday.
    public var weekday: Int
  }

  /// Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date Algorithms").
  public var civil: Civil {
    let dayMilliseconds: Int64 = 86_400_000
    let days = Int(milliseconds.flooredQuotient(dayMilliseconds))
    let rest = Int(milliseconds - Int64(days) * dayMilliseconds)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return Civil(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthIndex + 2) / 5 + 1, hour: rest / 3_600_000, minute: rest / 60_000 % 60,
      second: rest / 1000 % 60, millisecond: rest % 1000, weekday: ((days + 3) % 7 + 7) % 7)
  }

  /// The instant of a civil date and time in UTC; `nil` where there is no such date.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0) {
    guard (1...12).contains(month), (0...9999).contains(year), day >= 1,
      day <= Instant.daysInMonth(month, ofYear: year), (0...23).contains(hour), (0...59).contains(minute),
      (0...59).contains(second), (0...999).contains(millisecond)
    else { return nil }
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    self.init(milliseconds: seconds * 1000 + Int64(millisecond))
  }

  static func daysInMonth(_ month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  /// Division that rounds towards minus infinity.
  @inlinable public func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
