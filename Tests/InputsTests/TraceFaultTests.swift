import Domain
import Inputs
import Testing

/// All faults of a trace file are told at once, those of values with their zone (contract §1, §6).
@Suite struct TraceFaultTests {
  private func told(
    _ text: String, _ kind: TraceKind = .carbon, _ reading: TraceReading = TraceReading()
  ) throws -> [String] {
    try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: kind, zones: zones, reading: reading) }
        .replacing(path, with: "f").split(separator: "\n").map(String.init)
    }
  }

  private static let noSOUTH = "found no column for this zone; the columns are"
  private static let nan = "found \"nan\", expected a number, or gaps: hold | interpolate"
  private static let negative = "expected an intensity of at least 0, or clip: true"

  /// Headers that are at fault, above a cell that is.
  @Test(arguments: [
    (
      "datetime,NORTH,x\n0,-1,\n60,nan,y\n",
      [
        "f:1: SOUTH: \(noSOUTH) NORTH, x, expected a column named SOUTH, South, its id or an alias",
        "f:2: NORTH: found \"-1\", \(negative)",
        "f:3: NORTH: \(nan)",
      ]
    ),
    // Values of two columns for one zone are each looked at, and not held against each other.
    (
      "datetime,NORTH,SOUTH,NORTH\n0,1,1,-2\n60,-1,1,3\n",
      [
        "f:1: NORTH: found the columns NORTH and NORTH, expected one column per zone",
        "f:2: NORTH: found \"-2\", \(negative)", "f:3: NORTH: found \"-1\", \(negative)",
      ]
    ),
    // Without a time, too.
    (
      "hour,NORTH,SOUTH\n0,1,x\n60,-1,1\n",
      [
        "f:1: found hour, NORTH, SOUTH, expected a column datetime or Time",
        "f:2: SOUTH: found \"x\", expected a number", "f:3: NORTH: found \"-1\", \(negative)",
      ]
    ),
    // Without a value the times are looked at, without a zone the value is.
    (
      "datetime,zone,price\n0,NORTH,1\nx,SOUTH,1\n",
      [
        "f:1: carbon_intensity: found the columns datetime, zone, price, expected a column carbon_intensity",
        "f:3: datetime: found \"x\", expected an ISO 8601 time or epoch seconds",
      ]
    ),
    (
      "datetime,carbon_intensity\n0,-1\n60,1\n",
      [
        "f:1: found a single series that does not name a zone, expected a column for each zone, or all_zones: true",
        "f:2: carbon_intensity: found \"-1\", \(negative)",
      ]
    ),
    // What is no trace at all tells of its header alone.
    ("runtime\n-1\nx\n", ["f:1: found runtime, expected a column datetime or Time"]),
    ("\"datetime\"x,NORTH\n0,-1\n", ["f:1: found text after a closing quote, expected CSV"]),
  ]) func theHeaderHidesNoCell(text: String, faults: [String]) throws { #expect(try told(text) == faults) }

  /// Which of two columns stands for all zones nobody knows: neither is looked at.
  @Test func columnsForAllZones() throws {
    let text = "datetime,note,EAST\n0,x,1\ny,x,2\n"
    #expect(
      try told(text, .carbon, TraceReading(scope: .everywhere)) == [
        "f:1: found the columns note, EAST, expected a single series, for all zones (all_zones: true); without all_zones "
          + "each zone gets its own column, and files: gives each zone a file of its own",
        "f:3: datetime: found \"y\", expected an ISO 8601 time or epoch seconds",
      ])
  }

  @Test func aTimeHidesNoValue() throws {
    #expect(
      try told("datetime,NORTH,SOUTH\nx,-1,nan\n60,1,1\n120,1,1\n") == [
        "f:2: datetime: found \"x\", expected an ISO 8601 time or epoch seconds",
        "f:2: NORTH: found \"-1\", \(Self.negative)",
        "f:2: SOUTH: \(Self.nan)",
      ])
  }

  /// Broken text ends the reading, not the telling.
  @Test func brokenTextHidesNothing() throws {
    #expect(
      try told("datetime,NORTH,SOUTH\n0,-1,1\n60,1,1\n120,\"1,1\n") == [
        "f:2: NORTH: found \"-1\", \(Self.negative)",
        "f:3: found a quote that is never closed, expected a closing quote",
      ])
  }

  @Test func longFilesTellTheZone() throws {
    let head = "datetime,zone,carbon_intensity\n"
    let steps = "0,NORTH,1\n0,SOUTH,1\n60,NORTH,1\n60,SOUTH,-5\n120,NORTH,\n120,SOUTH,x\n180,NORTH,1e13\n180,SOUTH,1\n"
    #expect(
      try told(head + steps) == [
        "f:5: carbon_intensity: found \"-5\" for SOUTH, \(Self.negative)",
        "f:6: carbon_intensity: found nothing for NORTH, expected a number, or gaps: hold | interpolate",
        "f:7: carbon_intensity: found \"x\" for SOUTH, expected a number",
        "f:8: carbon_intensity: found \"1e13\" for NORTH, expected a number of at most 1e12",
      ])
    // A step that has no row is told by its zone, at the row behind it.
    let rows = [0, 60, 120, 240].map { "\($0),NORTH,1\n" + ($0 < 240 ? "\($0),SOUTH,1\n" : "") }.joined()
    #expect(
      try told(head + rows) == [
        "f:8: NORTH: found nothing between 1970-01-01T00:02:00.000Z and 1970-01-01T00:04:00.000Z, expected a step "
          + "every 1 minutes, or gaps: hold | interpolate"
      ])
  }

  @Test func wideFilesTellTheZoneOfAnAlias() throws {
    #expect(
      try told("datetime,alias-1,SOUTH\n0,-1,1\n60,1,-1\n") == [
        "f:2: alias-1: found \"-1\" for NORTH, \(Self.negative)", "f:3: SOUTH: found \"-1\", \(Self.negative)",
      ])
  }

  @Test func electricityMapsTellTheZone() throws {
    let value = "Carbon intensity gCO₂eq/kWh (direct)"
    let head = "Datetime (UTC),Country,Zone name,Zone id,\(value)\n"
    let rows = ["0,-1", "1,2", "2,"].map { row in
      let parts = row.split(separator: ",", omittingEmptySubsequences: false)
      return "2021-01-01 0\(parts[0]):00:00,Great Britain,Great Britain,GB,\(parts[1])\n"
    }
    #expect(
      try told(head + rows.joined()) == [
        "f:2: \(value): found \"-1\" for NORTH, SOUTH, \(Self.negative)",
        "f:4: \(value): found nothing for NORTH, SOUTH, expected a number, or gaps: hold | interpolate",
      ])
    #expect(
      try told(head + rows.joined(), .carbon, TraceReading(scope: .series("GB"))) == [
        "f:2: \(value): found \"-1\" for GB, \(Self.negative)",
        "f:4: \(value): found nothing for GB, expected a number, or gaps: hold | interpolate",
      ])
  }

  @Test func answersTellTheZone() throws {
    func region(_ name: String, _ intensity: String) -> String {
      "{\"regionid\":\(name == "NORTH" ? 1 : 2),\"shortname\":\"\(name)\"\(intensity)}"
    }
    func period(_ from: String, _ north: String, _ south: String) -> String {
      "{\"from\":\"\(from)\",\"regions\":[" + region("NORTH", north) + ",\n" + region("SOUTH", south) + "]}"
    }
    let fine = ",\"intensity\":{\"forecast\":5}"
    let text =
      "{\"data\":["
      + [
        period("2023-01-01T00:00Z", fine, ",\"intensity\":{\"forecast\":-5}"),
        period("2023-01-01T00:30Z", ",\"intensity\":{\"forecast\":null}", fine),
        period("2023-01-01T01:00Z", fine, ",\"intensity\":{\"forecast\":\"low\"}"),
        period("2023-01-01T01:30Z", fine, ""),
        period("soon", ",\"intensity\":{\"forecast\":-1}", fine),
      ].joined(separator: ",\n") + "]}"
    #expect(
      try told(text) == [
        "f:2: forecast: found -5.0 for SOUTH, \(Self.negative)",
        "f:3: forecast: found null for NORTH, expected a number, or gaps: hold | interpolate",
        "f:6: forecast: found \"low\" for SOUTH, expected a number",
        "f:8: intensity: found nothing for SOUTH, expected an object with forecast",
        "f:9: from: found \"soon\", expected an ISO 8601 time",
        "f:9: forecast: found -1.0 for NORTH, \(Self.negative)",
      ])
  }
}
