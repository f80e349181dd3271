import Domain
import Foundation
import Inputs
import Testing

@Suite struct ReaderTests {
  private let zones = ["A", "B"].enumerated().map {
    Zone(
      id: $0 + 1, code: $1, name: "Zone \($1)", region: "R", coordinates: Coordinates(latitude: 52, longitude: 0),
      capacity: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
  }

  /// Runs `work` on a file of these bytes; the messages carry its name as FILE.
  private func faults(_ bytes: [UInt8], _ work: (String) throws -> Void) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString).csv").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do { try work(path) } catch {
      return "\(error)".replacingOccurrences(of: path, with: "FILE")
    }
    return ""
  }

  private func trace(_ text: String, gaps: GapRule = .error, clip: Bool = false) throws -> String {
    try faults(Array(text.utf8)) { path in
      _ = try TraceFile(path: path, kind: .carbon, zones: zones).read(extending: .none, gaps: gaps, clip: clip)
    }
  }

  private func jobs(_ text: String) throws -> String {
    try faults(Array(text.utf8)) { path in
      _ = try JobFile(path: path, zones: zones, start: Instant(milliseconds: 0), end: .never)
    }
  }

  @Test(arguments: [
    ("", "FILE: found an empty file, expected a header and rows"),
    ("datetime,A,B\n", "FILE: found a header alone, expected rows"),
    ("datetime,A\n0,1\n", "FILE:1: B: found the columns A, expected a column for zone B"),
    (
      "datetime,A,B\n0,1,x\n1800,nan,2\n",
      "FILE:2: B: found \"x\", expected a number\nFILE:3: A: found \"nan\", expected a number"
    ),
    ("datetime,A,B\n0,1,-1\n", "FILE:2: B: found -1, expected an intensity ≥ 0, or clip: true"),
    ("datetime,A,B\n0,1\n", "FILE:2: found 2 cells, expected 3, as in the header"),
    (
      "datetime,A,B\n0,1,1\n0,2,2\n",
      "FILE:3: datetime: found 1970-01-01T00:00:00.000Z a second time, expected each instant once"
    ),
  ])
  func faultsOfATrace(text: String, message: String) throws {
    #expect(try trace(text) == message)
  }

  @Test func aGapIsAnErrorUnlessFilled() throws {
    let stamps = (0..<40).filter { $0 != 20 }.map { "\($0 * 1800),\($0),\($0)" }
    let text = (["datetime,A,B"] + stamps).joined(separator: "\r\n")
    #expect(
      try trace(text) == "FILE:22: A, B: found nothing between 1970-01-01T09:30:00.000Z and 1970-01-01T10:30:00.000Z, "
        + "expected a step every 30 minutes, or gaps: hold | interpolate")
    for (rule, value) in [(GapRule.hold, 19.0), (.interpolate, 20)] {
      _ = try faults(Array(text.utf8)) { path in
        let table = try TraceFile(path: path, kind: .carbon, zones: zones).read(
          extending: .none, gaps: rule, clip: false)
        #expect(table.gapsFilled == 1)
        #expect(table.traces[0].value(at: Instant(milliseconds: 36_000_000)) == value)
      }
    }
  }

  @Test(arguments: [
    ("a,0,0", "FILE:2: duration_s: found \"0\", expected a number from 0.001 to 1e12"),
    ("a,0,-5", "FILE:2: duration_s: found \"-5\", expected a number from 0.001 to 1e12"),
    ("a,0,nan", "FILE:2: duration_s: found \"nan\", expected a number from 0.001 to 1e12"),
    ("a,0,", "FILE:2: duration_s: found nothing, expected seconds > 0 (or required_gpu_mins with required_gpus)"),
    ("a,noon,5", "FILE:2: submitted_at: found \"noon\", expected an instant (ISO 8601 or epoch seconds)"),
    ("a,0,5\na,1,5", "FILE:3: job_id: found \"a\" again, as in line 2, expected each job once"),
  ])
  func faultsOfAJob(row: String, message: String) throws {
    #expect(try jobs("job_id,submitted_at,duration_s\n\(row)\n") == message)
  }

  @Test func aDeadlineBeforeSubmission() throws {
    #expect(
      try jobs("job_id,submitted_at,duration_s,deadline\na,10,5,9\n")
        == "FILE:2: deadline: found 1970-01-01T00:00:09.000Z, expected an instant after submitted_at, "
        + "1970-01-01T00:00:10.000Z")
  }

  @Test func bytesThatAreNotUTF8() throws {
    let message = try faults([0x61, 0x0A, 0xFF, 0x0A]) {
      _ = try JobFile(path: $0, zones: zones, start: Instant(milliseconds: 0), end: .never)
    }
    #expect(message == "FILE:2: found bytes that are not UTF-8, expected UTF-8 text")
  }

  /// A BOM, CRLF, quotes and rows out of order.
  @Test func jobsComeInOrderOfSubmission() throws {
    let message = try faults(Array("\u{FEFF}job_id,submitted_at,duration_s\r\n\"b,1\",20,5\r\na,10,5\r\n".utf8)) {
      path in
      let file = try JobFile(path: path, zones: zones, start: Instant(milliseconds: 0), end: .never)
      #expect(file.identifiers == ["a", "b,1"])
      #expect(file.jobs.map(\.job.submittedAt.milliseconds) == [10_000, 20_000])
    }
    #expect(message.isEmpty)
  }
}
