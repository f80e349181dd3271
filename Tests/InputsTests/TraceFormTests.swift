import Domain
import Inputs
import Testing

@testable import TextIO

/// Forms of traces that would be read wrongly: each is read rightly, refused with a remedy, or noted.
@Suite struct TraceFormTests {
  private func read(
    _ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading(), ending: String = "csv"
  ) throws -> NamedTraces {
    try withFile(text, ending) { try TraceReader.readAll(path: $0, kind: kind, gaps: .hold, reading: reading) }
  }

  private func told(
    _ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading(), ending: String = "csv"
  ) throws -> String {
    try withFile(text, ending) { path in
      fault { _ = try TraceReader.readAll(path: path, kind: kind, gaps: .hold, reading: reading) }
        .replacing(path, with: "f")
    }
  }

  private func told(_ bytes: [UInt8]) throws -> String {
    try withFile(bytes) { path in
      fault { _ = try TraceReader.readAll(path: path, kind: .carbon) }.replacing(path, with: "f")
    }
  }

  /// What zones of a scenario get.
  private func zoned(
    _ text: String, _ zones: [Zone], _ kind: TraceKind = .carbon, ending: String = "csv"
  ) throws -> TraceTable {
    try withFile(text, ending) { try TraceReader.read(path: $0, kind: kind, zones: zones) }
  }

