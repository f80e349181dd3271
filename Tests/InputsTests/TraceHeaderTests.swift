import Domain
import Inputs
import Testing

/// What the headers of traces say, and what is noted of it.
@Suite struct TraceHeaderTests {
  private struct Found: Equatable {
    var from: String
    var end: String
    var values: [Double]
    var notes: [String]
  }

  private func mapping(_ set: (inout TableMapping) -> Void) -> TableMapping {
    var mapping = TableMapping()
    set(&mapping)
    return mapping
  }

  private func read(
    _ text: String, _ kind: TraceKind = .carbon, gaps: GapRule = .error, basis: IntensityBasis? = nil,
    _ mapping: TableMapping = TableMapping()
  ) throws -> Found {
    try withFile(text) { path in
      let reading = TraceReading(basis: basis, mapping: mapping)
      let table = try TraceReader.readAll(path: path, kind: kind, gaps: gaps, reading: reading).table
      let column = try #require(table.columns.first)
      return Found(
        from: Instant(milliseconds: column.steps[0].start).readable, end: Instant(milliseconds: column.end).readable,
        values: column.steps.map(\.value), notes: table.plainNotes)
    }
  }

  private func read(_ text: String, _ mapping: TableMapping) throws -> Found { try read(text, .carbon, mapping) }

  private func told(_ text: String, _ mapping: TableMapping) throws -> String { try told(text, .carbon, mapping) }

  private func told(
    _ text: String, _ kind: TraceKind = .carbon, _ mapping: TableMapping = TableMapping()
  ) throws -> String {
    try withFile(text) { path in
      fault { _ = try TraceReader.readAll(path: path, kind: kind, reading: TraceReading(mapping: mapping)) }
        .replacing(path, with: "f")
    }
  }

  private func hours(_ header: String, day: String = "2025-07-01", from: Int = 1) -> String {
    "\(header),A\n" + (from..<(from + 4)).map { "\(day) 0\($0):00,\($0)\n" }.joined()
  }

  // Columns of times

  @Test(arguments: [
    "Interval End", "end", "to", "valid_to", "period_end", "Hour Ending", "Datum bis", "MTU (CET/CEST)",
    "Datetime (Local)", "Interval End (UTC+1)",
  ]) func aNamedColumnMeansWhatItsHeaderSays(header: String) throws {
    let text = hours(header)
    let known = try read(text)
    #expect(!known.notes.isEmpty)
    #expect(try read(text, mapping { $0.time = header }) == known)
    // Unless the mapping says something else.
    let own = try read(
      text,
      mapping {
        $0.time = header
        $0.stamps = .start
        $0.timeZone = "UTC"
      })
    #expect(own.from == "2025-07-01 01:00 UTC" && own.notes.isEmpty)
  }

