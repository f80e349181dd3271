import Domain
import Inputs
import Testing

/// Times of traces as people write them: time zones in headers, hours beside dates, months, forms of dates. Instants
/// are worked out by hand from the offsets of the zones.
@Suite struct TraceClockTests {
  private struct Found: Equatable {
    var from: String
    var end: String
    var count: Int
    var notes: [String]
  }

  private func read(
    _ text: String, _ kind: TraceKind = .carbon, gaps: GapRule = .error, _ set: (inout TableMapping) -> Void = { _ in }
  ) throws -> Found {
    var mapping = TableMapping()
    set(&mapping)
    return try withFile(text) { path in
      let table = try TraceReader.readAll(path: path, kind: kind, gaps: gaps, reading: TraceReading(mapping: mapping))
        .table
      let column = try #require(table.columns.first)
      return Found(
        from: Instant(milliseconds: column.steps[0].start).readable, end: Instant(milliseconds: column.end).readable,
        count: column.steps.count, notes: table.plainNotes)
    }
  }

  private func told(_ text: String, _ kind: TraceKind = .carbon, _ set: (inout TableMapping) -> Void = { _ in }) throws
    -> String
  {
    try withFile(text) { path in
      var mapping = TableMapping()
      set(&mapping)
      return fault {
        _ = try TraceReader.readAll(path: path, kind: kind, reading: TraceReading(mapping: mapping))
      }.replacing(path, with: "f")
    }
  }

  private func hours(_ header: String, _ cell: (Int) -> String) -> String {
    "\(header),A\n" + (0..<3).map { "\(cell($0)),\(100 + $0)\n" }.joined()
  }

  // Headers

