import Foundation
import GRDB
import Policies
import Testing

@testable import Swarm

@Suite struct SwarmTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func search(seed: UInt64, first: Int = 1, policies: [String]? = nil) -> SwarmSearch {
    SwarmSearch(
      seed: seed, first: first, policies: policies ?? PolicyCatalog.entries.map(\.name), folder: folder)
  }

  @Test(arguments: [UInt64(20_251), 20_252]) func aSwarmPasses(_ seed: UInt64) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let report = try search(seed: seed).run(.scenarios(6))
    #expect(report.passed, "seed \(seed): \(report.text)")
    #expect(report.text.hasPrefix("PASSED: 6 scenarios, "))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  /// From seed and number, and from nothing else.
  @Test func aScenarioIsDrawnFromItsSeedAndNumber() {
    func drawn(_ seed: UInt64, _ number: Int) -> String {
      var drawing = SwarmDrawing(seed: seed, number: number)
      let scenario = drawing.scenario(policies: PolicyCatalog.entries.map(\.name))
      return scenario.yaml + scenario.files.map(\.text).joined()
    }
    let texts = (1...40).map { drawn(7, $0) }
    #expect(texts == (1...40).map { drawn(7, $0) })
    #expect(Set(texts).count == 40 && texts[0] != drawn(8, 1))
  }

  /// A fault of one policy, put into the result of each run: found under its own rule, and shrunk to what it takes.
  @Test(arguments: [
    (
      "UPDATE compute_workloads SET energy_kwh = energy_kwh * 1.000001 WHERE run_id IN (RUNS)",
      "pylon audit finds nothing"
    ),
    ("UPDATE workload_segments SET run_id = -1; UPDATE users SET id = 'x' || id", "pylon audit finds nothing"),
    ("UPDATE run_metrics SET value = value + 1 WHERE run_id IN (RUNS)", "pylon audit finds nothing"),
  ])
  func aPlantedFaultIsFoundAndShrunk(sql: String, rule: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var search = search(seed: 3, policies: ["standard", "cheapest", "random", "mix-score"])
    search.tamper = { folder in
      let runs = "SELECT run_id FROM runs WHERE policy = 'cheapest'"
      try SwarmTests.change(folder, sql.replacing("RUNS", with: runs))
    }
    let report = try search.run(.scenarios(20))
    #expect(!report.passed && report.text.contains(rule), "\(report.text)")
    let number = try #require(report.text.firstMatch(of: /FAILED in scenario (\d+)/)).output.1
    #expect(report.text.contains("again: pylon swarm --seed 3 --from \(number) --runs 1 --policy standard --policy "))
    let shrunk = try String(contentsOfFile: "\(folder)/shrunk-\(number)/scenario.yaml", encoding: .utf8)
    #expect(shrunk.contains("\npolicies:\n  - ") && !shrunk.contains("\nevents:"), "\(shrunk)")
    #expect(shrunk.split(separator: "\n").count { $0.hasPrefix("  - ") } == 2, "\(shrunk)")
    if sql.contains("RUNS") { #expect(shrunk.contains("cheapest"), "\(shrunk)") }
    // What was kept fails without the search, and what was not tampered with does not.
    var drawing = SwarmDrawing(seed: 3, number: try #require(Int(number)))
    let scenario = drawing.scenario(policies: ["standard", "cheapest", "random", "mix-score"])
    _ = try SwarmTrial(scenario: scenario, folder: folder + "/sound", threads: 2, tamper: nil).run()
  }

  /// Every other rule has something that breaks it.
  @Test(arguments: [
    ("jobs.csv", SwarmFailure.Rule.tables), ("metrics.csv", .tables), ("zones.csv", .tables),
    (".pylon-partial-1", .files), ("results.sqlite", .audit), ("plots/extra.svg", .figures), ("spare.csv", .threads),
    ("a job less", .jobs),
  ])
  func everyRuleIsLookedAt(plant: String, rule: SwarmFailure.Rule) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = SwarmTests.small
    var broken = scenario
    if plant == "a job less", case .log(let name, let header, let rest, let hasHomes, var rows) = scenario.jobs {
      rows[1].isWithin = false
      broken.jobs = .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: rows)
    }
    let counts = try SwarmTrial(scenario: scenario, folder: folder, threads: 3, tamper: nil).run()
    #expect(counts.runs == 2 && counts.jobs == 4 && counts.cells > 100 && counts.figures > 3)
    let failure = #expect(throws: SwarmFailure.self) {
      try SwarmTrial(scenario: broken, folder: folder, threads: 3) { try SwarmTests.plant(plant, in: $0) }.run()
    }
    #expect(failure?.rule == rule, "\(plant): \(failure?.found ?? "nothing")")
  }

  private static let small = SwarmScenario(
    seed: 1, clock: "{start: 2020-01-06T00:00:00Z, duration: 6h}",
    zones: [("A", "{code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8}}")],
    grid: "{carbon: {constant: 100}, price: {constant: 0.2}}", files: [],
    jobs: .log(
      name: "jobs.csv", header: "job_id,submitted_at,duration_s", rest: "", hasHomes: false,
      rows: [
        SwarmScenario.Row(text: "a,2020-01-06T00:10Z,600", id: "a", isWithin: true),
        SwarmScenario.Row(text: "b,2020-01-06T00:20Z,600", id: "b", isWithin: true),
        SwarmScenario.Row(text: "c,2020-01-07T00:20Z,600", id: "c", isWithin: false),
      ]), policies: [("standard", .init(text: "standard")), ("random", .init(text: "random"))], events: [],
    settings: [])

  private static func plant(_ name: String, in folder: String) throws {
    let path = "\(folder)/\(name)"
    switch name {
    case "a job less": return
    case "results.sqlite": try change(folder, "UPDATE runs SET placement_signature = '0'")
    case ".pylon-partial-1", "spare.csv": try "x".write(toFile: path, atomically: false, encoding: .utf8)
    case "plots/extra.svg": try "<svg><g></svg>".write(toFile: path, atomically: false, encoding: .utf8)
    default:
      var text = try String(contentsOfFile: path, encoding: .utf8)
      let last = try #require(text.lastIndex { "123456789".contains($0) })
      text.replaceSubrange(last...last, with: text[last] == "9" ? "1" : "9")
      try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
  }

  private static func change(_ folder: String, _ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: folder + "/results.sqlite", configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test func aCSVIsReadAsItIsWritten() {
    #expect(SwarmCSV.rows("a,\"b,\"\"c\n\",\nd,,e\n") == [["a", "b,\"c\n", ""], ["d", "", "e"]])
    #expect(SwarmCSV.rows("a,b\"c\n") == nil && SwarmCSV.rows("\"a\"b\n") == nil && SwarmCSV.rows("a,b") == nil)
    #expect(SwarmCSV.matches("'=1", "=1".databaseValue) && !SwarmCSV.matches("=1", "=1".databaseValue))
    #expect(SwarmCSV.matches("0.1", 0.1.databaseValue) && !SwarmCSV.matches("0.1", 0.10000000000000002.databaseValue))
  }
}
