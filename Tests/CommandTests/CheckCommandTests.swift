import Foundation
import Testing

/// `pylon check` on folders, its reports and its baselines.
@Suite struct CheckCommandTests {
  private let bound = "checks: [{metric: carbon_kg, policy: standard, min: 0}]\n"
  private let recorded = "checks: [{metric: carbon_kg, policy: standard, min: 0}, {baseline: b.csv, rel: 1e-9}]\n"

  private func workshop(_ checks: String) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + checks)
    return workshop
  }

  @Test func twoScenariosWithOneBaselineAreNotRecorded() throws {
    let workshop = try workshop(recorded)
    try workshop.write("t.yaml", Workshop.scenario + "checks: [{baseline: ./b.csv}]\n")
    let refused = try workshop.run(["check", ".", "--record"])
    #expect(refused.status == 2, "\(refused)")
    #expect(refused.error.contains("t.yaml: checks[0].baseline: found "))
    #expect(refused.error.contains("s.yaml (checks[1].baseline)"))
    #expect(try !workshop.names().contains("b.csv"))
    // Each alone may; an input is no baseline.
    #expect(try workshop.run(["check", "s.yaml", "--record"]).status == 1)
    try workshop.write("t.yaml", Workshop.scenario + "checks: [{baseline: jobs.csv}]\n")
    let input = try workshop.run(["check", "t.yaml", "--record"])
    #expect(input.status == 2 && input.error.contains("which is the input file"), "\(input)")
    #expect(try workshop.read("jobs.csv") == Workshop.jobs)
  }

  @Test func subfoldersAreCheckedOnceAndHiddenFilesNot() throws {
    let workshop = try workshop(bound)
    let manager = FileManager.default
    for folder in ["sub", "sub/deep", ".hidden"] {
      try manager.createDirectory(atPath: workshop.path + "/" + folder, withIntermediateDirectories: true)
      try workshop.write(folder + "/x.yaml", Workshop.scenario.replacing("file: ", with: "file: ../") + bound)
    }
    let deep = Workshop.scenario.replacing("file: ", with: "file: ../../") + bound.replacing("min", with: "max")
    try workshop.write("sub/deep/x.yaml", deep)
    try workshop.write("a.yaml", Workshop.scenario + bound)
    try workshop.write(".s.yaml", "nonsense")
    try manager.createSymbolicLink(atPath: workshop.path + "/sub/loop", withDestinationPath: "..")
    try manager.createSymbolicLink(atPath: workshop.path + "/twin", withDestinationPath: "sub")
    let found = try workshop.run(["check", ".", "sub"])
    let heads = found.out.split(separator: "\n").filter { !$0.hasPrefix(" ") && $0.contains(".yaml:") }
      .map { String($0.prefix { $0 != ":" }) }
    #expect(heads == ["./a.yaml", "./s.yaml", "./sub/x.yaml", "./sub/deep/x.yaml"], "\(found)")
    #expect(found.status == 1 && found.out.contains("3 of 4 checks passed"))
  }

  @Test func scenariosWithoutChecksAreReported() throws {
    let workshop = try workshop(bound)
    try workshop.write("bare.yaml", Workshop.scenario)
    let found = try workshop.run(["check", ".", "--junit", "r.xml", "--markdown", "r.md"])
    #expect(found.status == 0 && found.out.contains("1 of 1 check passed; 1 scenario without checks"), "\(found)")
    let junit = try workshop.read("r.xml")
    #expect(junit.contains("<skipped message=\"no checks\"/>") && junit.contains("skipped=\"1\""))
    #expect(try workshop.read("r.md").contains("| ./bare.yaml |  | no checks |  |"))
    #expect(try workshop.run(["check", "bare.yaml"]).status == 2)
  }

  @Test func aMissingBaselineLeavesTheBounds() throws {
    let workshop = try workshop(recorded)
    let found = try workshop.run(["check", "s.yaml", "--junit", "r.xml"])
    #expect(found.status == 2, "\(found)")
    #expect(found.out.contains("  ok      carbon_kg of standard: at least 0: "))
    #expect(found.out.contains("  NOT CHECKED  every metric: as in b.csv"))
    #expect(found.out.contains("1 of 2 checks passed, 1 could not be made"))
    let junit = try workshop.read("r.xml")
    #expect(junit.contains("errors=\"1\"") && junit.contains("failures=\"0\"") && junit.contains("<error "))
    // A conflict of versions is named.
    try workshop.write("b.csv", "<<<<<<< HEAD\nrun_id\n=======\nrun_id\n>>>>>>> other\n")
    let torn = try workshop.run(["check", "s.yaml"])
    #expect(torn.status == 2 && torn.out.contains("b.csv:1: found <<<<<<<, a merge conflict"), "\(torn)")
    try workshop.write("s.yaml", "name: x\n<<<<<<< HEAD\nseed: 1\n=======\nseed: 2\n>>>>>>> other\n")
    #expect(try workshop.run(["validate", "s.yaml"]).error.contains("s.yaml:2: found a merge conflict (<<<<<<<)"))
  }

  @Test func nothingIsRecordedBesideABrokenScenario() throws {
    let workshop = try workshop(recorded)
    try workshop.write("broken.yaml", Workshop.scenario + "pue: 1\n" + bound)
    let found = try workshop.run(["check", ".", "--record"])
    #expect(found.status == 2 && found.out.contains("; nothing was recorded"), "\(found)")
    #expect(!found.out.contains("RECORDED"))
    #expect(try !workshop.names().contains("b.csv"))
  }

  @Test func aReportOnTheStandardOutputIsAlone() throws {
    let workshop = try workshop(bound)
    for (option, start) in [("--junit", "<?xml "), ("--markdown", "### pylon check")] {
      let found = try workshop.run(["check", "s.yaml", option, "-"])
      #expect(found.status == 0 && found.out.hasPrefix(start), "\(found)")
      #expect(found.error.contains("1 of 1 check passed"))
    }
    let both = try workshop.run(["check", "s.yaml", "--junit", "-", "--markdown", "-"])
    #expect(both.status == 2 && both.out.isEmpty)
    for option in ["--junit", "--markdown"] {
      let refused = try workshop.run(["check", "s.yaml", option, "carbon.csv"])
      #expect(refused.status == 2 && refused.error.contains("\(option): found carbon.csv, which is the input file"))
    }
    #expect(try workshop.read("carbon.csv") == Workshop.carbon)
    #expect(try workshop.run(["check", "s.yaml", "--junit", "r", "--markdown", "./r"]).status == 2)
  }
}
