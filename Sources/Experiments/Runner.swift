internal import Domain
internal import Engine
internal import Figures
internal import Metrics
internal import Policies
public import Scenarios
internal import Store

/// What one run gave.
public struct RunResult: Sendable {
  public var policy: String
  public var replication: Int
  /// Every figure in the contract's order; `nil` where it is not defined.
  public var figures: [(name: String, value: Double?)]
  /// 16 hexadecimal digits: equal for equal placements.
  public var placementSignature: String

  public func figure(_ name: String) -> Double? {
    guard let found = figures.first(where: { $0.name == name }) else { return nil }
    return found.value
  }
}

/// What a scenario gave: its runs, and what was mended or left out on the way.
public struct ScenarioResult: Sendable {
  public var runs: [RunResult]
  public var notes: [String]
  /// How many maps were drawn.
  public var maps: Int
}

/// A result that could not be written: the exit code is 3.
public struct OutputError: Error, CustomStringConvertible {
  public var description: String
}

/// Bad input from any of the rooms below: the text is for people, the exit code is 2.
public struct BadInput: Error, CustomStringConvertible {
  public var description: String
}

/// Scenario → inputs → engine → metrics → tables and figures.
public struct Runner {
  public static var policyNames: [String] { PolicyCatalog.entries.map(\.name) }
  public static var policySummaries: [(name: String, summary: String)] {
    PolicyCatalog.entries.map { ($0.name, $0.summary) }
  }

  let scenario: Scenario

  public init(scenario: Scenario) {
    self.scenario = scenario
  }

  /// Ends the process for an interruption: what has not got its final name is removed before `leave` is called;
  /// where the results have just got theirs it returns, for the process is about to end well.
  public static func abandon(then leave: () -> Never) { ResultFolder.abandonAll(then: leave) }

  /// Finishes or takes back what an interrupted run left in a folder of results; for whoever reads one.
  public static func recover(_ folder: String) throws(OutputError) {
    do { try ResultFolder.recover(folder) } catch { throw OutputError(description: error.description) }
  }

  /// Reads and checks every input; writes nothing.
  public func validate() throws(BadInput) { _ = try LoadedInputs(scenario) }

  /// Runs every policy on every replication and writes tables and figures.
  ///
  /// - Parameters:
  ///   - progress: told the policy, and how much of the clock has passed (0...1).
  /// - Throws: ``BadInput``, ``OutputError``, and what a policy did wrong.
  public func run(
    into folder: String, figures: String, progress: ((String, Double) -> Void)? = nil
  ) throws -> ScenarioResult {
    let inputs = try LoadedInputs(scenario)
    do {
      return try run(inputs, ResultFolder(path: folder), ResultFolder(path: figures), progress)
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    }
  }

  private func run(
    _ inputs: LoadedInputs, _ folder: ResultFolder, _ maps: ResultFolder, _ progress: ((String, Double) -> Void)?
  ) throws -> ScenarioResult {
    let world = inputs.grid.world(1)
    let tables = try ResultTables(
      folder: folder, zones: world.zones, conditions: conditions(world),
      users: UserRow.rows(logged: inputs.jobs.users, createdAt: world.start),
      keepsWorkloads: scenario.outputs.workloads == .all)
    var wanted = scenario.policies
    if !wanted.contains(where: { $0.name == scenario.baseline }) {
      wanted.insert(PolicySpec(name: scenario.baseline), at: 0)
    }
    var done: [FinishedRun] = []
    var idle: [[Overhead]] = []
    for replication in 1...scenario.replications {
      let world = inputs.grid.traceSet(replication) == 1 ? world : inputs.grid.world(replication)
      idle.append(overheads(world))
      for spec in wanted {
        let run = PolicyRun(
          scenario: scenario, inputs: inputs, world: world, spec: spec, id: done.count + 1, replication: replication)
        done.append(try run.simulate(tables: tables, progress: progress.map { tell in { tell(spec.name, $0) } }))
      }
    }
    let rows = self.rows(done, inputs, world, idle)
    try addTraces(tables, inputs, done)
    try tables.finish(rows)
    var taken: Set<String> = []
    for run in done {
      for snapshot in run.snapshots {
        // The name tells policy and instant; where two runs share both, the later ones tell their number too.
        let name = MapFigure.fileName(snapshot)
        let own = taken.insert(name).inserted ? name : "\(name.dropLast(4))-run\(run.id).svg"
        try maps.write(MapFigure.svg(snapshot), as: own)
      }
    }
    try ResultFolder.replace([
      Replacement(folder) { name in name == "jobs.csv" || name == "policy_metrics.csv" },
      Replacement(maps) { name in name.hasPrefix("map-") && name.hasSuffix(".svg") },
    ])
    return ScenarioResult(
      runs: rows.map {
        RunResult(
          policy: $0.policy, replication: $0.replication, figures: $0.metrics,
          placementSignature: $0.placementSignature)
      }, notes: inputs.notes, maps: done.reduce(0) { $0 + $1.snapshots.count })
  }

