import Domain
import Foundation
import Testing

@testable import Inputs

/// Local times of time zones, against offsets that a person reads off a calendar.
@Suite struct LocalClockTests {
  private func order(_ zone: String, _ texts: [String], descending: Bool = false) throws -> [String] {
    var clock = try #require(LocalClock(name: zone))
    var order = LocalOrder(descending: descending)
    return try texts.map { text in
      let local = try #require(Instant(text: text))
      return order.next(clock.resolve(local)).map { String($0.iso8601.prefix(16)) } ?? "none"
    }
  }

  @Test func quarterHoursOfAnAutumnNight() throws {
    let quarters = ["00", "15", "30", "45"]
    let local = (["01", "02", "02", "03"].flatMap { hour in quarters.map { "2025-10-26T\(hour):\($0)" } })
    let utc =
      (["2025-10-25T23", "2025-10-26T00", "2025-10-26T01", "2025-10-26T02"].flatMap { hour in
        quarters.map { "\(hour):\($0)" }
      })
    #expect(try order("Europe/Brussels", local) == utc)
    #expect(try order("Europe/Brussels", local.reversed(), descending: true) == utc.reversed())
  }

  @Test func springHasAnHourThatDoesNotOccur() throws {
    #expect(
      try order("Europe/Brussels", ["2025-03-30T01:59", "2025-03-30T02:00", "2025-03-30T02:59", "2025-03-30T03:00"])
        == ["2025-03-30T00:59", "none", "none", "2025-03-30T01:00"])
  }

  @Test(arguments: [
    ("America/New_York", "2024-07-01T12:00", "2024-07-01T16:00"),
    ("Asia/Kolkata", "2024-07-01T12:00", "2024-07-01T06:30"),
    ("Australia/Lord_Howe", "2024-01-01T12:00", "2024-01-01T01:00"),
    ("UTC", "2024-07-01T12:00", "2024-07-01T12:00"),
    // Samoa skipped a day.
    ("Pacific/Apia", "2011-12-30T12:00", "none"), ("Pacific/Apia", "2011-12-31T12:00", "2011-12-30T22:00"),
  ]) func zones(name: String, local: String, utc: String) throws { #expect(try order(name, [local]) == [utc]) }

  /// Every instant is among the matches of the local time that a clock shows then.
  @Test func localTimesLeadBack() throws {
    for name in ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza"] {
      var clock = try #require(LocalClock(name: name))
      let zone = try #require(TimeZone(identifier: name))
      for step in 0..<20_000 {
        let seconds = 946_684_800 + Int64(step) * 47_700
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        let instant = Instant(milliseconds: seconds * 1000)
        switch clock.resolve(Instant(milliseconds: (seconds + Int64(offset)) * 1000)) {
        case .one(let found): #expect(found == instant, "\(name)")
        case .two(let early, let late): #expect(early == instant || late == instant, "\(name)")
        case .none: Issue.record("\(name) \(instant.iso8601)")
        }
      }
    }
  }

  @Test func unknownNames() {
    #expect(LocalClock(name: "Europe/Bruxelles") == nil)
    #expect(LocalClock.suggestion(for: "Europe/Brussel") == "Europe/Brussels")
    #expect(LocalClock.suggestion(for: "brussels") == "Europe/Brussels")
    #expect(LocalClock.suggestion(for: "europe/berlin") == "Europe/Berlin")
    #expect(LocalClock.suggestion(for: "Mars/Olympus") == nil)
  }

  @Test(arguments: [
    ("2025-01-01", true), ("2025-01-01 00:00", true), ("2025-01-01T00:00:00.5", true), ("2025-01-01T00:00Z", false),
    ("2025-01-01 00:00-07:00", false), ("1578268800", false),
  ]) func writtenTimes(text: String, isLocal: Bool) throws {
    var text = text
    let time = try #require(text.withUTF8 { WrittenTime(utf8: $0) })
    if case .local = time { #expect(isLocal) } else { #expect(!isLocal) }
  }
}

@Suite struct CSVDialectTests {
  @Test(
    arguments: [
      ("datetime,A", 44), ("datetime;A", 59), ("\"a,b\";c", 59), ("datetime;\tA", 59), ("a\tb", 9), ("a|b", 124),
      ("Datum von;Deutschland, Luxemburg", 44), ("alone", 44), ("", 44),
    ] as [(String, UInt8)]) func separators(header: String, separator: UInt8)
  {
    var header = header
    #expect(header.withUTF8 { CSVDialect(header: $0).separator } == separator)
  }

  @Test(
    arguments: [
      ("101,5", 101.5), ("-0,25", -0.25), ("1.234,5", 1234.5), ("-1.234.567,5", -1_234_567.5), ("1.234", 1234),
      ("7", 7), ("1,5e-3", 0.0015), ("1.5", nil), ("1,2,3", nil), ("12.34,5", nil), ("1,234.5", nil), ("", nil),
      (",5", 0.5), ("x", nil), (".234", nil),
    ] as [(String, Double?)]) func decimalCommas(text: String, number: Double?)
  {
    var text = text
    #expect(text.withUTF8 { $0.decimalCommaNumber } == number)
  }

  @Test func fieldsAreSplitAtTheSeparator() {
    let fields = CSVFields()
    func split(_ text: String, _ separator: UInt8) -> [String]? {
      fields.separator = separator
      var bytes = Array(text.utf8)
      return bytes.withUnsafeMutableBufferPointer { line in
        fields.split(line) ? (0..<fields.count).map { fields[$0].text } : nil
      }
    }
    #expect(split("a;\t\"b;c\" ;1,5", 59) == ["a", "b;c", "1,5"])
    #expect(split("a\t\t\"b\tc\"\t d", 9) == ["a", "", "b\tc", "d"])
    #expect(split("a\t", 9) == ["a", ""])
    #expect(split("\"a\"x\tb", 9) == nil)
    #expect(split("a|\"b\"\"|\"", 124) == ["a", "b\"|"])
    #expect(split("a, \"b\"\t,c", 44) == ["a", "b", "c"])
  }
}
