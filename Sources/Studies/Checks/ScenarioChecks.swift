internal import Domain
internal import Foundation
internal import Reports
internal import Results
public import Runs
internal import Scenarios

/// Runs scenarios for their checks: no tables, no maps.
public struct ScenarioChecks {
  private let paths: [String]
  private let scenarios: [Result<Scenario, InputError>]
  private let outputs: CheckOutputs
  private let skipped: [String]
  private let overrides: [(key: String, value: String)]
  private let threads: Int
  private let records: Bool

  /// - Parameters:
  ///   - paths: scenario files, or folders, see ``ScenarioSearch``. A file that is named itself is always taken for a
  ///     scenario. A file that is found twice is checked once.
  ///   - records: whether the baselines are written anew from what is found.
  /// - Throws: ``BadInput`` with every path that has nothing to check.
  public init(
    paths: [String], overrides: [(key: String, value: String)] = [], threads: Int? = nil, records: Bool = false
  ) throws(BadInput) {
    var search = ScenarioSearch()
    var faults: [String] = []
    for path in paths { do { try search.add(path) } catch { faults.append(error.description) } }
    if !faults.isEmpty { throw BadInput(description: faults.joined(separator: "\n")) }
    self.paths = search.scenarios
    scenarios = search.scenarios.map { path in
      Result { () throws(InputError) in
        try Scenario.load(path: path, overrides: overrides, knownPolicies: Runner.policyNames)
      }
    }
    let loaded = zip(search.scenarios, scenarios).compactMap { path, found in
      (try? found.get()).map { (path: path, scenario: $0) }
    }
    outputs = CheckOutputs(loaded, paths: search.scenarios)
    self.skipped = search.skipped
    self.overrides = overrides
    self.threads = threads ?? OpenScenario.cores
    self.records = records
  }

  /// Looks at the names of reports alone, before any scenario is read.
  ///
  /// - Parameters:
  ///   - reports: paths that will be written, by option.
  ///   - scenarios: files and folders that are to be checked.
  /// - Throws: ``BadInput`` with every name that cannot become a file, or that is a scenario.
  public static func demandFiles(
    for reports: [(option: String, path: String)], scenarios: [String]
  ) throws(BadInput) {
    try CheckOutputs.demandFiles(reports, scenarios: scenarios)
  }

  /// - Parameter reports: paths that will be written, by option.
  /// - Throws: ``BadInput`` if one is a file that is read, a baseline, or another report.
  public func demandApart(from reports: [(option: String, path: String)]) throws(BadInput) {
    try outputs.demandApart(records: records, reports: reports)
  }

  /// Runs the scenarios in order. Baselines are recorded after the last run, and only if every scenario could be
  /// checked.
  ///
  /// - Parameter told: called with each scenario's part of the report as soon as it is known.
  /// - Throws: ``BadInput`` before anything runs, if a baseline to record would overwrite another kind of file; what
  ///   `told` throws.
  public func run(told: (String) throws -> Void = { _ in }) throws -> CheckReport {
    var report = CheckReport()
    report.skipped = skipped
    if records { try outputs.demandRecordable() }
    for note in skipped { try told("note: \(note)") }
    var recordings: [Recording] = []
    for (path, scenario) in zip(paths, scenarios) {
      let began = ContinuousClock.now
      var part = CheckReport.Part(path: path)
      do { recordings += try check(scenario, &part) } catch { part.fault = "\(error)" }
      part.seconds = (ContinuousClock.now - began) / Duration.seconds(1)
      report.parts.append(part)
      if !records { try told(part.text) }
    }
    guard records else { return report }
    if report.parts.contains(where: { $0.fault != nil }) {
      for place in report.parts.indices {
        report.unrecorded += report.parts[place].recorded
        report.parts[place].recorded = []
      }
    } else {
      for recording in recordings {
        do { try recording.write() } catch {
          report.unwritten.append("--record: \(recording.path): \(error)")
          for place in report.parts.indices { report.parts[place].recorded.removeAll { $0 == recording.path } }
        }
      }
    }
    for part in report.parts { try told(part.text) }
    return report
  }

  /// A baseline to write.
  private struct Recording {
    var path: String
    var text: String

    func write() throws(OutputError) { try TextFile.write(text, to: path) }
  }

  /// - Returns: the baselines that are not what they were.
  private func check(
    _ loaded: Result<Scenario, InputError>, _ part: inout CheckReport.Part
  ) throws -> [Recording] {
    let scenario = try loaded.get()
    guard !scenario.checks.isEmpty else {
      part.hasRequirements = scenario.requirements != [.standard]
      return []
    }
    let files = scenario.checks.compactMap(\.baseline).reduce(into: [String]()) { files, file in
      if !files.contains(file) { files.append(file) }
    }
    var baselines: [String: Result<BaselineFigures, BadInput>] = [:]
    if !records {
      for file in files { baselines[file] = Result { () throws(BadInput) in try BaselineFigures(path: file) } }
    }
    let result = try Runner(scenario: scenario).evaluate(threads: threads)
    var recordings: [Recording] = []
    if records, !files.isEmpty {
      let text = ScenarioChecks.text(result, seed: scenario.seed)
      for file in files {
        baselines[file] = Result { () throws(BadInput) in try BaselineFigures(text: text, path: file) }
        if FileManager.default.contents(atPath: file) == Data(text.utf8) { continue }
        recordings.append(Recording(path: file, text: text))
        part.recorded.append(file)
      }
    }
    part.notes = result.notes
    let evaluation = CheckEvaluation(result: result, baselines: baselines)
    part.outcomes = scenario.checks.flatMap { evaluation.outcomes($0) }
    // The metrics of a changed scenario are no baseline.
    if !records, overrides.isEmpty, part.outcomes.contains(where: { $0.isOfBaseline && $0.failed }) {
      part.remedy = "If the change is meant: pylon check \(ReportWords.quoted(part.path)) --record"
    }
    return recordings
  }

  /// As `metrics.csv` of a run.
  private static func text(_ result: ScenarioResult, seed: UInt64) -> String {
    let table = MetricsCSV()
    for (place, run) in result.runs.enumerated() {
      table.add(
        run: place + 1, policy: run.policy, label: run.label, replication: run.replication, seed: seed,
        metrics: run.figures)
    }
    return table.text
  }
}
