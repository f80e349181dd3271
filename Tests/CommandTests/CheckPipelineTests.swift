import Foundation
import Testing

/// What a pipeline sees of `pylon check`: statuses, reports of errors, and files that stay.
@Suite struct CheckPipelineTests {
  private func workshop(_ checks: String) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + checks)
    return workshop
  }

  /// A file that is no baseline stays as it is, and nothing runs.
  @Test func recordingKeepsOtherFiles() throws {
    let workshop = try workshop("checks: [{baseline: notes.md}]\n")
    for text in ["# Notes\n", "a,b\n1,2\n", "<<<<<<< HEAD\n# Notes\n=======\n# Mine\n>>>>>>> other\n"] {
      try workshop.write("notes.md", text)
      let refused = try workshop.run(["check", "s.yaml", "--record"])
      #expect(refused.status == 2 && refused.out.isEmpty, "\(refused)")
      #expect(
        refused.error == "pylon: s.yaml: checks[0].baseline: found notes.md, a file without the heading of a "
          + "metrics.csv, expected a new file or an earlier baseline, as --record replaces it\n")
      #expect(try workshop.read("notes.md") == text)
    }
    try workshop.write("notes.md", "")
    #expect(try workshop.run(["check", "s.yaml", "--record"]).status == 1)
    let recorded = try workshop.read("notes.md")
    let heading = try #require(recorded.split(separator: "\n").first)
    for torn in [
      "<<<<<<< HEAD\n\(recorded)=======\n\(recorded)>>>>>>> other\n",
      "\(heading)\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n", "\u{FEFF}\(recorded)",
    ] {
      try workshop.write("notes.md", torn)
      #expect(try workshop.run(["check", "s.yaml", "--record"]).status == 1)
      #expect(try workshop.read("notes.md") == recorded)
    }
    try workshop.change("s.yaml", "notes.md", "folder")
    try FileManager.default.createDirectory(atPath: workshop.path + "/folder", withIntermediateDirectories: false)
    let folder = try workshop.run(["check", "s.yaml", "--record"])
    #expect(folder.status == 2 && folder.error.contains("found folder, a folder, expected a new file"), "\(folder)")
    let read = try workshop.run(["check", "s.yaml"])
    #expect(read.status == 2 && read.out.contains("folder: found a folder, expected a metrics.csv that can be read"))
  }

  /// 2 takes precedence, and says what else failed.
  @Test func twoTakesPrecedenceOverOne() throws {
    let workshop = try workshop("checks: [{metric: carbon_kg, policy: standard, max: 0}, {baseline: b.csv}]\n")
    let missing = try workshop.run(["check", "s.yaml"])
    let verdict = "exit status 2: not everything could be checked; 1 check failed as well\n"
    #expect(missing.status == 2 && missing.out.hasSuffix(verdict), "\(missing)")
    try workshop.change("s.yaml", ", {baseline: b.csv}", "")
    let alone = try workshop.run(["check", "s.yaml"])
    #expect(alone.status == 1 && !alone.out.contains("exit status"), "\(alone)")
    try workshop.write("t.yaml", Workshop.scenario + "pue: 1\n")
    let beside = try workshop.run(["check", "s.yaml", "t.yaml"])
    #expect(beside.status == 2 && beside.out.hasSuffix(verdict), "\(beside)")
  }

  /// A file that is there and cannot be read is not missing. (A loop of links stands for a mode that forbids it.)
  @Test func anUnreadableBaselineIsNotMissing() throws {
    let workshop = try workshop("checks: [{baseline: b.csv}]\n")
    #expect(symlink("b.csv", workshop.path + "/b.csv") == 0)
    let found = try workshop.run(["check", "s.yaml"])
    #expect(found.status == 2 && found.out.contains("b.csv: found a file that cannot be read ("), "\(found)")
    #expect(!found.out.contains("--record"))
    #expect(try workshop.run(["check", "s.yaml", "--record"]).status == 2)
  }

  /// Whatever leaves with 2 has an error in the JUnit file, in place of an older report.
  @Test func everyTwoIsAnErrorInJUnit() throws {
    let workshop = try workshop("checks: [{metric: carbon_kg, min: 0}]\n")
    #expect(try workshop.run(["check", "s.yaml", "--junit", "st.xml", "--markdown", "st.md"]).status == 0)
    try FileManager.default.createDirectory(atPath: workshop.path + "/empty", withIntermediateDirectories: false)
    let empty = try workshop.run(["check", "empty", "--junit", "st.xml", "--markdown", "st.md"])
    #expect(empty.status == 2 && empty.error.hasPrefix("pylon: empty: found no scenario"), "\(empty)")
    let junit = try workshop.read("st.xml")
    #expect(junit.contains("<testsuite name=\"empty\" tests=\"1\" failures=\"0\" errors=\"1\""), "\(junit)")
    #expect(junit.contains("<error message=\"not checked\">empty: found no scenario, expected files *.yaml in it"))
    #expect(try workshop.read("st.md").hasPrefix("### pylon check: nothing was checked\n"))
    let both = try workshop.run(["check", "empty", "s.yaml", "empty", "--junit", "-"])
    #expect(both.status == 2 && both.out.hasPrefix("<?xml") && both.out.contains("errors=\"1\""), "\(both)")
    // What is no report is not replaced by one of an error.
    try workshop.write("keep.txt", "mine\n")
    #expect(try workshop.run(["check", "empty", "--junit", "keep.txt"]).status == 2)
    #expect(try workshop.read("keep.txt") == "mine\n")

    try workshop.write("empty/bare.yaml", Workshop.scenario.replacing("file: ", with: "file: ../"))
    let bare = try workshop.run(["check", "empty", "--junit", "st.xml"])
    #expect(bare.status == 2, "\(bare)")
    #expect(bare.out.hasSuffix("found no checks in empty/bare.yaml, expected the key checks in it\n"), "\(bare)")
    let lack = try workshop.read("st.xml")
    #expect(lack.contains("errors=\"1\" skipped=\"0\"") && lack.contains("<error message=\"no checks\">"), "\(lack)")

    try workshop.write("s.yaml", Workshop.scenario + "checks: [{baseline: notes.md}]\n")
    try workshop.write("notes.md", "# Notes\n")
    #expect(try workshop.run(["check", "s.yaml", "--record", "--junit", "st.xml"]).status == 2)
    #expect(try workshop.read("st.xml").contains("found notes.md, a file without the heading"))
  }

  @Test func reportsHaveNamesOfFiles() throws {
    let workshop = try workshop("checks: [{metric: carbon_kg, min: 0}]\n")
    try FileManager.default.createDirectory(atPath: workshop.path + "/sims", withIntermediateDirectories: false)
    #expect(mkfifo(workshop.path + "/pipe", 0o600) == 0)
    for (path, reason) in [
      ("", "found an empty text, "), ("sims", "found sims, which is a folder, "),
      ("new/", "found new/, which names a folder, "), ("pipe", "found pipe, which is not a regular file, "),
      ("/dev/stdout", "found /dev/stdout, which is not a regular file, "),
      ("jobs.csv/x/r", "found jobs.csv/x/r, where jobs.csv is not a folder, "),
    ] {
      for option in ["--junit", "--markdown"] {
        // A pipe behind the standard output: in a file it is a regular one.
        let refused = try workshop.shell("{ $pylon check s.yaml \(option) '\(path)'; echo $? >&2; } | cat")
        let text = "pylon: \(option): \(reason)expected the name of a file, or - for the standard output\n2\n"
        #expect(refused.error == text && refused.out.isEmpty, "\(refused)")
      }
    }
    #expect(try workshop.run(["check", "s.yaml", "--junit", "made/deep/r.xml"]).status == 0)
  }

  /// A report that cannot be written is named, after the results and beside the other report.
  @Test func aReportThatCannotBeWritten() throws {
    let workshop = try workshop("checks: [{metric: carbon_kg, min: 0}]\n")
    let found = try workshop.run(["check", "s.yaml", "--junit", "/proc/x.xml", "--markdown", "r.md"])
    #expect(found.status == 3 && found.out.contains("2 of 2 checks passed"), "\(found)")
    #expect(found.error.hasPrefix("pylon: --junit /proc/x.xml: cannot write to /proc: "), "\(found)")
    #expect(try workshop.read("r.md").hasPrefix("### pylon check: 2 of 2"))
    try workshop.write("s.yaml", Workshop.scenario + "checks: [{baseline: /proc/b.csv}]\n")
    let record = try workshop.run(["check", "s.yaml", "--record"])
    #expect(record.status == 3 && record.out.contains("1 of 1 check passed\n"), "\(record)")
    #expect(record.error.hasPrefix("pylon: --record: /proc/b.csv: cannot write to /proc: "), "\(record)")
    #expect(!record.out.contains("RECORDED"))
  }

  @Test func anOptionOfOneValueIsGivenOnce() throws {
    let workshop = try workshop("checks: [{metric: carbon_kg, min: 0}]\n")
    for (line, message) in [
      ("check s.yaml --junit x.xml --junit=y.xml", "Error: --junit: found x.xml and y.xml, expected one value\n"),
      ("run s.yaml --seed 1 --out a --seed 2", "Error: --seed: found 1 and 2, expected one value\n"),
      ("report r.sqlite -o a --out b", "Error: --out: found a and b, expected one value\n"),
      ("sweep run s.yaml --shard 1/2 --shard 2/2", "Error: --shard: found 1/2 and 2/2, expected one value\n"),
    ] {
      let refused = try workshop.run(line.split(separator: " ").map(String.init))
      #expect(refused.status == 2 && refused.error.hasPrefix(message), "\(refused)")
      #expect(refused.error.contains("\nUsage: pylon \(line.prefix { $0 != " " }) "), "\(refused)")
    }
    #expect(try !workshop.names().contains { $0.hasSuffix(".xml") })
    let several = "check s.yaml --set zones.NORTH.pue=1.1 --set zones.SOUTH.pue=1.1 --junit x.xml"
    #expect(try workshop.run(several.split(separator: " ").map(String.init)).status == 0)
  }

  @Test func manualPagesHaveTheStatusesOfTheirCommands() throws {
    let workshop = try Workshop()
    #expect(try workshop.run(["man", "pages"]).status == 0)
    for (name, text) in [
      ("pylon-check", ".It 1\na check failed, and all could be made; or --record created or changed a baseline\n"),
      ("pylon-tune", ".It 1\nno point satisfies the constraints"), ("pylon-swarm", ".It 1\na check failed"),
      ("pylon-audit", ".It 1\na check of the audit failed\n"), ("pylon-sweep-collect", ".It 3\nunits are missing"),
      ("pylon", ".It 1\nthe work was done"),
    ] {
      let page = try workshop.read("pages/\(name).1")
      #expect(page.contains(".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\nsuccess\n") && page.contains(text), "\(page)")
    }
    #expect(try !workshop.read("pages/pylon-run.1").contains(".It 1\n"))
  }
}
