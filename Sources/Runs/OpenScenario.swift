internal import Audit
internal import Domain
internal import Foundation
internal import Metrics
internal import ResultReading
package import Scenarios

/// A scenario file read and checked: what the command line works with.
public struct OpenScenario {
  public let name: String
  private let path: String
  private let runner: Runner
  /// On what runs beside the policies that were asked for.
  private let policyNotes: [String]
  private let document: ScenarioDocument
  private let changes: [(key: String, value: String)]
  private let chosen: [ResolvedPolicy]?
  private var currency: Currency { runner.scenario.currency }

  /// - Parameter replications: in place of the scenario's; of windows, how many there are.
  /// - Throws: ``BadInput`` with every fault of the file.
  public init(
    path: String, overrides: [(key: String, value: String)], policies: [String], seed: UInt64?,
    replications: Int? = nil
  ) throws {
    self.path = path
    var scenario: Scenario
    do {
      let document = try ScenarioDocument(path: path)
      var changes = overrides
      var names = overrides.map { OverrideName.option("--set", $0.key, $0.value) }
      if let replications {
        changes.append((document.replicationsKey, String(replications)))
        names.append("--replications \(replications)")
      }
      scenario = try document.scenario(overrides: changes, names: names, knownPolicies: Runner.policyNames)
      self.document = document
      self.changes = changes
    } catch {
      throw BadInput(description: error.description)
    }
    chosen = policies.isEmpty ? nil : OpenScenario.places(policies, in: scenario.policies)
    policyNotes = try OpenScenario.choose(policies: policies, seed: seed, in: &scenario)
    scenario.source?.options += policies.map { ("--policy", $0) } + (seed.map { [("--seed", String($0))] } ?? [])
    name = scenario.name
    runner = Runner(scenario: scenario)
  }

  /// Puts the command line's policies, if there are any, and its seed in place of the scenario's. A label is one
  /// variant; a name that is no label is all variants of the policy. The scenario's baseline runs with them, as it is
  /// written there.
  ///
  /// - Returns: what is to be noted of that.
  /// - Throws: ``BadInput`` for a name that is neither.
  @discardableResult
  package static func choose(policies: [String], seed: UInt64?, in scenario: inout Scenario) throws -> [String] {
    if let seed { scenario.seed = seed }
    let written = scenario.policies
    let labels = PolicySpec.labels(written)
    for policy in policies where !(Runner.policyNames + labels).contains(policy) {
      let known = labels.filter { !Runner.policyNames.contains($0) } + Runner.policyNames
      let near = nearest(to: policy, among: known).map { "; did you mean \($0)?" } ?? ""
      throw BadInput(
        description: "--policy: found \(policy), expected one of \(known.joined(separator: ", "))\(near)")
    }
    guard !policies.isEmpty else { return [] }
    scenario.policies = policies.flatMap { name in
      if let place = labels.firstIndex(of: name) { return [written[place]] }
      let variants = written.filter { $0.name == name }
      return variants.isEmpty ? [PolicySpec(name: name)] : variants
    }
    let baseline = scenario.baseline
    guard !scenario.policies.contains(where: { $0.answers(to: baseline) }) else { return [] }
    let own = written.first { $0.label == baseline } ?? written.first { $0.name == baseline }
    scenario.policies.insert(own ?? PolicySpec(name: baseline), at: 0)
    return ["\(baseline) also runs: it is the scenario's baseline, with which the savings are computed"]
  }

  /// The policies of the command line, as the scenario has them.
  private static func places(_ names: [String], in written: [PolicySpec]) -> [ResolvedPolicy] {
    let labels = PolicySpec.labels(written)
    return names.flatMap { name -> [ResolvedPolicy] in
      if let place = labels.firstIndex(of: name) { return [.listed(place)] }
      let variants = written.indices.filter { written[$0].name == name }
      return variants.isEmpty ? [.named(name)] : variants.map { .listed($0) }
    }
  }

