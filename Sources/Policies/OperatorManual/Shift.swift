internal import Domain

/// When an operator works: a span of the local day on some weekdays, at a fixed offset from UTC (no daylight saving).
/// A shift that passes midnight belongs to the day on which it begins.
struct Shift: Hashable {
  /// Milliseconds of the local day.
  var start: Int64 = 9 * 3_600_000
  /// > 0, at most a day.
  var length: Int64 = 8 * 3_600_000
  /// Bit 0 is Monday.
  var days: UInt8 = 0b001_1111
  /// Local time − UTC, milliseconds.
  var offset: Int64 = 0

  static let day: Int64 = 86_400_000

  /// The shift that an instant is in, or else the next one; ends later than the instant. O(1).
  func span(at instant: Int64) -> Range<Int64> {
    let today = (instant + offset).flooredQuotient(Shift.day)
    // Yesterday's may still be on; a week on, every weekday has been seen.
    for day in (today - 1)...(today + 8) {
      let weekday = ((day + 3) % 7 + 7) % 7
      guard days >> UInt8(weekday) & 1 == 1 else { continue }
      let begin = day * Shift.day + start - offset
      if begin + length > instant { return begin..<(begin + length) }
    }
    preconditionFailure("a shift on no day of the week")
  }

  /// Time on shift within a span, in milliseconds. O(days).
  func time(within span: Range<Int64>) -> Int64 {
    var sum: Int64 = 0
    var at = span.lowerBound
    while at < span.upperBound {
      let next = self.span(at: at)
      sum += max(0, min(next.upperBound, span.upperBound) - max(next.lowerBound, span.lowerBound))
      at = next.upperBound
    }
    return sum
  }
}

/// When an operator looks at the dashboard: every so often from the shift's start on, or at set times of the local day.
struct LookTimes: Hashable {
  var shift = Shift()
  /// Milliseconds between two looks, > 0.
  var interval: Int64 = 12_000
  /// Milliseconds of the local day; where there are any, they count instead.
  var times: [Int64] = []

  /// The first look at an instant or later, and the end of its shift; `nil` where no look ever falls into a shift.
  func next(at instant: Int64) -> (at: Int64, shiftEnd: Int64)? {
    var from = instant
    for _ in 0..<9 {
      let span = shift.span(at: from)
      let begin = max(from, span.lowerBound)
      let look: Int64
      if times.isEmpty {
        look = span.lowerBound + (begin - span.lowerBound + interval - 1) / interval * interval
      } else {
        look =
          times.map { time in
            // The first occurrence of the time of day from `begin` on.
            let passed = (begin + shift.offset - time).flooredQuotient(Shift.day) * Shift.day + time - shift.offset
            return passed < begin ? passed + Shift.day : passed
          }.min() ?? .max
      }
      if look < span.upperBound { return (look, span.upperBound) }
      from = span.upperBound
    }
    return nil
  }
}
