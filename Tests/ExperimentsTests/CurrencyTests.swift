import Domain
import Foundation
import GRDB
import Reports
import Runs
import Studies
import Testing

/// A scenario's currency is printed wherever money has a unit, and changes no number.
@Suite struct CurrencyTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private static let scenario = """
    name: money
    seed: 7
    clock: {start: 2025-01-06T00:00:00Z, duration: 1d}
    zones:
      - {code: A, coordinates: {lat: 50, lng: 0}, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}}
      - {code: B, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}}
    grid: {carbon: {constant: 100}, price: {constant: 0.2}}
    workload: {preset: pylon, rate: 5}
    policies: [standard, cheapest]
    outputs: {decisions: all}

    """

  /// - Returns: the table for people.
  private func run(_ currency: String, _ name: String, replications: Int = 1) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let text = CurrencyTests.scenario + currency + "replications: \(replications)\n"
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let opened = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
    return try opened.run(into: "\(folder)/\(name)", figures: "\(folder)/\(name)/plots", threads: 2)
  }

  @Test func isPrintedWhereMoneyIs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run("", "pounds").contains("  cost GBP  "))
    #expect(try run("currency: EUR\n", "euros").contains("  cost EUR  "))
    #expect(try run("currency: EUR\n", "twice", replications: 2).contains("  cost EUR  "))
    let path = folder + "/euros/results.sqlite"
    let job = try DatabaseQueue(path: path).read { database in
      #expect(try String.fetchAll(database, sql: "SELECT DISTINCT currency FROM runs") == ["EUR"])
      return try String.fetchOne(database, sql: "SELECT job_id FROM compute_workloads WHERE cost_gbp > 0 LIMIT 1")
    }
    let explanation = try ResultExplanation(path: path, job: #require(job), policy: nil, replication: 1)
    let report = try ResultReport(path: path)
    let pages = [
      "html": report.written(as: .html), "markdown": report.written(as: .markdown),
      "explain": try explanation.written(as: .text), "explain JSON": try explanation.written(as: .json),
      "replay": try ResultReplay(path: path).html, "pareto": try Plot(path: path).svg(.run(.pareto)),
      "compare": try ResultComparison(path: path, metrics: [], confidence: 0.95).written(as: .text),
      "compare JSON": try ResultComparison(path: path, metrics: [], confidence: 0.95).written(as: .json),
      "what-if": try WhatIf(path: folder + "/s.yaml", overrides: [("seed", "8")]).run(threads: 2).written(as: .text),
    ]
    for (name, page) in pages.sorted(by: { $0.key < $1.key }) {
      #expect(page.contains("EUR"), "\(name)")
      #expect(!page.replacing("cost_gbp", with: "").contains("GBP"), "\(name)")
    }
  }

  /// A file in another currency than the scenario's is noted once; in the scenario's own there is nothing to note.
  @Test func aFilesCurrencyIsNotedOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "datetime,A (EUR/MWh),B (EUR/MWh)\n2025-01-06T00:00Z,80,90\n2025-01-06T12:00Z,70,60\n"
      .write(toFile: folder + "/p.csv", atomically: true, encoding: .utf8)
    for (currency, count) in [("GBP", 1), ("EUR", 0)] {
      let text = CurrencyTests.scenario.replacing("price: {constant: 0.2}", with: "price: {file: p.csv}")
      try (text + "currency: \(currency)\n").write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
      let notes = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil).validate()
      #expect(notes.count { $0.contains("in EUR") } == count, "\(notes)")
      #expect(notes.contains { $0.contains("EUR/MWh") && $0.contains("0.001") }, "\(notes)")
    }
    let trace = try TraceTools(path: folder + "/p.csv", kind: .price, gaps: .error, clip: false)
    try trace.draw(to: folder + "/p.svg")
    let chart = try String(contentsOfFile: folder + "/p.svg", encoding: .utf8)
    #expect(chart.contains("EUR/kWh") && !chart.contains("GBP"))
  }

  /// The numbers are those of the same scenario in pounds.
  @Test func changesNoNumber() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run("", "pounds")
    _ = try run("currency: EUR\n", "euros")
    for name in ["metrics.csv", "zones.csv", "jobs.csv", "decisions.csv"] {
      let pounds = try #require(FileManager.default.contents(atPath: "\(folder)/pounds/\(name)"))
      #expect(FileManager.default.contents(atPath: "\(folder)/euros/\(name)") == pounds, "\(name)")
    }
  }
}
