import Domain
import Foundation

/// Reads when an event begins and ends.
extension EventDecoding {
  static let timeText =
    "an instant such as 2020-01-06T00:00:00Z, a time span after the clock's start such as 36h, or a day and time such "
    + "as Tue 14:00"

  /// A time as an event writes it.
  private enum Told {
    case instant(Instant)
    /// From the clock's start on.
    case span(TimeSpan)
    case week(WeekTime)
  }

  /// When an event begins (`at` or `from`), and how long it lasts (`duration`) or until when (`until`).
  func span(_ fields: Fields, mayLast: Bool) -> (range: Range<Instant>, moves: Bool)? {
    let key = fields.optional("at") != nil ? "at" : "from"
    if key == "at", let other = fields.optional("from") {
      reader.refuse(other, expected: "either at or from", found: "both")
    }
    let startCell = fields.required(key, EventDecoding.timeText)
    let told = startCell.flatMap { self.told($0) }
    let moves = told.map { if case .instant = $0 { false } else { true } } ?? true
    let start = told.flatMap { instant($0, after: nil, startCell) }
    if let start, let startCell { demandWithinClock(start, moves: moves, startCell) }
    let duration = reader.span(fields.optional("duration"))
    let untilCell = fields.optional("until")
    let untilTold = untilCell.flatMap { self.told($0) }
    if isWithinAWindow != nil, let untilCell, let untilTold {
      let isInstant = if case .instant = untilTold { true } else { false }
      if isInstant == moves {
        reader.refuse(
          untilCell,
          expected:
            "\(moves ? "a time span after the clock's start" : "an instant"), like \(key), as there are windows")
      }
    }
    let until = untilTold.flatMap { instant($0, after: start, untilCell) }
    if fields.optional("duration") != nil, let untilCell {
      reader.refuse(untilCell, expected: "either duration or until", found: "both")
    }
    if !mayLast, fields.optional("duration") == nil, untilCell == nil {
      reader.refuse(
        Cell(tree: fields.cell.tree, path: fields.path("duration")), expected: "a time span such as 6h, or until",
        found: "no such key")
      return nil
    }
    guard let start else { return nil }
    let isTold = fields.optional("duration") != nil || untilCell != nil
    guard let end = until ?? duration.map({ start + $0 }) ?? (isTold ? nil : .never) else { return nil }
    guard end > start else {
      if let untilCell { reader.refuse(untilCell, expected: "an instant later than \(key)") }
      return nil
    }
    if let untilCell, case .week(let last)? = untilTold, last.weekday != nil { remark(untilCell, start..<end) }
    return (start..<end, moves)
  }

  /// Notes an end on a day of the week that is past at the start, so that most of a week lies between.
  private func remark(_ cell: Cell, _ span: Range<Instant>) {
    let length = span.upperBound - span.lowerBound
    guard length > .days(7) - length, length <= .days(7) else { return }
    let text = cell.tree.summary
    // Later in the same week is what it says.
    let days = [span.lowerBound, span.upperBound].map { instant in
      let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000))
      return (instant + .seconds(Int64(offset))).civil.weekday
    }
    guard days[1] <= days[0] else { return }
    reader.remark(
      cell, "the next \(text) is \(span.upperBound.readable), as the event begins at \(span.lowerBound.readable)")
  }

  private func demandWithinClock(_ start: Instant, moves: Bool, _ cell: Cell) {
    guard let clock else { return }
    if !moves, let isWithinAWindow {
      if !isWithinAWindow(start) {
        reader.refuse(
          cell, expected: "an instant within the clock of a replication, or a time span after each clock's start")
      }
    } else if start < clock.start || start >= clock.start + clock.duration {
      let (from, end) = (clock.start.readable, (clock.start + clock.duration).readable)
      reader.refuse(
        cell, expected: "an instant within the clock, from \(from) to before \(end)",
        suggestion: moves ? nil : inYearOfClock(start))
    }
  }

  /// Text of the instant with the same day and time in the year of the clock; `nil` if that is outside the clock.
  private func inYearOfClock(_ instant: Instant) -> String? {
    guard let clock else { return nil }
    let end = clock.start + clock.duration
    let civil = instant.civil
    for year in [clock.start.civil.year, end.civil.year] {
      let meant = Instant(
        year: year, month: civil.month, day: civil.day, hour: civil.hour, minute: civil.minute, second: civil.second)
      if let meant, clock.start <= meant, meant < end { return String(meant.iso8601.prefix(19)) + "Z" }
    }
    return nil
  }

  /// The instant that `8 Jan 12:00` or `Jan 8` is in the year of the clock, if it is within the clock.
  private func dated(_ cell: Cell) -> String? {
    guard let clock, case .scalar(let text, _) = cell.tree.content else { return nil }
    let words = text.replacing(",", with: " ").split(separator: " ").map { $0.lowercased() }
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    var (day, month, year, minutes): (Int?, Int?, Int?, Int) = (nil, nil, nil, 0)
    for word in words {
      if let place = months.firstIndex(where: { word.hasPrefix($0) }) {
        month = place + 1
      } else if word.contains(":"), let time = WeekTime(word) {
        minutes = time.minute
      } else if let number = Int(word.prefix { $0.isNumber }) {
        if number > 31 { year = number } else { day = number }
      } else {
        return nil
      }
    }
    guard let day, let month else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let end = clock.start + clock.duration
    for year in [year ?? clock.start.civil.year, year ?? end.civil.year] {
      guard Instant(year: year, month: month, day: day) != nil else { continue }
      let parts = DateComponents(year: year, month: month, day: day, hour: minutes / 60, minute: minutes % 60)
      guard let date = calendar.date(from: parts) else { continue }
      let meant = Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
      if clock.start <= meant, meant < end { return String(meant.iso8601.prefix(19)) + "Z" }
    }
    return nil
  }

  private func told(_ cell: Cell) -> Told? {
    if case .scalar(let text, _) = cell.tree.content {
      if let instant = Instant(text: text) { return .instant(instant) }
      if let span = TimeSpan(scenarioText: text), span >= .zero { return .span(span) }
      if let week = WeekTime(text) { return .week(week) }
    }
    var suggestion: String?
    if case .scalar(let text, _) = cell.tree.content { suggestion = WeekTime.meant(by: text) }
    reader.refuse(cell, expected: EventDecoding.timeText, suggestion: suggestion ?? dated(cell))
    return nil
  }

  /// - Parameter start: of the event, which a day and time of its end follows; `nil` for its start.
  private func instant(_ told: Told, after start: Instant?, _ cell: Cell?) -> Instant? {
    switch told {
    case .instant(let instant): return instant
    case .span(let span): return clock.map { $0.start + span }
    case .week(let time):
      guard let clock, let cell else { return nil }
      if !repeats(time) {
        reader.refuse(
          cell,
          expected:
            "an instant or a time span after the clock's start: the replications' clocks start at different times "
            + "of the week")
        return nil
      }
      let from = start.map { max($0 + TimeSpan(milliseconds: 1), clock.start) } ?? clock.start
      if let found = time.first(from: from, zone: timeZone), start != nil || found < clock.start + clock.duration {
        return found
      }
      let name = timeZone == .gmt ? "UTC" : timeZone.identifier
      let end = (clock.start + clock.duration).readable
      reader.refuse(
        cell, expected: "a day and time (\(name)) within the clock, from \(clock.start.readable) to before \(end)")
      return nil
    }
  }

  /// True if a time of the week comes equally long after the start of every replication's clock.
  private func repeats(_ time: WeekTime) -> Bool {
    guard let windows else { return true }
    guard timeZone == .gmt, case .every(let span, let first) = windows.placing else { return false }
    let period: Int64 = time.weekday == nil ? 86_400_000 : 604_800_000
    return span.milliseconds % period == 0 && first.milliseconds % period == 0
  }
}