  private func rows(
    _ done: [FinishedRun], _ inputs: LoadedInputs, _ world: World, _ idle: [[Overhead]]
  ) -> [RunRow] {
    done.map { run in
      let idle = idle[run.replication - 1]
      let baseline = done.first { $0.replication == run.replication && $0.policy == scenario.baseline }
      let hex = String(run.metrics.placementSignature, radix: 16)
      return RunRow(
        id: run.id, scenario: scenario.name, policy: run.policy, replication: run.replication, seed: scenario.seed,
        baselineRun: baseline?.id ?? run.id, clockStart: world.start, clockEnd: world.end, drains: world.drains,
        traceSet: inputs.grid.traceSet(run.replication), eventOrderVersion: Simulation.eventOrderVersion,
        placementSignature: String(repeating: "0", count: 16 - hex.count) + hex,
        metrics: run.metrics.figures(
          baseline: baseline?.metrics.totals ?? (.zero, .zero), overhead: idle.reduce(Overhead(), +)),
        zones: run.metrics.zoneFigures(overheads: idle), samples: run.samples, wallClock: run.wallClock,
        staysAtHome: run.staysAtHome, interruption: scenario.interruption, policyMetrics: run.policyFigures)
    }
  }

  private func conditions(_ world: World) -> [(carbon: Double?, price: Double?)] {
    world.zones.indices.map { (world.carbon[$0].value(at: world.start), world.price[$0].value(at: world.start)) }
  }

  /// What audit needs to walk over: the steps from the start to the end of the last job, of each set of traces.
  private func addTraces(_ tables: ResultTables, _ inputs: LoadedInputs, _ done: [FinishedRun]) throws {
    let sets = (1...scenario.replications).filter { inputs.grid.traceSet($0) == $0 }
    for set in sets {
      let world = inputs.grid.world(set)
      let runs = done.filter { inputs.grid.traceSet($0.replication) == set }
      let until = max(runs.map(\.lastEnd).max() ?? world.end, world.end)
      for (index, zone) in world.zones.enumerated() {
        for (name, trace) in [("carbon_intensity", world.carbon[index]), ("price", world.price[index])] {
          try tables.addTrace(set: set, quantity: name, zone: zone.id, trace, from: world.start, until: until)
        }
      }
    }
  }

  /// Idle power over the clock, a zone each, the same for every policy.
  private func overheads(_ world: World) -> [Overhead] {
    world.zones.enumerated().map { index, zone in
      guard zone.idlePower > .zero else { return Overhead() }
      let power = zone.idlePower.value
      return Overhead(
        energy: Energy(power * world.duration.inHours),
        emissions: Emissions(power * world.carbon[index].integral(from: world.start, to: world.end)),
        cost: Money(power * world.price[index].integral(from: world.start, to: world.end)))
    }
  }
}
