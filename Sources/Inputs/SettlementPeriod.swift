import Domain

/// Elexon's half hours: a settlement day runs from midnight to midnight of local time in Great Britain and has periods
/// from 1 to 48; 46 on the last Sunday of March and 50 on the last Sunday of October, when clocks change at 01:00 UTC
/// (the Summer Time Order 2002). Balancing and Settlement Code, section K, annex X-1.
enum SettlementPeriod {
  /// When a period of a day (at midnight UTC) begins; `nil` where the day has no such period.
  static func start(day: Instant, period: Int) -> Instant? {
    let first = midnight(day)
    guard (1...50).contains(period) else { return nil }
    let start = first + .minutes(30 * Int64(period - 1))
    return start < midnight(day + .days(1)) ? start : nil
  }

  /// Local midnight of a calendar day.
  private static func midnight(_ day: Instant) -> Instant {
    let year = day.civil.year
    guard let march = lastSunday(3, year), let october = lastSunday(10, year) else { return day }
    // Clocks change at 01:00 UTC: midnight of the day itself is still in the old time.
    return day > march && day <= october ? day - .hours(1) : day
  }

  private static func lastSunday(_ month: Int, _ year: Int) -> Instant? {
    guard let last = Instant(year: year, month: month, day: 31) else { return nil }
    return last - .days(Int64((last.civil.weekday + 1) % 7))
  }
}
