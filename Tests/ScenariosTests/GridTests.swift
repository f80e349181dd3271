import Domain
import Foundation
import Scenarios
import Testing

private func load(grid: String) throws -> GridSpec {
  let path = NSTemporaryDirectory() + "/grid-\(UUID().uuidString).yaml"
  let text = """
    name: grid
    clock: {start: 2025-01-06T00:00:00Z, duration: 7d}
    zones: gb-14
    workload: {file: jobs.csv}
    policies: [standard]
    grid: \(grid)
    """
  try text.write(toFile: path, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try Scenario.load(path: path, knownPolicies: ["standard"]).grid
}

private func fault(grid: String) -> String {
  do {
    return "no fault: \(try load(grid: grid))"
  } catch let error as InputError {
    return error.issues.map { "\($0.line): \($0.key): found \($0.found), expected \($0.expected)" }
      .joined(separator: "\n")
  } catch { return "\(error)" }
}

@Suite struct GridTests {
  @Test func readsASyntheticGridAndAFullForecast() throws {
    let plain = try load(grid: "{carbon: {synthetic: gb-14}, price: {synthetic: gb-14}}")
    #expect(plain.carbon == .synthetic("gb-14") && plain.price == .synthetic("gb-14") && plain.varies)
    #expect(plain.forecast == ForecastSpec(model: .persistence, horizon: .hours(48)))
    let full = try load(
      grid: """
        {carbon: {synthetic: gb-14}, price: {constant: 0.2}, vary: false,
          forecast: {model: noisy, horizon: 24h, update: 30m, error: 0.6, price: perfect}}
        """)
    #expect(!full.varies)
    #expect(
      full.forecast
        == ForecastSpec(model: .noisy, horizon: .hours(24), update: .minutes(30), error: 0.6, price: .perfect))
  }

  @Test func theRecordedForecastLeavesThePriceToPersistence() throws {
    let grid = try load(grid: "{carbon: {file: /a.csv}, price: {constant: 1}, forecast: {model: recorded}}")
    #expect(grid.forecast.price == .persistence && grid.forecast.file == nil)
    let vintages = try load(
      grid: "{carbon: {synthetic: gb-14}, price: {constant: 1}, forecast: {model: recorded, file: /v.csv}}")
    #expect(vintages.forecast.file == "/v.csv")
  }

  @Test(arguments: [
    (
      "{carbon: {constant: 1}, price: {constant: 1}, forecast: {model: recorded}}",
      "6: grid.forecast.model: found recorded, expected grid.forecast.file or grid.carbon.file for the recorded "
        + "forecast"
    ),
    (
      "{carbon: {constant: 1}, price: {constant: 1}, forecast: {price: recorded}}",
      "6: grid.forecast.price: found recorded, expected perfect, persistence or noisy (no input contains price "
        + "forecasts)"
    ),
    (
      "{carbon: {constant: 1}, price: {constant: 1}, forecast: {error: -1, update: 0}}",
      "6: grid.forecast.update: found 0, expected a time span > 0 with a unit, such as 7d, 48h or 30m\n"
        + "6: grid.forecast.error: found -1, expected a number from 0 to 1,000,000"
    ),
    (
      "{carbon: {constant: 1}, price: {constant: 1}, forecast: {horizon: 48}}",
      "6: grid.forecast.horizon: found 48, expected a time span with a unit, such as 48h or 2d"
    ),
    (
      "{carbon: {constant: 1, synthetic: gb-14}, price: {constant: 1}}",
      "6: grid.carbon: found constant and synthetic, expected exactly one of file, files, constant or synthetic"
    ),
    (
      "{carbon: {constant: 1}, price: {constant: 1}, vary: true}",
      "6: grid.vary: found true, expected synthetic carbon or price if vary is specified"
    ),
    (
      "{carbon: {synthetic: gb-14, extend: hold}, price: {constant: 1}}",
      "6: grid.carbon.extend: found an unknown key, expected one of synthetic"
    ),
    (
      "{carbon: {files: [a.csv]}, price: {constant: 1}}",
      "6: grid.carbon.files: found a list, expected a mapping from each zone to its file, such as {LONDON: london.csv}"
    ),
    (
      "{carbon: {files: {GB-LONDON: a.csv, london: b.csv}}, price: {constant: 1}}",
      "6: grid.carbon.files.london: found london, a second file for GB-LONDON, expected one file for each zone"
    ),
    (
      "{carbon: {file: a.csv, files: {A: a.csv}}, price: {constant: 1}}",
      "6: grid.carbon: found file and files, expected exactly one of file, files, constant or synthetic"
    ),
  ])
  func refuses(_ grid: String, _ expected: String) {
    let found = fault(grid: grid).split(separator: "\n").sorted().joined(separator: "\n")
    #expect(found == expected.split(separator: "\n").sorted().joined(separator: "\n"))
  }

  @Test func filesOfZonesAreNamedByTheZones() throws {
    let codes = Zone.gb14.map(\.code)
    let files = codes.map { "\($0): \($0).csv" }.joined(separator: ", ")
    let grid = try load(grid: "{carbon: {files: {\(files)}, extend: hold}, price: {constant: 1}}")
    guard case .zoneFiles(let paths, .hold, .error, false, _) = grid.carbon else {
      Issue.record("\(grid.carbon)")
      return
    }
    #expect(paths.map { String($0.split(separator: "/").last ?? "") } == codes.map { $0 + ".csv" })
    let known = codes.joined(separator: ", ")
    #expect(
      fault(grid: "{carbon: {files: {\(files), Nowhere: b.csv}}, price: {constant: 1}}")
        == "6: grid.carbon.files.Nowhere: found the zone Nowhere, expected a zone's code, name or region, one of \(known)"
    )
    #expect(
      fault(grid: "{carbon: {files: {\(files)}, all_zones: true}, price: {constant: 1}}")
        == "6: grid.carbon.all_zones: found all_zones with files, expected all_zones with file only (with files, each "
        + "zone has a file of its own)")
    #expect(
      fault(grid: "{carbon: {files: {GB-LONDON: a.csv}}, price: {constant: 1}}")
        .hasPrefix("6: grid.carbon.files: found none for GB-N-SCOT, "))
  }
}
