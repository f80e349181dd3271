import Domain
import Inputs
import Testing

/// Every shape of trace file, small.
@Suite struct TraceShapeTests {
  private func values(
    _ text: String, _ kind: TraceKind = .carbon, gaps: GapRule = .error, _ reading: TraceReading = TraceReading()
  ) throws -> [[Double]] {
    try withFile(text) { path in
      try TraceReader.read(path: path, kind: kind, zones: zones, gaps: gaps, reading: reading)
        .columns.map { $0.steps.map(\.value) }
    }
  }

  private func told(_ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading()) throws
    -> String
  {
    try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: kind, zones: zones, reading: reading) }
        .replacing(path, with: "f")
    }
  }

  @Test(arguments: [
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),Carbon Intensity gCO₂eq/kWh (LCA)",
    "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),"
      + "Carbon intensity gCO₂eq/kWh (Life cycle)",
  ]) func electricityMapsOldAndNew(header: String) throws {
    let rows =
      "\n2021-01-01 00:00:00,Great Britain,Great Britain,GB,1,2\n"
      + "2021-01-01 01:00:00,Great Britain,Great Britain,GB,3,4\n"
    #expect(try values(header + rows) == [[2, 4], [2, 4]])
    #expect(try values(header + rows, TraceReading(basis: .direct)) == [[1, 3], [1, 3]])
    #expect(try values(header + rows, TraceReading(scope: .series("GB"))) == [[2, 4], [2, 4]])
    // A zone's own name beats its country.
    let own = "\n2021-01-01 00:00:00,France,France,NORTH,5,6\n2021-01-01 01:00:00,France,France,NORTH,7,8\n"
    #expect(try told(header + own) == "f: SOUTH: found no rows for this zone, expected rows with its carbon")
    #expect(
      try told(header + rows.replacing("Great Britain", with: "France").replacing("GB", with: "FR")).contains(
        "the zones are FR"))
  }

  private func values(_ text: String, _ reading: TraceReading) throws -> [[Double]] {
    try values(text, .carbon, gaps: .error, reading)
  }

  @Test func nationalCSV() throws {
    let text =
      "from,to,forecast,actual,index\n2023-01-01T00:00Z,x,75,65,low\n2023-01-01T00:30Z,x,70,0,low\n"
      + "2023-01-01T01:00Z,x,72,,low\n2023-01-01T01:30Z,x,0,0,low\n"
    let rows = "2023-01-01T02:00Z,x,9,9,low\n2023-01-01T02:30Z,x,9,9,low\n2023-01-01T03:00Z,x,9,9,low\n"
    #expect(try values(text + rows, gaps: .hold)[0] == [65, 65, 65, 0, 9, 9, 9])
    #expect(try values(text, .forecast) == [[75, 70, 72, 0], [75, 70, 72, 0]])
    #expect(
      try told(text)
        == "f:3: actual: found 0 (which means a missing value here) for NORTH, SOUTH, expected a number, or gaps: hold "
        + "| interpolate\nf:4: actual: found nothing for NORTH, SOUTH, expected a number, or gaps: hold | interpolate")
    #expect(try told(text, .price).hasPrefix("f:1: price: found the columns from, to, forecast, actual, index"))
  }

  /// Settlement periods against the local time that a person reads off a clock.
  @Test(arguments: [
    ("2023-01-01", 1, "2023-01-01T00:00Z"), ("2023-07-01", 1, "2023-06-30T23:00Z"),
    ("2023-03-26", 1, "2023-03-26T00:00Z"),
    ("2023-03-26", 3, "2023-03-26T01:00Z"), ("2023-03-26", 46, "2023-03-26T22:30Z"),
    ("2023-03-27", 1, "2023-03-26T23:00Z"),
    ("2023-10-29", 1, "2023-10-28T23:00Z"), ("2023-10-29", 50, "2023-10-29T23:30Z"),
    ("2023-10-30", 1, "2023-10-30T00:00Z"),
  ]) func settlementPeriods(date: String, period: Int, start: String) throws {
    // The period before or after makes a second step.
    let text = "settlement_date,settlement_period,system_sell_price\n\(date),\(period),50\n2030-01-01,1,60\n"
    try withFile(text) { path in
      let own = try TraceReader.read(path: path, kind: .price, zones: zones).columns[1]
      #expect(own.steps[0].start == Instant(text: start)?.milliseconds && own.steps[0].value == 0.05)
    }
  }

  @Test(arguments: [("2023-03-26", "47"), ("2023-10-29", "51"), ("2023-06-01", "49"), ("2023-06-01", "0"), ("x", "1")])
  func periodsThatADayDoesNotHave(date: String, period: String) throws {
    let text = "settlementDate,settlementPeriod,systemSellPrice\n\(date),\(period),50\n"
    #expect(
      try told(text, .price).hasPrefix(
        "f:2: settlementDate: found \"\(date)\" and \"\(period)\", expected a settlement date and one of its periods"))
  }

  @Test func singleSeries() throws {
    let text = "Time,Carbon Intensity\n2020-01-01 00:00:00,1\n2020-01-01 00:30:00,2\n"
    #expect(try values(text, TraceReading(scope: .everywhere)) == [[1, 2], [1, 2]])
    #expect(
      try told(text)
        == "f:1: found a single series that does not name a zone, expected a column for each zone, or all_zones: true")
    // A named column for all.
    let wide = "datetime,NORTH,EAST\n2020-01-01T00:00Z,1,3\n2020-01-01T01:00Z,2,4\n"
    #expect(try values(wide, TraceReading(scope: .series("EAST"))) == [[3, 4], [3, 4]])
    #expect(try told(wide, .carbon, TraceReading(scope: .series("WEST"))).contains("expected a column named WEST"))
    #expect(
      try told(wide, .carbon, TraceReading(scope: .everywhere)).contains("expected a single series, for all zones"))
  }

  private static func period(_ from: String, _ intensity: String) -> String {
    "{\"from\":\"\(from)\",\"to\":\"x\",\"intensity\":\(intensity)}"
  }

  /// The four shapes of the API, as domain.md tells them.
  @Test func theCarbonIntensityAPI() throws {
    typealias T = TraceShapeTests
    let national =
      "{\"data\":[\n" + T.period("2023-01-01T00:00Z", "{\"forecast\":75,\"actual\":65,\"index\":\"low\"}") + ",\n"
      + T.period("2023-01-01T00:30Z", "{\"forecast\":70,\"actual\":null}") + ",\n"
      + T.period("2023-01-01T01:00Z", "{\"forecast\":70,\"actual\":66}") + "]}"
    let more = ["01:30", "02:00", "02:30"].map { T.period("2023-01-01T\($0)Z", "{\"forecast\":1,\"actual\":9}") + "," }
    let longer = national.replacing("[\n", with: "[\n" + more.joined())
    #expect(try values(longer, gaps: .interpolate)[1] == [65, 65.5, 66, 9, 9, 9])
    #expect(try values(national, gaps: .hold) == [[65, 65, 66], [65, 65, 66]])
    #expect(try values(national, .forecast) == [[75, 70, 70], [75, 70, 70]])
    #expect(
      try told(national)
        == "f:3: actual: found null for NORTH, SOUTH, expected a number, or gaps: hold | interpolate")
    #expect(try told(national, .price).contains("the Carbon Intensity API has no prices"))
    func region(_ id: Int, _ value: Int) -> String {
      "{\"regionid\":\(id),\"dnoregion\":\"D\(id)\",\"shortname\":\"S\(id)\","
        + "\"intensity\":{\"forecast\":\(value),\"index\":\"x\"}}"
    }
    func all(_ from: String, _ base: Int) -> String {
      "{\"from\":\"\(from)\",\"to\":\"x\",\"regions\":["
        + [1, 2, 3, 18].map { region($0, base + $0) }.joined(separator: ",") + "]}"
    }
    // A period twice, as where two windows meet.
    let regions =
      "\u{FEFF}{\"data\":["
      + [all("2023-01-01T00:00Z", 10), all("2023-01-01T00:30Z", 20), all("2023-01-01T00:30Z", 20)].joined(
        separator: ",\n") + "]}"
    #expect(try values(regions) == [[11, 21], [12, 22]])
    #expect(try values(regions, TraceReading(scope: .series("S3"))) == [[13, 23], [13, 23]])
    #expect(try told(regions, .carbon, TraceReading(scope: .series("S18"))).contains("no rows for this zone"))
    let names = try withFile(regions, "json") { try TraceReader.readAll(path: $0, kind: .carbon).names }
    #expect(names == ["S1", "S2", "S3"])
    let periods = [
      T.period("2023-01-01T00:00Z", "{\"forecast\":5}"), T.period("2023-01-01T00:30Z", "{\"forecast\":6}"),
    ]
    .joined(separator: ",")
    let one = "{\"regionid\":2,\"shortname\":\"S2\",\"data\":[\(periods)]}"
    for text in ["{\"data\":[\(one)]}", "{\"data\":\(one)}"] {
      #expect(try values(text, TraceReading(scope: .everywhere)) == [[5, 6], [5, 6]])
      #expect(try told(text) == "f: NORTH: found no rows for this zone, expected rows with its carbon")
    }
  }

  @Test(arguments: [
    ("{\"data\":[", "f:1: found the end, expected a value"),
    ("{\"data\":\n[1,]}", "f:2: found \"]\", expected a value"),
    (
      "{\"data\":[{\"from\":1,\"regions\":[]},1]}",
      "f:1: from: found 1.0, expected an ISO 8601 time\nf:1: data: found 1.0, expected a response of the GB Carbon "
        + "Intensity API"
    ),
    ("{\"data\":[]}", "f:1: data: found an empty list, expected periods or regions"),
    ("{\"error\":{\"code\":\"400\",\"message\":\"no\"}}", "f:1: error: found \"no\", expected data"),
    ("{\"data\":[]} x", "f:1: found \"x\", expected a value"),
    ("{\"data\":\"\\ud800\"}", "f:1: found half a surrogate pair, expected both halves"),
    ("{\"data\":Nan}", "f:1: found \"N\", expected a value"),
    ("[" + String(repeating: "[", count: 100_000), "f:1: found deeper nesting, expected at most 64 levels"),
  ]) func brokenJSON(text: String, message: String) throws { #expect(try told(text) == message) }

  /// A stamp far off would ask for more steps than memory holds.
  @Test func gapsBeyondReasonAreRefused() throws {
    let text = "datetime,NORTH,SOUTH\n" + (0..<20).map { "\($0),1,1\n" }.joined() + "9999-01-01,1,1\n"
    let told = try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones, gaps: .hold) }
        .replacing(path, with: "f")
    }
    #expect(
      told.hasPrefix("f:22: NORTH: found 253370764780 missing steps, expected at most 1000000 to fill\nf:22: SOUTH:"))
  }

  @Test func theFormatMayBeTold() throws {
    #expect(try told("datetime,NORTH\n", .carbon, TraceReading(format: .json)) == "f:1: found \"d\", expected a value")
    #expect(try told("{}", .carbon, TraceReading(format: .csv)) == "f:1: found {}, expected a column datetime or Time")
  }
}
