import Foundation
import Runs
import Studies
import Testing

@Suite struct CheckTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private func check(_ checks: String, records: Bool = false) throws -> (report: CheckReport, text: String) {
    let path = root + "/Scenarios/two-zones.yaml"
    var text = ""
    let report = try ScenarioChecks(paths: [path], overrides: [("checks", checks)], records: records)
      .run { text += $0 + "\n" }
    return (report, text)
  }

  /// The shipped scenarios pass their own checks, against figures that were written by `pylon run`.
  @Test func theShippedScenariosPass() throws {
    var text = ""
    let report = try ScenarioChecks(paths: [root + "/Scenarios"]).run { text += $0 + "\n" }
    #expect(report.status == 0, "\(text)")
    #expect(text.contains("two-zones.yaml: ") && text.contains("hpc-month.yaml: ") && text.contains("gb-week.yaml: "))
  }

  /// 52.3956 % are saved (Results/two-zones/metrics.csv): bounds around it hold, others tell by how much they do not.
  @Test func boundsHoldTheMean() throws {
    let good = "[{metric: carbon_savings_pct, policy: greedy-lowest-carbon, min: 52.3, max: 52.4}]"
    #expect(try check(good).report.status == 0)
    let (report, text) = try check("[{metric: [carbon_savings_pct, sla_met_pct], min: 60}]")
    #expect(report.status == 1)
    #expect(
      text.contains("FAILED  carbon_savings_pct of standard: at least 60\n          found 0, 60 below the minimum"))
    #expect(text.contains("found 52.395") && text.contains(", 7.604"))
    #expect(text.contains("ok      sla_met_pct of greedy-lowest-carbon: at least 60: 100"))
    #expect(report.verdict == "2 of 4 checks passed")
  }

  /// Where an override chooses what runs, the file's checks may be of others: the run goes on, and a check of
  /// them cannot be made, as if the file named a policy that does not run.
  @Test func aCheckOfAPolicyThatDidNotRunIsNotMade() throws {
    var text = ""
    let report = try ScenarioChecks(
      paths: [root + "/Scenarios/two-zones.yaml"], overrides: [("policies", "[standard]")]
    ).run { text += $0 + "\n" }
    #expect(report.status == 2)
    let name = "carbon_savings_pct of greedy-lowest-carbon: at least 50"
    #expect(
      text.contains("NOT CHECKED  \(name)\n          found no run of greedy-lowest-carbon, expected one of standard\n"))
    #expect(report.junit.contains("name=\"\(name)\""))
    #expect(try check("[{metric: carbon_kg, policy: cheapest, min: 0}]").report.status == 2)
  }

  /// A committed `metrics.csv` in which one figure is changed by a thousandth.
  @Test func movedFiguresAreToldWithTheirMovement() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let golden = try String(contentsOfFile: root + "/Results/two-zones/metrics.csv", encoding: .utf8)
    let own = try #require(golden.split(separator: "\n")[2].split(separator: ",").first { $0.hasPrefix("793.51") })
    let planted = String((try #require(Double(own))) / 1.001)
    let path = folder + "/metrics.csv"
    try golden.replacing(own, with: planted).write(toFile: path, atomically: true, encoding: .utf8)
    let (report, text) = try check("[{baseline: \(path), rel: 0.0009}]")
    #expect(report.status == 1)
    #expect(text.contains("carbon_kg of greedy-lowest-carbon, replication 1: 792.718094 → 793.510812 (+0.792718"))
    #expect(text.contains(", +0.1 %)") && text.components(separatedBy: " → ").count == 2)
    #expect(try check("[{baseline: \(path), rel: 0.0011}]").report.status == 0)
    #expect(try check("[{baseline: \(path), abs: 0.8}]").report.status == 0)
    #expect(try check("[{metric: cost_gbp, baseline: \(path), rel: 1e-12}]").report.status == 0)
    #expect(try check("[{policy: standard, baseline: \(path), rel: 1e-12}]").report.status == 0)
    // A run that is missing on either side is told.
    let lines = golden.split(separator: "\n")
    try (lines[0] + "\n" + lines[1] + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      try check("[{baseline: \(path), rel: 1}]").text.contains("greedy-lowest-carbon, replication 1: found no such"))
    let more = golden + lines[2].replacing(",greedy-lowest-carbon,1,", with: ",greedy-lowest-carbon,2,") + "\n"
    try more.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      try check("[{baseline: \(path), rel: 1}]").text.contains("replication 2: found in \(path), but not in this run"))
  }

  /// A baseline that is recorded is the `metrics.csv` of `pylon run`; recording another one fails that run.
  @Test func recordingWritesTheBaselineAndFailsOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/new/metrics.csv"
    let checks = "[{baseline: \(path), rel: 1e-9}]"
    let (missing, text) = try check(checks)
    #expect(missing.status == 2)
    #expect(text.contains("\(path): found no such file, expected a metrics.csv (pylon check --record writes it)"))
    let (first, told) = try check(checks, records: true)
    #expect(first.status == 1 && told.contains("RECORDED  \(path)"))
    #expect(try check(checks, records: true).report.status == 0)
    #expect(try check(checks).report.status == 0)
    _ = try OpenScenario(path: root + "/Scenarios/two-zones.yaml", overrides: [], policies: [], seed: nil)
      .run(into: folder + "/run", figures: folder + "/plots")
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: folder + "/run/metrics.csv"))
  }

  /// A baseline that lost columns or runs, or has some that this run lacks, is no baseline of it.
  @Test func aBaselineHasEveryColumnAndRow() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let golden = try String(contentsOfFile: root + "/Results/two-zones/metrics.csv", encoding: .utf8)
    let rows = golden.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let path = folder + "/metrics.csv"
    func text(_ more: String = "", change: ([Substring]) -> [Substring]) throws -> String {
      let lines = rows.map { change($0).joined(separator: ",") + "\n" }
      try (lines.joined() + more).write(toFile: path, atomically: true, encoding: .utf8)
      let (report, text) = try check("[{baseline: \(path), rel: 1e-9}]")
      #expect(report.status == 1)
      return text
    }
    let place = try #require(rows[0].firstIndex(of: "energy_kwh"))
    let one = try text { row in row.enumerated().filter { $0.offset != place }.map(\.element) }
    #expect(one.contains("FAILED  every metric: as in \(path), within rel 1e-9\n"))
    #expect(one.contains("  found no column energy_kwh in \(path)\n"))
    let few = try text { Array($0.prefix(7)) }
    #expect(few.contains("found no columns \(rows[0].dropFirst(7).joined(separator: ", ")) in \(path)\n"))
    let more = try text { $0 + [$0 == rows[0] ? "love_kg" : "1"] }
    #expect(more.contains("found the column love_kg in \(path), but not in this run"))
    // One line for the runs of a policy.
    let figures = rows[1].dropFirst(5).joined(separator: ",")
    let surplus = (2...9).map { "\($0),standard,standard,\($0),42,\(figures)\n" }
    let told = try text(surplus.joined()) { $0 }
    #expect(told.contains("standard, replications 2, 3, 4, 5, 6 and 3 more: found in \(path), but not in this run\n"))
    #expect(try check("[{policy: standard, baseline: \(path), rel: 1e-9}]").report.status == 1)
    #expect(try check("[{policy: greedy-lowest-carbon, baseline: \(path), rel: 1e-9}]").report.status == 0)
    try golden.replacing("\nrun_id", with: "").replacing(",cost_gbp,", with: ",carbon_kg,")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let twice = try check("[{baseline: \(path)}]")
    #expect(twice.report.status == 2 && twice.text.contains(":1: found the column carbon_kg twice, expected it once"))
  }

  /// A difference in the last digit shows, and says what it is.
  @Test func roundingIsReadable() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let golden = try String(contentsOfFile: root + "/Results/two-zones/metrics.csv", encoding: .utf8)
    let own = try #require(golden.split(separator: "\n")[2].split(separator: ",").first { $0.hasPrefix("52.39") })
    let value = try #require(Double(own))
    let path = folder + "/metrics.csv"
    try golden.replacing(own, with: "\(value.nextUp)").write(toFile: path, atomically: true, encoding: .utf8)
    let (report, text) = try check("[{baseline: \(path)}]")
    #expect(report.status == 1)
    #expect(text.contains(": \(value.nextUp) → \(value) (−7.11e-15 percentage points, rounding)\n"), "\(text)")
    #expect(text.contains("as in \(path), exactly\n"))
    let within = try check("[{baseline: \(path), rel: 1e-9, abs: 0.5}]")
    #expect(within.report.status == 0 && within.text.contains("within abs 0.5 or rel 1e-9: 54 values"))
  }

  @Test func faultsOfABaselineAreToldAtOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/metrics.csv"
    try "run_id,policy,replication,seed,carbon_kg\n1,standard,1,42,x\n2,standard\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let (report, text) = try check("[{baseline: \(path)}]")
    #expect(report.status == 2)
    #expect(text.contains("\(path):2: carbon_kg: found x, expected a number or nothing"))
    #expect(text.contains("\(path):3: found 2 cells, expected 5"))
  }

  @Test func nothingToCheckIsBadInput() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect { try ScenarioChecks(paths: [folder]) } throws: { "\($0)".contains("found no scenario") }
    let text = try String(contentsOfFile: root + "/Scenarios/gb-week.yaml", encoding: .utf8)
    let bare = text.prefix(upTo: text.range(of: "checks:")?.lowerBound ?? text.endIndex)
    try bare.write(toFile: folder + "/bare.yaml", atomically: true, encoding: .utf8)
    #expect(try ScenarioChecks(paths: [folder]).run().status == 2)
    #expect(try ScenarioChecks(paths: [folder + "/none.yaml"]).run().status == 2)
  }

  /// What JUnit's readers and pages get: well-formed, with the failure in it.
  @Test func reportsAreWellFormed() throws {
    let (report, _) = try check("[{metric: carbon_kg, policy: standard, max: 1}, {metric: cost_gbp, min: 1}]")
    let parser = XMLReader()
    let suites = try #require(parser.read(report.junit))
    #expect(suites.count { $0.name == "testcase" } == 3 && suites.count { $0.name == "failure" } == 1)
    let suite = try #require(suites.first { $0.name == "testsuite" })
    #expect(suite.attributes["tests"] == "3" && suite.attributes["failures"] == "1")
    // The cases share the time of their suite.
    let times = suites.filter { $0.name == "testcase" }.compactMap { Double($0.attributes["time"] ?? "") }
    #expect(times.count == 3 && abs(times.reduce(0, +) - (Double(suite.attributes["time"] ?? "") ?? 0)) < 0.003)
    #expect(
      suites.first { $0.name == "failure" }?.attributes["message"] == "found 1666.88561, 1665.88561 above the maximum")
    #expect(report.markdown.contains("2 of 3 checks passed"))
    #expect(report.markdown.contains("| carbon_kg of standard: at most 1 | **failed** | found 1666.88561, "))
  }
}

/// The elements of a document of one attribute a name, by a few lines of its own: the tests need no XML library.
private struct XMLReader {
  struct Element {
    var name: String
    var attributes: [String: String]
  }

  /// `nil` where elements are not closed as they were opened.
  func read(_ text: String) -> [Element]? {
    var elements: [Element] = []
    var open: [String] = []
    for part in text.split(separator: "<").dropFirst() {
      guard let end = part.firstIndex(of: ">") else { return nil }
      let tag = part[..<end]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return nil }
        continue
      }
      let name = String(tag.prefix { $0 != " " })
      open.append(name)
      let quoted = tag.dropFirst(name.count).split(separator: "\"", omittingEmptySubsequences: false)
      var attributes: [String: String] = [:]
      for place in stride(from: 0, to: quoted.count - 1, by: 2) {
        attributes[quoted[place].filter { $0 != " " && $0 != "=" }] = String(quoted[place + 1])
      }
      elements.append(Element(name: name, attributes: attributes))
    }
    return open.isEmpty ? elements : nil
  }
}
