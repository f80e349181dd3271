internal import Domain
internal import Foundation
internal import Metrics
internal import Policies
public import Runs
internal import Scenarios

/// Searches the weights of a policy for the best objective under constraints, on the same jobs for every point, and
/// checks what it found on jobs that the search has not seen.
public struct Tune {
  private let scenario: Scenario
  private let policy: PolicySpec
  private let names: [String]
  private let goal: TuneGoal
  private let budget: Int
  private let confidence: Double

  static let frontMetrics = [Metric.carbon, .cost, .waitMean].map(\.name)

  /// Reads and checks everything.
  ///
  /// - Parameters:
  ///   - policy: one with weights; its other parameters are those of the scenario.
  ///   - objective: a metric, with `min:` or `max:` where it is neither good nor bad.
  ///   - constraints: such as `sla_met_pct >= 99`, of means over the replications.
  ///   - budget: so many points at most.
  ///   - replications: of each point; `nil` for the scenario's, five where it has one.
  /// - Throws: ``BadInput`` with every fault.
  public init(
    path: String, overrides: [(key: String, value: String)] = [], policy: String, objective: String,
    constraints: [String], budget: Int = 60, seed: UInt64? = nil, replications: Int? = nil, confidence: Double = 0.95
  ) throws {
    var faults: [String] = []
    func gathered<Value>(_ work: () throws -> Value) -> Value? {
      do { return try work() } catch {
        faults.append("\(error)")
        return nil
      }
    }
    var loaded = gathered {
      try Scenario.load(path: path, overrides: overrides, knownPolicies: Runner.policyNames)
    }
    let goal = gathered { try TuneGoal(objective: objective, constraints: constraints) }
    names = (PolicyCatalog.entry(policy)?.parameters ?? []).map(\.name).filter { $0.hasPrefix("weights.") }
    if names.count < 2 {
      let others = PolicyCatalog.entries.filter { $0.parameters.contains { $0.name.hasPrefix("weights.") } }.map(\.name)
      faults.append("--policy: found \(policy), expected a policy with weights: \(others.joined(separator: ", "))")
    }
    if budget < 1 || budget > 100_000 {
      faults.append("--budget: found \(budget), expected a whole number from 1 to 100,000")
    }
    if let replications, replications < 1 || replications > 100_000 {
      faults.append("--replications: found \(replications), expected a whole number from 1 to 100,000")
    }
    if confidence < 0.5 || confidence > 0.9999 {
      faults.append("--confidence: found \(confidence), expected a number from 0.5 to 0.9999")
    }
    guard faults.isEmpty, let goal, loaded != nil else { throw BadInput(description: faults.joined(separator: "\n")) }
    if let seed { loaded?.seed = seed }
    loaded?.until = nil
    guard var scenario = loaded else { throw BadInput(description: path) }
    let usual = scenario.replications > 1 || scenario.windows != nil ? scenario.replications : 5
    scenario.replications = replications ?? usual
    scenario.windows?.count = scenario.replications
    self.policy = scenario.policies.first { $0.answers(to: policy) } ?? PolicySpec(name: policy)
    self.scenario = scenario
    self.goal = goal
    self.budget = budget
    self.confidence = confidence
  }

  /// - Throws: ``BadInput``, and what a policy did wrong.
  public func run(threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil) throws -> TuneReport {
    let threads = threads ?? OpenScenario.cores
    var (scenario, unseen) = parts
    let probe = try TuneBench(self.scenario, runs: 0, threads: 1, progress: nil)
    if !probe.isDrawn { scenario.replications = 1 }
    let fresh = probe.isDrawn ? unseen?.replications ?? 0 : 0
    let runs = budget * scenario.replications + 2 * fresh
    let bench = try TuneBench(scenario, runs: runs, threads: threads, progress: progress)
    var search = SimplexSearch<TuneFigures>(
      dimension: names.count, budget: budget, seed: scenario.seed, isBetter: { goal.prefers($0, to: $1) },
      evaluate: { points in try bench.figures(points.map { spec($0) }) })
    try search.run(from: untuned)
    let points = search.points.map { TuneReport.Point(parts: $0.parts, figures: $0.outcome) }
    var report = TuneReport(
      scenario: scenario.name, policy: policy.name, names: names.map { String($0.dropFirst("weights.".count)) },
      goal: goal, points: points, best: search.best, replications: scenario.replications, confidence: confidence,
      yaml: yaml(spec(search.points[search.best].parts)), notes: bench.notes, currency: scenario.currency)
    if fresh > 0, let unseen { try check(&report, unseen, threads, progress) }
    return report
  }

