public import Engine
public import Policies

/// Puts a policy through random scenarios and says which rules it broke (``ConformanceRule``).
///
/// A scenario has one to four zones, now and then fourteen, and up to two dozen jobs: uneven and flat traces, zero
/// intensities, negative prices, jobs with and without a home, deadlines, windows, caps soft and hard, GPUs, wrong
/// estimates, interruptions that cost, forecasts of every model and horizon, clocks that drain and that cut off; in half
/// of them zones go out, lose or gain capacity for a time or for good, carbon and price are shocked. Every other one has
/// the policy's own parameters, the rest draw them from its entry.
///
/// Each is run twice, the second time with its decisions logged; records and segments are counted again without the
/// engine's help. Then its future is changed three times from some instant on: the trace's values (where the forecast knows nothing of them: `persistence` and
/// `recorded`), the true durations of jobs that are not over, and the submissions to come. No decision before that
/// instant may change.
///
/// A kit cannot find an endless loop within one call, or jobs left waiting by a policy that says it leaves jobs.
/// A policy that asks for a zone or a job that it was never given ends the process.
///
///     let report = ConformanceKit(MyPolicy.entry, scenarios: 2000).check()
///     #expect(report.passed, "\(report)")
public struct ConformanceKit: Sendable {
  /// How failures call the policy.
  public let policy: String
  public var seed: UInt64
  public var scenarios: Int
  private let parameters: [PolicyParameter]
  private let accepts: @Sendable (PolicyParameters) -> Bool
  private let make: @Sendable (PolicySetup, ConformanceScenario) -> any Policy

  /// A policy as a catalogue has it, its parameters drawn too.
  public init(_ entry: PolicyCatalog.Entry, seed: UInt64 = 1, scenarios: Int = 100) {
    self.init(
      policy: entry.name, parameters: entry.parameters, seed: seed, scenarios: scenarios,
      accepts: { entry.faults($0).isEmpty }, make: { setup, _ in entry.make(setup) })
  }

  /// A policy by whatever makes it.
  public init(
    policy: String, seed: UInt64 = 1, scenarios: Int = 100, make: @escaping @Sendable (PolicySetup) -> any Policy
  ) {
    self.init(policy: policy, seed: seed, scenarios: scenarios, make: { setup, _ in make(setup) })
  }

  /// For tests of the kit: policies that know more than they may.
  package init(
    policy: String, parameters: [PolicyParameter] = [], seed: UInt64, scenarios: Int,
    accepts: @escaping @Sendable (PolicyParameters) -> Bool = { _ in true },
    make: @escaping @Sendable (PolicySetup, ConformanceScenario) -> any Policy
  ) {
    self.policy = policy
    self.parameters = parameters
    self.seed = seed
    self.scenarios = scenarios
    self.accepts = accepts
    self.make = make
  }

  /// All scenarios, from the first on. O(scenarios): some 10 ms each in a debug build.
  public func check() -> ConformanceReport {
    var report = ConformanceReport(policy: policy)
    for number in 1...max(1, scenarios) { report.add(check(scenario: number)) }
    return report
  }

  /// One scenario by its number.
  public func check(scenario number: Int) -> ConformanceReport {
    let scenario = scenario(number)
    var report = ConformanceReport(policy: policy)
    report.scenarios = 1
    func note(_ rule: ConformanceRule, _ found: String) {
      if report.failures.contains(where: { $0.rule == rule }) { return }
      report.failures.append(
        ConformanceFailure(
          policy: policy, rule: rule, seed: seed, scenario: number, found: found, setting: scenario.description))
    }
    let run = ConformanceRun(scenario, make)
    count(run, scenario, &report)
    let again = ConformanceRun(scenario, logs: true, make)
    let length = max(run.decisions.count, again.decisions.count)
    if let place = (0..<length).first(where: { !ChangedFuture.agree(run.decisions, again.decisions, $0) }) {
      note(.determinism, "decision \(place + 1) differs between two runs, the second of which logs its decisions")
    }
    if let error = run.error {
      note(ConformanceRule(error), "\(error)\(scenario.hint(error))")
      return report
    }
    for (rule, found) in RecordChecks(scenario, run).findings { note(rule, found) }
    // What differs anyway says nothing of the future.
    guard !report.failures.contains(where: { $0.rule == .determinism }) else { return report }
    for part in ChangedFuture.Part.allCases {
      guard let future = ChangedFuture(part, of: scenario, after: run) else { continue }
      let other = ConformanceRun(future.scenario, make)
      report.futures += 1
      report.decisionsCompared += run.decisions.count { $0.at < future.cut }
      if let found = future.difference(run, other) { note(part.rule, found) }
    }
    return report
  }

  /// The scenario of a number.
  public func scenario(_ number: Int) -> ConformanceScenario {
    var drawing = ScenarioDrawing(seed: seed, number: number)
    var scenario = drawing.scenario(parameters)
    if !accepts(scenario.parameters) { scenario.parameters = PolicyParameters() }
    return scenario
  }

  private func count(_ run: ConformanceRun, _ scenario: ConformanceScenario, _ report: inout ConformanceReport) {
    report.jobs = scenario.jobs.count
    report.started = run.records.count { $0.start != .never }
    report.delayed = run.records.count { $0.start != .never && $0.start > $0.job.submittedAt }
    report.interrupted = run.interrupted.count
    report.failed = run.records.count { $0.status == .failed }
    report.rejected = run.records.count { $0.status == .rejected }
  }
}
