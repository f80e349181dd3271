internal import Foundation
internal import Scenarios
internal import Store

/// Runs scenarios for their checks: no tables, no maps.
public struct ScenarioChecks {
  private let paths: [String]
  private let skipped: [String]
  private let overrides: [(key: String, value: String)]
  private let threads: Int
  private let records: Bool

  /// - Parameters:
  ///   - paths: scenario files, or folders whose `.yaml` and `.yml` files are meant. Those of a folder that are no
  ///     scenarios (a variants file, a workflow) are skipped with a note; a file named itself never is.
  ///   - records: whether the baselines are written anew from what is found.
  /// - Throws: ``BadInput`` where there is nothing to check.
  public init(
    paths: [String], overrides: [(key: String, value: String)] = [], threads: Int? = nil, records: Bool = false
  ) throws {
    var skipped: [String] = []
    self.paths = try paths.flatMap { try ScenarioChecks.files(at: $0, &skipped) }
    self.skipped = skipped
    self.overrides = overrides
    self.threads = threads ?? OpenScenario.cores
    self.records = records
  }

  private static func files(at path: String, _ skipped: inout [String]) throws -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return [path]
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let files = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    let places = files.map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
    var scenarios: [String] = []
    var notes: [String] = []
    for place in places {
      switch ScenarioDocument.kind(of: place) {
      case .scenario: scenarios.append(place)
      case .variants: notes.append("\(place): a variants file (pylon whatif --variants), skipped")
      case .other: notes.append("\(place): not a scenario (it has none of \(ScenarioDocument.marks)), skipped")
      }
    }
    guard !scenarios.isEmpty else {
      throw BadInput(
        description: (["\(path): found no scenario, expected files *.yaml"] + notes).joined(separator: "\n"))
    }
    skipped += notes
    return scenarios
  }

  /// - Parameter told: called with each scenario's part of the report as soon as it is known.
  public func run(told: (String) throws -> Void = { _ in }) rethrows -> CheckReport {
    var report = CheckReport()
    report.skipped = skipped
    for note in skipped { try told("note: \(note)") }
    for path in paths {
      let began = ContinuousClock.now
      var part = CheckReport.Part(path: path)
      do { try check(path, &part) } catch { part.fault = "\(error)" }
      part.seconds = (ContinuousClock.now - began) / Duration.seconds(1)
      report.parts.append(part)
      try told(part.text)
    }
    return report
  }

  private func check(_ path: String, _ part: inout CheckReport.Part) throws {
    let scenario: Scenario
    do {
      scenario = try Scenario.load(path: path, overrides: overrides, knownPolicies: Runner.policyNames)
    } catch {
      throw BadInput(description: error.description)
    }
    guard !scenario.checks.isEmpty else { return }
    var baselines: [String: BaselineFigures] = [:]
    var files: [String] = []
    for check in scenario.checks {
      if let file = check.baseline, !files.contains(file) { files.append(file) }
    }
    if !records { for file in files { baselines[file] = try BaselineFigures(path: file) } }
    let result = try Runner(scenario: scenario).evaluate(threads: threads)
    if records {
      for file in files {
        if try record(result, seed: scenario.seed, at: file) { part.recorded.append(file) }
        baselines[file] = try BaselineFigures(path: file)
      }
    }
    part.notes = [result.homeNote].compactMap { $0 }
    let evaluation = CheckEvaluation(result: result, baselines: baselines)
    part.outcomes = scenario.checks.flatMap { evaluation.outcomes($0) }
  }

  /// Writes a baseline; whether it is another one than before.
  private func record(_ result: ScenarioResult, seed: UInt64, at path: String) throws -> Bool {
    let table = MetricsCSV()
    for (place, run) in result.runs.enumerated() {
      table.add(
        run: place + 1, policy: run.policy, label: run.label, replication: run.replication, seed: seed,
        metrics: run.figures)
    }
    let data = Data(table.text.utf8)
    if FileManager.default.contents(atPath: path) == data { return false }
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw OutputError(description: "cannot write \(path): \(error.localizedDescription)")
    }
    return true
  }
}
