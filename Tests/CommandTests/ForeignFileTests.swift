import Foundation
import Testing

/// Files that were handed to a command that reads others: one message says what they are and what takes them.
@Suite struct ForeignFileTests {
  @Test func filesThatAreNoScenario() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    try workshop.write("v.yaml", "variants:\n  a: {zones.NORTH.pue: 1.4}\n  b: {zones.NORTH.pue: 1.5}\n")
    try workshop.write("asked.yaml", "sla_met_pct: 95\ncarbon_kg: {max: 20}\n")
    try workshop.write("part.yaml", "requirements: {sla_met_pct: 95}\n")
    try workshop.write("log.swf", "; Version: 2.2\n1 0 0 60 1 -1 -1 1 60 -1 1 1 1 1 1 1 -1 -1\n")
    try FileManager.default.createDirectory(atPath: workshop.path + "/study", withIntermediateDirectories: true)
    try workshop.write("study/first.yaml", Workshop.scenario)
    for (file, found, remedy) in [
      ("v.yaml", "a file of variants", "pylon whatif SCENARIO --variants v.yaml takes it"),
      ("asked.yaml", "requirements alone (sla_met_pct, carbon_kg)", "write them under requirements: of a scenario"),
      ("part.yaml", "a part of a scenario (requirements)", "write it into one"),
      ("jobs.csv", "a table of jobs (job_id, submitted_at, duration_s, …)", "workload: {file: jobs.csv}"),
      ("carbon.csv", "a table (datetime, NORTH, SOUTH)", "grid: {carbon: {file: carbon.csv}}"),
      ("log.swf", "an SWF log of jobs", "workload: {file: log.swf}"),
      ("out/metrics.csv", "a table of results (run_id, policy, label, …)", "results.sqlite beside it"),
      ("out/results.sqlite", "an SQLite file, such as a result of pylon run", "pylon report"),
      ("out", "a folder of results", "pylon report"), ("out/plots/chart-savings.svg", "an SVG picture", "a scenario"),
      ("study", "a directory", "did you mean study/first.yaml?"),
    ] {
      let commands = [["validate", file], ["run", file, "--out", "x"], ["whatif", file, "--set", "a=1"]]
      for command in commands + (file.hasPrefix("out") || file == "study" ? [] : [["check", file]]) {
        let outcome = try workshop.run(command)
        let text = outcome.error + outcome.out
        #expect(outcome.status == 2 && text.contains("\(file): found \(found)"), "\(command) \(text)")
        #expect(text.contains(remedy) && text.components(separatedBy: "found ").count == 2, "\(command) \(text)")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: workshop.path + "/x"))
  }

  /// Slips in a scenario's own keys are still reported by key.
  @Test func aScenarioWithSlipsIsOne() throws {
    let workshop = try Workshop()
    try workshop.write("slip.yaml", "name: a\nclok: {start: 2020-01-06T00:00:00Z, duration: 1d}\n")
    let outcome = try workshop.run(["validate", "slip.yaml"])
    #expect(outcome.error.contains("did you mean clock?"), "\(outcome.error)")
  }

  @Test func filesThatAreNoVariantsOrResult() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    for (file, found) in [("s.yaml", "a scenario"), ("jobs.csv", "a table of jobs"), ("out", "a folder of results")] {
      let outcome = try workshop.run(["whatif", "s.yaml", "--variants", file])
      #expect(outcome.status == 2 && outcome.error.contains("\(file): found \(found)"), "\(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    }
    for (file, hint) in [
      ("s.yaml", "pylon run s.yaml makes a result"), ("out/metrics.csv", "did you mean out/results.sqlite?"),
      ("out/plots/chart-savings.svg", "did you mean out/results.sqlite?"),
    ] {
      for command in ["report", "compare", "audit", "replay"] {
        let outcome = try workshop.run([command, file])
        let isOne = outcome.error.split(separator: "\n").count == 1
        #expect(outcome.status == 2 && isOne && outcome.error.contains(hint), "\(command) \(outcome.error)")
      }
    }
  }
}
