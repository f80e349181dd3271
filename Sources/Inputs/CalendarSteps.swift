import Domain

/// Steps of a calendar, whose lengths differ: averages of months or years.
enum CalendarSteps {
  /// The stamp after one of the steps; `nil` if the stamps are not the beginnings of months or years (UTC),
  /// each once and mostly without gaps.
  ///
  /// - Parameter clock: the clock of stamps at local midnight; `nil`: UTC.
  /// - Complexity: O(1) for most traces, whose first stamps lie within a month; O(n log n) for these.
  static func following(_ stamps: [Int64], clock: LocalClock? = nil) -> ((Int64) -> Int64)? {
    if let clock, clock.offset(at: stamps.first ?? 0) != 0 || clock.offset(at: stamps.last ?? 0) != 0 {
      guard stamps.count > 1, stamps.allSatisfy({ isFirstOfMonth(clock.local($0)) }),
        let next = following(stamps.map(clock.local))
      else { return nil }
      return { stamp in
        var clock = clock
        return clock.start(ofDay: next(clock.local(stamp)))?.milliseconds ?? stamp
      }
    }
    guard stamps.count > 1, stamps.allSatisfy(isFirstOfMonth) else { return nil }
    let sorted = stamps.sorted()
    let day: Int64 = 86_400_000
    guard zip(sorted, sorted.dropFirst()).allSatisfy({ $1 - $0 >= 28 * day }) else { return nil }
    let isYearly = sorted.allSatisfy { Instant(milliseconds: $0).civil.month == 1 }
    let next = { (stamp: Int64) -> Int64 in
      let date = Instant(milliseconds: stamp).civil
      let start =
        isYearly
        ? Instant(year: date.year + 1, month: 1, day: 1)
        : Instant(year: date.month == 12 ? date.year + 1 : date.year, month: date.month % 12 + 1, day: 1)
      // The calendar ends with the year 9999.
      return start?.milliseconds ?? stamp + (isYearly ? 365 : 28) * day
    }
    // Stamps that are mostly far from each other are not steps of a calendar.
    let pairs = zip(sorted, sorted.dropFirst())
    return pairs.count { next($0) == $1 } * 2 >= sorted.count - 1 ? next : nil
  }

  private static func isFirstOfMonth(_ stamp: Int64) -> Bool {
    stamp % 86_400_000 == 0 && Instant(milliseconds: stamp).civil.day == 1
  }
}
