import Domain

/// Explains faults of stamps that look like local times where clocks change.
enum ClockChanges {
  /// Replaces the faults of a night in which clocks change, in a file of times without an offset, by one that says so.
  static func explain(_ faults: inout [StampFault], _ book: inout SeriesBook, _ mapping: TableMapping) {
    guard book.hasLocalTimes, mapping.timeZone == nil else { return }
    var told: [Int64] = []
    faults = faults.compactMap { fault in
      guard fault.kind != .other, isNight(fault) else { return fault }
      let day = fault.stamp / 86_400_000
      if told.contains(day) { return nil }
      told.append(day)
      var fault = fault
      let time = Instant(milliseconds: fault.stamp).readable.replacing(" UTC", with: "")
      let isTwice = fault.kind == .conflict
      let own = fault.found
      let looks =
        isTwice
        ? " (\(time) occurs twice on a day when clocks change: are these local times?)"
        : " (an hour before \(time) is missing on a day when clocks change: are these local times?)"
      fault.found = { own($0) + looks }
      fault.expected += ", or time_zone: with their time zone such as Europe/Brussels"
      return fault
    }
  }

  /// Whether a stamp is from 0 to 4 o'clock on a Sunday on which clocks of Europe, America or Australia change.
  private static func isNight(_ fault: StampFault) -> Bool {
    let time = Instant(milliseconds: fault.stamp)
    let civil = time.civil
    let hour = (fault.stamp % 86_400_000 + 86_400_000) % 86_400_000 / 3_600_000
    // `weekday` counts from Monday.
    guard civil.weekday == 6, hour <= 4 else { return false }
    switch civil.month {
    case 3: return civil.day >= 25 || 8...14 ~= civil.day
    case 10: return civil.day >= 25 || civil.day <= 7
    case 4, 11: return civil.day <= 7
    default: return false
    }
  }
}

/// Notes values that probably have another unit, and times that are probably no seconds.
enum Plausibility {
  /// 1973-03-03: before it there are no records of intensities or prices, but numbers that are no epoch seconds.
  private static let firstRecord: Int64 = 100_000_000_000

  static func note(_ columns: [TraceColumn], _ mapping: TableMapping, _ book: inout SeriesBook) {
    if columns.contains(where: { column in column.steps.first.map { 0..<firstRecord ~= $0.start } ?? false }) {
      book.note("times are in the years 1970 to 1973: numbers are read as seconds since 1970")
    }
    guard mapping.scale == nil else { return }
    let count = columns.reduce(0) { $0 + $1.steps.count }
    guard count > 0 else { return }
    switch book.kind {
    case .carbon, .forecast:
      let most = columns.reduce(0) { most, column in column.steps.reduce(most) { max($0, $1.value) } }
      if most > 0, most < 3 { book.note("all intensities are under 3 g/kWh: if they are kg/kWh, set scale: 1000") }
    case .price:
      let sum = columns.reduce(0) { sum, column in column.steps.reduce(sum) { $0 + abs($1.value) } }
      if sum / Double(count) > 10 {
        book.note("prices are over 10 per kWh on average: if they are per MWh, set scale: 0.001")
      }
    }
  }
}
