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
  @Argument(help: "Scenario files, or folders of them.") var scenarios: [String]
  @OptionGroup var changes: OverrideOptions
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Write the baselines anew from what is found.") var record = false
  @Option(help: "Write a JUnit XML report to this file.") var junit: String?
  @Option(help: "Write a Markdown summary to this file.") var markdown: String?

  mutating func run() throws {
    let pairs = try changes.pairs()
    let checks = try guarded {
      try ScenarioChecks(paths: scenarios, overrides: pairs, threads: parallel.threads, records: record)
    }
    let report = checks.run { print($0.printable(keepsLines: true)) }
    print(report.verdict.printable(keepsLines: true))
    try guarded {
      if let junit { try Plot.write(report.junit, to: junit) }
      if let markdown { try Plot.write(report.markdown, to: markdown) }
    }
    if report.status != 0 { throw ExitCode(report.status) }
  }
}
