/// A fixed offset from UTC, as headers and `time_zone` write it.
struct ClockOffset: Equatable {
  /// Minutes ahead of UTC.
  let minutes: Int
  /// The text without the offset, trimmed: `Time` of `Time (UTC+1)`.
  private(set) var base = ""

  /// `UTC+01:00`.
  var name: String {
    let size = abs(minutes)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "UTC\(minutes < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))"
  }

  init(minutes: Int) { self.minutes = minutes }

  /// Reads `+01:00`, `-0530`, `+1`, `UTC+1` or `UTC-05:00`.
  init?(name: String) {
    let text = name.uppercased().filter { $0 != " " }
    let rest = text.hasPrefix("UTC") ? text.dropFirst(3) : text[...]
    guard let found = ClockOffset.offset(rest), found.end == rest.endIndex else { return nil }
    minutes = found.minutes
  }

  /// Finds an offset in a header: `Time (UTC+1)`, `Datetime (GMT+01:00)`, `Time UTC+10`, `timestamp (+01:00)`.
  init?(header: String) {
    var from = header.startIndex
    while from < header.endIndex {
      let rest = header[from...]
      let word = rest.prefix(3).uppercased()
      let isZone = word == "UTC" || word == "GMT"
      let sign = (isZone ? rest.dropFirst(3) : rest.dropFirst()).drop { $0 == " " }
      if isZone || rest.first == "(", let found = ClockOffset.offset(sign), isZone || found.hasMinutes {
        var before = header[..<from]
        // POSIX counts westwards: Etc/GMT-1 is an hour ahead of UTC.
        let isPOSIX = before.lowercased().hasSuffix("etc/")
        minutes = isPOSIX ? -found.minutes : found.minutes
        if isPOSIX { before = before.dropLast(4) }
        let head = before.reversed().drop { " ([_,-/|".contains($0) }.reversed()
        base = String(head) + String(header[found.end...].drop { " )]".contains($0) })
        return
      }
      from = header.index(after: from)
    }
    return nil
  }

  /// A sign, hours up to 14 and possibly minutes, at the beginning of a text.
  private static func offset(_ text: Substring) -> (minutes: Int, hasMinutes: Bool, end: String.Index)? {
    guard let sign = text.first, "+-−".contains(sign) else { return nil }
    let isDigit = { (c: Character) in c.isASCII && c.isNumber }
    let digits = text.dropFirst().prefix(while: isDigit)
    var end = digits.endIndex
    var (hour, minute) = (String(digits), "")
    if digits.count == 4 {
      (hour, minute) = (String(digits.prefix(2)), String(digits.suffix(2)))
    } else if end < text.endIndex, text[end] == ":" {
      let own = text[text.index(after: end)...].prefix(while: isDigit)
      guard own.count == 2 else { return nil }
      (minute, end) = (String(own), own.endIndex)
    }
    guard 1...2 ~= hour.count, let hours = Int(hour), let rest = minute.isEmpty ? 0 : Int(minute), rest < 60 else {
      return nil
    }
    let size = hours * 60 + rest
    guard size <= 14 * 60 else { return nil }
    return (sign == "+" ? size : -size, !minute.isEmpty, end)
  }
}
