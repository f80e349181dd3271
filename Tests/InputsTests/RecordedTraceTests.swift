import Domain
import Foundation
import Inputs
import Testing

/// The recorded files, each with a figure that was found by other means (its publisher's notes, or awk).
@Suite struct RecordedTraceTests {
  private func all(
    _ name: String, _ kind: TraceKind = .carbon, gaps: GapRule = .error, basis: IntensityBasis? = nil
  ) throws -> NamedTraces? {
    guard let path = SharedData.path(name) else { return nil }
    return try TraceReader.readAll(path: path, kind: kind, gaps: gaps, reading: TraceReading(basis: basis))
  }

  private func mean(_ column: TraceColumn) -> Double {
    column.steps.map(\.value).reduce(0, +) / Double(column.steps.count)
  }

  private func told(_ name: String, _ kind: TraceKind = .carbon) -> String? {
    guard let path = SharedData.path(name) else { return nil }
    return fault { _ = try TraceReader.readAll(path: path, kind: kind) }.replacing(path, with: "f")
  }

  @Test func electricityMaps() throws {
    for (year, direct) in [(2021, 155.5), (2022, 155.7), (2023, 128.6)] {
      guard let own = try all("electricity-maps-gb/GB_\(year)_hourly.csv", basis: .direct) else { return }
      #expect(own.names == ["GB"] && own.table.columns[0].steps.count == 8760)
      #expect(abs(mean(own.table.columns[0]) - direct) < 0.051)
      let lifecycle = try #require(try all("electricity-maps-gb/GB_\(year)_hourly.csv"))
      #expect(mean(lifecycle.table.columns[0]) > direct + 10)
    }
    let path = try #require(SharedData.path("electricity-maps-gb/GB_2021_hourly.csv"))
    let table = try TraceReader.read(path: path, kind: .carbon, zones: zones)
    #expect(table.columns.map { $0.steps[0].value } == [233.76, 233.76])
  }

