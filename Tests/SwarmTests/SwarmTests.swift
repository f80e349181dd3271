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

  /// Several at once find what one after another does, and a scenario that takes too long is told.
  @Test func severalAtOnceAndTheWatch() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func counts(_ report: SwarmSearch.Report) -> String { report.text.replacing(/[0-9.]+ s of CPU/, with: "") }
    let one = try search(seed: 20_254).run(.scenarios(4))
    let three = try search(seed: 20_254).run(.scenarios(4), workers: 3)
    #expect(one.passed && counts(one) == counts(three), "\(one.text)\n\(three.text)")
    #expect(one.text.contains(" s of CPU"))

    let told = Told()
    var slow = search(seed: 5, policies: ["standard"])
    slow.tamper = { _ in Thread.sleep(forTimeInterval: 1.5) }
    _ = try slow.run(.scenarios(1), watch: SwarmWatch(seconds: 1) { told.text += $0 })
    #expect(told.text.hasPrefix("FAILED in scenario 1 of seed 5: unfinished after 1.0 s"), "\(told.text)")
    #expect(told.text.hasSuffix("again: pylon swarm --seed 5 --from 1 --runs 1 --policy standard"))
  }

  /// Written by the watch's thread before the run that it watches is over.
  private final class Told: @unchecked Sendable { var text = "" }

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
    ("UPDATE runs SET placement_signature = '0' WHERE run_id IN (RUNS)", "pylon audit finds nothing"),
    ("UPDATE workload_segments SET run_id = -1; UPDATE users SET id = 'x' || id", "the database is sound"),
    ("UPDATE run_metrics SET value = value + 1 WHERE run_id IN (RUNS)", "the metrics follow from the job rows"),
  ])
  func aPlantedFaultIsFoundAndShrunk(sql: String, rule: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var search = search(seed: 3, policies: ["standard", "cheapest", "random", "mix-score"])
    search.tamper = { folder in
      let runs = "SELECT run_id FROM runs WHERE policy = 'cheapest'"
      try PlantTests.change(folder, sql.replacing("RUNS", with: runs))
    }
    let report = try search.run(.scenarios(20))
    #expect(!report.passed && report.text.contains(rule), "\(report.text)")
    let number = try #require(report.text.firstMatch(of: /FAILED in scenario (\d+)/)).output.1
    #expect(report.text.contains("again: pylon swarm --seed 3 --from \(number) --runs 1 --policy standard --policy "))
    let shrunk = try String(contentsOfFile: "\(folder)/shrunk-\(number)/scenario.yaml", encoding: .utf8)
    #expect(shrunk.contains("\npolicies:\n  - "), "\(shrunk)")
    // A fault of segments may need the event that suspends jobs.
    #expect(sql.contains("segments") || !shrunk.contains("\nevents:"), "\(shrunk)")
    let items = shrunk.split(separator: "\n").count { $0.hasPrefix("  - ") }
    #expect(items == 2 || (sql.contains("segments") && items == 3), "\(shrunk)")
    if sql.contains("RUNS") { #expect(shrunk.contains("cheapest"), "\(shrunk)") }
    // What was kept fails without the search, and what was not tampered with does not.
    var drawing = SwarmDrawing(seed: 3, number: try #require(Int(number)))
    let scenario = drawing.scenario(policies: ["standard", "cheapest", "random", "mix-score"])
    _ = try SwarmTrial(scenario: scenario, folder: folder + "/sound", threads: 2, tamper: nil).run()
  }

  @Test func aCSVIsReadAsItIsWritten() {
    #expect(SwarmCSV.rows("a,\"b,\"\"c\n\",\nd,,e\n") == [["a", "b,\"c\n", ""], ["d", "", "e"]])
    #expect(SwarmCSV.rows("a,b\"c\n") == nil && SwarmCSV.rows("\"a\"b\n") == nil && SwarmCSV.rows("a,b") == nil)
    #expect(SwarmCSV.matches("'=1", "=1".databaseValue) && !SwarmCSV.matches("=1", "=1".databaseValue))
    #expect(SwarmCSV.matches("0.1", 0.1.databaseValue) && !SwarmCSV.matches("0.1", 0.10000000000000002.databaseValue))
  }
}
