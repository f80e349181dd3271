internal import ArgumentParser
internal import Domain
internal import Experiments
internal import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run scenarios and test their metrics against their checks.",
    discussion: """
      Exits with 0 if all checks passed, 1 if a check failed or --record created or changed a baseline, 2 if the input is invalid \
      or has no checks.
      """)
  @Argument(help: "Scenario files, or folders of them; other YAML files in a folder are skipped.") var scenarios:
    [String]
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
    let checks = try guarded {
      try ScenarioChecks(paths: scenarios, overrides: pairs, threads: parallel.threads, records: record)
    }
    let report = try guarded { try checks.run { try say($0) } }
    try guarded {
      try say(report.verdict)
      if let junit { try deliver(report.junit, to: junit, isTold: false) }
      if let markdown { try deliver(report.markdown, to: markdown, isTold: false) }
    }
    if report.status != 0 { throw ExitCode(report.status) }
  }
}
