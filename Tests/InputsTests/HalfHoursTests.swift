import Domain
import Foundation
import Inputs
import Testing

/// Traces put together from answers for windows.
@Suite struct HalfHoursTests {
  private static let start = Instant(milliseconds: 1_578_268_800_000)

  private static func at(_ half: Int) -> Instant { start + .minutes(30 * Int64(half)) }

  /// An answer about Great Britain: half hours from the clock's start on, with values.
  private func answer(_ halves: [(half: Int, value: Int)]) throws -> IntensityAnswer {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let periods = halves.map { half, value in
      let times = [Self.at(half), Self.at(half + 1)].map { "\($0.iso8601.prefix(16))Z" }
      return
        "{\"from\": \"\(times[0])\", \"to\": \"\(times[1])\", \"intensity\": {\"forecast\": 0, \"actual\": \(value)}}"
    }
    try "{\"data\": [\(periods.joined(separator: ","))]}".write(toFile: path, atomically: true, encoding: .utf8)
    return try IntensityAnswer(path: path, kind: .carbon, area: .nation, zones: [])
  }

  /// A window is half-open: the half hour before it and the one at its end are its neighbours' to tell, whatever an
  /// answer says of them.
  @Test func ofAnAnswerOnlyItsOwnWindowCounts() throws {
    let halves = HalfHours(
      [
        (Self.at(0)..<Self.at(2), try answer([(-1, 900), (0, 10), (1, 11), (2, 901)])),
        (Self.at(2)..<Self.at(4), try answer([(1, 902), (2, 12), (3, 13), (4, 903)])),
      ], gaps: .error)
    let steps = halves.table.columns[0].steps
    #expect(steps.map(\.start) == (0..<4).map { Self.at($0).milliseconds })
    #expect(steps.map(\.value) == [10, 11, 12, 13])
    #expect(
      halves.contradictions == 0 && halves.missing.isEmpty && halves.table.columns[0].end == Self.at(4).milliseconds)
  }

  /// What answers leave out between two half hours is filled by its share; what they tell twice stands as told last.
  @Test func gapsAndRepetitions() throws {
    let halves = HalfHours(
      [(Self.at(0)..<Self.at(8), try answer([(0, 10), (1, 20), (1, 30), (5, 70), (7, 5)]))], gaps: .interpolate)
    #expect(halves.table.columns[0].steps.map(\.value) == [10, 30, 40, 50, 60, 70, 37.5, 5])
    #expect(halves.contradictions == 1 && halves.table.columns[0].gapsFilled == 4)
    #expect(halves.missing.map(\.count) == [3, 1])
  }
}
