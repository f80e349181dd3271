public import Domain
internal import Foundation
internal import Scenarios

/// Wall-clock time of a named time zone (IANA), as instants.
///
/// When clocks are put back an hour of local times occurs twice, when they are put forward an hour does not occur:
/// ``resolve(_:)`` returns both instants or none. ``LocalOrder`` chooses between two by the order of a file's rows.
public struct LocalClock: Sendable {
  /// The instants of a local time, earlier first.
  public enum Match: Equatable, Sendable {
    case none
    case one(Instant)
    case two(Instant, Instant)
  }

  /// The zone's name, such as `Europe/Berlin`.
  public let name: String
  private let zone: TimeZone
  /// The last day that was asked about and the offset that holds around it, if it is one.
  private var day = Int64.min
  private var offset: Int64?

  /// - Returns: `nil` for a name that is none of the time zone database and no offset such as `+01:00` or `UTC+1`.
  public init?(name: String) {
    if let offset = ClockOffset(name: name) {
      guard let fixed = TimeZone(secondsFromGMT: offset.minutes * 60) else { return nil }
      self.name = offset.name
      zone = fixed
      return
    }
    // Abbreviations (`BST`, `GMT+1`) do not say whether clocks change, unless they are names of the database. Older
    // names (`Asia/Kolkata`) are not listed.
    guard name.contains("/") || LocalClock.shortNames.contains(name), let zone = TimeZone(identifier: name) else {
      return nil
    }
    self.name = name
    self.zone = zone
  }

  /// Names of the time zone database without a region.
  private static let shortNames = [
    "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "GMT+0", "GMT-0",
    "GMT0",
    "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST",
    "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey",
    "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu",
  ]

  /// Names of the time zone database, for suggestions.
  public static let names: [String] = TimeZone.knownTimeZoneIdentifiers.sorted()

  /// For messages about a name that is none.
  static func expected(for name: String) -> String {
    let hint = suggestion(for: name).map { "; did you mean \($0)?" } ?? ", or an offset such as +01:00"
    return "a time zone of the IANA database such as Europe/Berlin" + hint
  }

  /// The zone that is named after a city: `Europe/Berlin` of `Berlin`.
  static func zone(ofCity city: String) -> String? {
    let key = squashed(city)
    guard key.count > 3, key != "center" else { return nil }
    return names.first { $0.contains("/") && squashed(String($0.split(separator: "/").last ?? "")) == key }
  }

  /// The known name nearest to a misspelt one.
  public static func suggestion(for name: String) -> String? {
    let key = squashed(name)
    if let same = names.first(where: { squashed($0) == key }) { return same }
    // A city alone names its zone.
    if let city = names.first(where: { squashed(String($0.split(separator: "/").last ?? "")) == key }) { return city }
    return nearest(to: name, among: names)
  }

  /// The instants at which clocks of the zone show a time.
  ///
  /// - Parameter local: the local time written as though it were UTC.
  public mutating func resolve(_ local: Instant) -> Match {
    let milliseconds = local.milliseconds
    let today = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
    if today != day {
      day = today
      // Offsets are below a day: nothing before yesterday and after tomorrow matters.
      let offsets = [-1, 0, 1, 2].map { offset(at: (today + $0) * 86_400_000) }
      offset = offsets.allSatisfy { $0 == offsets[0] } ? offsets[0] : nil
    }
    if let offset { return .one(Instant(milliseconds: milliseconds - offset)) }
    let found = [-1, 0, 1, 2].map { offset(at: (today + $0) * 86_400_000) }
      .filter { offset(at: milliseconds - $0) == $0 }.map { milliseconds - $0 }
    guard let first = found.min(), let last = found.max() else { return .none }
    let (early, late) = (Instant(milliseconds: first), Instant(milliseconds: last))
    return early == late ? .one(early) : .two(early, late)
  }

  /// True if the clock is a fixed offset, which never changes.
  var isFixed: Bool { ClockOffset(name: name) != nil }

  /// The local time of an instant, as though it were UTC.
  func local(_ milliseconds: Int64) -> Int64 { milliseconds + offset(at: milliseconds) }

  /// Milliseconds by which clocks are ahead of UTC at an instant.
  func offset(at milliseconds: Int64) -> Int64 {
    let seconds = (Double(milliseconds) / 1000).rounded(.down)
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))) * 1000
  }
}

/// Chooses between the two instants of a local time that occurs twice, by the order of the rows of one series.
///
/// Rows rise, or fall if `descending`: a row takes the first instant that continues this order. So the first pass
/// through the hour is summer time and the second one, which goes back to or repeats a local time, winter time.
public struct LocalOrder: Sendable {
  private let descending: Bool
  private var last: Instant?

  public init(descending: Bool = false) { self.descending = descending }

  /// The instant of a row, the next one of its series.
  public mutating func next(_ match: LocalClock.Match) -> Instant? {
    let chosen: Instant? =
      switch match {
      case .none: nil
      case .one(let instant): instant
      case .two(let early, let late): choose(early, late)
      }
    if let chosen { last = chosen }
    return chosen
  }

  private func choose(_ early: Instant, _ late: Instant) -> Instant {
    guard let last else { return descending ? late : early }
    return descending ? (late < last ? late : early) : (early > last ? early : late)
  }
}

/// Local time as a text has it: with an offset or without.
public enum WrittenTime: Equatable, Sendable {
  case instant(Instant)
  /// The local time as though it were UTC.
  case local(Instant)

  /// Reads ISO 8601 or epoch seconds as ``Instant/init(utf8:)`` does, and says whether the text has an offset.
  public init?(utf8 text: UnsafeBufferPointer<UInt8>) {
    guard let instant = Instant(utf8: text) else { return nil }
    let isDate = text.count >= 10 && text[4] == 45
    let hasOffset = text.dropFirst(10).contains { [90, 122, 43, 45].contains($0) }
    self = isDate && !hasOffset ? .local(instant) : .instant(instant)
  }
}
