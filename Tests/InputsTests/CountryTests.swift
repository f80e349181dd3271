import Domain
import Inputs
import Testing

/// Which series of a file a zone gets its values from.
@Suite struct CountryTests {
  private static let header =
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),Carbon Intensity gCO₂eq/kWh (LCA)\n"
  private static let texas = ("USA", "ERCOT", "US-TEX-ERCO")
  private static let california = ("USA", "CAISO", "US-CAL-CISO")
  private static let usa = ("USA", "United States of America", "US")

  /// An hour a row, of the zones in their turn.
  private func file(_ zones: [(String, String, String)]) -> String {
    CountryTests.header
      + zones.enumerated().map { hour, zone in
        "2024-06-01 \(hour < 10 ? "0" : "")\(hour):00:00,\(zone.0),\(zone.1),\(zone.2),1,\(100 + hour)\n"
      }.joined()
  }

  private func zone(_ code: String, country: String, aliases: [String] = []) -> Zone {
    Zone(
      id: 7, code: code, name: "Name of \(code)", region: "R", country: country,
      coordinates: Coordinates(latitude: 0, longitude: 0),
      capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), aliases: aliases)
  }

  private func read(_ text: String, _ zones: [Zone], _ reading: TraceReading = TraceReading()) throws -> TraceTable {
    try withFile(text) { try TraceReader.read(path: $0, kind: .carbon, zones: zones, reading: reading) }
  }

  private func told(_ text: String, _ zones: [Zone], _ reading: TraceReading = TraceReading()) throws -> String {
    try withFile(text) { path in
      fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones, reading: reading) }
        .replacing(path, with: "f")
    }
  }

  /// The notes of zones, without those of the export's columns and of the few rows.
  private func ofZones(_ table: TraceTable) -> [String] {
    table.plainNotes.filter { !$0.hasPrefix("values are read from the column") && !$0.contains(": of two rows") }
  }

  /// Case 06: Texas does not continue California.
  @Test func anotherZonesRowsAreNotBorrowed() throws {
    let (own, other) = (CountryTests.california, CountryTests.texas)
    let column = try read(file([own, own, own, other, other, other]), [zone("US-CAL-CISO", country: "USA")]).columns[0]
    #expect(column.steps.map(\.value) == [100, 101, 102] && column.end - column.steps[0].start == 3 * 3_600_000)
    #expect(
      try told(file([other, other, other]), [zone("US-CAL-CISO", country: "USA")])
        == "f: US-CAL-CISO: found no rows for this zone; the zones are US-TEX-ERCO, expected rows with its carbon")
    // Nor as the country that the scenario calls a zone, or asks for.
    #expect(try told(file([own, other, own, other]), [zone("USA", country: "USA")]).contains("no rows for this zone"))
    #expect(
      try told(file([own, other, own]), [zone("X", country: "USA")], TraceReading(scope: .series("USA")))
        .contains("no rows for this zone"))
  }

  /// Rows of the country serve zones that have none, in whatever order they stand.
  @Test func aNationServesZonesWithoutRowsOfTheirOwn() throws {
    let zones = [zone("US-CAL-CISO", country: "USA"), zone("US-NEW", country: "USA")]
    let (own, nation) = (CountryTests.california, CountryTests.usa)
    for rows in [[own, own, nation, nation], [nation, nation, own, own], [nation, own, nation, own]] {
      let table = try read(file(rows), zones)
      let values = rows.indices.map { (rows[$0].2, 100.0 + Double($0)) }
      #expect(table.columns[0].steps.map(\.value) == values.filter { $0.0 == "US-CAL-CISO" }.map(\.1))
      #expect(table.columns[1].steps.map(\.value) == values.filter { $0.0 == "US" }.map(\.1))
      #expect(
        ofZones(table) == [
          "zone US-CAL-CISO is read from the file's US-CAL-CISO; US is left out",
          "the file's US is used for US-NEW (by country)",
        ])
    }
    #expect(
      try ofZones(read(file([nation, nation]), zones))
        == ["the file's US is used for US-CAL-CISO, US-NEW (by country)"])
  }

  /// The first alias that has rows counts, and two names that fit alike are refused.
  @Test func severalNamesOfOneZone() throws {
    let two = [zone("X", country: "USA", aliases: ["US-TEX-ERCO", "US-CAL-CISO"])]
    let rows = file([CountryTests.california, CountryTests.texas, CountryTests.california, CountryTests.texas])
    let table = try read(rows, two)
    #expect(table.columns[0].steps.map(\.value) == [101, 103])
    #expect(ofZones(table) == ["zone X is read from the file's US-TEX-ERCO; US-CAL-CISO is left out"])
    let alike = rows.replacing("CAISO", with: "West").replacing("ERCOT", with: "West")
    #expect(
      try told(alike, [zone("West", country: "USA")])
        == "f: West: found US-CAL-CISO, US-TEX-ERCO, which match this zone equally well, expected one of them as the "
        + "zone's code, or zone: US-CAL-CISO")
    let chosen = try read(alike, [zone("West", country: "USA")], TraceReading(scope: .series("US-TEX-ERCO")))
    #expect(chosen.columns[0].steps.map(\.value) == [101, 103])
  }
}
