import Domain
import Foundation
import Scenarios
import Testing

/// The keys of a table that is mapped.
@Suite struct TableMappingTests {
  private func load(grid: String) throws -> GridSpec {
    let path = NSTemporaryDirectory() + "/mapping-\(UUID().uuidString).yaml"
    let text =
      "name: mapping\nclock: {start: 2025-01-06T00:00:00Z, duration: 7d}\nzones: gb-14\nworkload: {file: jobs.csv}\n"
      + "policies: [standard]\ngrid: \(grid)\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Scenario.load(path: path, knownPolicies: ["standard"]).grid
  }

  @Test func everyKeyIsRead() throws {
    let grid = try load(
      grid: "{carbon: {file: c.csv, columns: {zone: Location, value: LMP}, time: When, separator: tab, decimal: \",\", "
        + "time_zone: Europe/Berlin, stamps: end, duplicates: last, null: [NA, NaN, null, \"\"], scale: 0.001, "
        + "date_order: day-first}, price: {constant: 0.1}, forecast: {model: recorded, file: f.csv, "
        + "columns: {issued_at: run, forecast: load}}}")
    guard case .file(_, _, _, _, let shape) = grid.carbon else {
      Issue.record("no file")
      return
    }
    var mapping = TableMapping()
    (mapping.time, mapping.zone, mapping.value) = ("When", "Location", "LMP")
    (mapping.separator, mapping.decimal, mapping.timeZone) = (9, .comma, "Europe/Berlin")
    (mapping.stamps, mapping.duplicates, mapping.null) = (.end, .last, ["NA", "NaN", "null", ""])
    (mapping.scale, mapping.dateOrder) = (0.001, .dayFirst)
    #expect(shape.mapping == mapping)
    #expect(grid.forecast.mapping.issued == "run" && grid.forecast.mapping.forecast == "load")
  }

  @Test(arguments: [
    ("time: a, columns: {time: b}", "either time or columns.time"), ("separator: ab", "a character such as"),
    ("scale: 0", "a number above 0"), ("null: x", "a list of strings"), ("columns: {when: x}", "one of time, zone"),
    ("stamps: middle", "one of start, end"), ("decimal: ;", "one of ., ,"), ("columns: x", "a mapping such as"),
  ]) func faults(keys: String, expected: String) {
    #expect {
      _ = try load(grid: "{carbon: {file: c.csv, \(keys)}, price: {constant: 0.1}}")
    } throws: { error in
      "\(error)".contains(expected)
    }
  }

  @Test func aForecastOfTheCarbonFileIsNotMapped() {
    #expect {
      _ = try load(
        grid: "{carbon: {file: c.csv}, price: {constant: 0.1}, forecast: {model: recorded, scale: 2}}")
    } throws: { error in
      "\(error)".contains("scale with forecast.file")
    }
  }
}
