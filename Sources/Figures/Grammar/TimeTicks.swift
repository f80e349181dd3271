internal import Domain
internal import Foundation

extension TickMaker {
  private static let minute: Int64 = 60_000
  private static let day: Int64 = 86_400_000

  /// Round instants of UTC: minutes, hours, days, Mondays, months, years, as many as fit.
  func time(_ range: ClosedRange<Double>) -> [Tick] {
    let (low, high) = (Int64(range.lowerBound), Int64(range.upperBound))
    let minutes: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880]
    for step in minutes.map({ $0 * TickMaker.minute }) where Double(high - low) / Double(step) <= length / 30 {
      let ticks = even(low, high, step)
      if fits(ticks, spacing: length * Double(step) / Double(high - low)) { return ticks }
    }
    // The epoch was a Thursday: Mondays are four days later.
    for weeks: Int64 in [1, 2] where Double(high - low) / Double(TickMaker.day) / 7 <= length / 30 {
      let step = weeks * 7 * TickMaker.day
      let ticks = even(low, high, step, phase: 4 * TickMaker.day)
      if fits(ticks, spacing: length * Double(step) / Double(high - low)) { return ticks }
    }
    for months in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200] {
      let ticks = monthly(low, high, months)
      let spacing = length * 28 * Double(months) * Double(TickMaker.day) / Double(high - low)
      if fits(ticks, spacing: spacing) { return ticks }
    }
    return []
  }

  private func even(_ low: Int64, _ high: Int64, _ step: Int64, phase: Int64 = 0) -> [Tick] {
    var ticks: [Tick] = []
    let first = (low - phase + step - 1).flooredQuotient(step) * step + phase
    for at in stride(from: first, through: high, by: Int64.Stride(step)) {
      ticks.append(Tick(value: Double(at), label: TickMaker.label(at, step)))
    }
    return ticks
  }

  private func monthly(_ low: Int64, _ high: Int64, _ months: Int) -> [Tick] {
    guard let first = TickMaker.civil(low), let last = TickMaker.civil(high) else { return [] }
    var ticks: [Tick] = []
    for month in stride(
      from: (first.year * 12 + first.month - 1) / months * months, through: last.year * 12 + last.month - 1, by: months)
    {
      let (year, number) = (month / 12, month % 12 + 1)
      guard let at = Instant(text: "\(TickMaker.padded(year, 4))-\(TickMaker.padded(number, 2))-01")?.milliseconds,
        at >= low, at <= high
      else { continue }
      let label = number == 1 || months >= 12 ? "\(year)" : TickMaker.months[number - 1]
      ticks.append(Tick(value: Double(at), label: label))
    }
    return ticks
  }

  private static func padded(_ value: Int, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Year, month and day as ISO 8601 writes them.
  private static func civil(_ milliseconds: Int64) -> (year: Int, month: Int, day: Int)? {
    let text = Instant(milliseconds: milliseconds).iso8601
    guard let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
      let day = Int(text.dropFirst(8).prefix(2))
    else { return nil }
    return (year, month, day)
  }

  /// `6 Jan` at midnight, else `06:00`.
  private static func label(_ at: Int64, _ step: Int64) -> String {
    let text = Instant(milliseconds: at).iso8601
    if at.flooredQuotient(day) * day == at, let civil = civil(at) {
      return "\(civil.day) \(months[civil.month - 1])"
    }
    return String(text.dropFirst(11).prefix(5))
  }
}