  @Test func aNamedColumnOfEnds() throws {
    let found = try read(hours("Interval End"), mapping { $0.time = "Interval End" })
    #expect(found.from == "2025-07-01 00:00 UTC" && found.end == "2025-07-01 04:00 UTC")
    #expect(
      found.notes
        == ["column Interval End: timestamps are read as ends of intervals (stamps: start reads them as starts)"])
  }

  @Test(arguments: [
    ("Time (UTC+1)", "UTC+01:00", "2025-07-01 00:00 UTC"), ("Time (UTC+01:00)", "UTC+01:00", "2025-07-01 00:00 UTC"),
    ("Time UTC+10", "UTC+10:00", "2025-06-30 15:00 UTC"), ("Datetime (GMT+1)", "UTC+01:00", "2025-07-01 00:00 UTC"),
    ("timestamp (UTC-5)", "UTC-05:00", "2025-07-01 06:00 UTC"),
    ("time (+05:30)", "UTC+05:30", "2025-06-30 19:30 UTC"),
    ("Time (Etc/GMT-1)", "UTC+01:00", "2025-07-01 00:00 UTC"),
  ]) func headersWithAnOffset(header: String, zone: String, from: String) throws {
    let found = try read(hours(header))
    #expect(found.from == from)
    #expect(
      found.notes == ["column \(header): times without an offset are read as \(zone) (time_zone: changes this)"])
    #expect(try read(hours(header), mapping { $0.timeZone = "UTC" }).from == "2025-07-01 01:00 UTC")
  }

  @Test(arguments: ["Time (UTC)", "time_utc", "datetime", "Date-Time", "time (2025-07)", "Time UTC-2025"])
  func headersWithoutAnOffset(header: String) throws {
    #expect(try read(hours(header), mapping { $0.time = header }).from == "2025-07-01 01:00 UTC")
  }

  @Test(arguments: [
    ("+01:00", "2025-07-01 00:00 UTC"), ("UTC+1", "2025-07-01 00:00 UTC"), ("-0530", "2025-07-01 06:30 UTC"),
    ("UTC-05:00", "2025-07-01 06:00 UTC"),
  ]) func offsetsAsTimeZones(name: String, from: String) throws {
    #expect(try read(hours("datetime"), mapping { $0.timeZone = name }).from == from)
    #expect(LocalClock(name: "+25:00") == nil && LocalClock(name: "UTC+1x") == nil && LocalClock(name: "1") == nil)
  }

  @Test func settlementPeriods() throws {
    let rows = (1...50).map { "2025-10-26,\($0),\($0)\n" }.joined()
    let found = try read("date,period,A\n" + rows)
    #expect(found.from == "2025-10-25 23:00 UTC" && found.end == "2025-10-27 00:00 UTC" && found.values.count == 50)
    #expect(
      found.notes == ["columns date and period: read as settlement days of Great Britain and their half hours"])
    for (low, high) in [(1, 24), (0, 47), (1, 96)] {
      let rows = (low...high).map { "2025-10-26,\($0),\($0)\n" }.joined()
      #expect(
        try told("date,period,A\n" + rows).hasPrefix(
          "f:1: date, period: found dates with periods from \(low) to \(high), expected half hours of a settlement day")
      )
    }
  }

  // Columns of values

  @Test func furtherColumnsOfValuesAreNoted() throws {
    let rows = "2025-03-10T00:00Z,0.1,0.2\n2025-03-10T01:00Z,0.3,0.4\n"
    func note(_ header: String, _ kind: TraceKind, basis: IntensityBasis? = nil) throws -> [String] {
      try read("datetime,\(header)\n" + rows, kind, basis: basis).notes.filter { $0.contains("not from") }
    }
    #expect(
      try note("price_usd_mwh,price_eur_mwh", .price)
        == ["values are read from the column price_usd_mwh, not from price_eur_mwh (value: selects another)"])
    #expect(
      try note("Price (EUR/MWh),Price inc. tax (ct/kWh)", .price)
        == [
          "values are read from the column Price (EUR/MWh), not from Price inc. tax (ct/kWh) (value: selects another)"
        ])
    #expect(
      try note("carbon_intensity,carbon_intensity_marginal", .carbon)
        == [
          "values are read from the column carbon_intensity, not from carbon_intensity_marginal (value: selects "
            + "another)"
        ])
    let two = "carbon_intensity_direct,carbon_intensity_lifecycle"
    #expect(
      try note(two, .carbon) == [
        "values are read from the column carbon_intensity_lifecycle, not from carbon_intensity_direct (basis: or "
          + "value: selects another)"
      ])
    #expect(try note(two, .carbon, basis: .direct).isEmpty)
    #expect(try note("carbon_intensity,forecast", .carbon).isEmpty)
    #expect(try note("carbon_intensity,price", .price).isEmpty)
    #expect(
      try read("datetime,price_usd_mwh,price_eur_mwh\n" + rows, .price, mapping { $0.value = "price_eur_mwh" }).notes
        .allSatisfy { !$0.contains("not from") })
  }

  @Test func pricesOverOnePerKilowattHour() throws {
    func notes(_ header: String, _ price: Double) throws -> [String] {
      let rows = (0..<4).map { "2025-03-10T0\($0):00Z,\(price)\n" }.joined()
      return try read("datetime,\(header)\n" + rows, .price).notes
    }
    let note = "prices are over 1 per kWh on average: if they are per MWh, set scale: 0.001"
    #expect(try notes("price", 8.5) == [note] && notes("price", -45) == [note])
    #expect(try notes("price", 0.9).isEmpty && notes("price (GBP/kWh)", 85).isEmpty)
    #expect(try !notes("price (EUR/kWh)", 85).contains(note) && !notes("price (SEK/MWh)", 2000).contains(note))
  }

  // Cells

  @Test func clocksThatChangeThoughGapsAreFilled() throws {
    func text(_ day: String, _ hours: [Int]) -> String {
      "datetime,A\n" + hours.map { "\(day) 0\($0):00,\($0)\n" }.joined()
    }
    let remedy =
      "on a day when clocks change: if these are local times, time_zone: names their time zone, such as "
      + "Europe/Brussels"
    for rule in [GapRule.hold, .interpolate] {
      for day in ["2025-03-30", "2025-03-09"] {
        let found = try read(text(day, [0, 1, 3, 4, 5, 6, 7]), gaps: rule)
        #expect(found.notes == ["an hour before \(day) 03:00 is missing \(remedy)"])
      }
      #expect(try read(text("2025-03-31", [0, 1, 3, 4, 5, 6, 7]), gaps: rule).notes.isEmpty)
    }
    let twice = "2025-10-26 02:00 occurs twice \(remedy)"
    let autumn = text("2025-10-26", [0, 1, 2, 2, 3, 4])
    for rule in [TableMapping.Duplicates.first, .last, .mean] {
      #expect(
        try read(
          autumn.replacing("02:00,2\n2025-10-26 02", with: "02:00,9\n2025-10-26 02"),
          mapping { $0.duplicates = rule }
        ).notes.contains(twice))
    }
    // The same value twice is no fault.
    #expect(try read(autumn).notes == [twice])
    // Nor is a day that stands twice as a whole a matter of clocks.
    #expect(try read(text("2025-10-26", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])).notes.isEmpty)
    #expect(try read(autumn, mapping { $0.timeZone = "Europe/Berlin" }).notes.isEmpty)
    #expect(try read(autumn.replacing(":00,", with: ":00Z,")).notes.isEmpty)
  }

  @Test func dottedDatesWithTheMonthFirst() throws {
    let text = "datetime,A\n03.04.2025 00:00,1\n03.04.2025 01:00,2\n03.04.2025 02:00,3\n"
    #expect(try read(text).from == "2025-04-03 00:00 UTC")
    #expect(try read(text, mapping { $0.dateOrder = .monthFirst }).from == "2025-03-04 00:00 UTC")
    #expect(try read(text, mapping { $0.dateOrder = .dayFirst }).from == "2025-04-03 00:00 UTC")
    #expect(try told(text.replacing("03.04", with: "31.03"), mapping { $0.dateOrder = .monthFirst }) != "no fault")
  }

  @Test func pointsThatMayGroupDigits() throws {
    func text(_ cells: [String]) -> String {
      "datetime;A\n" + cells.enumerated().map { "2025-03-10T0\($0):00Z;\($1)\n" }.joined()
    }
    let cells = ["101", "1.234", "2.345"]
    #expect(
      try told(text(cells)) == "f:3: found numbers such as \"1.234\", whose point may separate decimals or thousands, "
        + "expected decimal: \".\" or decimal: \",\"")
    #expect(try read(text(cells), mapping { $0.decimal = .point }).values == [101, 1.234, 2.345])
    #expect(try read(text(cells), mapping { $0.decimal = .comma }).values == [101, 1234, 2345])
    #expect(try read(text(cells + ["1.5"])).values == [101, 1.234, 2.345, 1.5])
    #expect(try read(text(cells + ["1,5"])).values == [101, 1234, 2345, 1.5])
    #expect(try read(text(["0.123", "0.456"])).values == [0.123, 0.456])
    #expect(
      try told(text(["101,5", "99.25"]))
        == "f:3: A: found \"99.25\", expected a number with a decimal comma, which was taken for the file's decimal "
        + "mark (decimal: \".\" changes this)")
  }
}
