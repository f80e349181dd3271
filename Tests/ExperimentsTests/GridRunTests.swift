import Foundation
import Runs
import Testing

/// Runs on the synthetic grid, end to end.
@Suite struct GridRunTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// Two days of the shipped jobs in two of the fourteen regions.
  private func open(grid: String, north: String = "North Scotland", replications: Int = 1) throws -> OpenScenario {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let rest = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 128, memory_gb: 512, gpus: 24}"
    let scenario = """
      name: grid
      seed: 11
      clock: {start: 2020-01-06T00:00:00Z, duration: 2d}
      zones:
        - {code: NORTH, region: \(north), \(rest)}
        - {code: SOUTH, region: London, \(rest)}
      grid: \(grid)
      workload: {file: \(root)/Scenarios/two-zones/jobs.csv}
      policies: [standard, greedy-lowest-carbon]
      replications: \(replications)
      outputs: {maps: none, samples: none}
      """
    let path = "\(folder)/grid-\(UUID().uuidString).yaml"
    try scenario.write(toFile: path, atomically: true, encoding: .utf8)
    return try OpenScenario(path: path, overrides: [], policies: [], seed: nil)
  }

  /// A run's figures by line: run, policy and replication taken off.
  private func figures(_ scenario: OpenScenario) throws -> [String] {
    let out = "\(folder)/\(UUID().uuidString)"
    _ = try scenario.run(into: out, figures: out + "/plots")
    return try text(out + "/metrics.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", maxSplits: 4)[4].description
    }
  }

  private func fault(_ grid: String, north: String = "North Scotland") -> String {
    do {
      try open(grid: grid, north: north).validate()
      return "no fault"
    } catch { return "\(error)" }
  }

  private let synthetic = "{carbon: {synthetic: gb-14}, price: {synthetic: gb-14}}"

  @Test func aGridWrittenOutGivesTheSameRun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let drawn = try figures(open(grid: synthetic))
    _ = try TraceGeneration.write(
      model: "gb-14", start: "2019-12-29T00:00:00Z", duration: "20d", seed: 11, replication: 1,
      carbon: folder + "/carbon.csv", price: folder + "/price.csv")
    // The zones of the file go by the regions' codes.
    for file in ["carbon", "price"] {
      let path = "\(folder)/\(file).csv"
      let renamed = try text(path).replacing("GB-N-SCOT", with: "NORTH").replacing("GB-LONDON", with: "SOUTH")
      try renamed.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let read = try figures(
      open(grid: "{carbon: {file: \(folder)/carbon.csv}, price: {file: \(folder)/price.csv}}"))
    #expect(drawn == read && drawn.count == 2 && drawn[0] != drawn[1])
  }

  @Test func eachReplicationDrawsItsGridUnlessToldNotTo() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let varied = try figures(open(grid: synthetic, replications: 2))
    let kept = try figures(open(grid: synthetic.dropLast() + ", vary: false}", replications: 2))
    #expect(varied[0] != varied[2] && varied[1] != varied[3])
    #expect(kept[0] == kept[2] && kept[1] == kept[3])
    #expect(Array(varied.prefix(2)) == Array(kept.prefix(2)))
  }

  @Test func aZoneOfNoRegionIsRefused() {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(
      fault(synthetic, north: "Scotland").hasPrefix(
        "zones: NORTH: found a zone outside the regions of the synthetic grid gb-14, expected one of the codes "
          + "GB-N-SCOT, "))
  }

  @Test func theRecordedForecastIsReadAndItsAbsenceRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let wide = "\(root)/Scenarios/two-zones/carbon.csv"
    let price = "price: {constant: 1}, forecast: {model: recorded"
    #expect(
      fault("{carbon: {file: \(wide), extend: hold}, \(price)}}")
        == "\(wide): found no column forecast, expected one for grid.forecast.model: recorded, or grid.forecast.file")
    #expect(fault("{carbon: {file: \(wide), extend: hold}, \(price), file: \(wide)}}") == "no fault")
    let vintages = folder + "/vintages.csv"
    try "issued_at,datetime,zone,forecast\n2020-01-05T00:00Z,2020-01-06T00:00Z,NORTH,1\n".write(
      toFile: vintages, atomically: true, encoding: .utf8)
    #expect(
      fault("{carbon: {synthetic: gb-14}, \(price), file: \(vintages)}}")
        == "\(vintages): SOUTH: found no rows, expected an issue at or before the clock's start, "
        + "2020-01-06T00:00:00.000Z")
  }

  @Test(arguments: [
    (
      "regions.json",
      """
      {"data": [{"from": "2020-01-05T00:00Z", "regions": [
        {"regionid": 1, "shortname": "NORTH", "intensity": {"forecast": 5}},
        {"regionid": 2, "shortname": "SOUTH", "intensity": {"forecast": 6}}]},
      {"from": "2020-01-05T00:30Z", "regions": [
        {"regionid": 1, "shortname": "NORTH", "intensity": {"forecast": 7}},
        {"regionid": 2, "shortname": "SOUTH", "intensity": {"forecast": 8}}]}]}
      """
    ),
    (
      "national.csv",
      "from,to,forecast,actual,index\n2020-01-05T00:00Z,2020-01-05T00:30Z,5,6,low\n"
        + "2020-01-05T00:30Z,2020-01-05T01:00Z,7,8,low\n"
    ),
    (
      "regions.csv",
      "date,from,regionid,intensity_forecast\n2020-01-05,00:00,1,5\n2020-01-05,00:00,2,5\n"
        + "2020-01-05,00:30,1,5\n2020-01-05,00:30,2,5\n"
    ),
  ])
  func filesWithForecastsAreRecordedForecasts(name: String, content: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    let price = "price: {constant: 1}, forecast: {model: recorded"
    #expect(fault("{carbon: {file: \(path), extend: hold}, \(price)}}") == "no fault")
    #expect(fault("{carbon: {file: \(path), extend: hold, format: auto}, \(price), file: \(path)}}") == "no fault")
  }

  @Test func generationRefusesWhatItCannotDraw() {
    func fault(_ model: String, _ start: String, _ duration: String, _ replication: Int) -> String {
      do {
        return try TraceGeneration.write(
          model: model, start: start, duration: duration, seed: 1, replication: replication, carbon: folder + "/c.csv",
          price: nil)
      } catch { return "\(error)" }
    }
    let start = "2020-01-06T00:00:00Z"
    #expect(fault("gb-15", start, "7d", 1) == "--synthetic: found gb-15, expected gb-14")
    #expect(fault("gb-14", "yesterday", "7d", 1).hasPrefix("--start: found yesterday, expected an instant"))
    for span in ["0d", "-1d", "x", "101000w", "nan"] {
      #expect(fault("gb-14", start, span, 1).hasPrefix("--duration: found \(span), expected a time span > 0"))
    }
    #expect(fault("gb-14", start, "7d", 0) == "--replication: found 0, expected a whole number from 1")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func theShippedWeekIsValid() throws {
    try OpenScenario(path: root + "/Scenarios/gb-week.yaml", overrides: [], policies: [], seed: nil).validate()
  }
}
