import Domain
import Foundation
import Inputs
import Testing

/// Names of zones that differ from the scenario's by case alone.
@Suite struct ZoneCaseTests {
  private func zone(_ code: String, _ id: Int) -> Zone {
    Zone(
      id: id, code: code, name: code, region: code, coordinates: Coordinates(latitude: 0, longitude: 0),
      capacity: Resources(milliCores: 1000, milliGigabytes: 1000, milliGPUs: 0))
  }

  private func values(_ header: String, _ row: String, _ zones: [Zone]) throws -> [Double] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("zone-\(UUID().uuidString).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "datetime,\(header)\n2020-01-06T00:00Z,\(row)\n2020-01-06T01:00Z,\(row)\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let table = try TraceReader.read(path: path, kind: .carbon, zones: zones)
    return table.columns.map { $0.steps[0].value }
  }

  @Test func caseDoesNotMatterIfOneZoneIsCalledSo() throws {
    #expect(try values("north,SOUTH", "1,2", [zone("North", 1), zone("South", 2)]) == [1, 2])
    // An exact name comes first, and a name of two zones is neither's.
    #expect(try values("North,NORTH", "1,2", [zone("NORTH", 1), zone("North", 2)]) == [2, 1])
    #expect(throws: InputError.self) { try values("north", "1", [zone("NORTH", 1), zone("North", 2)]) }
  }
}
