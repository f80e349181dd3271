package import Domain
package import Engine
package import Figures
internal import Inputs
package import Metrics
internal import Policies
package import Results
package import Scenarios

/// The results of a run that are kept after its jobs have been released.
package struct FinishedRun {
  package var policy: String
  package var replication: Int
  /// Savings are not known yet.
  package var figures: [(name: String, value: Double?)]
  /// Jobs that count and failed.
  package var failed: Int
  package var totals: RunTotals
  package var zones: [ZoneFigures]
  package var placementSignature: UInt64
  /// The rows that wait for those of earlier runs; `nil` if none are kept.
  package var table: WorkloadTable?
  /// The decisions that wait for those of earlier runs; `nil` if none are kept.
  package var decisions: DecisionTable?
  package var samples: [ZoneSample]
  package var snapshots: [MapSnapshot]
  /// The latest instant at which a job drew power.
  package var lastEnd: Instant
  package var wallClock: WallClock
  /// True if the policy keeps a job in its home zone.
  package var staysAtHome: Bool
  /// The policy's own metrics, if it has any.
  package var policyFigures: [(name: String, value: Double?)] = []
  /// Data on the jobs for charts; `nil` if no charts are wanted.
  package var charts: ChartFigures?
  /// The end of the warm-up.
  package var counted: CountedTime
  /// Jobs without a home zone, and jobs that got one by the scenario's `home`.
  package var homes: (without: Int, given: Int)

  /// Bytes of rows that wait on the disk.
  package var keptBytes: Int { (table?.keptBytes ?? 0) + (decisions?.keptBytes ?? 0) }
}

