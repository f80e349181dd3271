import Foundation
import GRDB
import Testing

@testable import Swarm

/// Every rule of the swarm has something that breaks it, and that is found under its name.
@Suite struct PlantTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  struct Plant: Sendable, CustomTestStringConvertible {
    var name: String
    var rule: SwarmFailure.Rule
    /// What is done to the result.
    var tamper: @Sendable (String) throws -> Void = { _ in }
    /// What is done to the scenario.
    var change: @Sendable (inout SwarmScenario) -> Void = { _ in }
    var testDescription: String { name }

    static func sql(_ name: String, _ rule: SwarmFailure.Rule, _ sql: String) -> Plant {
      Plant(name: name, rule: rule, tamper: { try PlantTests.change($0, sql) })
    }

    static func file(_ name: String, _ rule: SwarmFailure.Rule, _ text: String) -> Plant {
      Plant(
        name: name, rule: rule,
        tamper: { try text.write(toFile: "\($0)/\(name)", atomically: false, encoding: .utf8) })
    }

    /// Another digit in a CSV file.
    static func digit(_ name: String) -> Plant {
      Plant(
        name: name, rule: .tables,
        tamper: { folder in
          let path = "\(folder)/\(name)"
          var text = try String(contentsOfFile: path, encoding: .utf8)
          let last = try #require(text.lastIndex { "123456789".contains($0) })
          text.replaceSubrange(last...last, with: text[last] == "9" ? "1" : "9")
          try text.write(toFile: path, atomically: false, encoding: .utf8)
        })
    }
  }

  static let plants: [Plant] = [
    Plant(name: "a zone without cores or anything", rule: .valid, change: { $0.zones[0].text = "{code: A}" }),
    Plant(
      name: "a trace that ends", rule: .valid,
      change: {
        $0.grid = "{carbon: {file: carbon.csv}, price: {constant: 0.2}}"
        $0.files = [("carbon.csv", "datetime,A\n2020-01-06T00:00Z,5\n2020-01-06T00:05Z,5\n")]
      }),
    Plant(name: "a file where the result is to be", rule: .runs, change: { $0.files = [("first", "x")] }),
    .sql("a user that there is not", .database, "UPDATE compute_workloads SET user_id = 'nobody' WHERE job_id = 'a'"),
    Plant(
      name: "a page that is damaged", rule: .database,
      tamper: { folder in
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder + "/results.sqlite"))
        try file.seek(toOffset: 3 * 4096)
        try file.write(contentsOf: Data(repeating: 7, count: 4096))
        try file.close()
      }),
    .digit("jobs.csv"), .digit("metrics.csv"), .digit("zones.csv"), .digit("decisions.csv"),
    .file(".pylon-partial-1", .files, "x"), .file("spare.csv", .threads, "x"),
    .file("plots/extra.svg", .figures, "<svg><g></svg>"),
    .sql("another signature", .audit, "UPDATE runs SET placement_signature = '0'"),
    Plant(
      name: "a job less", rule: .jobs,
      change: { scenario in
        if case .log(let name, let header, let rest, let hasHomes, var rows) = scenario.jobs {
          rows[1].isWithin = false
          scenario.jobs = .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: rows)
        }
      }),
    // The rows agree with each other and with the grid that the result tells; only the scenario's files know better.
    .sql(
      "another intensity throughout", .rows,
      "UPDATE compute_workloads SET carbon_emitted_kg = carbon_emitted_kg * 2; UPDATE trace_steps SET value = value * 2"
    ),
    .sql("a millionth of a job's energy", .rows, "UPDATE compute_workloads SET energy_kwh = energy_kwh * 1.000001"),
    .sql("two at once", .rows, "UPDATE compute_workloads SET required_cpu_cores = 3"),
    .sql(
      "another submission", .rows,
      "UPDATE compute_workloads SET submitted_at = '2020-01-06T00:09:59.999Z' WHERE job_id = 'a'"),
    .sql(
      "a job shifted", .rows,
      "UPDATE compute_workloads SET actual_end = '2020-01-06T00:40:00.001Z' WHERE job_id = 'b'"),
    .sql("a wait", .metrics, "UPDATE run_metrics SET value = value + 1e-5 WHERE metric = 'wait_p95_s'"),
    .sql("a share", .metrics, "UPDATE run_metrics SET value = 99 WHERE metric = 'sla_met_pct'"),
    .sql("late jobs", .metrics, "UPDATE run_metrics SET value = value + 1 WHERE metric = 'jobs_ended_after_clock'"),
    .sql(
      "late emissions", .rows, "UPDATE run_metrics SET value = value + 0.001 WHERE metric = 'carbon_after_clock_pct'"),
    .sql(
      "a start before its time", .decisions, "UPDATE decisions SET decided_at = '2020-01-06T00:09:00.000Z'"),
    .sql("a job started twice", .decisions, "UPDATE decisions SET kind = 'start'"),
    .sql(
      "a forecast of tomorrow", .decisions, "UPDATE decisions SET forecast_issued_at = '2021-01-01T00:00:00.000Z'"),
  ]

  @Test(arguments: plants) func isFoundUnderItsRule(_ plant: Plant) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var broken = PlantTests.small
    plant.change(&broken)
    let failure = #expect(throws: SwarmFailure.self) {
      try SwarmTrial(scenario: broken, folder: folder, threads: 3, tamper: plant.tamper).run()
    }
    #expect(failure?.rule == plant.rule, "\(plant.name): \(failure?.found ?? "nothing")")
  }

  @Test func nothingIsFoundWhereNothingIsWrong() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let counts = try SwarmTrial(scenario: PlantTests.small, folder: folder, threads: 3, tamper: nil).run()
    #expect(counts.runs == 2 && counts.jobs == 4 && counts.cells > 100 && counts.figures > 3)
    #expect(counts.recomputed == 4 && counts.decisions >= 8 && counts.futures > 0)
  }

  /// The decision log of the first result is that of a run which knew another future.
  @Test func aDecisionThatKnewTheFutureIsFound() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try SwarmTrial(scenario: PlantTests.small, folder: folder, threads: 2, tamper: nil).run()
    let first = folder + "/first"
    let sound = try #require(try FutureCheck(PlantTests.small, folder: first))
    #expect(try sound.check() > 0)
    try PlantTests.change(first, "UPDATE decisions SET predicted_carbon_kg = predicted_carbon_kg * 1.01")
    let failure = #expect(throws: SwarmFailure.self) { try sound.check() }
    #expect(failure?.rule == .future)
  }

  /// `check` and `sweep` are tried where a scenario has something for them.
  @Test func otherCommandsAreTried() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var checked = PlantTests.small
    checked.settings.append("checks: [{metric: jobs_submitted, min: 1e6}]")
    let failure = #expect(throws: SwarmFailure.self) {
      try SwarmTrial(scenario: checked, folder: folder, threads: 2, tamper: nil).run()
    }
    #expect(failure?.rule == .checks)
    checked.settings[checked.settings.count - 1] =
      "checks: [{metric: jobs_submitted, min: 1}, {baseline: first/metrics.csv}]"
    _ = try SwarmTrial(scenario: checked, folder: folder, threads: 2, tamper: nil).run()
    checked.settings[checked.settings.count - 1] = "sweep: {grid: {zones.A.pue: [1, 1.5], drain: [true, false]}}"
    _ = try SwarmTrial(scenario: checked, folder: folder, threads: 2, tamper: nil).run()
    #expect(FileManager.default.fileExists(atPath: folder + "/sweep/sweep.csv"))
    try PlantTests.change(folder + "/sweep", "UPDATE run_metrics SET value = value + 1 WHERE metric = 'carbon_kg'")
    let other = #expect(throws: SwarmFailure.self) {
      try OtherCommands(scenario: checked, path: folder + "/scenario.yaml", folder: folder).compare(folder + "/sweep")
    }
    #expect(other?.rule == .sweep)
  }

  static let small = SwarmScenario(
    seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 6h}",
    zones: [("A", "{code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8}}")],
    grid: "{carbon: {constant: 100}, price: {constant: 0.2}}", files: [],
    jobs: .log(
      name: "jobs.csv", header: "job_id,submitted_at,duration_s,actual_duration_s", rest: "", hasHomes: false,
      rows: [
        SwarmScenario.Row(text: "a,2020-01-06T00:10Z,1200,1200", id: "a", isWithin: true),
        SwarmScenario.Row(text: "b,2020-01-06T00:20Z,1200,1200", id: "b", isWithin: true),
        SwarmScenario.Row(text: "c,2020-01-07T00:20Z,600,", id: "c", isWithin: false),
      ]), policies: [("standard", .init(text: "standard")), ("random", .init(text: "random"))], events: [],
    settings: ["outputs: {decisions: all}"])

  static func change(_ folder: String, _ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: folder + "/results.sqlite", configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }
}