  /// The scenario as YAML with every default filled in, see `ScenarioDocument.resolved`.
  public func resolved() throws(BadInput) -> String {
    let seed = (key: "seed", value: String(runner.scenario.seed))
    do {
      return try document.resolved(
        overrides: changes + [seed], policies: chosen, knownPolicies: Runner.policyNames)
    } catch { throw BadInput(description: error.description) }
  }

  /// Checks the scenario's inputs and returns what a run would note of them.
  @discardableResult
  public func validate() throws -> [String] {
    // A sweep's points are part of the scenario.
    if runner.scenario.sweep != nil { _ = try SweepPlan(path: path, overrides: changes) }
    return try policyNotes + runner.validate()
  }

  /// The scenario's events with their instants, a line each; with several windows, those of the first.
  public var events: [String] { EventLines.text(runner.scenario) }

  /// Writes the generated jobs of a replication as a job log and returns how many there are.
  public func writeWorkload(to path: String, replication: Int = 1) throws -> Int {
    try FileIdentity.demandOther(path, than: [self.path] + runner.scenario.files)
    return try runner.writeWorkload(to: path, replication: replication)
  }

  /// Runs, writes the files and returns the table for people.
  ///
  /// - Parameters:
  ///   - folder: where the tables go.
  ///   - figures: where the maps go.
  ///   - threads: how many runs go on at once; by default one a core.
  ///   - progress: told on any thread, by one at a time.
  public func run(
    into folder: String, figures: String, threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil
  ) throws -> String {
    try FileIdentity.demandInputsStay(
      [path], in: folder, tables: ["results.sqlite", "metrics.csv", "jobs.csv", "zones.csv", "policy_metrics.csv"])
    let result: ScenarioResult
    do {
      result = try runner.run(
        into: folder, figures: figures, threads: threads ?? OpenScenario.cores, progress: progress)
    } catch let fault as BadInput { throw fault.with(remarks: runner.scenario.remarks) }
    let table = result.replications > 1 ? MeansTable.text(result, currency) : OpenScenario.table(result, currency)
    let standings = result.standings
    let legend = standings.legend(result.labels) + [standings.savingLegend(result.labels)].compactMap { $0 }
    let failures = try failureNotes(result, folder)
    let work = [result.standings.workNote(result.labels)].compactMap { $0 }
    // The line below the means says so already.
    let own = result.notes.filter { $0 != WindowFit.overlap || result.replications == 1 }
    let notes = (policyNotes + own + work + failures).map { "note: \($0)" }
    let written =
      "written: \(folder)/ (results.sqlite and CSV), \(figures)/ (\(counted(result.maps, "map")), "
      + "\(counted(result.charts, "chart")))"
    return ([table] + legend + notes + [written]).joined(separator: "\n")
  }

  /// The outages that ended jobs, from the result that has just been written.
  private func failureNotes(_ result: ScenarioResult, _ folder: String) throws -> [String] {
    guard result.runs.contains(where: { $0.failed > 0 }) else { return [] }
    let scenario = runner.scenario
    guard scenario.outputs.workloads == .all else { return FailureSentences.remedy(scenario) }
    do {
      let failures = try OutageFailures.read(path: folder + "/results.sqlite", labels: RunPlan.labels)
      return FailureSentences.all(failures, replications: result.replications)
    } catch let refusal as AuditRefusal { throw refusal.fault }
  }

  package static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The metrics of each run.
  private static func table(_ result: ScenarioResult, _ currency: Currency) -> String {
    let table = RunTable(result, currency, carbonDigits: 3)
    let standings = result.standings
    let rows = result.runs.map { run in
      [run.label + standings.marks(run.label)]
        + table.columns.map { column in
          guard let value = run.figure(column.figure) else { return "–" }
          return RunTable.text(value * column.factor, column.digits) + standings.figureMark(column.figure, run.label)
        }
    }
    return TextTable.text(TextTable.aligned([table.headings] + rows, mark: "‡"))
  }
}
