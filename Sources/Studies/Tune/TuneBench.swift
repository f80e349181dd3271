internal import Domain
internal import Foundation
internal import Metrics
internal import Policies
internal import Runs
internal import Scenarios

/// Runs one policy with many parameters on the same replications: inputs are read once, grids drawn once, the baseline
/// run once a replication.
final class TuneBench {
  let scenario: Scenario
  private let inputs: LoadedInputs
  private let shelf: WorldShelf
  private let warmUps: WarmUpShelf
  private let baseline: PolicySpec
  private let threads: Int
  private let progress: ((RunProgress) -> Void)?
  /// Totals of the baseline, by replication.
  private var totals: [RunTotals] = []
  private var runsDone = 0
  private let runsAtMost: Int

  /// - Parameter runs: maximum number of runs, for the progress report.
  /// - Throws: ``BadInput``.
  init(_ scenario: Scenario, runs: Int, threads: Int, progress: ((RunProgress) -> Void)?) throws {
    var scenario = scenario
    scenario.outputs.maps = .none
    scenario.outputs.samples = .none
    self.scenario = scenario
    inputs = try LoadedInputs(scenario)
    shelf = WorldShelf(inputs.grid)
    baseline =
      scenario.policies.first { $0.answers(to: scenario.baseline) } ?? PolicySpec(name: scenario.baseline)
    warmUps = WarmUpShelf(scenario, inputs, shelf, baseline: baseline)
    self.threads = threads
    self.progress = progress
    runsAtMost = runs + scenario.replications
  }

  var notes: [String] { inputs.notes }

  /// True if replications differ in anything but the policies' own randomness.
  var isDrawn: Bool { scenario.variation.sources.contains { $0 != .policyRandomness } }

  /// The figures of each policy over all replications: the same for any number of threads.
  ///
  /// - Throws: what a run throws.
  func figures(_ policies: [PolicySpec]) throws -> [TuneFigures] {
    if totals.isEmpty { totals = try runs([baseline]).map(\.totals) }
    var runs = try runs(policies)
    let count = scenario.replications
    for place in runs.indices { runs[place].setPairMetrics(against: totals[place % count]) }
    return policies.indices.map { place in
      TuneFigures(runs[place * count..<(place + 1) * count].map(\.figures))
    }
  }

  /// Policy by policy, each on every replication.
  private func runs(_ policies: [PolicySpec]) throws -> [FinishedRun] {
    let count = scenario.replications
    var runs: [FinishedRun] = []
    let (scenario, inputs, shelf, warmUps) = (scenario, inputs, shelf, warmUps)
    let work = OrderedWork<FinishedRun>(count: policies.count * count) { index, work in
      let replication = index % count + 1
      let run = PolicyRun(
        scenario: scenario.window(replication), inputs: inputs, world: shelf.world(replication),
        spec: policies[index / count],
        replication: replication, counted: try warmUps.time(replication))
      return try run.simulate(table: nil, isWanted: { work.isWanted(index) })
    } deliver: { index, run in
      runs.append(run)
      self.tell(policies[index / count].name)
      return true
    }
    try work.run(threads: threads)
    return runs
  }

  private func tell(_ policy: String) {
    runsDone += 1
    progress?(
      RunProgress(
        runsDone: runsDone, runs: runsAtMost, policy: policy, fraction: Double(runsDone) / Double(runsAtMost)))
  }
}