  private func refusal(_ text: String, _ zones: [Zone], _ kind: TraceKind = .carbon) throws -> String {
    try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: kind, zones: zones) }.replacing(path, with: "f")
    }
  }

  private func zone(_ code: String, country: String) -> Zone {
    Zone(
      id: 7, code: code, name: code, region: "R", country: country, coordinates: Coordinates(latitude: 0, longitude: 0),
      capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
  }

  private func values(_ table: TraceTable) -> [[Double]] { table.columns.map { $0.steps.map(\.value) } }

  private func from(_ table: TraceTable) -> String {
    String(Instant(milliseconds: table.columns[0].steps[0].start).iso8601.prefix(16))
  }

  // Bases

  private func maps(_ types: [String?]) -> String {
    let rows = types.enumerated().map { hour, type in
      let own = type.map { ",\"emissionFactorType\":\"\($0)\"" } ?? ""
      return "{\"zone\":\"DE\",\"carbonIntensity\":\(300 + hour),\"datetime\":\"2025-03-10T0\(hour):00:00.000Z\"\(own)}"
    }
    return "{\"zone\":\"DE\",\"history\":[\(rows.joined(separator: ",\n"))]}"
  }

  @Test func aBasisThatTheJSONDoesNotHave() throws {
    let (direct, lifecycle) = (TraceReading(basis: .direct), TraceReading(basis: .lifecycle))
    let cycle = maps(["lifecycle", "lifecycle"])
    #expect(
      try told(cycle, .carbon, direct, ending: "json")
        == "f:1: emissionFactorType: found 2 of 2 intensities with basis lifecycle, expected direct intensities, as "
        + "basis: direct specifies; download them with emissionFactorType=direct, or set basis: lifecycle if all are "
        + "lifecycle intensities")
    // The API's own default.
    #expect(try told(maps([nil, nil]), .carbon, direct, ending: "json").contains("found 2 of 2 intensities"))
    #expect(
      try told(maps(["lifecycle", "direct"]), ending: "json")
        == "f:2: emissionFactorType: found 1 of 2 intensities with basis direct, expected a single basis: "
        + "life-cycle or direct intensities; download them with emissionFactorType=lifecycle")
    #expect(try told(maps(["lifecycle", "direct"]), .carbon, direct, ending: "json").contains("found 1 of 2"))
    #expect(
      try told(maps(["direct", "direct"]), .carbon, lifecycle, ending: "json").contains(
        "expected lifecycle intensities, as basis"))
    for (types, basis) in [
      (["direct", "direct"], direct), (["direct", "direct"], TraceReading()), ([nil, nil], lifecycle),
    ] {
      #expect(try values(read(maps(types), .carbon, basis, ending: "json").table) == [[300, 301]])
    }
    let wide = "datetime,DE\n2025-03-10T00:00Z,100\n2025-03-10T01:00Z,101\n"
    #expect(
      try read(wide, .carbon, direct).table.plainNotes
        == ["basis: direct has no effect on one column per zone, as these do not name their basis"])
  }

  @Test func historyAndForecastInOneObject() throws {
    let both =
      maps([nil, nil]).dropLast()
      + ",\"forecast\":[{\"carbonIntensity\":1,\"datetime\":\"2025-03-10T02:00:00.000Z\"},"
      + "{\"carbonIntensity\":2,\"datetime\":\"2025-03-10T03:00:00.000Z\"}]}"
    let history = try read(String(both), ending: "json").table
    #expect(values(history) == [[300, 301]] && history.plainNotes == [])
    #expect(try values(read(String(both), .forecast, ending: "json").table) == [[1, 2]])
  }

  // Times

  @Test(arguments: ["datetime", "date", "time"]) func serialDatesOfSpreadsheets(name: String) throws {
    let remedy = "format the column as yyyy-mm-dd hh:mm and save it again"
    for cells in [["45726.04", "45726.08", "45726.13"], ["45726", "45727", "45728"], ["45726", "45726.5", "45727"]] {
      let text = "\(name),NORTH\n" + cells.map { "\($0),1\n" }.joined()
      let found = try told(text)
      #expect(found.contains("found \"45726") && found.contains("spreadsheet's serial date; \(remedy)"), "\(found)")
      #expect(found.split(separator: "\n").count == 1)
    }
    // Seconds of a day are no dates.
    let seconds = "\(name == "date" ? "time" : name),NORTH\n0,1\n25200,2\n50400,3\n"
    #expect(
      try read(seconds).table.plainNotes.first
        == "column \(name == "date" ? "time" : name): times are in the years 1970 to 1973: "
        + "numbers are read as seconds since 1970"
    )
  }

  @Test func datesInEightDigits() throws {
    let table = try read("date,NORTH\n20250310,1\n20250311,2\n20250312,3\n").table
    #expect(from(table) == "2025-03-10T00:00" && values(table) == [[1, 2, 3]])
    let hours = try read("Date,Hour,NORTH\n20250310,0,1\n20250310,1,2\n20250310,2,3\n").table
    #expect(from(hours) == "2025-03-10T00:00" && values(hours) == [[1, 2, 3]])
  }

  @Test func datesAndTimesInTwoColumns() throws {
    let rows = (0..<3).map { "10/03/2025,0\($0):00,\($0)\n" }.joined()
    let found = try told("Date,Time,NORTH\n" + rows)
    #expect(found.hasPrefix("f:2: Date: found \"10/03/2025\", expected an unambiguous date such as 2025-04-03"))
    #expect(found.split(separator: "\n").count == 1)
    let clear = try read("Date,Time,NORTH\n" + rows.replacing("10/03", with: "13/03")).table
    #expect(from(clear) == "2025-03-13T00:00")
  }

  @Test(arguments: ["hour", "HE", "Hr"]) func hoursAreNoZones(name: String) throws {
    let text = "datetime,\(name),NORTH\n" + (0..<3).map { "2025-03-10T0\($0):00Z,\($0),5\n" }.joined()
    let own = try read(text)
    #expect(own.names == ["NORTH"])
    #expect(own.table.plainNotes == ["column \(name) is not read: the time is in datetime"])
    let texts = "date,\(name),NORTH\n" + (1..<4).map { "2025-03-10,no. \($0),5\n" }.joined()
    #expect(
      try told(texts).hasPrefix(
        "f:1: \(name): found hours next to the dates in date that are not whole numbers, such as no. 1, expected hours"
      ))
    // Unless a zone is called so.
    #expect(try zoned(text, [zone(name, country: "X")]).columns[0].steps.map(\.value) == [0, 1, 2])
  }

  @Test func marketOperatorsOfAustralia() throws {
    let text =
      "REGIONID,SETTLEMENTDATE,TOTALDEMAND,RRP\n"
      + ["00:05", "00:10", "00:15"].map { "NSW1,2025/03/01 \($0):00,7000,95.5\n" }.joined()
    let own = try read(text, .price)
    #expect(own.names == ["NSW1"] && own.table.currency == "AUD")
    #expect(abs(own.table.columns[0].steps[0].value - 0.0955) < 1e-12)
    // Midnight of the market's day is 14:00 UTC.
    #expect(from(own.table) == "2025-02-28T14:00")
    #expect(own.table.notes.contains { $0.contains("ends of intervals (stamps: start reads them as starts)") })
    var starts = TableMapping()
    (starts.stamps, starts.timeZone) = (.start, "UTC")
    #expect(try from(read(text, .price, TraceReading(mapping: starts)).table) == "2025-03-01T00:05")
  }

  @Test func namesOfTheTimeZoneDatabase() throws {
    for (name, expected) in [("CET", "2025-06-30T22:00"), ("MET", "2025-06-30T22:00"), ("EST5EDT", "2025-07-01T04:00")]
    {
      var mapping = TableMapping()
      mapping.timeZone = name
      let text = "datetime,NORTH\n2025-07-01 00:00,1\n2025-07-01 01:00,2\n"
      #expect(try from(read(text, .carbon, TraceReading(mapping: mapping)).table) == expected, "\(name)")
    }
    #expect(LocalClock(name: "BST") == nil && LocalClock(name: "GMT+1") == nil)
  }

  // Units

  @Test func aUnitInOneOfTwoColumns() throws {
    let rows = "2025-03-10T00:00Z,1,2\n2025-03-10T01:00Z,3,4\n"
    let two = [zone("NORTH", country: "X"), zone("SOUTH", country: "X")]
    #expect(
      try refusal("datetime,NORTH (lb/MWh),SOUTH\n" + rows, two)
        == "f:1: SOUTH: found no unit, unlike NORTH (lb/MWh), expected a unit in each header, such as SOUTH (lb/MWh), "
        + "or scale: for all values")
    #expect(
      try read("datetime,NORTH (lb/MWh),SOUTH\n" + rows).table.plainNotes.contains(
        "column SOUTH: no unit, read as g/kWh, unlike NORTH (lb/MWh)"))
    #expect(try refusal("datetime,NORTH (EUR/MWh),SOUTH\n" + rows, two, .price).contains("found no unit"))
    // Units that convert nothing ask for nothing.
    #expect(try zoned("datetime,NORTH (g/kWh),SOUTH\n" + rows, two).plainNotes == [])
    #expect(
      try told("datetime,carbon_intensity (lb/MWh),forecast\n" + rows, .forecast).contains(
        "forecast: found no unit, unlike carbon_intensity (lb/MWh)"))
    #expect(
      try refusal("datetime,NORTH (EUR/MWh),SOUTH (USD/MWh)\n" + rows, two, .price).contains(
        "found prices in EUR and in USD, expected one currency"))
  }

  @Test(arguments: [
    ("price (USD/MMBtu)", "USD/MMBtu"), ("price (Rp./kWh)", "Rp./kWh"), ("price_usd_mmbtu", "mmbtu"),
    ("price (EUR/t)", "EUR/t"),
  ]) func unknownUnits(name: String, unit: String) throws {
    let found = try told("datetime,\(name)\n2025-03-10T00:00Z,1\n2025-03-10T01:00Z,3\n", .price)
    #expect(found.hasPrefix("f:1: \(name): found the unit \(unit), expected money per energy such as"), "\(found)")
  }

  // Cells

  @Test func numbersWithSigns() throws {
    let prices = "datetime,price\n" + (0..<3).map { "2025-03-10T0\($0):00Z,£4\($0).00\n" }.joined()
    #expect(
      try told(prices, .price)
        == "f:2: price: found numbers with \"£\" such as \"£40.00\", expected numbers alone, with the unit in the header "
        + "such as price (GBP/kWh); sed 's|£||g' removes it (3 lines: 2, 3, 4)")
    let thousands = "datetime,price\n2025-03-10T00:00Z,\"1,234.5\"\n2025-03-10T01:00Z,\"1,300.5\"\n"
    #expect(try told(thousands, .price).contains("found numbers with thousands separators such as \"1,234.5\""))
    #expect(try told(prices.replacing("price", with: "NORTH"), .price).contains("found numbers with \"£\""))
  }

  @Test func rowsThatAnotherColumnTellsApart() throws {
    let rows = (0..<2).flatMap { hour in
      ["a", "b"].enumerated().map { "2025-03-10T0\(hour):00Z,DE,\($1),\(hour + $0 * 10)\n" }
    }
    let found = try told("datetime,zone,variable,price\n" + rows.joined(), .price)
    #expect(found.contains("expected a file with the rows of one variable (a, b), as each timestamp has one value"))
    #expect(!found.contains("mean"))
    let sequences =
      ["MTU (CET/CEST),Area,Sequence,Day-ahead Price (EUR/MWh)\n"]
      + (0..<2).map { "10/03/2025 00:00:00 - 10/03/2025 01:00:00,DE,Sequence \($0 + 1),\($0 + 5)\n" }
    #expect(try told(sequences.joined(), .price).contains("rows of one Sequence"))
    // One that does not tell them apart is not blamed.
    let same = rows.joined().replacing(",a,", with: ",b,")
    #expect(try told("datetime,zone,variable,price\n" + same, .price).contains("duplicates: first | last | mean"))
  }

  @Test func octopusWithoutAHeader() throws {
    let found = try told(
      "2025-03-10T00:00:00Z,2025-03-10T00:30:00Z,10.1,10.6\n2025-03-10T00:30:00Z,2025-03-10T01:00:00Z,1,2\n")
    #expect(
      found == "f:1: found values in the first line, expected a header line that names the columns; put one before it, "
        + "such as valid_from,valid_to,value_exc_vat,value_inc_vat (if it is a tariff of Octopus, in p/kWh)")
  }

  @Test func bytesOfLatin1() throws {
    #expect(
      try told(Array("datetime,price\n2025-03-10T00:00Z,".utf8) + [0xA3, 0x34, 10]).contains("iconv -f latin1 -t utf-8")
    )
  }

  /// A workbook whose first file says nothing: the archive's list of files does.
  @Test func workbooks() throws {
    func entry(_ name: String, _ mark: [UInt8], _ size: Int) -> [UInt8] {
      mark + [UInt8](repeating: 0, count: size - 4) + Array(name.utf8)
    }
    let (local, central): ([UInt8], [UInt8]) = ([0x50, 0x4B, 3, 4], [0x50, 0x4B, 1, 2])
    let padding = [UInt8](repeating: 7, count: 1000)
    let book = entry("customXml/item1.xml", local, 30) + padding + entry("xl/workbook.xml", central, 46)
    #expect(try told(book).contains("found an Excel workbook (XLSX)"))
    #expect(try told(entry("a.csv", local, 30) + padding + entry("a.csv", central, 46)).contains("found a ZIP archive"))
    let sheet = entry("mimetype", local, 30) + Array("application/vnd.oasis.opendocument.spreadsheet".utf8) + padding
    #expect(try told(sheet).contains("OpenDocument spreadsheet"))
  }

  // Countries

  @Test func aCountryStandsForZonesWithoutTheirOwn() throws {
    let (own, other, foreign) = (zone("BER", country: "DE"), zone("MUC", country: "DE"), zone("PAR", country: "FR"))
    let note = "the file's DE is used for MUC (by country)"
    let wide = "datetime,DE,BER,PL\n2025-03-10T00:00Z,1,2,3\n2025-03-10T01:00Z,4,5,6\n"
    let table = try zoned(wide, [own, other])
    #expect(values(table) == [[2, 5], [1, 4]] && table.plainNotes == [note])
    #expect(try refusal(wide, [own, foreign]).contains("PAR: found no column for this zone"))
    let long =
      "datetime,zone,carbon_intensity\n"
      + (0..<2).map { "2025-03-10T0\($0):00Z,DE,\($0)\n2025-03-10T0\($0):00Z,BER,\($0 + 7)\n" }.joined()
    let rows = try zoned(long, [own, other])
    #expect(values(rows) == [[7, 8], [0, 1]] && rows.plainNotes.contains(note))
    let answer = try zoned(maps([nil, nil]), [other], ending: "json")
    #expect(values(answer) == [[300, 301]] && answer.plainNotes == [note])
    // Two columns of one country: which of them is meant nobody knows.
    let twice = "datetime,GB,UK\n2025-03-10T00:00Z,1,2\n2025-03-10T01:00Z,4,5\n"
    #expect(
      try refusal(twice, [zone("LON", country: "United Kingdom")])
        == "f:1: LON: found the columns GB and UK, both of its country, expected one column per country")
  }
}
