import Foundation
import Testing

@testable import Swarm

/// What the swarm has found, each as small as it was shrunk.
@Suite struct FoundTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// A job withdrawn by an event and planned again for the same instant stood twice among the plans, so that a new
  /// forecast made the policy start it twice.
  @Test func whoIsWithdrawnAndPlannedForTheSameInstantStartsOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Every five minutes from 22:20 on, by zone: 0, 12.125 or nothing.
    let steps =
      "0100 1101 1000 0011 0100 1100 1000 1001 1001 1001 0110 1101 1011 0110 1111 0101 00-0 1101"
      + " 1111 0100 0110 0001 0100 0101 1111 ---- 0100 0011 0001 0011 1110 0000 0011 1110 1010 0000"
      + " 1010 0001 1011 0111 0-01 1110 1001 0011 00-1 0100 0001 0100 1001 01-- 0010 1001 0011 0100"
      + " 1100 1001"
    let carbon = steps.split(separator: " ").enumerated().map { place, step in
      let values = step.map { $0 == "1" ? "12.125" : $0 == "0" ? "0.0" : "" }
      return "\(1_709_158_800 + 300 * place).000," + values.joined(separator: ",")
    }
    let zone = "country: Ireland, coordinates: {lat: 52, lng: -1}, capacity:"
    let rows = [
      "1709165676.078,job-0,5186.165,5836.077,3.001,,,1e6,,,,30,,LOW,OTHER,,",
      "1709165676.078,job-1,10989.393,,8,,1,,,,,30,,LOW,OTHER,u2,Z4",
      "1709165676.078,job-3,4607.165,,3.001,4,1,1e6,,,,,,medium,TRAINING,u2,",
      "1709168822.323,job-33,2710.542,724.776,2,1,,1e6,,,,,,High,TRAINING,u2,Z4",
      "1709168755.654,job-46,1972.143,1325.904,2,4,,40,,,,,,medium,batch,u1,Z2",
    ]
    let scenario = SwarmScenario(
      seed: 667260, clock: "{start: 2024-02-29T00:00:00.000Z, duration: 11845.338s}",
      zones: [
        ("Z2", "{code: Z2, \(zone) {cpu_cores: 2, memory_gb: 23, gpus: 0}}"),
        ("Z3", "{code: Z3, \(zone) {cpu_cores: 12, memory_gb: 33, gpus: 2}, pue: 1.7}"),
        ("Z4", "{code: Z4, \(zone) {cpu_cores: 3.5, memory_gb: 37, gpus: 1}, id: 103}"),
      ],
      grid: "{carbon: {file: carbon.csv, extend: hold, gaps: hold}, price: {constant: 0}}",
      files: [("carbon.csv", "datetime,Z1,Z2,Z3,Z4\n" + carbon.joined(separator: "\n") + "\n")],
      jobs: .log(
        name: "jobs.csv",
        header: "submitted_at,job_id,duration_s,actual_duration_s,required_cpu_cores,required_memory_gb,req"
          + "uired_gpus,estimated_energy_kwh,carbon_cap_gco2,max_carbon_intensity_gco2_kwh,max_price_gb"
          + "p,deferral_window_mins,deadline,urgency,workload_type,user_id,home_zone",
        rest: "", hasHomes: false,
        rows: zip(["job-0", "job-1", "job-3", "job-33", "job-46"], rows).map {
          SwarmScenario.Row(text: $1, id: $0, isWithin: true)
        }),
      policies: [("deadline-aware", .init(text: "deadline-aware"))],
      events: [.init(text: "capacity: {zone: Z4, at: 2024-02-29T01:21:00.000Z, factor: 0}")],
      settings: [])
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
  }

  /// A job longer than shorter buckets reach was booked anew past the end of the memory for them.
  @Test func aLongJobIsBookedAnewNoFurtherThanBucketsReach() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let zone = "coordinates: {lat: 52, lng: 0}, capacity: {memory_gb: 8, cpu_cores: 4}"
    let carbon = (0..<72).map { place in
      let minutes = place % 12 * 5
      let time = "2020-01-06T0\(place / 12):\(minutes < 10 ? "0" : "")\(minutes)Z"
      return "\(time),\(100 + place * 7 % 31),\(150 - place * 5 % 23)"
    }
    let jobs = [
      ("long", "00:20", 2_592_000, 0), ("a", "01:26", 600, 60), ("b", "02:40", 600, 60), ("c", "04:20", 600, 60),
    ]
    // Predicted prices begin anew at every issue: of those at 17 and 34 minutes they lie beside the five minutes of the
    // trace, so that the expected load begins on half hours; of that at 85 minutes they lie on them.
    let scenario = SwarmScenario(
      seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 12h}",
      zones: [("A", "{code: A, \(zone)}"), ("B", "{code: B, \(zone)}")],
      grid: "{carbon: {file: carbon.csv, extend: wrap}, price: {constant: 0.2}, "
        + "forecast: {model: noisy, update: 17m, price: noisy}}",
      files: [("carbon.csv", "datetime,A,B\n" + carbon.joined(separator: "\n") + "\n")],
      jobs: .log(
        name: "jobs.csv",
        header: "job_id,submitted_at,duration_s,required_cpu_cores,required_memory_gb,deferral_window_mins", rest: "",
        hasHomes: false,
        rows: jobs.map { id, at, seconds, window in
          SwarmScenario.Row(text: "\(id),2020-01-06T\(at)Z,\(seconds),1,1,\(window)", id: id, isWithin: true)
        }),
      policies: [("deadline-aware", .init(text: "deadline-aware"))], events: [], settings: [])
    _ = try SwarmTrial(scenario: scenario, folder: folder, threads: 2, tamper: nil).run()
  }

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
