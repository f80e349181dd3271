internal import ArgumentParser
internal import Domain
internal import Experiments
internal import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run scenarios and test their metrics against their checks.",
    discussion: """
      Exits with 0 if all checks passed, 1 if a check failed or --record created or changed a baseline, 2 if a scenario is \
      invalid, a baseline cannot be read, or no scenario has checks. A scenario without checks beside others is \
      reported. With - for a report, the text goes to standard error.
      """)
  @Argument(
    help: "Scenario files, or folders of them with their subfolders; hidden and other YAML files are skipped.")
  var scenarios: [String]
  @OptionGroup var changes: OverrideOptions
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Replace the baselines with the metrics of these runs.") var record = false
  @Option(help: "Write a JUnit XML report to this file, or to standard output with -.") var junit: String?
  @Option(help: "Write a Markdown summary to this file, or to standard output with -.") var markdown: String?

  mutating func run() throws {
    let pairs = try changes.pairs()
    if record, !pairs.isEmpty {
      throw ValidationError(
        "--record with --set would make the metrics of a changed scenario its baseline: use one of them")
    }
    guard junit != "-" || markdown != "-" else {
      throw ValidationError("--markdown: found -, which is also --junit, expected one report on standard output")
    }
    // A report on standard output is a document of its own.
    let isDocument = junit == "-" || markdown == "-"
    func tell(_ text: String) throws { if isDocument { complain(text) } else { try say(text) } }
    let reports = [("--junit", junit), ("--markdown", markdown)].compactMap { option, path in
      path.map { (option: option, path: $0) }
    }
    let checks = try guarded {
      try ScenarioChecks(paths: scenarios, overrides: pairs, threads: parallel.threads, records: record)
    }
    let report = try guarded { try checks.run(reports: reports) { try tell($0) } }
    try guarded {
      try tell(report.verdict)
      if let junit { try deliver(report.junit, to: junit, isTold: false) }
      if let markdown { try deliver(report.markdown, to: markdown, isTold: false) }
    }
    if report.status != 0 { throw ExitCode(report.status) }
  }
}
