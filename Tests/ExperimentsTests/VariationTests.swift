import Foundation
import Testing

@testable import Reports
@testable import Runs
@testable import Studies

/// Intervals and verdicts only of what varied.
@Suite struct VariationTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  /// Recorded jobs and grid of two weeks; carbon differs from day to day.
  private func open(
    _ rest: String, policies: String = "[standard, greedy-lowest-carbon]",
    forecast: String = "{model: perfect, horizon: 12h}"
  ) throws -> OpenScenario {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var carbon = "datetime,A,B\n"
    var jobs = "job_id,submitted_at,duration_s,required_cpu_cores,deferral_window_mins,home_zone\n"
    for hour in 0..<(14 * 24) {
      let at = Date(timeIntervalSince1970: 1_578_268_800 + Double(hour) * 3600).ISO8601Format()
      carbon += "\(at),\(100 + (hour * 37) % 211),\(120 + (hour * 53) % 173)\n"
      jobs += "j\(hour),\(at),\(1800 + 600 * (hour % 7)),2,600,\(hour % 2 == 0 ? "A" : "B")\n"
    }
    try carbon.write(toFile: folder + "/carbon.csv", atomically: true, encoding: .utf8)
    try jobs.write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    let zone = "coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 4, memory_gb: 64, gpus: 0}"
    let text = """
      name: varied
      seed: 3
      clock: {start: 2020-01-06T00:00:00Z, duration: 2d}
      zones: [{code: A, \(zone)}, {code: B, \(zone), pue: 1.2}]
      grid: {carbon: {file: carbon.csv}, price: {constant: 0.2}, forecast: \(forecast)}
      workload: {file: jobs.csv}
      policies: \(policies)
      drain: false
      \(rest)
      """
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    return try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil)
  }

  private func run(_ scenario: OpenScenario, _ out: String = "out", threads: Int = 2) throws -> String {
    try scenario.run(into: "\(folder)/\(out)", figures: "\(folder)/\(out)/plots", threads: threads)
  }

  private func compared(_ format: ResultComparison.Format, _ metrics: [String] = ["all"]) throws -> String {
    try ResultComparison(path: folder + "/out/results.sqlite", metrics: metrics, confidence: 0.95).written(as: format)
  }

  /// Twenty replications of recorded inputs are one outcome: no interval, no verdict, the plain difference.
  @Test func recordedInputsGiveOneOutcome() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = try run(open("replications: 20\noutputs: {workloads: none}"))
    #expect(!table.contains("±"))
    // It is printed once, the remedy beside it.
    let told = table.components(separatedBy: "one outcome: nothing varied between the replications")
    #expect(told.count == 2, "\(table)")
    #expect(table.contains("replications: {windows: N, every: 7d}"))
    let text = try compared(.text)
    #expect(
      !text.contains("±  ") && !text.contains("± 0")
        && text.contains("one outcome: nothing varied between the replications"))
    for word in ["better", "worse", "same", "can't tell", "higher", "lower"] {
      #expect(!text.contains(" \(word)\n"), "\(word)")
    }
    let rows = try compared(.csv, ["carbon_kg"]).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let difference = try #require(rows.first { $0[0] == "difference" })
    #expect(difference[4] == "20" && Double(difference[5]) != 0 && difference[6...12].allSatisfy(\.isEmpty))
    let json = try compared(.json)
    #expect(json.contains("\"varied\": []") && json.contains("\"verdict\": null") && !json.contains("\"same\""))
    let report = try ResultReport(path: folder + "/out/results.sqlite").written(as: .markdown)
    #expect(!report.contains("±") && report.contains("One outcome: nothing varied between the replications"))
    #expect(!report.contains(", better") && !report.contains(", same"))
    let chart = try String(contentsOfFile: folder + "/out/plots/chart-savings.svg", encoding: .utf8)
    #expect(!chart.contains("±") && chart.contains("one outcome"))
  }

  /// Where the forecast error alone is drawn, intervals stand only beside what it moved, and the headings say so.
  @Test func onlyForecastErrorsVaried() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try open(
      "replications: 8\noutputs: {workloads: none}", policies: "[standard, {deadline-aware: {weights: {carbon: 1}}}]",
      forecast: "{model: noisy, horizon: 12h}")
    let table = try run(scenario)
    let basis = "± over 8 draws of the forecast error; jobs and grid were the same"
    #expect(table.contains(basis))
    let lines = table.split(separator: "\n").map(String.init)
    #expect(try !#require(lines.first { $0.hasPrefix("standard") }).contains("±"))
    #expect(try #require(lines.first { $0.hasPrefix("deadline-aware") }).contains("±"))
    // The number of jobs is what it is.
    let row = try #require(lines.first { $0.hasPrefix("deadline-aware") }).replacing("†", with: "")
    let jobs = row.split(separator: " ")[1]
    #expect(Int(jobs) != nil, "\(jobs)")
    let text = try compared(.text, ["carbon_kg", "jobs_submitted"])
    #expect(text.contains(basis))
    let rows = try compared(.csv, ["carbon_kg", "jobs_submitted"]).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let differences = rows.filter { $0[0] == "difference" }
    // The number of jobs first: it has neither interval nor verdict.
    #expect(differences.map { !$0[7].isEmpty } == [false, true] && differences[0][12].isEmpty)
    #expect(["better", "worse", "can't tell"].contains(differences[1][12]))
    let report = try ResultReport(path: folder + "/out/results.sqlite").written(as: .markdown)
    #expect(report.contains(basis))
  }

  /// A policy that draws has intervals, one that does not has none beside it.
  @Test func onlyAPolicysOwnRandomnessVaried() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = try run(open("replications: 6\noutputs: {workloads: none}", policies: "[standard, random]"))
    #expect(table.contains("± over 6 draws of the policies' own randomness; jobs and grid were the same"))
    let lines = table.split(separator: "\n").map(String.init)
    #expect(try !#require(lines.first { $0.hasPrefix("standard") }).contains("±"))
    #expect(try #require(lines.first { $0.hasPrefix("random") }).contains("±"))
  }

  /// Each window is what a scenario whose clock starts there gives, job for job, for any number of threads.
  @Test(arguments: ["every: 3d", "from: 2020-01-06T00:00:00Z, to: 2020-01-15T00:00:00Z"])
  func windowsAreRunsOfTheirOwn(placing: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rest = "replications: {windows: 4, \(placing)}\noutputs: {maps: none, charts: none}\n"
    let events = """
      events:
        - outage: {zone: A, from: 3h, duration: 5h, running: suspend}
        - carbon: {zone: B, from: 10h, duration: 4h, factor: 3}
      """
    let policies = "[standard, greedy-lowest-carbon, {deadline-aware: {weights: {carbon: 1}}}]"
    let scenario = try open(rest + events, policies: policies)
    let table = try run(scenario)
    _ = try run(scenario, "other", threads: 4)
    #expect(table.contains("±") && table.contains("differ in jobs and window"))
    for name in ["jobs.csv", "metrics.csv", "zones.csv"] {
      #expect(FileManager.default.contentsEqual(atPath: "\(folder)/out/\(name)", andPath: "\(folder)/other/\(name)"))
    }
    #expect(try ResultAudit(path: folder + "/out/results.sqlite").passed)
    let starts = try column("out", "SELECT clock_start FROM runs WHERE is_baseline ORDER BY replication")
    #expect(Set(starts).count == 4)
    for (place, start) in starts.enumerated() {
      let text = try String(contentsOfFile: folder + "/s.yaml", encoding: .utf8)
      try text.replacing("replications: {windows: 4, \(placing)}", with: "")
        .replacing("start: 2020-01-06T00:00:00Z, duration", with: "start: \(start), duration")
        .write(toFile: folder + "/own.yaml", atomically: true, encoding: .utf8)
      let own = try OpenScenario(path: folder + "/own.yaml", overrides: [], policies: [], seed: nil)
      _ = try run(own, "own")
      let sql =
        "SELECT placement_signature || ' ' || value FROM runs JOIN run_metrics USING (run_id) WHERE metric = 'carbon_kg'"
      #expect(
        try column("own", sql + " ORDER BY run_id")
          == column("out", sql + " AND replication = \(place + 1) ORDER BY run_id"))
    }
  }

  private func column(_ out: String, _ sql: String) throws -> [String] {
    try ResultQuery.texts("\(folder)/\(out)/results.sqlite", sql)
  }

  @Test func windowsBeyondWhatWasRecordedAreRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func fault(_ windows: String) -> String {
      do { _ = try run(open("replications: {\(windows)}")) } catch { return "\(error)" }
      return ""
    }
    #expect(
      fault("windows: 6, every: 3d").contains(
        "found 2020-01-06T00:00:00.000Z to 2020-01-20T00:00:00.000Z, expected at least 2020-01-06T00:00:00.000Z to "
          + "2020-01-23T00:00:00.000Z, which 6 windows of 2d need, or extend: hold | wrap; 5 windows fit"))
    #expect(
      fault("windows: 6, from: 2020-01-06T00:00:00Z, to: 2020-01-19T00:00:00Z").contains(
        "windows may start from 2020-01-06T00:00:00.000Z to 2020-01-18T00:00:00.000Z"))
    #expect(fault("windows: 5, every: 3d").isEmpty)
  }

  /// The clock's own first day may begin quietly: its log is not said to begin late.
  @Test func theFirstDayOfALogIsNoWindowBeyondIt() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try open("replications: {windows: 6, every: 2d}")
    func note(from hour: Int, until last: Int) throws -> Bool {
      var jobs = "job_id,submitted_at,duration_s,required_cpu_cores,home_zone\n"
      for number in hour..<last {
        let at = Date(timeIntervalSince1970: 1_578_268_800 + Double(number) * 3600).ISO8601Format()
        jobs += "j\(number),\(at),1800,2,A\n"
      }
      try jobs.write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
      return try run(scenario).contains("1 of 6 windows reaches beyond the log's submissions")
    }
    #expect(try !note(from: 20, until: 288))
    #expect(try note(from: 0, until: 260))
  }

  /// Windows that came out alike are one outcome: the difference is a number, not a verdict.
  @Test func windowsThatAreAlikeGiveNoVerdict() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try open("replications: {windows: 3, every: 4d, jobs: same}")
    try "datetime,A,B\n2020-01-06T00:00Z,100,300\n2020-01-20T00:00Z,100,300\n2020-02-03T00:00Z,100,300\n"
      .write(toFile: folder + "/carbon.csv", atomically: true, encoding: .utf8)
    let table = try run(scenario)
    #expect(table.contains("one outcome: nothing varied between the replications"))
    let text = try compared(.text)
    #expect(text.contains("one outcome: nothing varied between the replications"))
    for word in ["better", "worse", "same", "can't tell"] { #expect(!text.contains(" \(word)\n"), "\(word)") }
    #expect(
      try ResultReport(path: folder + "/out/results.sqlite").written(as: .markdown).contains("This is one outcome"))
  }

  /// `--policy` leaves the baseline as the scenario has it, by label and with its parameters.
  @Test func theBaselineRunsBesideChosenPolicies() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policies = "[standard, cheapest, {deadline-aware: {label: carb, weights: {carbon: 1}}}]"
    _ = try open("baseline: carb", policies: policies)
    let chosen = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: ["cheapest"], seed: nil)
    let table = try run(chosen)
    #expect(table.contains("\ncarb ") && table.contains("\ncheapest ") && !table.contains("\nstandard "), "\(table)")
    #expect(table.contains("note: carb also runs: it is the scenario's baseline, with which the savings are computed"))
    #expect(try ResultAudit(path: folder + "/out/results.sqlite").passed)
    // A baseline without a label keeps its parameters too.
    _ = try open("baseline: deadline-aware", policies: "[standard, {deadline-aware: {weights: {delay: 1}}}]")
    let whole = try run(OpenScenario(path: folder + "/s.yaml", overrides: [], policies: [], seed: nil), "whole")
    let alone = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: ["standard"], seed: nil)
    func row(_ table: String) throws -> [Substring] {
      try #require(table.split(separator: "\n").first { $0.hasPrefix("deadline-aware") }).split(separator: " ")
    }
    #expect(try row(run(alone, "alone")) == row(whole))
  }

  /// Jobs that the clock's end cuts off are pushed out as those that end later are.
  @Test func unfinishedWorkIsMarked() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policies = "[standard, greenest-within-window]"
    for drain in [true, false] {
      _ = try open("", policies: policies)
      let path = folder + "/s.yaml"
      let yaml = try String(contentsOfFile: path, encoding: .utf8).replacing("drain: false", with: "drain: \(drain)")
      try yaml.write(toFile: path, atomically: true, encoding: .utf8)
      let table = try run(OpenScenario(path: path, overrides: [], policies: [], seed: nil))
      let line = try #require(table.split(separator: "\n").first { $0.hasPrefix("greenest-within-window") })
      #expect(line.contains("†"), "drain \(drain): \(table)")
      let report = try ResultReport(path: folder + "/out/results.sqlite").written(as: .markdown)
      #expect(report.contains(drain ? "jobs ended after the clock" : "unfinished at the clock's end"), "\(report)")
      // No job has a deadline: the sentence on waits begins itself.
      #expect(report.contains("The jobs of greenest-within-window waited") && !report.contains(" its jobs waited"))
    }
  }

  /// Overlapping windows are told beside their intervals.
  @Test func overlappingWindowsAreOptimistic() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = try run(open("replications: {windows: 5, every: 1d}\noutputs: {workloads: none}"))
    #expect(table.contains("windows overlap, so the intervals are optimistic"))
    #expect(try compared(.text).contains("windows overlap, so the intervals are optimistic"))
  }

  /// `jobs: same` gives each window the clock's jobs, moved with it.
  @Test func windowsMayRepeatTheJobs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(open("replications: {windows: 3, every: 4d, jobs: same}"))
    #expect(try ResultAudit(path: folder + "/out/results.sqlite").passed)
    let sql = """
      SELECT group_concat(id || job_id || (julianday(submitted_at) - julianday(clock_start) < 2)) FROM (
        SELECT * FROM compute_workloads JOIN runs USING (run_id) WHERE is_baseline ORDER BY run_id, id) GROUP BY run_id
      """
    #expect(Set(try column("out", sql)).count == 1)
    #expect(try column("out", "SELECT count(*) FROM compute_workloads") == ["288"])
  }

  /// Variants of one policy by their labels, everywhere.
  @Test func variantsAreToldApartByLabels() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let variants = """
      [standard, {deadline-aware: {label: "carbon, only", weights: {carbon: 1}}},
        {deadline-aware: {label: in a hurry, weights: {delay: 1}}}]
      """
    let scenario = try open("replications: {windows: 2, every: 3d}", policies: variants.replacing("\n", with: ""))
    let table = try run(scenario)
    #expect(table.contains("\ncarbon, only ") && table.contains("\nin a hurry "))
    let metrics = try String(contentsOfFile: folder + "/out/metrics.csv", encoding: .utf8)
    #expect(metrics.contains("\n2,deadline-aware,\"carbon, only\",1,3,"))
    #expect(try compared(.text).contains("in a hurry"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/out/plots")
    #expect(
      names.contains("map-carbon--only-20200107T000000Z.svg") && names.contains("map-in-a-hurry-20200107T000000Z.svg"))
    let jobs = try String(contentsOfFile: folder + "/out/jobs.csv", encoding: .utf8).split(separator: "\n")
    #expect(jobs[0].hasPrefix("run_id,id,job_id,") && jobs[0].hasSuffix(",policy,label,replication"))
    #expect(jobs.contains { $0.hasPrefix("3,1,j0,") && $0.hasSuffix(",deadline-aware,in a hurry,1") })
    let one = try OpenScenario(path: folder + "/s.yaml", overrides: [], policies: ["in a hurry"], seed: nil)
    let only = try run(one, "one")
    #expect(only.contains("in a hurry") && !only.contains("carbon, only"))
  }

  @Test func theBaselineOfAnEarlierFormatIsRead() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/old.csv"
    try "run_id,policy,replication,seed,carbon_kg\n1,standard,1,42,2\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(try BaselineFigures(path: path).run("standard", 1)?.values == ["carbon_kg": 2])
    try "run_id,policy,label,replication,seed,carbon_kg\n1,standard,\"a, \"\"b\"\"\",1,42,2\n2,standard,'=x,1,42,3\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let figures = try BaselineFigures(path: path)
    #expect(figures.run("a, \"b\"", 1)?.values == ["carbon_kg": 2])
    #expect(figures.runs.map(\.label) == ["a, \"b\"", "'=x"] || figures.runs.map(\.label) == ["a, \"b\"", "=x"])
  }
}
