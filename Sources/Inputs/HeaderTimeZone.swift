/// The time zone that the name of a time's column says in words: `Hour (EST)`, `Time (CET)`, `datetime_beginning_ept`,
/// `Time (Europe/Berlin)`.
struct HeaderTimeZone: Equatable {
  enum Meaning: Equatable {
    /// A name for ``LocalClock``.
    case zone(String)
    /// An abbreviation that means several time zones, or one that is not known; zones that it may mean.
    case unclear([String])
  }

  /// The words as the header has them.
  let text: String
  let meaning: Meaning
  /// The header without them.
  let base: String

  /// `nil` for a name that says no time zone, or nothing else.
  init?(header: String) {
    guard let found = HeaderTimeZone.inBrackets(header) ?? HeaderTimeZone.atEnd(header) else { return nil }
    guard !squashed(found.base).isEmpty else { return nil }
    self = found
  }

  private init(text: String, meaning: Meaning, base: String) {
    (self.text, self.meaning, self.base) = (text, meaning, base)
  }

  /// A text in the last brackets.
  private static func inBrackets(_ header: String) -> HeaderTimeZone? {
    guard let open = header.lastIndex(where: { "([".contains($0) }),
      let close = header[open...].firstIndex(where: { ")]".contains($0) })
    else { return nil }
    let text = String(header[header.index(after: open)..<close]).trimmed
    let rest = header[header.index(after: close)...]
    let base = String(header[..<open]) + String(rest)
    guard let meaning = meaning(inside: text) else { return nil }
    return HeaderTimeZone(text: text, meaning: meaning, base: base.trimmed)
  }

  private static func meaning(inside text: String) -> Meaning? {
    if ["utc", "gmt", "z", "zulu", "uct"].contains(text.lowercased()) { return nil }
    if let known = known(text) { return known }
    if text.contains("/"), LocalClock(name: text) != nil { return .zone(text) }
    let lower = text.lowercased()
    let place =
      [" local time", " prevailing time", " time"].first { lower.hasSuffix($0) }
      .map { String(text.dropLast($0.count)) } ?? text
    if let region = regions[squashed(place)] { return .zone(region) }
    if let city = LocalClock.zone(ofCity: place) { return .zone(city) }
    // Any other abbreviation of a time.
    let isAbbreviation = 3...5 ~= text.count && text.hasSuffix("T") && text.allSatisfy { $0.isASCII && $0.isUppercase }
    return isAbbreviation && !["START", "FIRST", "NEXT", "LAST"].contains(text) ? .unclear([]) : nil
  }

  /// Words at the end, behind a blank, a line or the like: `Time CET/CEST`, `hour_ending_cpt`, `Datum Europe/Berlin`.
  private static func atEnd(_ header: String) -> HeaderTimeZone? {
    if let blank = header.lastIndex(of: " ") {
      let last = String(header[header.index(after: blank)...])
      if last.contains("/"), known(last) == nil, LocalClock(name: last) != nil {
        return HeaderTimeZone(text: last, meaning: .zone(last), base: String(header[..<blank]))
      }
    }
    let words = header.split { !$0.isLetter && !$0.isNumber }
    for count in [2, 1] where words.count > count {
      let start = words[words.count - count].startIndex
      let text = String(header[start...])
      // Two letters are an abbreviation in brackets alone.
      guard words.last.map({ $0.count > 2 }) ?? false, let meaning = known(text) else { continue }
      return HeaderTimeZone(text: text, meaning: meaning, base: String(header[..<start]))
    }
    return nil
  }

  /// An abbreviation, or two of them for winter and summer: `EST`, `CET/CEST`.
  private static func known(_ text: String) -> Meaning? {
    let words = text.uppercased().split { !$0.isLetter }.map(String.init)
    let isCapital = text == text.uppercased()
    switch words.count {
    case 1:
      if text.count == 2, !isCapital { return nil }
      if let zone = local[words[0]] { return .zone(zone) }
      if let minutes = fixed[words[0]] { return .zone(ClockOffset(minutes: minutes).name) }
      return ambiguous[words[0]].map { .unclear($0) }
    case 2: return pairs[words.joined(separator: "/")].map { .zone($0) }
    default: return nil
    }
  }

  /// The offset in minutes of an abbreviation that means the same the whole year.
  static func offset(_ abbreviation: String) -> Int? { fixed[abbreviation] }

  private static let fixed: [String: Int] = [
    "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "AKDT": -480, "HST": -600, "AEST": 600, "AEDT": 660, "ACST": 570, "ACDT": 630, "AWST": 480, "NZST": 720,
    "NZDT": 780, "NEM": 600, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "BRT": -180, "SAST": 120, "EAT": 180,
    "CAT": 120, "WAT": 60, "MSK": 180,
  ]

  /// Abbreviations that people use for local time with its summer time.
  private static let local: [String: String] = [
    "CET": "Europe/Brussels", "CEST": "Europe/Brussels", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
    "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki", "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EPT": "America/New_York", "CPT": "America/Chicago", "MPT": "America/Denver", "PPT": "America/Los_Angeles",
  ]

  private static let pairs: [String: String] = [
    "CET/CEST": "Europe/Brussels", "CEST/CET": "Europe/Brussels", "MEZ/MESZ": "Europe/Berlin",
    "EET/EEST": "Europe/Helsinki", "WET/WEST": "Europe/Lisbon", "GMT/BST": "Europe/London",
    "BST/GMT": "Europe/London", "EST/EDT": "America/New_York", "EDT/EST": "America/New_York",
    "CST/CDT": "America/Chicago", "CDT/CST": "America/Chicago", "MST/MDT": "America/Denver",
    "MDT/MST": "America/Denver", "PST/PDT": "America/Los_Angeles", "PDT/PST": "America/Los_Angeles",
    "AEST/AEDT": "Australia/Sydney", "AEDT/AEST": "Australia/Sydney", "NZST/NZDT": "Pacific/Auckland",
    "NZDT/NZST": "Pacific/Auckland",
  ]

  private static let regions: [String: String] = [
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "uk": "Europe/London", "germany": "Europe/Berlin", "france": "Europe/Paris",
    "spain": "Europe/Madrid", "italy": "Europe/Rome", "texas": "America/Chicago", "ercot": "America/Chicago",
  ]

  private static let ambiguous: [String: [String]] = [
    "CST": ["America/Chicago", "UTC-06:00", "Asia/Shanghai"],
    "IST": ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"],
    "BST": ["Europe/London", "UTC+01:00"], "AST": ["America/Halifax", "Asia/Riyadh"],
    "GST": ["Asia/Dubai"], "SST": ["Asia/Singapore"], "ECT": ["America/Guayaquil"], "AMT": ["America/Manaus"],
    "ADT": ["America/Halifax"], "NST": ["America/St_Johns"], "NDT": ["America/St_Johns"], "PHT": ["Asia/Manila"],
    "ART": ["America/Argentina/Buenos_Aires"], "CLT": ["America/Santiago"], "IRST": ["Asia/Tehran"],
    "PKT": ["Asia/Karachi"], "ICT": ["Asia/Bangkok"], "WIB": ["Asia/Jakarta"],
  ]
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { " _-".contains($0) }.reversed())
  }
}