  @Test(arguments: [
    ("Hour (EST)", "05:00", "UTC-05:00"), ("Datetime (PST)", "08:00", "UTC-08:00"), ("time_est", "05:00", "UTC-05:00"),
    ("Date/Time EDT", "04:00", "UTC-04:00"), ("Time (ET)", "04:00", "America/New_York"),
    ("datetime_beginning_ept", "04:00", "America/New_York"), ("Time (Eastern)", "04:00", "America/New_York"),
    ("Timestamp (EST/EDT)", "04:00", "America/New_York"), ("Time [HST]", "10:00", "UTC-10:00"),
  ]) func aTimeZoneInTheHeader(header: String, start: String, name: String) throws {
    let found = try read(hours(header) { "2025-07-01 0\($0):00" })
    #expect(found.from == "2025-07-01 \(start) UTC", "\(header)")
    #expect(
      found.notes.last == "column \(header): times without an offset are read as \(name) (time_zone: changes this)")
    // Times that have an offset say it themselves.
    #expect(try read(hours(header) { "2025-07-01T0\($0):00Z" }).from == "2025-07-01 00:00 UTC")
    let own = try read(hours(header) { "2025-07-01 0\($0):00" }) { $0.timeZone = "+01:00" }
    #expect(own.from == "2025-06-30 23:00 UTC")
  }

  @Test(arguments: ["Time (CET)", "Time (CEST)", "time_cet", "Time (Brussels)", "Datum (MEZ)", "Time (Europe/Paris)"])
  func localTimesOfEurope(header: String) throws {
    #expect(try read(hours(header) { "2025-07-01 0\($0):00" }).from == "2025-06-30 22:00 UTC", "\(header)")
    #expect(try read(hours(header) { "2025-01-01 0\($0):00" }).from == "2024-12-31 23:00 UTC", "\(header)")
  }

  @Test(arguments: ["CST", "IST", "BST", "XYZT"]) func anUnclearAbbreviation(word: String) throws {
    let text = hours("Time (\(word))") { "2025-07-01 0\($0):00" }
    let found = try told(text)
    #expect(found.hasPrefix("f:1: Time (\(word)): found the time zone \(word), which "), "\(found)")
    #expect(found.contains("expected time_zone: with an offset or a name such as "), "\(found)")
    let own = try read(text) { $0.timeZone = "America/Chicago" }
    #expect(own.from == "2025-07-01 05:00 UTC")
    #expect(try read(text.replacing(":00,", with: ":00Z,")).from == "2025-07-01 00:00 UTC")
  }

  @Test(arguments: ["Time (UTC)", "Datetime (GMT)", "Time (start)", "Time (START)", "Time (hh:mm)", "Timestamp (s)"])
  func headersWithoutATimeZone(header: String) throws {
    #expect(try read(hours(header) { "2025-07-01 0\($0):00" }).from == "2025-07-01 00:00 UTC")
  }

  /// A column of EST that skips an hour where clocks of America do.
  @Test func aFixedOffsetThatIsNone() throws {
    let text = "Time (EST),A\n" + [0, 1, 3, 4].map { "2025-03-09 0\($0):00,1\n" }.joined()
    #expect(try told(text).contains("an hour before 2025-03-09 03:00 is missing on a day when clocks change"))
  }

  // Hours beside dates

  private func days(_ first: Int, _ month: String, _ hours: [[Int]], _ style: (Int) -> String = { "\($0)" }) -> String {
    "date,hour,A\n"
      + hours.enumerated().flatMap { day, own in
        own.enumerated().map { "2025-\(month)-\(first + day),\(style($1)),\(100 * day + $0)\n" }
      }.joined()
  }

  /// Three days in Berlin: 71 hours from 28 March 23:00 UTC, 73 from 24 October 22:00 UTC.
  @Test func daysOfTwentyThreeAndTwentyFiveHours() throws {
    let (one, zero) = (Array(1...24), Array(0...23))
    let spring: [[[Int]]] = [
      [one, Array(1...23), one], [one, [1, 2] + Array(4...24), one], [zero, Array(0...22), zero],
      [zero, [0, 1] + Array(3...23), zero],
    ]
    for own in spring {
      let found = try read(days(29, "03", own)) { $0.timeZone = "Europe/Berlin" }
      #expect(
        found.from == "2025-03-28 23:00 UTC" && found.end == "2025-03-31 22:00 UTC" && found.count == 71, "\(own[1])")
      let without = try told(days(29, "03", own))
      #expect(without.contains("is missing on a day when clocks change"), "\(without)")
      #expect(without.contains("time_zone:"))
    }
    let autumn: [[[Int]]] = [
      [one, Array(1...25), one], [one, [1, 2, 3, 3] + Array(4...24), one], [zero, Array(0...24), zero],
      [zero, [0, 1, 2, 2] + Array(3...23), zero],
    ]
    for own in autumn {
      let found = try read(days(25, "10", own)) { $0.timeZone = "Europe/Berlin" }
      #expect(
        found.from == "2025-10-24 22:00 UTC" && found.end == "2025-10-27 23:00 UTC" && found.count == 73, "\(own[1])")
      #expect(try told(days(25, "10", own)).contains("time_zone: with"), "\(own[1])")
    }
    #expect(
      try told(days(25, "10", autumn[0]))
        == "f:1: hour: found hours up to 25, expected hours from 0 to 23, or from 1 to 24; or time_zone: with that of "
        + "these days, such as Europe/Berlin, some of which have 23 or 25 hours")
    let found = try read(days(25, "10", autumn[0])) { $0.timeZone = "Europe/Berlin" }
    #expect(
      found.notes == [
        "column hour: hours 1 to 24 are read as hour endings",
        "column hour: hours are counted from midnight in Europe/Berlin, as days in which clocks change have 23 or 25",
      ])
    // Hour 25 of a day that has 24.
    let long = try told(days(1, "10", [one, Array(1...25)])) { $0.timeZone = "Europe/Berlin" }
    #expect(long.contains("hours from 1 to 25"))
  }

  @Test(arguments: ["01:00", "HE1", "100", "02*"]) func hourEndings(form: String) throws {
    func cell(_ hour: Int) -> String {
      switch form {
      case "01:00": return (hour < 10 ? "0" : "") + "\(hour):00"
      case "HE1": return "HE\(hour)"
      case "100": return "\(hour)00"
      default: return hour == 2 ? "02*" : "\(hour)"
      }
    }
    let found = try read(days(10, "11", [Array(1...24), Array(1...24)], cell))
    #expect(found.from == "2025-11-10 00:00 UTC" && found.end == "2025-11-12 00:00 UTC" && found.count == 48, "\(form)")
    #expect(found.notes == ["column hour: hours 1 to 24 are read as hour endings"])
  }

  /// ERCOT's settlement point prices: the hour ending 02:00 occurs twice on 2 November.
  @Test func ercotsRepeatedHour() throws {
    let rows = (1...3).flatMap { day in
      (1...24).flatMap { hour in
        (day == 2 && hour == 2 ? ["N", "Y"] : ["N"]).map { flag in
          "11/0\(day)/2025,\(hour < 10 ? "0" : "")\(hour):00,HB_HOUSTON,\(20 + hour),\(flag)\n"
        }
      }
    }
    let text = "DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n" + rows.joined()
    let found = try read(text, .price) {
      $0.timeZone = "America/Chicago"
      $0.dateOrder = .monthFirst
    }
    #expect(found.from == "2025-11-01 05:00 UTC" && found.end == "2025-11-04 06:00 UTC" && found.count == 73)
  }

  /// OMIE's and ENTSO-E's way: hours 1 to 25 of a day in Madrid.
  @Test func spanishNames() throws {
    let text = "Fecha;Hora;Precio (EUR/MWh)\n" + (1...25).map { "26/10/2025;\($0);\(50 + $0),5\n" }.joined()
    let found = try read(text, .price) { $0.timeZone = "Europe/Madrid" }
    #expect(found.from == "2025-10-25 22:00 UTC" && found.end == "2025-10-26 23:00 UTC" && found.count == 25)
  }

  // Months and years

  @Test(arguments: [
    ("month", ["202503", "202504", "202505"], "2025-06-01"),
    ("datetime", ["202412", "202501", "202502"], "2025-03-01"),
    ("Month", ["2025-03", "2025-04", "2025-05"], "2025-06-01"),
    ("time", ["2025M03", "2025M04", "2025M05"], "2025-06-01"),
    ("Month", ["Mar 2025", "Apr 2025", "May 2025"], "2025-06-01"), ("time", ["2022", "2023", "2024"], "2025-01-01"),
  ]) func monthsAndYears(name: String, cells: [String], end: String) throws {
    let text = "\(name),carbon_intensity\n" + cells.map { "\($0),100\n" }.joined()
    #expect(try read(text).end == "\(end) 00:00 UTC", "\(cells)")
    let local = try read(text) { $0.timeZone = "Asia/Tokyo" }
    let before = try #require(Instant(text: "\(end)T00:00Z")) - .hours(9)
    #expect(local.end == before.readable, "\(cells)")
  }

  @Test func aDateInParts() throws {
    #expect(
      try told("year,month,day,hour,A\n2025,1,1,0,5\n2025,1,1,1,5\n")
        == "f:1: year, month, day, hour: found a date in 4 columns, expected a single column of dates, such as 2025-03 "
        + "or 2025-03-01 13:00")
  }

  // Forms

  @Test(arguments: [
    ("2025-01-01 0%:00 +0100", "2024-12-31 23:00"), ("2025-01-01T0%:00+01:00[Europe/Berlin]", "2024-12-31 23:00"),
    ("2025-01-01 0%:00 EST", "2025-01-01 05:00"), ("01-Jan-2025 0%:00", "2025-01-01 00:00"),
    ("January 1 2025 0%:00", "2025-01-01 00:00"), ("2025-01-01T0%:00 PM", "2025-01-01 12:00"),
    ("1/1/2025 0%:00 a.m.", "2025-01-01 00:00"), ("20250101T0%0000Z", "2025-01-01 00:00"),
    ("202501010%00", "2025-01-01 00:00"), ("202501010%", "2025-01-01 00:00"), ("202501010%0000", "2025-01-01 00:00"),
  ]) func formsOfTimes(form: String, start: String) throws {
    // Twelve hour clocks have no hour 0.
    let first = form.contains("M") || form.contains("m.") ? 1 : 0
    let found = try read(hours("datetime") { form.replacing("%", with: "\($0 + first)") })
    let from = try #require(Instant(text: start.replacing(" ", with: "T") + "Z")) + .hours(Int64(first))
    #expect(found.from == from.readable && found.count == 3, "\(form)")
  }

  @Test func epochsOfOtherUnits() throws {
    for (unit, count) in [(1, "1735689600"), (1000, "ms"), (1_000_000, "µs"), (1_000_000_000, "ns")] {
      let found = try read(hours("datetime") { "\((1_735_689_600 + 3600 * $0) * unit)" })
      #expect(found.from == "2025-01-01 00:00 UTC" && found.count == 3, "\(count)")
    }
  }

  @Test func theEndOfADay() throws {
    for (form, zone) in [("2025-01-01T%:00Z", ""), ("01.01.2025 %:00", ""), ("2025-01-01 %:00", "")] {
      let text = "datetime,A\n" + (22...24).map { "\(form.replacing("%", with: "\($0)")),1\n" }.joined()
      #expect(try read(text).end == "2025-01-02 01:00 UTC", "\(form)\(zone)")
    }
    #expect(try told("datetime,A\n2025-01-01T23:00Z,1\n2025-01-01T24:01Z,1\n").contains("found \"2025-01-01T24:01Z\""))
    #expect(try told("datetime,A\n2016-12-31T23:59:59Z,1\n2016-12-31T23:59:60Z,1\n").contains("23:59:60Z"))
  }

  @Test func anUnknownFormIsReportedOnce() throws {
    let found = try told(hours("datetime") { "2025-W01-3T0\($0):00" })
    #expect(
      found
        == "f:2: datetime: found times such as \"2025-W01-3T00:00\", expected an ISO 8601 time or epoch seconds "
        + "(3 lines: 2, 3, 4)")
  }

  @Test func aTimeZoneWithoutEffect() throws {
    let found = try read(hours("datetime") { "2025-01-01T0\($0):00Z" }) { $0.timeZone = "Europe/Berlin" }
    #expect(
      found.notes == ["time_zone: Europe/Berlin has no effect, as every time has an offset or is given in UTC"])
  }
}
