import Domain
import Foundation
import GRDB
import Reports
import Runs
import Studies
import Testing

/// Jobs of a log that name no home zone: what they get, and what a result says of it.
@Suite struct HomeTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Three zones of 400, 100 and 200 gCO2/kWh; six jobs, of which the second names SECOND. `order`: of the zones.
  private func write(home: String?, order: [String] = ["FIRST", "SECOND", "THIRD"], rest: String = "") throws -> String
  {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "datetime,FIRST,SECOND,THIRD\n2025-01-06T00:00Z,400,100,200\n2025-01-06T01:00Z,400,100,200\n"
      .write(toFile: folder + "/c.csv", atomically: true, encoding: .utf8)
    let jobs = (0..<6).map { "j\($0),2025-01-06T0\($0):00Z,1800,1,\($0 == 1 ? "SECOND" : "")" }
    try (["job_id,submitted_at,duration_s,required_cpu_cores,home_zone"] + jobs + [""]).joined(separator: "\n")
      .write(toFile: folder + "/j.csv", atomically: true, encoding: .utf8)
    let zones = order.map {
      "  - {code: \($0), name: Z, region: R, coordinates: {lat: 55, lng: -4}, "
        + "capacity: {cpu_cores: 64, memory_gb: 64, gpus: 0}}"
    }
    let text = """
      name: homes
      seed: 3
      clock: {start: 2025-01-06T00:00:00Z, duration: 1d}
      zones:
      \(zones.joined(separator: "\n"))
      grid: {carbon: {file: c.csv, extend: hold}, price: {constant: 0.1}}
      workload: {file: j.csv\(home.map { ", home: \($0)" } ?? "")}
      policies: [standard, greedy-lowest-carbon]
      \(rest)
      """
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    return folder + "/s.yaml"
  }

  /// The table of a run, and the home zone's code of each job.
  private func run(
    home: String?, order: [String] = ["FIRST", "SECOND", "THIRD"], seed: UInt64? = nil
  ) throws -> (text: String, homes: [String?]) {
    let scenario = try OpenScenario(
      path: write(home: home, order: order), overrides: [], policies: [], seed: seed)
    let text = try scenario.run(into: folder + "/out", figures: folder + "/out/plots")
    let homes = try read {
      try Optional<String>.fetchAll(
        $0,
        sql: "SELECT grid_zone_code FROM compute_workloads w LEFT JOIN grid_zones z ON z.id = w.home_zone "
          + "WHERE run_id = 1 ORDER BY job_id")
    }
    return (text, homes)
  }

  private func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
    try DatabaseQueue(path: folder + "/out/results.sqlite").read(work)
  }

  private func saved() throws -> Double? {
    try read {
      try Double.fetchOne(
        $0, sql: "SELECT value FROM run_metrics WHERE run_id = 2 AND metric = 'carbon_savings_pct'")
    }
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  @Test func inTurn() throws {
    defer { remove() }
    let (text, homes) = try run(home: "round-robin")
    // In order of submission; the one that is recorded stays and takes no turn.
    #expect(homes == ["FIRST", "SECOND", "SECOND", "THIRD", "FIRST", "SECOND"])
    #expect(text.contains("note: home zones: 5 jobs named none and got one from workload.home: round-robin"))
    let row = try read { try String.fetchOne($0, sql: "SELECT value FROM provenance WHERE item = 'home_zones'") }
    #expect(row == "home: round-robin; 5 jobs named none and got one; 0 jobs without a home zone")
    #expect(try ResultAudit(path: folder + "/out/results.sqlite").passed)
  }

  @Test func aCodeAListAndWeights() throws {
    defer { remove() }
    #expect(try run(home: "THIRD").homes == ["THIRD", "SECOND", "THIRD", "THIRD", "THIRD", "THIRD"])
    for home in ["[FIRST, THIRD]", "{FIRST: 1, THIRD: 2}", "uniform"] {
      let first = try run(home: home).homes
      #expect(first[1] == "SECOND" && !first.contains(nil))
      if home != "uniform" { #expect(first.count { $0 == "SECOND" } == 1) }
      #expect(try run(home: home).homes == first, "one seed, one draw")
      let seeds = try (4..<12).map { try run(home: home, seed: $0).homes }
      #expect(Set(seeds).count > 1, "other seeds draw others")
    }
  }

  /// The weights themselves, not the word.
  @Test func weightsArePrinted() throws {
    defer { remove() }
    #expect(
      try run(home: "{FIRST: 1, THIRD: 2.5}").text.contains(
        "note: home zones: 5 jobs named none and got one from workload.home: weights {FIRST: 1, THIRD: 2.5}"))
    #expect(try ResultAudit(path: folder + "/out/results.sqlite").passed)
  }

  /// Homes named by code do not ask for the order of the list; jobs without one do, and every place says so.
  @Test func theOrderOfTheListMatters() throws {
    defer { remove() }
    let orders = [["FIRST", "SECOND", "THIRD"], ["SECOND", "THIRD", "FIRST"]]
    let named = try orders.map { order in
      let told = try run(home: "THIRD", order: order).text
      #expect(!told.contains("depend on the order"))
      return try saved()
    }
    // Five jobs at 200, one at 100, all of them at 100 under greedy: 1100 → 600.
    #expect(named[0] == named[1] && abs((named[0] ?? 0) - 100 * 500.0 / 1100) < 1e-9)
    let unnamed = try orders.map { order in
      let told = try run(home: nil, order: order).text
      let lines = told.split(separator: "\n").map(String.init)
      #expect(lines[3].hasPrefix("note: home zones: 5 jobs without one: standard starts such a job in the first zone"))
      return try saved()
    }
    #expect(abs((unnamed[0] ?? 0) - 100 * 1500.0 / 2100) < 1e-9 && unnamed[1] == 0)
  }

  @Test func firstIsAsBeforeWithoutANote() throws {
    defer { remove() }
    let unset = try run(home: nil)
    let before = try saved()
    let first = try run(home: "first")
    #expect(first.homes == unset.homes && first.homes.count { $0 == nil } == 5)
    #expect(try saved() == before && !first.text.contains("note: home zones"))
    #expect(try run(home: "none").text.contains("note: home zones: 5 jobs without one"))
    let row = try read { try String.fetchOne($0, sql: "SELECT value FROM provenance WHERE item = 'home_zones'") }
    #expect(row == "home: none; 5 jobs without a home zone")
    #expect(try read { try Int.fetchOne($0, sql: "SELECT sum(jobs_without_home) FROM runs") } == 10)
  }

  /// Wherever savings are printed.
  @Test func everyCommandSaysSo() throws {
    defer { remove() }
    _ = try run(home: nil)
    let told = "5 jobs without one: standard starts such a job in the first zone of the list"
    let result = folder + "/out/results.sqlite"
    for format in [ResultComparison.Format.text, .markdown, .json] {
      let text = try ResultComparison(path: result, metrics: [], confidence: 0.95).written(as: format)
      #expect(text.contains(told), "\(text)")
    }
    for format in [ResultReport.Format.html, .markdown] {
      #expect(try ResultReport(path: result).written(as: format).contains(told))
    }
    for chart in [PlotChart.run(.savings), .run(.pareto)] {
      #expect(try Plot(path: result).svg(chart).replacing("</text>", with: "").contains("5 jobs without a home zone"))
    }
    let scenario = try write(home: nil, rest: "checks: [{metric: carbon_savings_pct, min: 0}]")
    let checks = try ScenarioChecks(paths: [scenario])
    var parts: [String] = []
    let report = try checks.run { parts.append($0) }
    #expect(report.status == 0 && parts[0].contains(told) && report.markdown.contains(told))
    #expect(report.junit.contains("<system-out>note: home zones: \(told)"), "\(report.junit)")
    let whatIf = try WhatIf(path: scenario, overrides: [("workload.home", "round-robin")]).run()
    #expect(whatIf.written(as: .text).contains(told))
  }
}
