internal import Foundation
internal import Scenarios

/// A scenario file read and checked: what the command line works with.
public struct OpenScenario {
  public let name: String
  private let runner: Runner

  /// - Throws: ``BadInput`` with every fault of the file.
  public init(path: String, overrides: [(key: String, value: String)], policies: [String], seed: UInt64?) throws {
    var scenario: Scenario
    do {
      scenario = try Scenario.load(path: path, overrides: overrides, knownPolicies: Runner.policyNames)
    } catch {
      throw BadInput(description: error.description)
    }
    if let seed { scenario.seed = seed }
    for policy in policies where !Runner.policyNames.contains(policy) {
      throw BadInput(
        description: "--policy: found \(policy), expected one of \(Runner.policyNames.joined(separator: ", "))")
    }
    if !policies.isEmpty {
      let written = scenario.policies
      scenario.policies = policies.map { name in
        written.first { $0.name == name } ?? PolicySpec(name: name)
      }
    }
    scenario.source?.options += policies.map { ("--policy", $0) } + (seed.map { [("--seed", String($0))] } ?? [])
    name = scenario.name
    runner = Runner(scenario: scenario)
  }

  public func validate() throws { try runner.validate() }

  /// Writes the generated jobs of a replication as a job log and returns how many there are.
  public func writeWorkload(to path: String, replication: Int = 1) throws -> Int {
    try runner.writeWorkload(to: path, replication: replication)
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
    let result = try runner.run(
      into: folder, figures: figures, threads: threads ?? OpenScenario.cores, progress: progress)
    let table = result.replications > 1 ? MeansTable.text(result) : OpenScenario.table(result)
    let notes = result.notes.map { "note: \($0)" }
    let written =
      "written: \(folder)/ (results.sqlite and CSV), \(figures)/ (\(result.maps) maps, "
      + "\(result.charts) charts)"
    return ([table] + notes + [written]).joined(separator: "\n")
  }

  static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The figures of each run.
  private static func table(_ result: ScenarioResult) -> String {
    var lines = [["policy", "jobs", "carbon kg", "saved %", "cost GBP", "saved %", "SLA %", "mean wait s", "CPU %"]]
    for run in result.runs {
      func cell(_ name: String, _ digits: Int, times factor: Double = 1) -> String {
        guard let value = run.figure(name) else { return "–" }
        let text = String(format: "%.\(digits)f", value * factor)
        // What rounds to nothing has no sign.
        return text.first == "-" && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
      }
      lines.append([
        run.policy, cell("jobs_completed", 0), cell("carbon_kg", 3), cell("carbon_savings_pct", 2), cell("cost_gbp", 2),
        cell("cost_savings_pct", 2), cell("sla_met_pct", 2), cell("wait_mean_s", 1),
        cell("utilization_cpu", 2, times: 100),
      ])
    }
    return TextTable.text(lines)
  }
}
