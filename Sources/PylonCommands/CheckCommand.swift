internal import ArgumentParser
internal import Domain
internal import Foundation
internal import Studies

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run scenarios and test their metrics against their checks.",
    discussion: """
      Exits with 0 if all checks passed, 1 if a check failed or --record created or changed a baseline, 2 if a scenario is \
      invalid, a check could not be made, or no scenario has checks. 2 takes precedence: other checks may have failed \
      as well. A scenario without checks beside others is reported. With - for a report, the text goes to standard error.
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
    try guarded { try ScenarioChecks.demandFiles(for: reports, scenarios: scenarios) }
    let checks = try reporting(to: reports) {
      try ScenarioChecks(paths: scenarios, overrides: pairs, threads: parallel.threads, records: record)
    }
    try guarded { try checks.demandApart(from: reports) }
    let report = try reporting(to: reports) { try checks.run { try tell($0) } }
    try guarded { try tell(report.verdict) }
    let faults = report.unwritten + CheckCommand.faults(of: report, writtenTo: reports)
    for fault in faults { complain("pylon: \(fault)") }
    let status = faults.isEmpty ? report.status : 3
    if status != 0 { throw ExitCode(status) }
  }

  /// Writes each report, and says of which it could not, and why.
  private static func faults(
    of report: CheckReport, writtenTo reports: [(option: String, path: String)]
  ) -> [String] {
    reports.compactMap { option, path in
      do {
        try deliver(option == "--junit" ? report.junit : report.markdown, to: path, isTold: false)
        return nil
      } catch {
        return "\(option) \(path): \(error)"
      }
    }
  }

  /// Does a part of the work. If it fails, the reports have the error: those of an earlier check would pass for this
  /// one's. A file that is not such a report stays.
  private func reporting<Value>(
    to reports: [(option: String, path: String)], _ work: () throws -> Value
  ) throws -> Value {
    do { return try work() } catch {
      let report = CheckReport(refusal: "\(error)", of: scenarios)
      let own = reports.filter { _, path in
        guard path != "-", let old = FileManager.default.contents(atPath: path), !old.isEmpty else { return true }
        return ["<?xml", "### pylon check"].contains { old.starts(with: Data($0.utf8)) }
      }
      let faults = CheckCommand.faults(of: report, writtenTo: own)
      for fault in faults { complain("pylon: \(fault)") }
      return try guarded { throw error }
    }
  }
}

extension CheckCommand: StatusDescribing {
  static let statuses = [
    1: "a check failed, and all could be made; or --record created or changed a baseline",
    2: "bad input or usage, a check that could not be made (others may have failed as well), or no checks at all",
  ]
}
