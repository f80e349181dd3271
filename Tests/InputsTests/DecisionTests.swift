import Domain
import Foundation
import Inputs
import Testing

/// Recorded decisions of operators.
@Suite struct DecisionTests {
  private let zones = [("A", 4), ("B", 1)].enumerated().map { index, zone in
    Zone(
      id: index + 1, code: zone.0, name: "Zone \(zone.0)", region: "R",
      coordinates: Coordinates(latitude: 52, longitude: 0),
      capacity: Resources(milliCores: Int64(zone.1) * 1000, milliGigabytes: 4000, milliGPUs: 0))
  }

  private func write(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("decisions-\(UUID().uuidString).csv").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func faults(_ text: String, jobs: String? = nil) throws -> [String] {
    let path = try write(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let file = try DecisionFile(path: path, zones: zones)
      if let jobs { _ = try file.check(against: source(jobs), zones: zones) } else { _ = try file.checked() }
      return []
    } catch let error as InputError {
      return error.issues.map { $0.description.replacing(path, with: "d.csv") }
    }
  }

  private func source(_ text: String) throws -> any JobSource {
    let path = try write(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let start = try #require(Instant(text: "2020-01-06"))
    return try JobFileReader.read(path: path, zones: zones, start: start, end: start + .days(1))
      .makeCursor(keepsTexts: false)
  }

  private let jobs = """
    job_id,submitted_at,duration_s,required_cpu_cores
    a,2020-01-06T01:00Z,60,2
    b,2020-01-06T02:00Z,60,2
    c,2020-01-06T03:00Z,60,1
    """

  @Test func serialDatesOfSpreadsheets() throws {
    let told = try faults("job_id,decided_at,zone,start_at\na,45726.04,A,45727.5\n")
    #expect(told.count == 1 && told[0].hasPrefix("d.csv:2: decided_at: found \"45726.04\", expected an ISO 8601 time"))
  }

  @Test func readsDecisionsInTheOrderOfTheFile() throws {
    let path = try write(
      """
      zone,note,job_id,decided_at,start_at
      Zone B,x,c,2020-01-06T03:00:05+00:00,
      1,y,a,1578276000,2020-01-06T05:00Z

      """)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try DecisionFile(path: path, zones: zones)
    #expect(file.record.decisions.map(\.zone) == [1, 0])
    #expect(
      file.record.decisions.map(\.decidedAt.iso8601) == ["2020-01-06T03:00:05.000Z", "2020-01-06T02:00:00.000Z"])
    #expect(file.record.decisions.map { $0.startAt?.iso8601 } == [nil, "2020-01-06T05:00:00.000Z"])
    let (undecided, unknown) = try file.check(against: source(jobs), zones: zones)
    #expect(undecided == 1 && unknown == 0)
  }

  /// In any order in the file; each is held against its job.
  @Test func severalDecisionsOnOneJob() throws {
    let text = """
      job_id,decided_at,zone
      a,2020-01-06T05:00Z,A
      c,2020-01-06T03:00Z,B
      a,2020-01-06T02:00Z,A

      """
    let path = try write(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try DecisionFile(path: path, zones: zones)
    let (undecided, unknown) = try file.check(against: source(jobs), zones: zones)
    #expect(undecided == 1 && unknown == 0)
    let record = file.record
    #expect(Array(record.indices(of: record.decisions[0].job)) == [2, 0])
    #expect(Array(record.indices(of: record.decisions[1].job)) == [1] && record.indices(of: 17).isEmpty)
    #expect(
      try faults(text + "a,2020-01-06T00:59Z,A\na,2020-01-06T06:00Z,B\n", jobs: jobs) == [
        "d.csv:5: decided_at: found 2020-01-06T00:59:00.000Z, expected an instant at or after the job's submission "
          + "(\"a\", 2020-01-06T01:00:00.000Z)",
        "d.csv:6: zone: found B, expected a zone that could hold \"a\"",
      ])
  }

  /// They are no decisions about one job.
  @Test func rowsWithoutAnId() throws {
    let text = "job_id,decided_at,zone\n,2020-01-06T03:00Z,A\n,2020-01-06T03:00Z,A\n"
    for jobs in [nil, jobs] {
      #expect(
        try faults(text, jobs: jobs) == [
          "d.csv:2: job_id: found nothing, expected a job's id (2 lines: 2, 3)"
        ])
    }
  }

  @Test func tellsEveryFaultAtOnce() throws {
    let text = """
      job_id,decided_at,zone,start_at
      a,yesterday,A,
      b,2020-01-06T03:00Z,C,
      c,2020-01-06T03:00Z,A,2020-01-06T02:00Z
      d,2020-01-06T03:00Z
      ,2020-01-06T03:00Z,A,soon
      a,2020-01-06T03:00Z,A,
      b,2020-01-06T04:00Z,A,
      a,2020-01-06T03:00:00.000+00:00,B,
      """
    #expect(
      try faults(text) == [
        "d.csv:2: decided_at: found \"yesterday\", expected an ISO 8601 time or epoch seconds",
        "d.csv:3: zone: found \"C\", expected one of A, B",
        "d.csv:4: start_at: found 2020-01-06T02:00:00.000Z, expected an instant at or after decided_at",
        "d.csv:5: found 2 fields, expected 4, as in the header",
        "d.csv:6: job_id: found nothing, expected a job's id",
        "d.csv:6: start_at: found \"soon\", expected an ISO 8601 time, epoch seconds or nothing",
        "d.csv:9: decided_at: found 2020-01-06T03:00:00.000Z for \"a\" on lines 7 and 9, expected "
          + "decisions about the same job at different instants",
      ])
    #expect(
      try faults("job_id,when,zone\n") == [
        "d.csv:1: decided_at: found the columns job_id, when, zone, expected a column decided_at"
      ])
    // A header that lacks something hides none of the rows' faults; one that has nothing is told alone.
    #expect(
      try faults("job_id,when,zone\na,1,C\na,1,A\n") == [
        "d.csv:1: decided_at: found the columns job_id, when, zone, expected a column decided_at",
        "d.csv:2: zone: found \"C\", expected one of A, B",
      ])
    #expect(try faults("x,y\n1,2\n").count == 3)
    #expect(try faults("") == ["d.csv: found an empty file, expected a header line"])
  }

  @Test func holdsDecisionsAgainstTheJobs() throws {
    let text = """
      job_id,decided_at,zone
      c,2020-01-06T03:00Z,B
      b,2020-01-06T01:59:59Z,B
      a,2020-01-06T00:30Z,A
      z,2020-01-06T00:30Z,A
      """
    #expect(
      try faults(text, jobs: jobs) == [
        "d.csv:3: decided_at: found 2020-01-06T01:59:59.000Z, expected an instant at or after the job's submission "
          + "(\"b\", 2020-01-06T02:00:00.000Z)",
        "d.csv:3: zone: found B, expected a zone that could hold \"b\"",
        "d.csv:4: decided_at: found 2020-01-06T00:30:00.000Z, expected an instant at or after the job's submission "
          + "(\"a\", 2020-01-06T01:00:00.000Z)",
      ])
    // Faults of rows hide none of those that the jobs show.
    #expect(
      try faults("job_id,decided_at,zone\nc,now,B\nb,2020-01-06T02:00Z,B\nz,2020-01-06T00:30Z,C\n", jobs: jobs) == [
        "d.csv:2: decided_at: found \"now\", expected an ISO 8601 time or epoch seconds",
        "d.csv:3: zone: found B, expected a zone that could hold \"b\"",
        "d.csv:4: zone: found \"C\", expected one of A, B",
      ])
  }
}
