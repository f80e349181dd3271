import Foundation
import Testing

@testable import Swarm

/// What the swarm has found, each as small as it was shrunk.
@Suite struct FoundTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// `B` holds the job when it is recommended, and never again when it is chosen. It had waited there for ever.
  @Test func operatorsChooseNoZoneThatHasBecomeTooSmall() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let zone = "coordinates: {lat: 52, lng: 0}, capacity: {memory_gb: 8, cpu_cores:"
    let scenario = SwarmScenario(
      seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 12h}",
      zones: [("A", "{code: A, \(zone) 4}}"), ("B", "{code: B, \(zone) 2}}")],
      grid: "{carbon: {file: carbon.csv, extend: hold}, price: {constant: 0.2}}",
      files: [("carbon.csv", "datetime,A,B\n2020-01-06T00:00Z,100,200\n2020-01-06T01:00Z,100,200\n")],
      jobs: .log(
        name: "jobs.csv", header: "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb", rest: "",
        hasHomes: false,
        rows: [SwarmScenario.Row(text: "a,2020-01-06T00:10Z,600,3,1", id: "a", isWithin: true)]),
      policies: [
        ("operator-manual", .init(text: "{operator-manual: {odds: {first: 0, second: 1, third: 0, habit: 0}}}"))
      ],
      events: [.init(text: "capacity: {zone: B, at: 0s, duration: 1h, cpu_cores: 8}")],
      settings: ["outputs: {decisions: all}"])
    // The audit finds fault with options that are too small.
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
    let jobs = try String(contentsOfFile: folder + "/first/jobs.csv", encoding: .utf8)
    let rows = try #require(SwarmCSV.rows(jobs))
    let place = try #require(rows[0].firstIndex(of: "chosen_grid_zone"))
    let second = try #require(rows[0].firstIndex(of: "recommended_2_grid_zone_id"))
    let own = try #require(rows.last)
    #expect(own[second] == "2" && own[place] == "1", "\(own)")
  }

  /// Jobs run on where an event has taken all capacity before the warm-up ended, and no job rows are kept: the audit
  /// had worked overall utilization out from such a zone's share of nothing.
  @Test func aZoneWithNothingLeftTellsNothingOfUtilization() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let zone = "coordinates: {lat: 52, lng: 0}, capacity: {memory_gb: 8, cpu_cores: 4}"
    let scenario = SwarmScenario(
      seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 6h}",
      zones: [("A", "{code: A, \(zone)}"), ("B", "{code: B, \(zone)}")],
      grid: "{carbon: {file: carbon.csv, extend: hold}, price: {constant: 0.2}}",
      files: [("carbon.csv", "datetime,A,B\n2020-01-06T00:00Z,100,200\n2020-01-06T01:00Z,100,200\n")],
      jobs: .log(
        name: "jobs.csv", header: "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb", rest: "",
        hasHomes: false,
        rows: [SwarmScenario.Row(text: "a,2020-01-06T00:10Z,14400,3,1", id: "a", isWithin: true)]),
      policies: [("standard", .init(text: "standard"))],
      events: [.init(text: "capacity: {zone: A, at: 30m, factor: 0}")],
      settings: ["outputs: {workloads: none}", "warm_up: 1h"])
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
  }

  /// Two zones became too small for a waiting job at one instant. It had been planned in the second, and recommended it,
  /// before anybody knew of that one.
  @Test func zonesThatShrinkTogetherAreNoWayOutForEachOther() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let zone = "coordinates: {lat: 52, lng: 0}, capacity: {memory_gb: 8, cpu_cores: 4}"
    let rows = [("a", "00:40", 8), ("b", "00:40", 8), ("c", "00:50", 6)].map { id, at, cores in
      SwarmScenario.Row(text: "\(id),2020-01-06T\(at)Z,14400,\(cores),1", id: id, isWithin: true)
    }
    let scenario = SwarmScenario(
      seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 12h}",
      zones: [("A", "{code: A, \(zone)}"), ("B", "{code: B, \(zone)}")],
      grid: "{carbon: {constant: 100}, price: {constant: 0.2}}", files: [],
      jobs: .log(
        name: "jobs.csv", header: "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb", rest: "",
        hasHomes: false, rows: rows),
      policies: [("lowest-window", .init(text: "{lowest-window: {zones: any}}"))],
      events: [.init(text: "capacity: {zone: [A, B], at: 30m, duration: 90m, factor: 2}")],
      settings: ["outputs: {decisions: all}"])
    // The audit finds fault with options that are too small.
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
    let jobs = try String(contentsOfFile: folder + "/first/jobs.csv", encoding: .utf8)
    #expect(jobs.split(separator: "\n").last?.contains(",REJECTED,") == true, "\(jobs)")
  }

  /// Nobody decided on two jobs, and an event's end left one of them too large for every zone: rejected, it is no job
  /// that operators left.
  @Test func aJobThatIsRejectedIsLeftByNobody() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = [("a", 2), ("b", 8)].map { id, cores in
      SwarmScenario.Row(text: "\(id),2020-01-06T00:40Z,600,\(cores),1", id: id, isWithin: true)
    }
    let scenario = SwarmScenario(
      seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 12h}",
      zones: [("A", "{code: A, coordinates: {lat: 52, lng: 0}, capacity: {memory_gb: 8, cpu_cores: 4}}")],
      grid: "{carbon: {constant: 100}, price: {constant: 0.2}}",
      files: [("decisions.csv", "job_id,decided_at,zone\nnobody,2020-01-06T00:50Z,A\n")],
      jobs: .log(
        name: "jobs.csv", header: "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb", rest: "",
        hasHomes: false, rows: rows),
      policies: [("operator-manual", .init(text: "{operator-manual: {decisions: decisions.csv}}"))],
      events: [.init(text: "capacity: {zone: A, at: 30m, duration: 90m, factor: 2}")], settings: ["drain: true"])
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
    let jobs = try String(contentsOfFile: folder + "/first/jobs.csv", encoding: .utf8)
    #expect(jobs.contains(",PENDING,") && jobs.contains(",REJECTED,"), "\(jobs)")
  }
}
