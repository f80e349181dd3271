import Foundation
import Runs
import Testing

@Suite struct RunnerTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func open(_ overrides: [(key: String, value: String)] = [], policies: [String] = []) throws -> OpenScenario {
    try OpenScenario(path: root + "/Scenarios/two-zones.yaml", overrides: overrides, policies: policies, seed: nil)
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test(arguments: ["two-zones", "hpc-month"])
  func aShippedScenarioGivesItsGoldenMetrics(name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try OpenScenario(path: root + "/Scenarios/\(name).yaml", overrides: [], policies: [], seed: nil)
    _ = try scenario.run(into: folder, figures: folder + "/plots")
    for file in ["metrics.csv", "zones.csv"] {
      #expect(try text(folder + "/" + file) == text(root + "/Results/\(name)/" + file))
    }
    for map in try FileManager.default.contentsOfDirectory(atPath: folder + "/plots") {
      #expect(try text(folder + "/plots/" + map) == text(root + "/Plots/\(name)/" + map))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["jobs.csv", "metrics.csv", "plots", "results.sqlite", "zones.csv"])
  }

  /// Every job of the file ends in exactly one row a run, and the sums of the rows are the figures.
  @Test func rowsAddUpToTheMetrics() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try open().run(into: folder, figures: folder + "/plots")
    let rows = try text(folder + "/jobs.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let lines = try text(folder + "/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    let carbonColumn = try #require(lines[0].firstIndex(of: "carbon_kg"))
    let header = try text(folder + "/jobs.csv").prefix { $0 != "\n" }.split(separator: ",")
    let column = try #require(header.firstIndex(of: "carbon_emitted_kg"))
    for run in 1...2 {
      let own = rows.filter { $0[0] == String(run) }
      #expect(Set(own.map { $0[2] }).count == 287 && own.count == 287)
      let sum = own.compactMap { Double($0[column]) }.reduce(0, +)
      let told = try #require(Double(lines[run][carbonColumn]))
      #expect(abs(sum - told) <= 1e-9 * told)
    }
  }

  /// Samples and snapshots look; they change no figure and no job.
  @Test func lookingChangesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, outputs) in [
      ("none", "{samples: none, maps: none}"), ("some", "{samples: {every: 7m}, maps: {every: 1d}}"),
    ] {
      _ = try open([("outputs", outputs)]).run(
        into: folder + "/" + name, figures: folder + "/" + name + "/plots")
    }
    for file in ["metrics.csv", "zones.csv", "jobs.csv"] {
      #expect(try text(folder + "/none/" + file) == text(folder + "/some/" + file))
    }
    #expect(try maps("none/plots").isEmpty)
    #expect(try maps("some/plots").count == 14)
  }

  /// Names of maps of one policy and instant each.
  private func maps(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/" + path).filter { $0.hasPrefix("map-") }.sorted()
  }

  /// A policy listed twice, with and without a parameter, keeps the maps of both runs.
  @Test func runsOfOnePolicyKeepTheirMapsApart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policies = "[standard, greedy-lowest-carbon, {greedy-lowest-carbon: {queue: backfill}}]"
    _ = try open([("policies", policies)]).run(into: folder, figures: folder + "/plots")
    #expect(
      try maps("plots") == [
        "map-greedy-lowest-carbon-20200109T120000Z-run3.svg", "map-greedy-lowest-carbon-20200109T120000Z.svg",
        "map-standard-20200109T120000Z.svg",
      ])
  }

  @Test func aMapOutsideTheClockIsRefused() {
    #expect { try open([("outputs", "{maps: [2019-01-01T00:00:00Z]}")]) } throws: {
      "\($0)".contains("expected an instant within the clock")
    }
  }

  /// A user of the log called `default` and jobs without a user keep apart.
  @Test func jobsWithoutAUserHaveOneOfTheirOwn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let log = folder + "/log.csv"
    let rows = "job_id,submitted_at,duration_s,user_id\na,2020-01-06T01:00Z,60,default\nb,2020-01-06T02:00Z,60,\n"
    try rows.write(toFile: log, atomically: true, encoding: .utf8)
    _ = try open([("workload.file", log)]).run(into: folder + "/out", figures: folder + "/plots")
    let jobs = try text(folder + "/out/jobs.csv")
    #expect(jobs.contains(",a,default,") && jobs.contains(",b,default-,"))
  }

  @Test func theBaselineRunsEvenWhereItIsNotAsked() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = try open(policies: ["greedy-lowest-carbon"]).run(into: folder, figures: folder + "/plots")
    #expect(table.contains("standard ") && table.contains("52.40"))
  }

  @Test func aTraceShorterThanTheClockIsRefusedAndNothingIsWritten() throws {
    let opened = try open([("clock.duration", "9d"), ("grid.carbon.extend", "none")])
    #expect {
      try opened.run(into: folder, figures: folder + "/plots")
    } throws: {
      "\($0)".contains(
        "zone NORTH: found 2020-01-06T00:00:00.000Z to 2020-01-14T00:00:00.000Z, expected at least the clock's "
          + "2020-01-06T00:00:00.000Z to 2020-01-15T00:00:00.000Z, or extend: hold | wrap")
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func anUnwritableFolderIsAnOutputError() throws {
    #expect(throws: OutputError.self) { try open().run(into: "/dev/null/out", figures: "/dev/null/plots") }
  }
}
