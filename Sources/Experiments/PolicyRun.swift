internal import Domain
internal import Engine
internal import Figures
internal import Metrics
internal import Policies
internal import Scenarios
internal import Store

/// What is left of a run when its jobs are gone.
struct FinishedRun {
  var id: Int
  var policy: String
  var replication: Int
  var metrics: RunMetrics
  var samples: [ZoneSample]
  var snapshots: [MapSnapshot]
  /// The latest instant at which a job drew power.
  var lastEnd: Instant
  var wallClock: WallClock
  /// Whether the policy keeps a job in its home zone.
  var staysAtHome: Bool
  /// The policy's own figures, where it has any.
  var policyFigures: [(name: String, value: Double?)] = []
}

/// One policy on one replication.
struct PolicyRun {
  let scenario: Scenario
  let inputs: LoadedInputs
  let world: World
  let spec: PolicySpec
  let id: Int
  let replication: Int

  func simulate(tables: ResultTables, progress: ((Double) -> Void)?) throws -> FinishedRun {
    guard let entry = PolicyCatalog.entry(spec.name) else { throw BadInput(description: "no policy \(spec.name)") }
    let metrics = RunMetrics(zones: world.zones, start: world.start, duration: world.duration)
    let table = tables.workloads(run: id)
    let jobs = try inputs.jobs.source(scenario, replication: replication, keepsTexts: table != nil)
    let pipeline = RecordPipeline(metrics: metrics, table: table, texts: jobs)
    let sampler = ZoneSampler(
      scenario: scenario, policy: spec.name, replication: replication, metrics: metrics, progress: progress)
    let policy = entry.make(
      PolicySetup(
        parameters: spec.parameters, seed: scenario.seed, replication: replication, zones: world.zones,
        clock: world.start..<world.end, decisions: spec.parameters.text("decisions").flatMap { inputs.decisions[$0] }))
    let began = ContinuousClock.now
    let simulation = Simulation(
      world: world, policy: policy, source: jobs, sink: pipeline, probe: sampler,
      forecaster: inputs.grid.forecaster(world, replication), capsAreHard: scenario.caps == .hard,
      interruption: scenario.interruption)
    do { try simulation.run() } catch let error as SimulationError {
      throw BadInput(description: "\(spec.name): \(error.description)")
    }
    try table?.flush()
    let seconds = (ContinuousClock.now - began) / Duration.seconds(1)
    return FinishedRun(
      id: id, policy: spec.name, replication: replication, metrics: metrics, samples: sampler.samples,
      snapshots: sampler.snapshots, lastEnd: simulation.now,
      wallClock: WallClock(
        simulationSeconds: seconds, decisionP50Nanoseconds: simulation.decisions.percentile(0.5),
        decisionP99Nanoseconds: simulation.decisions.percentile(0.99)),
      staysAtHome: policy.staysAtHome, policyFigures: (policy as? any PolicyReport)?.figures ?? [])
  }
}
