import Domain
import Inputs
import Testing

/// Tables as spreadsheets and other programs write them: lines besides the data, columns besides the zones, options
/// that do nothing.
@Suite struct TraceTableFormTests {
  private func read(
    _ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading(), ending: String = "csv"
  ) throws -> NamedTraces {
    try withFile(text, ending) { try TraceReader.readAll(path: $0, kind: kind, reading: reading) }
  }

  private func told(_ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading()) throws
    -> String
  {
    try withFile(text) { path in
      fault { _ = try TraceReader.readAll(path: path, kind: kind, reading: reading) }.replacing(path, with: "f")
    }
  }

  private func values(_ traces: NamedTraces) -> [[Double]] { traces.table.columns.map { $0.steps.map(\.value) } }

  private func rows(_ tail: String = "") -> String {
    (0..<3).map { "2025-01-01T0\($0):00Z,\(100 + $0)\(tail)\n" }.joined()
  }

  // The separator's line

  @Test(arguments: ["sep=;", "\"sep=;\"", "SEP=;", "sep=;;;", "\u{FEFF}sep=;", "sep=;\r"])
  func aLineThatNamesTheSeparator(first: String) throws {
    let table = try read("\(first)\ndatetime;A,1;B\n2025-01-01T00:00Z;1,5;2\n2025-01-01T01:00Z;2,5;3\n")
    #expect(table.names == ["A,1", "B"] && values(table) == [[1.5, 2.5], [2, 3]])
  }

  @Test(arguments: [("sep=,", ","), ("sep=\t", "\t"), ("sep=\\t", "\t"), ("sep=|", "|"), ("sep=^", "^")])
  func otherSeparators(first: String, separator: String) throws {
    let text = "\(first)\ndatetime,A\n2025-01-01T00:00Z,1\n2025-01-01T01:00Z,2\n".replacing(",", with: separator)
    #expect(try values(read(text)) == [[1, 2]], "\(first)")
    // Lines are counted as in the file.
    #expect(try told(text.replacing("2\n", with: "x\n")).hasPrefix("f:4: A: found \"x\""))
  }

  @Test func aSeparatorAlone() throws {
    #expect(try told("sep=;\n").contains("an empty file"))
    #expect(try told("sep=;").contains("an empty file"))
    #expect(try told("sep=;\nx;y\n1;2\n") == "f:2: found x, y, expected a column datetime or Time")
  }

  @Test func jobsAndDecisionsBehindASeparator() throws {
    let jobs = "sep=;\njob_id;submitted_at;duration_s;required_cpu_cores\na;2025-01-01T00:00Z;60;1\n"
    let start = try #require(Instant(text: "2025-01-01T00:00Z"))
    try withFile(jobs) { path in
      let file = try JobFileReader.read(path: path, zones: zones, start: start, end: start + .hours(1))
      #expect(file.count == 1)
    }
    let decisions = "sep=;\njob_id;decided_at;zone\na;2025-01-01T00:00Z;\(zones[0].code)\n"
    try withFile(decisions) { path in
      let record = try DecisionFile(path: path, zones: zones).checked()
      #expect(record.decisions.count == 1)
    }
  }

  // Lines besides the data

