import Domain
import Foundation
import GRDB
import ResultReading
import Runs
import Testing

/// The reasons of a wait, against a walk by the minute over the rows of the result.
@Suite struct WaitingTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private struct Row {
    var name: String
    var zone: String?
    var submitted: Int64
    var start: Int64?
    var end: Int64?
    var cores: Double
  }

  private func scenario(_ seed: Int) -> String {
    """
    name: small
    seed: \(seed)
    clock: {start: 2025-01-06T00:00:00Z, duration: 8h}
    zones:
      - {code: N, name: North, region: N, coordinates: {lat: 55, lng: -3}, capacity: {cpu_cores: 6, memory_gb: 999}}
      - {code: S, name: South, region: S, coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 999}}
    grid: {carbon: {file: carbon.csv, extend: wrap}, price: {constant: 0.1}}
    workload: {file: jobs.csv}
    events: [{capacity: {zone: N, at: 2h, cpu_cores: 3}}, {outage: {zone: S, from: 3h, until: 4h, running: finish}}]
    policies: [standard, greedy-lowest-carbon, lowest-slot, deadline-aware]
    outputs: {decisions: all}
    """
  }

  private func jobs(_ seed: Int) -> String {
    var random = SystemlessRandom(state: UInt64(seed) &* 2_654_435_761 &+ 7)
    var text = "job_id,submitted_at,duration_s,required_cpu_cores,home_zone,deferral_window_mins\n"
    for number in 0..<40 {
      let at = Instant(text: "2025-01-06T00:00:00Z")! + TimeSpan.minutes(Int64(random.below(240)))
      text +=
        "j\(number),\(at.iso8601),\(60 * (10 + random.below(90))),\(1 + random.below(3)),\(["N", "S"][random.below(2)]),"
        + "\(30 * random.below(5))\n"
    }
    return text
  }

  private static let start = Instant(text: "2025-01-06T00:00:00Z") ?? .never

  private func minutes(_ instant: Instant) -> Int64 { (instant - Self.start).milliseconds / 60_000 }

  /// What a zone had for a job at a minute, by what other jobs held.
  private func reason(_ job: Row, _ rows: [Row], at instant: Int64) -> ExplainedStretch.Reason {
    let isSouth = job.zone == "S"
    if isSouth, (180..<240).contains(instant) { return .outage }
    let capacity = isSouth ? 4.0 : instant < 120 ? 6 : 3
    if job.cores > capacity { return .tooSmall }
    let used = rows.reduce(0.0) { sum, other in
      let runs =
        other.name != job.name && other.zone == job.zone && (other.start ?? .max) <= instant
        && (other.end ?? .max) > instant
      return sum + (runs ? other.cores : 0)
    }
    guard used + job.cores <= capacity else { return .noRoom }
    // Whenever it was submitted, a job may be ahead in the queue.
    let waits = rows.contains { other in
      other.name != job.name && (other.zone == nil || other.zone == job.zone) && other.submitted <= instant
        && (other.start ?? .max) > instant
    }
    return waits ? .otherJobs : .room
  }

  @Test(arguments: 1...6) func reasonsAreThoseOfAWalkByTheMinute(seed: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try scenario(seed).write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    try jobs(seed).write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    let hours = (0..<12).map {
      "2025-01-06T\($0 < 10 ? "0" : "")\($0):00Z,\(100 + 37 * $0 % 90),\(90 + 53 * $0 % 110)\n"
    }
    try ("datetime,N,S\n" + hours.joined()).write(toFile: folder + "/carbon.csv", atomically: true, encoding: .utf8)
    let opened = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
    _ = try opened.run(into: folder + "/out", figures: folder + "/plots", threads: 1)
    let path = folder + "/out/results.sqlite"
    func minute(_ text: String?) -> Int64? { text.flatMap { Instant(text: $0) }.map(minutes) }
    var waits = 0
    for run in 1...4 {
      let rows = try DatabaseQueue(path: path).read { database in
        try GRDB.Row.fetchAll(
          database,
          sql: """
            SELECT job_id, grid_zone_code, actual_start, actual_end, required_cpu_cores, submitted_at
            FROM compute_workloads LEFT JOIN grid_zones AS z ON z.id = chosen_grid_zone WHERE run_id = ?
            """,
          arguments: [run]
        ).map {
          Row(
            name: $0[0], zone: $0[1], submitted: minute($0[5]) ?? 0, start: minute($0[2]), end: minute($0[3]),
            cores: $0[4])
        }
      }
      let policy = ["standard", "greedy-lowest-carbon", "lowest-slot", "deadline-aware"][run - 1]
      for row in rows where row.start != nil {
        let told = try ResultExplainer(path: path).explain(job: .named(row.name), policy: policy, replication: 1) { $0 }
        guard let wait = told.explanations.first?.wait else { continue }
        waits += 1
        #expect(wait.zone == row.zone)
        #expect(wait.stretches.first?.from == wait.from && wait.stretches.last?.until == wait.until)
        for stretch in wait.stretches {
          let (from, until) = (minutes(stretch.from), minutes(stretch.until))
          for instant in from..<until {
            let reason = reason(row, rows, at: instant)
            #expect(stretch.reason == reason, "seed \(seed), \(policy), \(row.name) at \(instant)")
            if stretch.reason != reason { return }
          }
        }
      }
    }
    #expect(waits > 20)
  }
}

/// A small generator, so that the jobs of a seed are always the same.
private struct SystemlessRandom {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
