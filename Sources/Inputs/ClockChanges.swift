import Domain

/// Explains faults of stamps that look like local times where clocks change.
enum ClockChanges {
  /// Replaces the faults of a night in which clocks change, in a file of times without an offset, by one that says so.
  static func explain(_ faults: inout [StampFault], _ book: inout SeriesBook, _ mapping: TableMapping) {
    let clock = book.clock
    guard mapping.timeZone == nil, book.hasLocalTimes || clock?.isFixed == true else { return }
    var told: [Int64] = []
    faults = faults.compactMap { fault in
      let stamp = clock?.local(fault.stamp) ?? fault.stamp
      guard fault.kind != .other, isNight(stamp) || (fault.kind == .gap && isDayAfter(stamp)) else { return fault }
      let day = stamp / 86_400_000
      if told.contains(day) { return nil }
      told.append(day)
      var fault = fault
      let time = Instant(milliseconds: stamp).readable.replacing(" UTC", with: "")
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

  /// Notes what ``explain(_:_:_:)`` explains if gaps are filled or one of several values is taken: an hour that is
  /// missing or occurs twice in a night in which clocks change.
  ///
  /// - Parameters:
  ///   - missing: the stamps before which an hour was missing.
  ///   - repeated: the stamps that had several values.
  static func note(missing: [Int64], repeated: [Int64], _ book: inout SeriesBook, _ mapping: TableMapping) {
    let clock = book.clock
    guard mapping.timeZone == nil, book.hasLocalTimes || clock?.isFixed == true else { return }
    let (missing, repeated) = (missing.map { clock?.local($0) ?? $0 }, repeated.map { clock?.local($0) ?? $0 })
    let remedy = "if these are local times, time_zone: names their time zone, such as Europe/Brussels"
    func text(_ stamp: Int64) -> String { Instant(milliseconds: stamp).readable.replacing(" UTC", with: "") }
    if let gap = missing.filter({ isNight($0) || isDayAfter($0) }).min() {
      book.note("an hour before \(text(gap)) is missing on a day when clocks change: \(remedy)")
    }
    // Days that are repeated as a whole are not a matter of clocks.
    let whole = Set(repeated.filter { !isNight($0) }.map { $0 / 86_400_000 })
    if let twice = repeated.filter({ isNight($0) && !whole.contains($0 / 86_400_000) }).min() {
      book.note("\(text(twice)) occurs twice on a day when clocks change: \(remedy)")
    }
  }

  /// True if a stamp is the midnight after a Sunday on which clocks change, which has 23 hours if they are counted.
  private static func isDayAfter(_ stamp: Int64) -> Bool {
    stamp % 86_400_000 == 0 && isNight(stamp - 86_400_000)
  }

  /// True if a stamp is from 0 to 4 o'clock on a Sunday on which clocks of Europe, America or Australia change.
  private static func isNight(_ stamp: Int64) -> Bool {
    let time = Instant(milliseconds: stamp)
    let civil = time.civil
    let hour = (stamp % 86_400_000 + 86_400_000) % 86_400_000 / 3_600_000
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
package enum Plausibility {
  /// 1973-03-03: before it there are no records of intensities or prices, but numbers that are no epoch seconds.
  private static let firstRecord: Int64 = 100_000_000_000

  /// True if the highest intensity of a trace, in g/kWh, is lower than that of any grid.
  package static func isTooClean(_ highest: Double) -> Bool { highest > 0 && highest < 3 }

  /// True if a mean price per kWh is higher than that of any grid in pounds, euros or dollars.
  package static func isTooDear(_ mean: Double) -> Bool { abs(mean) > 1 }

  static func note(_ columns: [TraceColumn], _ mapping: TableMapping, _ book: inout SeriesBook) {
    if columns.contains(where: { column in column.steps.first.map { 0..<firstRecord ~= $0.start } ?? false }) {
      let column = book.timeColumn.isEmpty ? "" : "column \(book.timeColumn): "
      book.note("\(column)times are in the years 1970 to 1973: numbers are read as seconds since 1970")
    }
    let years = [columns.compactMap { $0.steps.first?.start }.min(), columns.map(\.end).max()].compactMap {
      $0.map { Instant(milliseconds: $0).civil.year }
    }
    if let strange = years.first(where: { !(1900...2200 ~= $0) }) {
      let column = book.timeColumn.isEmpty ? "" : "column \(book.timeColumn): "
      book.note("\(column)times are in the year \(strange)")
    }
    guard mapping.scale == nil else { return }
    let count = columns.reduce(0) { $0 + $1.steps.count }
    guard count > 0 else { return }
    switch book.kind {
    case .carbon, .forecast:
      let most = columns.reduce(0) { most, column in column.steps.reduce(most) { max($0, $1.value) } }
      let sum = columns.reduce(0) { sum, column in column.steps.reduce(sum) { $0 + $1.value } }
      if sum / Double(count) > 3000 {
        book.note("intensities are over 3000 g/kWh on average: if they are in another unit, set scale: to its factor")
      }
      if isTooClean(most) { book.note("all intensities are under 3 g/kWh: if they are kg/kWh, set scale: 1000") }
    case .price:
      let sum = columns.reduce(0) { sum, column in column.steps.reduce(sum) { $0 + abs($1.value) } }
      if !book.hasPriceUnit, isTooDear(sum / Double(count)) {
        book.note("prices are over 1 per kWh on average: if they are per MWh, set scale: 0.001")
      }
    }
  }
}