  /// The scenario for the search, and the one to check its result on: jobs and grids of another seed. Windows at fixed
  /// distances are the same for any seed, so every other one is left for the check; `nil` if none is left.
  private var parts: (search: Scenario, check: Scenario?) {
    var (search, check) = (scenario, scenario)
    check.seed = scenario.seed &+ 1
    guard let windows = scenario.windows, case .every(let span, let first) = windows.placing else {
      check.replications = max(10, scenario.replications)
      check.windows?.count = check.replications
      return (search, check)
    }
    let twice = TimeSpan(milliseconds: 2 * span.milliseconds)
    search.replications = (scenario.replications + 1) / 2
    search.windows?.placing = .every(twice, first: first)
    check.replications = scenario.replications / 2
    check.windows?.placing = .every(twice, first: first + span)
    search.windows?.count = search.replications
    check.windows?.count = check.replications
    return (search, check.replications > 0 ? check : nil)
  }

  /// Best against untuned on what the search has not seen.
  private func check(
    _ report: inout TuneReport, _ scenario: Scenario, _ threads: Int, _ progress: ((RunProgress) -> Void)?
  ) throws {
    let bench = try TuneBench(scenario, runs: 2 * scenario.replications, threads: threads, progress: progress)
    let found = try bench.figures([spec(report.points[0].parts), spec(report.points[report.best].parts)])
    let metrics = ([goal.objective] + goal.constraints.map(\.metric) + Tune.frontMetrics + ["sla_met_pct"])
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let series = metrics.flatMap { metric in
      zip(["untuned", "best"], found).map { MetricSeries(metric: metric, subject: $0, values: $1.values(metric)) }
    }
    report.check = TuneReport.Check(
      seed: scenario.seed,
      comparison: Comparison(
        series, confidence: confidence, seed: scenario.seed, variation: scenario.variation),
      keeps: goal.keeps(found[1]))
  }

  /// The scenario's weights, or the policy's own, in proportion.
  private var untuned: [Double] {
    let told = names.contains { policy.parameters.values[$0] != nil }
    let weights =
      told
      ? names.map { policy.parameters.number($0, default: 0) } : names.map { Tune.standard[$0] ?? 1 }
    let sum = weights.reduce(0, +)
    return weights.map { sum > 0 ? $0 / sum : 1 / Double(weights.count) }
  }

  /// Default weights of `deadline-aware` (`ScoreWeights.standard`).
  private static let standard = [
    "weights.carbon": 0.5, "weights.cost": 0.1, "weights.delay": 0.2, "weights.risk": 0.1, "weights.pressure": 0.1,
  ]

  private func spec(_ parts: [Int]) -> PolicySpec {
    var spec = policy
    for (name, part) in zip(names, parts) { spec.parameters.values[name] = .number(Double(part) / 10_000) }
    return spec
  }

  /// A policy as a scenario writes it.
  private func yaml(_ spec: PolicySpec) -> String {
    func text(_ value: ParameterValue) -> String {
      switch value {
      case .number(let number): TextTable.number(number)
      case .flag(let flag): "\(flag)"
      case .text(let text): JSON.text(text)
      }
    }
    var parts = [
      "weights: {"
        + names.map { "\($0.dropFirst("weights.".count)): \(text(spec.parameters.values[$0] ?? .number(0)))" }
        .joined(separator: ", ") + "}"
    ]
    for name in spec.parameters.values.keys.sorted() where !names.contains(name) {
      if let value = spec.parameters.values[name] { parts.append("\(name): \(text(value))") }
    }
    return "- \(spec.name): {\(parts.joined(separator: ", "))}"
  }
}