/// One policy on one replication.
package struct PolicyRun {
  package let scenario: Scenario
  package let inputs: LoadedInputs
  package let world: World
  package let spec: PolicySpec
  package let replication: Int
  /// The end of the warm-up.
  package var counted: CountedTime?

  package init(
    scenario: Scenario, inputs: LoadedInputs, world: World, spec: PolicySpec, replication: Int,
    counted: CountedTime? = nil
  ) {
    (self.scenario, self.inputs, self.world, self.spec) = (scenario, inputs, world, spec)
    (self.replication, self.counted) = (replication, counted)
  }

  /// The text of an error, which names the job and its duration.
  private func text(_ error: SimulationError) -> String {
    guard case .outsideTrace(let sequence, _, _, let wanted, _) = error,
      let job = LongJobs.job(sequence, inputs.jobs, scenario, replication: replication)
    else { return error.description }
    let late = wanted.from - job.submitted
    let queued =
      late > .zero ? "; it was submitted at \(job.submitted.readable) and waited \(TraceCoverage.text(late))" : ""
    let window =
      scenario.windows != nil
      ? "; this is window \(replication), from \(scenario.start.readable), whose jobs run on after its end" : ""
    return error.description(job: job.name) + queued + window
  }

  /// Runs without figures, tables and samples.
  package func simulate(into sink: any RecordSink) throws {
    let jobs = try inputs.jobs.source(scenario, replication: replication, keepsTexts: false)
    try simulate(policy: policy(), jobs, sink, probe: nil, nil)
  }

  private func policy() throws -> any Policy {
    guard let entry = PolicyCatalog.entry(spec.name) else { throw BadInput(description: "no policy \(spec.name)") }
    return entry.make(
      PolicySetup(
        parameters: spec.parameters, seed: scenario.seed, replication: replication, zones: world.zones,
        clock: world.start..<world.end, decisions: spec.parameters.text("decisions").flatMap { inputs.decisions[$0] }))
  }

  @discardableResult
  private func simulate(
    policy: any Policy, _ jobs: any JobSource, _ sink: any RecordSink, probe: (any Probe)?,
    _ log: (any DecisionSink)?
  ) throws -> Simulation {
    let simulation = Simulation(
      world: world, policy: policy, source: jobs, sink: sink, probe: probe,
      forecaster: inputs.grid.forecaster(world, replication), capsAreHard: scenario.caps == .hard,
      interruption: scenario.interruption, decisionLog: log)
    do { try simulation.run() } catch let error as SimulationError {
      throw BadInput(description: "\(spec.name): \(text(error))")
    }
    return simulation
  }

  /// - Parameters:
  ///   - isWanted: asked now and then; the run stops where the answer is no.
  ///   - gathersCharts: whether what charts need of the jobs is gathered.
  ///   - progress: told how much of the clock has passed (0...1).
  package func simulate(
    table: WorkloadTable?, decisions: DecisionTable? = nil, gathersCharts: Bool = false,
    isWanted: @escaping () -> Bool = { true },
    progress: ((Double) -> Void)? = nil
  ) throws -> FinishedRun {
    let metrics = RunMetrics(
      zones: world.zones, start: world.start, duration: world.duration, countedFrom: counted?.from,
      changes: world.changes, carbon: world.carbon, interruption: scenario.interruption)
    let jobs = try inputs.jobs.source(scenario, replication: replication, keepsTexts: table != nil || decisions != nil)
    let charts =
      gathersCharts
      ? ChartTallies(
        zones: world.zones.count, start: world.start, duration: world.duration, countedFrom: counted?.from) : nil
    let pipeline = RecordPipeline(metrics: metrics, charts: charts, table: table, texts: jobs, isWanted: isWanted)
    let sampler = ZoneSampler(
      scenario: scenario, policy: spec.name, replication: replication, changes: world.changes, metrics: metrics,
      progress: progress)
    let policy = try policy()
    let began = ContinuousClock.now
    let log = decisions.map { DecisionPipeline($0, texts: jobs) }
    let simulation = try simulate(policy: policy, jobs, pipeline, probe: sampler, log)
    let seconds = (ContinuousClock.now - began) / Duration.seconds(1)
    let idle = overheads(from: counted?.from ?? world.start)
    return FinishedRun(
      policy: spec.name, replication: replication,
      figures: metrics.figures(overhead: idle.reduce(Overhead(), +)),
      failed: metrics.failed, totals: metrics.totals, zones: metrics.zoneFigures(overheads: idle),
      placementSignature: metrics.placementSignature, table: table, decisions: decisions, samples: sampler.rows,
      snapshots: sampler.snapshots, lastEnd: simulation.now,
      wallClock: WallClock(
        simulationSeconds: seconds, decisionP50Nanoseconds: simulation.decisions.percentile(0.5),
        decisionP99Nanoseconds: simulation.decisions.percentile(0.99)),
      staysAtHome: policy.staysAtHome,
      policyFigures: ((policy as? any PolicyReport)?.figures ?? []) + eventFigures(simulation.events),
      charts: charts?.figures, counted: counted ?? CountedTime(from: world.start),
      homes: (pipeline.withoutHome, scenario.logHome == nil ? 0 : (jobs as? HomeFilling)?.filled ?? 0))
  }

  /// Jobs that outages ended, and suspensions by outages, reported with the policy's own metrics; empty if no event
  /// changes a capacity.
  private func eventFigures(_ counts: Simulation.EventCounts) -> [(name: String, value: Double?)] {
    guard !world.changes.isEmpty else { return [] }
    return [("jobs_failed", Double(counts.failed)), ("outage_suspensions", Double(counts.suspensions))]
  }

  /// Idle power over the time that counts, a zone each, the same for every policy.
  private func overheads(from: Instant) -> [Overhead] {
    world.zones.enumerated().map { index, zone in
      guard zone.idlePower > .zero else { return Overhead() }
      let power = zone.idlePower.value
      return Overhead(
        energy: Energy(power * (world.end - from).inHours),
        emissions: Emissions(power * world.carbon[index].integral(from: from, to: world.end)),
        cost: Money(power * world.price[index].integral(from: from, to: world.end)))
    }
  }
}

/// A run that nobody wants any more; told to nobody.
package struct RunNotWanted: Error {}
