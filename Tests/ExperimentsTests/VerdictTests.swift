import Foundation
import GRDB
import Reports
import Runs
import Testing

/// What the report's verdict, the notes and the marks say of policies that did other work, or that differ by chance.
@Suite struct VerdictTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  @discardableResult
  private func run(_ text: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let opened = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
    return try opened.run(into: folder + "/r", figures: folder + "/p", threads: 2)
  }

  private var report: String {
    get throws {
      try ResultReport(path: folder + "/r/results.sqlite").written(as: .markdown).replacing("\u{A0}", with: " ")
    }
  }

  /// B is closed, where seven of ten jobs are at home: `standard` rejects them, the other policy does all, of which two
  /// end after the clock.
  private func closedZone(_ events: String = "events: [{outage: {zone: B, from: 0h}}]") throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let jobs = (0..<10).map { number in
      "j\(number),2020-01-06T\(number < 8 ? "0\(number):00" : "23:30")Z,3600,2,\(number < 3 ? "A" : "B")"
    }
    try (["job_id,submitted_at,duration_s,required_cpu_cores,home_zone"] + jobs).joined(separator: "\n")
      .write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    return try run(
      """
      name: closed
      clock: {start: 2020-01-06T00:00:00Z, duration: 1d}
      zones:
        - {code: A, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 0}}
        - {code: B, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 8, memory_gb: 32, gpus: 0}}
      grid: {carbon: {constant: 100}, price: {constant: 0.2}}
      workload: {file: jobs.csv}
      policies: [standard, greedy-lowest-carbon]
      \(events)
      """)
  }

  @Test func rejectionsAreShownAndTotalsNotCompared() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let told = try closedZone()
    let lines = told.split(separator: "\n").map(String.init)
    #expect(lines[0].hasSuffix("after clock  rejected"), "\(told)")
    #expect(lines[1].hasPrefix("standard") && lines[1].hasSuffix("  0         7"), "\(told)")
    #expect(lines[2].hasPrefix("greedy-lowest-carbon ") && lines[2].hasSuffix("  2         0"), "\(told)")
    let note =
      "standard completed 3 of 10 jobs and rejected 7; greedy-lowest-carbon completed 10 of 10 jobs: its totals and "
      + "savings are not comparable with those of standard"
    #expect(told.contains("note: \(note)\n") && !told.contains("†"), "\(told)")
    let report = try report
    let verdict = try #require(report.split(separator: "\n").first { $0.hasPrefix("**Verdict.**") })
    // All jobs are alike: a job's emissions are those of all by their number, from the rows.
    let grams = try DatabaseQueue(path: folder + "/r/results.sqlite").read { database in
      try Double.fetchOne(
        database, sql: "SELECT sum(carbon_emitted_kg) * 1000 / count(*) FROM compute_workloads WHERE run_id = 2")
    }
    let each = String(format: "%.4g", try #require(grams)).prefix(4)
    #expect(verdict.contains("\(note)."), "\(verdict)")
    #expect(
      verdict.contains("Of the policies that completed the most jobs, greedy-lowest-carbon emitted the least"),
      "\(verdict)")
    #expect(verdict.contains("\(each)") && verdict.contains("g per completed job (standard \(each)"), "\(verdict)")
    for claim in ["% more", "% less", "did less", "cannot be compared", "standard emitted less", "None was"] {
      #expect(!verdict.contains(claim), "\(claim): \(verdict)")
    }
    #expect(report.contains("| jobs rejected |") && report.contains("| standard (baseline) |"))
    let compared = try ResultComparison(path: folder + "/r/results.sqlite", metrics: [], confidence: 0.95)
    #expect(compared.written(as: .text).contains("note: \(note)"))
  }

  /// Without the outage nothing is rejected, nor said of it; the late jobs are as many.
  @Test func withoutRejectionsNothingIsSaid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let told = try closedZone("")
    #expect(!told.contains("rejected") && !told.contains("not comparable"), "\(told)")
    #expect(try !report.contains("rejected"))
  }

  private static let three = """
    name: told
    seed: 7
    clock: {start: 2025-01-06T00:00:00Z, duration: 12h}
    zones: {preset: gb-14, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}, pue: 1.2}
    grid: {carbon: {synthetic: gb-14}, price: {synthetic: gb-14}}
    workload: {preset: pylon, rate: 2}
    policies: [standard, greedy-lowest-carbon, cheapest]
    replications: 2
    """

  private func set(_ metric: String, _ values: [(policy: String, values: [Double])]) throws {
    try DatabaseQueue(path: folder + "/r/results.sqlite").write { database in
      for (policy, values) in values {
        for (index, value) in values.enumerated() {
          try database.execute(
            sql: """
              UPDATE run_metrics SET value = ? WHERE metric = ?
                AND run_id = (SELECT run_id FROM runs WHERE policy = ? AND replication = ?)
              """, arguments: [value, metric, policy, index + 1])
        }
      }
    }
  }

  /// Differences of −0.9 and 1 have an interval with 0, those of 1 and 1 have not.
  @Test func whatCannotBeToldApartIsNotRanked() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(VerdictTests.three)
    for (metric, sole, both) in [
      ("carbon_kg", "greedy-lowest-carbon emitted the least: ", "emitted the least (can't tell apart)"),
      ("cost_gbp", " the cheapest", "were the cheapest (can't tell apart)"),
    ] {
      let greedy = (policy: "greedy-lowest-carbon", values: [10.0, 20])
      try set(metric, [("standard", [100, 111]), greedy, ("cheapest", [11, 19.1])])
      #expect(try report.contains("greedy-lowest-carbon and cheapest \(both): greedy-lowest-carbon "), "\(metric)")
      try set(metric, [("cheapest", [11, 21])])
      let apart = try report
      #expect(apart.contains(sole) && !apart.contains(both), "\(metric): \(apart)")
    }
  }
}
