import Foundation
import Testing

/// What a newcomer runs first.
@Suite struct FirstStepTests {
  /// The three commands that `init` prints work as they are printed, and the checks of its scenario pass.
  @Test func whatInitWritesRuns() throws {
    let workshop = try Workshop()
    let made = try workshop.run(["init", "first"])
    #expect(made.status == 0 && made.error.isEmpty)
    #expect(try workshop.names("first") == ["carbon.csv", "jobs.csv", "scenario.yaml"])
    let commands = made.out.split(separator: "\n").filter { $0.hasPrefix("  pylon ") }
    #expect(commands.count == 3)
    for command in commands {
      let outcome = try workshop.shell("$pylon" + command.dropFirst("  pylon".count))
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(command): \(outcome.error)")
    }
    #expect(try workshop.read("first/report.html").contains("deadline-aware"))
    // The files can be looked at without the scenario.
    let jobs = try workshop.run(["workload", "describe", "first/jobs.csv"])
    #expect(jobs.status == 0 && jobs.out.contains("100 home zones not read: --zones"), "\(jobs)")
    #expect(try workshop.run(["trace", "describe", "first/carbon.csv"]).status == 0)
    let check = try workshop.run(["check", "first"])
    #expect(check.status == 0 && check.out.contains("2 of 2 checks passed"), "\(check.out)")
    let metrics = try workshop.read("first/results/metrics.csv").split(separator: "\n")
    #expect(metrics.count == 5)
    let head = metrics[0].split(separator: ",", omittingEmptySubsequences: false)
    let column = try #require(head.firstIndex(of: "jobs_submitted"))
    #expect(
      metrics.dropFirst().allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false)[column] == "100" })
    for line in try workshop.read("first/scenario.yaml").split(separator: "\n") {
      #expect(line.count <= 120, "\(line)")
    }
  }

  @Test func initOverwritesNothing() throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path + "/first", withIntermediateDirectories: true)
    try workshop.write("first/jobs.csv", "mine")
    let outcome = try workshop.run(["init", "first"])
    #expect(outcome.status == 2 && outcome.out.isEmpty)
    #expect(outcome.error.hasPrefix("pylon: first/jobs.csv: found a file, expected none"))
    #expect(try workshop.names("first") == ["jobs.csv"] && workshop.read("first/jobs.csv") == "mine")
    let here = try workshop.run(["init"])
    #expect(here.status == 2 && here.error.contains("jobs.csv: found a file") && here.error.contains("carbon.csv: "))
  }

  /// The resolved scenario is a fixed point, and its run has the same figures; so it is with the command line's options.
  @Test(arguments: [
    [String](), ["--policy", "deadline-aware", "--seed", "3", "--set", "zones.*.pue=1.5"],
    // What policies declare as defaults is what they do without.
    [
      "--set",
      "policies=[cheapest, round-robin, random, mix-score, operator-manual, lowest-slot, lowest-window, wait-awhile, "
        + "ecovisor, greenest-within-window, carbon-cap, {deadline-aware: {weights: {carbon: 1}}}]",
      "--set", "interruption={allowed: true}",
    ],
  ]) func resolvedScenariosRunTheSame(options: [String]) throws {
    let workshop = try Workshop()
    #expect(try workshop.run(["init", "."].dropLast() + ["a"]).status == 0)
    let once = try workshop.run(["validate", "a/scenario.yaml", "--resolved"] + options)
    #expect(once.status == 0 && once.error.isEmpty && once.out.contains("cpu_core_watts: 10"), "\(once.error)")
    try workshop.write("a/resolved.yaml", once.out)
    let twice = try workshop.run(["validate", "a/resolved.yaml", "--resolved"])
    #expect(twice.out == once.out && twice.error.isEmpty, "\(twice.error)")
    #expect(try workshop.run(["run", "a/scenario.yaml", "--out", "one"] + options).status == 0)
    #expect(try workshop.run(["run", "a/resolved.yaml", "--out", "two"]).status == 0)
    #expect(try workshop.read("one/metrics.csv") == workshop.read("two/metrics.csv"))
    #expect(try workshop.read("one/jobs.csv") == workshop.read("two/jobs.csv"))
  }

  @Test func policiesTellTheirParameters() throws {
    let workshop = try Workshop()
    let text = try workshop.run(["policies", "carbon-cap"]).out
    #expect(text.hasPrefix("carbon-cap: starts jobs while"))
    #expect(
      text.contains(
        """
        cap: intensity up to which jobs start; a job's own cap applies if it is lower
          type     number
          unit     gCO2/kWh
          default  150
          range    ≥ 0
        """), "\(text)")
    let weights = try workshop.run(["policies", "deadline-aware"]).out
    #expect(weights.contains("default  0.5; 0 if any other of weights is given"), "\(weights)")
    #expect(try workshop.run(["policies", "standard"]).out.hasSuffix("It has no parameters.\n"))
    let wrong = try workshop.run(["policies", "carbon-tim"])
    #expect(wrong.status == 2 && wrong.error.contains("did you mean carbon-time?"))
  }

  @Test func completionsAndManualPages() throws {
    let workshop = try Workshop()
    for shell in ["bash", "zsh", "fish"] {
      let script = try workshop.run(["completions", shell])
      #expect(script.status == 0 && script.out.contains("whatif") && script.out.contains("resolved"))
    }
    #expect(try workshop.shell("$pylon completions bash | bash -n").status == 0)
    let wrong = try workshop.run(["completions", "csh"])
    #expect(
      wrong.status == 2 && wrong.error.contains("The value 'csh' is invalid for '<shell>'. Please provide one of"))
    let page = try workshop.run(["man"]).out
    #expect(page.contains(".Sh NAME\n.Nm pylon\n") && page.contains(".It Xr pylon-run 1"))
    let pages = try workshop.run(["man", "pages"])
    let names = try workshop.names("pages")
    #expect(pages.status == 0 && names.contains("pylon.1") && names.contains("pylon-sweep-run.1"))
    let run = try workshop.read("pages/pylon-run.1")
    #expect(run.contains(".It Fl -replications Ar replications") && run.contains(".Ar scenario"))
  }

  @Test func replicationsOfARun() throws {
    let workshop = try Workshop()
    let more = try workshop.simulate("--replications", "3")
    #expect(more.status == 0)
    #expect(try workshop.read("out/metrics.csv").split(separator: "\n").count == 1 + 3 * 2)
    #expect(try workshop.run(["audit", "out/results.sqlite"]).status == 0)
    let none = try workshop.simulate("--replications", "0")
    #expect(none.status == 2 && none.error.contains("--replications: found 0"))
    // Of windows it is how many there are.
    try workshop.write(
      "s.yaml",
      Workshop.scenario.replacing("duration: 1d", with: "duration: 6h").replacing("jobs.csv", with: "jobs.csv")
        + "replications: {windows: 2, every: 6h, jobs: same}\n")
    #expect(try workshop.simulate("--replications", "3").status == 0)
    #expect(try workshop.read("out/metrics.csv").split(separator: "\n").count == 1 + 3 * 2)
  }
}
