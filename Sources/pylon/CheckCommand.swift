internal import ArgumentParser
internal import Domain
internal import Experiments
internal import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run scenarios and hold their figures against their checks.",
    discussion: """
      Exit status: 0 all checks passed, 1 a check failed or --record wrote another baseline, 2 bad input or no checks.
      """)
  @Argument(help: "Scenario files, or folders of them; other YAML files of a folder are skipped.") var scenarios:
    [String]
  @OptionGroup var changes: OverrideOptions
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Write the baselines anew from what is found.") var record = false
  @Option(help: "Write a JUnit XML report to this file, or with - to the standard output.") var junit: String?
  @Option(help: "Write a Markdown summary to this file, or with - to the standard output.") var markdown: String?

  mutating func run() throws {
    let pairs = try changes.pairs()
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