/// A time of the week, `Tue 14:00` or `Tuesday`, or of every day, `14:00`.
struct WeekTime: Equatable {
  /// 0 is Monday; `nil` for any day.
  var weekday: Int?
  /// Minutes after midnight.
  var minute: Int

  private static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  /// `nil` for another text.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard (1...2).contains(words.count) else { return nil }
    let isTime = words[0].contains(":")
    if isTime, words.count > 1 { return nil }
    if !isTime {
      let word = words[0].lowercased()
      let day = WeekTime.days.firstIndex { $0 == word || (word.count >= 3 && word.count <= 5 && $0.hasPrefix(word)) }
      guard let day else { return nil }
      weekday = day
    }
    guard let time = isTime ? words[0] : words.dropFirst().first else {
      minute = 0
      return
    }
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let hour = Int(parts[0]),
      let minutes = Int(parts[1]), hour < 24, minutes < 60
    else { return nil }
    minute = hour * 60 + minutes
  }

  /// The time that `Tue 12pm`, `Tue 9.30` or `tue 9` was probably meant to be, as a scenario writes it.
  static func meant(by text: String) -> String? {
    let pattern = #/(?:([a-z]{3,9})\s+)?([0-9]{1,2})(?:[.:h]([0-9]{2}))?\s*(am|pm|a\.m\.|p\.m\.|h)?/#.ignoresCase()
    guard let match = text.wholeMatch(of: pattern), var hour = Int(match.2) else { return nil }
    // A bare number is no time of day.
    guard match.1 != nil || match.3 != nil || match.4 != nil else { return nil }
    if let half = match.4?.lowercased(), half != "h" {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (half.hasPrefix("p") ? 12 : 0)
    }
    let clock = (hour < 10 ? "0" : "") + "\(hour):\(match.3 ?? "00")"
    let meant = match.1.map { "\($0) \(clock)" } ?? clock
    if WeekTime(meant) != nil { return meant }
    // A day of the week is misspelt.
    guard let word = match.1.map(String.init), let day = nearest(to: word, among: days) else { return nil }
    return "\(day.capitalized) \(clock)"
  }

  /// The first such instant from another one on. A time that clocks skip is that much later; of one that occurs twice it
  /// is the earlier.
  func first(from: Instant, zone: TimeZone) -> Instant? {
    func offset(_ milliseconds: Int64) -> Int64 {
      let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      return Int64(zone.secondsFromGMT(for: date)) * 1000
    }
    let day: Int64 = 86_400_000
    let local = from.milliseconds + offset(from.milliseconds)
    for number in -1...8 {
      let midnight = (local.flooredQuotient(day) + Int64(number)) * day
      if let weekday, Instant(milliseconds: midnight).civil.weekday != weekday { continue }
      let wanted = midnight + Int64(minute) * 60_000
      // The offsets that hold a day before and after.
      let offsets = [offset(wanted - day), offset(wanted + day)]
      let matches = offsets.map { wanted - $0 }.filter { $0 + offset($0) == wanted }
      let found = matches.min() ?? wanted - offsets[0]
      if found >= from.milliseconds { return Instant(milliseconds: found) }
    }
    return nil
  }
}