  @Test func footersAndTitles() throws {
    #expect(
      try told("datetime,A\n\(rows())Source: X\n")
        == "f:5: found the text \"Source: X\" alone, expected 2 fields, as in the header, and no remarks")
    for first in ["# Source", "Title\n", "\n", ",DE"] {
      let line = first.contains("\n") ? 3 : 2
      let found = try told("\(first)\ndatetime,A\n\(rows())")
      #expect(found.hasSuffix("; line \(line) may be the header: remove the lines before it"), "\(found)")
    }
    // Rows of separators alone, and separators at the ends of rows.
    #expect(try values(read("datetime,A\n\(rows()),\n,\n")) == [[100, 101, 102]])
    #expect(try values(read("datetime,A\n\(rows(","))")) == [[100, 101, 102]])
    #expect(try told("datetime,A\n\(rows(",7"))").contains("found 3 fields, expected 2, as in the header"))
  }

  @Test func aLineOfUnits() throws {
    for units in [",lb/MWh", "UTC,lb/MWh", "(UTC),kg/MWh"] {
      let unit = units.split(separator: ",").last ?? ""
      #expect(
        try told("datetime,A\n\(units)\n\(rows())")
          == "f:2: found a second header line, of units such as \(unit), expected one header line with the units in "
          + "it, such as A (\(unit))")
    }
  }

  @Test func lineBreaksInNames() throws {
    let table = try read(
      "\"Date\nand time\",\"Carbon intensity\n(kg/kWh)\"\n2025-01-01T00:00Z,1\n2025-01-01T01:00Z,2\n")
    #expect(table.names == ["Carbon intensity (kg/kWh)"] && values(table) == [[1000, 2000]])
  }

  @Test func carriageReturnsAlone() throws {
    let found = try told("datetime,A\n\(rows())".replacing("\n", with: "\r"))
    #expect(found == "f:1: found lines that end with CR alone, expected LF or CRLF: tr '\\r' '\\n' < FILE > OUT.csv")
  }

  // Columns besides the zones

  @Test func columnsThatAreNoZones() throws {
    let table = try read("Unnamed: 0,datetime,A,latitude\n0,2025-01-01T00:00Z,10,51\n1,2025-01-01T01:00Z,20,51\n")
    #expect(table.names == ["A"])
    #expect(
      table.table.plainNotes == ["not read, as their names are of no zone: Unnamed: 0, latitude (zone: reads one)"])
    #expect(try read("datetime,A,quality\n2025-01-01,1,good\n2025-01-02,2,bad\n").names == ["A"])
    let mix = try read("datetime,solar,gas\n2025-01-01T00:00Z,1,20\n2025-01-01T01:00Z,2,30\n").table.plainNotes
    #expect(mix == ["columns solar, gas look like a generation mix; they are read as carbon intensity"])
  }

  /// The remedy as it is printed, tried.
  @Test func theRemedyForTexts() throws {
    let text = "datetime,My Zone,the value\n2025-01-01,A,1\n2025-01-02,A,2\n"
    let found = try told(text)
    #expect(found.contains("--zone 'My Zone' --value 'the value' (columns: {zone: My Zone, value: the value})"))
    var mapping = TableMapping()
    (mapping.zone, mapping.value) = ("My Zone", "the value")
    #expect(try values(read(text, .carbon, TraceReading(mapping: mapping))) == [[1, 2]])
    #expect(try told("datetime,It's: 1,v\n2025-01-01,A,1\n").contains("--zone 'It'\\''s: 1' --value v"))
    #expect(try told("datetime,It's: 1,v\n2025-01-01,A,1\n").contains("{zone: \"It's: 1\", value: v}"))
  }

  @Test func twoColumnsOfOneName() throws {
    let text = "datetime,carbon_intensity,carbon_intensity\n2025-01-01,1,2\n2025-01-02,2,3\n"
    #expect(try told(text) == "f:1: carbon_intensity: found two columns with this name, expected one")
  }

  @Test(arguments: ["Carbon-free energy percentage (CFE%)", "Renewable (%)", "renewable share", "pct_renewable"])
  func sharesAreNoIntensities(header: String) throws {
    let found = try told("datetime,\(header)\n\(rows())")
    #expect(found.contains("found the unit ") && found.contains("expected a mass per energy"), "\(found)")
  }

  @Test func implausibleValues() throws {
    #expect(
      try read("datetime,A\n\(rows("000"))").table.plainNotes
        == ["intensities are over 3000 g/kWh on average: if they are in another unit, set scale: to its factor"])
    #expect(
      try read("datetime,A\n" + rows().replacing("2025", with: "2925")).table.plainNotes
        == ["column datetime: times are in the year 2925"])
  }

  // What does nothing

  @Test func optionsWithoutEffectOnJSON() throws {
    let json =
      "{\"zone\":\"DE\",\"history\":["
      + (0..<2).map { "{\"carbonIntensity\":1\($0),\"datetime\":\"2025-03-10T0\($0):00:00.000Z\"}" }
      .joined(separator: ",") + "]}"
    var mapping = TableMapping()
    (mapping.separator, mapping.value, mapping.forecast) = (59, "x", "y")
    let notes = try read(json, .carbon, TraceReading(mapping: mapping), ending: "json").table.plainNotes
    #expect(notes == ["not used for JSON: separator, value, columns.forecast"])
  }

  @Test func optionsWithoutEffectOnPrices() throws {
    try withFile("datetime,price\n2025-01-01T00:00Z,0.1\n2025-01-01T01:00Z,0.2\n") { path in
      let notes = try TraceReader.readAll(path: path, kind: .price, clip: true, reading: TraceReading(basis: .direct))
        .table.plainNotes
      #expect(
        notes == ["basis: direct has no effect on prices", "clip has no effect on prices, which may be negative"])
    }
  }

  @Test func theBasisOfAnExport() throws {
    let direct = "Datetime (UTC),Zone Id,Carbon Intensity gCO₂eq/kWh (direct)\n2025-01-01,DE,1\n2025-01-02,DE,2\n"
    #expect(try read(direct).table.basis == .direct)
    #expect(try read(direct.replacing("direct", with: "LCA")).table.basis == .lifecycle)
    #expect(try read("datetime,carbon_intensity\n\(rows())").table.basis == nil)
  }

  @Test func aZoneForASingleSeries() throws {
    let text = "datetime,carbon_intensity\n\(rows())"
    #expect(
      try told(text, .carbon, TraceReading(scope: .series("DE")))
        == "f:1: found a single series that does not name a zone, expected no zone: DE, as there is nothing to choose "
        + "from (all_zones: true gives every zone of a scenario the series)")
    #expect(try values(read(text, .carbon, TraceReading(scope: .series("carbon_intensity")))) == [[100, 101, 102]])
  }
}