  @Test(arguments: ["AU-SA", "US-CAL-CISO"]) func seriesWithoutAName(zone: String) throws {
    guard let path = SharedData.path("carbon-2022-hourly/\(zone)-2022.csv") else { return }
    let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones) }
    #expect(
      told.hasSuffix(
        ":1: found a single series that does not name a zone, expected a column for each zone, or all_zones: true"))
    let table = try TraceReader.read(path: path, kind: .carbon, zones: zones, reading: TraceReading(scope: .everywhere))
    #expect(table.columns.map(\.steps.count) == [8760, 8760])
  }

  @Test func letsWaitAwhileChangesItsCadence() throws {
    guard let own = try all("lets-wait-awhile-gb/gb_ci.csv") else { return }
    let steps = own.table.columns[0].steps
    let lengths = zip(steps, steps.dropFirst()).map { ($1.start - $0.start) / 60_000 }
    #expect(Set(lengths) == [15, 30] && lengths.count { $0 == 15 } >= 6807)
    #expect(steps[0].start == 1_576_800_000_000 && steps[0].value == 120.995)
  }

  @Test func nationalWithItsGapSentinelsAndBlanks() throws {
    let name = "gb-national-2023/neso_2023_national_intensity.csv"
    guard let refused = told(name) else { return }
    #expect(refused.contains("f:1230: actual: found nothing for GB, expected a number, or gaps: hold | interpolate"))
    #expect(refused.contains("found 0 (which means a missing value here)"))
    #expect(refused.contains("found nothing between 2023-10-20T21:30:00.000Z and 2023-10-22T19:30:00.000Z"))
    let filled = try #require(try all(name, gaps: .hold))
    #expect(filled.names == ["GB"] && filled.table.sentinels == 5)
    #expect(filled.table.gapsFilled == 91 + 10 && filled.table.columns[0].steps.count == 17_430 + 91)
    #expect(filled.table.columns[0].steps.allSatisfy { $0.value > 0 })
    let forecast = try #require(try all(name, .forecast, gaps: .hold))
    #expect(abs(mean(forecast.table.columns[0]) - 151.3) < 0.5 && forecast.table.sentinels == 0)
    // Every zone of the United Kingdom gets it.
    let path = try #require(SharedData.path(name))
    #expect(try TraceReader.read(path: path, kind: .carbon, zones: zones, gaps: .hold).columns.count == 2)
  }

  @Test func elexonThroughBothChangesOfTheClocks() throws {
    guard let own = try all("gb-elexon-2023/system_price_2023.csv", .price, gaps: .hold) else { return }
    let steps = own.table.columns[0].steps
    #expect(steps[0].start == 1_672_531_200_000 && abs(steps[0].value - -0.00807) < 1e-12)
    #expect(steps.count == 17_520 && own.table.gapsFilled == 6)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $1.start - $0.start == 1_800_000 })
    #expect(abs(mean(own.table.columns[0]) * 1000 - 94.5) < 0.1)
    #expect(told("gb-elexon-2023/fuelhh_2023.csv", .price) != "no fault")
  }

  @Test func regionsWithoutTheirSums() throws {
    guard let week = try all("gb-regional-week/regional_carbon_intensity_20250303_20250310.csv") else { return }
    #expect(week.names.count == 14 && week.table.columns.allSatisfy { $0.steps.count == 331 })
    #expect(abs(mean(week.table.columns[0]) - 39.6) < 0.1 && abs(mean(week.table.columns[6]) - 247.8) < 0.1)
    let days = try #require(try all("gb-regional-mix-2days/regional_2023-12-29T2330_2023-12-30T2330.csv"))
    #expect(days.names == (1...14).map(String.init))
    #expect(days.table.columns.allSatisfy { $0.steps.count == 49 } && days.table.columns[1].steps[0].value == 9)
  }

  /// Autocorrelations at a step and at 24 hours as the data's notes have them.
  @Test func autocorrelations() throws {
    guard let week = try all("gb-regional-week/regional_carbon_intensity_20250303_20250310.csv") else { return }
    let told = [0: (0.969, 0.288), 1: (0.975, 0.304), 6: (0.968, 0.243), 12: (0.971, 0.472), 13: (0.965, 0.661)]
    for (zone, (step, day)) in told.sorted(by: { $0.key < $1.key }) {
      let own = TraceSummary(week.table.columns[zone])
      #expect(try abs(#require(own.autocorrelation.step) - step) < 0.001, "\(week.names[zone])")
      #expect(try abs(#require(own.autocorrelation.day) - day) < 0.001, "\(week.names[zone])")
      #expect(own.autocorrelation.week == nil && own.step == .minutes(30))
    }
    #expect(TraceSummary(week.table.columns[0]).zeros == 185 / Double(week.table.columns[0].steps.count))
  }

  @Test func theAnswerOfTheAPI() throws {
    guard let own = try all("geo-gb/carbon_intensity_api_regional_response.json") else { return }
    #expect(own.names == ["North Scotland", "East England"])
    #expect(own.table.columns.map { $0.steps.map(\.value) } == [[0, 0], [237, 230]])
  }

  /// What is no trace is refused with the reason.
  @Test(arguments: [
    ("gb-regional-stats-2018-2025/regional_carbon_intensity_descriptive_stats.csv", "f:1: found Column, Count, Mean, "),
    ("philly-runtimes/philly_runtime.csv", "f:1: found runtime, expected a column datetime or Time"),
    ("geo-gb/gb_outline_low.geojson", "the GB Carbon Intensity API; or CSV"),
    ("gb-national-2023/neso_2023_factors.json", "the GB Carbon Intensity API; or CSV"),
    ("geo-gb/johan_GBR.geo.json", "the GB Carbon Intensity API; or CSV"),
    ("swf-lublin-256/lublin_256.swf", "expected a column datetime or Time"),
    ("gaia-pai/pai_1k.csv", "expected a column datetime or Time"),
    ("gb-elexon-2023/known_gaps.csv", "expected a column datetime or Time"),
  ]) func whatIsNoTrace(name: String, message: String) {
    guard let told = told(name) else { return }
    #expect(told.contains(message), "\(told)")
  }
}
