import Domain
import Foundation
import Inputs
import Scenarios
import Testing

/// What fuzzing and hostile files have found, and the files that fuzzing begins with.
@Suite struct HostileInputTests {
  private func jobs(_ text: String, _ format: JobFileFormat, memoryPerCore: Double = 2) throws -> JobFile {
    try withFile(text) { path in
      try JobFileReader.read(
        path: path, format: format, timeUnit: format == .gaia ? .hours : nil, zones: zones,
        start: Instant(milliseconds: 0),
        end: Instant(milliseconds: 4_000_000_000_000), memoryPerCore: memoryPerCore)
    }
  }

  /// 10¹² processors of 10⁶ GB each are more thousandths than there are integers.
  @Test func memoryBeyondTheIntegers() throws {
    let expected = "expected at most 1e12 GB"
    let swf = "1 0 -1 60 1000000000000 -1 1000000000000 -1 -1 -1 1 7 1 1 1 1 -1 -1\n"
    #expect(fault { _ = try jobs(swf, .swf) }.contains(expected))
    #expect(
      fault { _ = try jobs("arrival_time,length,cpus\n0,1,1e12\n", .gaia, memoryPerCore: 1e9) }.contains(expected))
    let csv = "job_id,submitted_at,duration_s,required_cpu_cores\na,0,1,1e12\n"
    #expect(fault { _ = try jobs(csv, .csv, memoryPerCore: 1e9) }.contains(expected))
    #expect(try jobs(csv, .csv, memoryPerCore: 1).count == 1)
  }

  @Test func anErrorCodeThatIsNoInteger() throws {
    try withFile("{\"error\": {\"code\": 1e300, \"message\": \"no\"}}", "json") { path in
      #expect(
        fault { _ = try IntensityAnswer(path: path, kind: .carbon, area: .nation, zones: zones) } == "1e+300: no")
    }
  }

  @Test func intensitiesBeyondReason() throws {
    try withFile("datetime,NORTH,SOUTH\n2020-01-01,1e13,0\n2020-01-02,1,1e300\n") { path in
      let told = fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: zones) }
      #expect(told.contains(":2: NORTH: found \"1e13\", expected a number of at most 1e12"))
      #expect(told.contains(":3: SOUTH: found \"1e300\", expected a number of at most 1e12"))
    }
  }

  /// One apostrophe before what a spreadsheet takes for a formula is the writer's.
  @Test(arguments: [
    ("'=a", "=a"), ("''=a", "'=a"), ("'-a", "-a"), ("'+a", "+a"), ("'@a", "@a"), ("'a", "'a"), ("'", "'"), ("''", "''"),
    ("=a", "=a"), ("\"'\ta\"", "\ta"),
  ]) func guards(written: String, read: String) throws {
    let file = try jobs("job_id,submitted_at,duration_s,user_id\na,0,1,\(written)\n", .csv)
    #expect(file.users == [read])
  }

  /// Every file that fuzzing begins with, given to every reader: a value, or a refusal that tells something.
  @Test func theCommittedCorpus() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fuzz/Corpus")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    var count = (read: 0, refused: 0)
    for name in names where name.contains(".") {
      let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
      try withFile([UInt8](bytes)) { path in
        for subject in HostileInputTests.readers {
          do {
            try subject(path)
            count.read += 1
          } catch let error as InputError {
            #expect(!error.issues.isEmpty, "\(name)")
            count.refused += 1
          }
        }
      }
    }
    #expect(count.read >= 25 && count.refused > count.read, "\(count)")
  }

  private static let readers: [@Sendable (String) throws -> Void] =
    FuzzTests.subjects.map(\.read) + [
      { _ = try OutlineReader.read(path: $0) }, { _ = try DecisionFile(path: $0, zones: zones).checked() },
      { _ = try VintageReader.read(path: $0, zones: zones, start: Instant(milliseconds: 2_000_000_000_000)) },
      { _ = try Variant.load(path: $0) },
      { _ = try ScenarioDocument(path: $0).scenario(knownPolicies: ["standard", "cheapest"]) },
    ]

  /// Rows of a tariff without a header, the last of which is cut: the survey of the rows had left it in place of the
  /// first.
  @Test func aCutRowBehindAHeaderlessFile() throws {
    let text = "2024-01-01 00:00:00+00:00,00:00,A,Eastern England,15.5\n2024-01-01 00:30:00+00:00,00:"
    let told = try withFile(text) { path in fault { _ = try TraceReader.readAll(path: path, kind: .price) } }
    #expect(told.contains(":2: found 2 fields, expected 5"), "\(told)")
  }
}
