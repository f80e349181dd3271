internal import Domain
internal import Engine
internal import Figures
internal import Foundation
package import Metrics
internal import Results
internal import Scenarios

/// Makes the runs of a scenario, on any thread, and takes what they leave in their order: rows, maps, figures.
final class RunGathering: @unchecked Sendable {
  // Unchecked: what changes is changed in `take` and `finish` alone, which one thread at a time is in; the count of
  // bytes that wait is used under `lock`, and writers of rows are handed over by ``OrderedWork``.
  let plan: RunPlan
  private let scenario: Scenario
  private let inputs: LoadedInputs
  private let shelf: WorldShelf
  private let warmUps: WarmUpShelf
  private let tables: ResultTables?
  private let maps: ResultFolder?
  private var results: [RunResult] = []
  private var replication: [FinishedRun] = []
  private var rules: [(label: String, rule: SequentialRule)] = []
  private var mapNames: Set<String> = []
  private var lastEnd = Instant.never
  private let lock = NSLock()
  private var waitingBytes = 0

  /// A run is not begun while others' rows that wait for their turn take more than this, on the disk…
  private static let waitingBytesLimit = 4 << 30
  /// …or where it would be so far ahead of the next run to be written (each holds a batch of rows).
  private let aheadLimit: Int
  /// Zones of maps that wait to be drawn, some 40 MB.
  private static let mostWaitingMarkers = 200_000
  /// A drain has no end of its own, and a trace that wraps none either: what `trace_steps` holds, some 8 GB.
  private static let mostTraceSteps = 1e8

  init(
    _ scenario: Scenario, _ inputs: LoadedInputs, _ shelf: WorldShelf, tables: ResultTables?, maps: ResultFolder?,
    threads: Int
  ) {
    aheadLimit = 32 + 2 * threads
    self.scenario = scenario
    self.inputs = inputs
    self.shelf = shelf
    self.tables = tables
    self.maps = maps
    plan = RunPlan(scenario)
    warmUps = WarmUpShelf(scenario, inputs, shelf, baseline: plan.policies[plan.baselinePlace])
    if let until = scenario.until {
      for (label, policy) in zip(plan.labels, plan.policies)
      where until.policy.map({ policy.answers(to: $0) || label == $0 }) ?? true {
        rules.append(
          (label, SequentialRule(halfWidth: until.halfWidth, confidence: until.confidence, least: until.least)))
      }
    }
  }

  /// True if a run that is `ahead` runs after the next one to be written may start: `ahead` and the bytes that wait are
  /// below their limits.
  func mayBegin(_ ahead: Int) -> Bool {
    ahead < aheadLimit && lock.withLock { waitingBytes < RunGathering.waitingBytesLimit }
  }

  func run(_ index: Int, _ work: OrderedWork<FinishedRun>, progress: @escaping (Double) -> Void) throws -> FinishedRun {
    let replication = plan.replication(index)
    let run = PolicyRun(
      scenario: scenario.window(replication), inputs: inputs, world: shelf.world(replication),
      spec: plan.policies[plan.place(index)], replication: replication, counted: try warmUps.time(replication))
    let name = WorkloadTable.RunName(
      id: index + 1, policy: run.spec.name, label: plan.labels[plan.place(index)], replication: replication)
    let table = tables?.workloads(name) { work.isNext(index) }
    let decisions = tables?.decisions(run: index + 1) { work.isNext(index) }
    let finished = try run.simulate(
      table: table, decisions: decisions,
      gathersCharts: tables != nil && replication == 1 && scenario.outputs.charts != .none,
      isWanted: { work.isWanted(index) }, progress: progress)
    note(finished.keptBytes)
    return finished
  }

  private func note(_ bytes: Int) { lock.withLock { waitingBytes += bytes } }

  /// Takes the next run; false where no more replications are wanted.
  func take(_ index: Int, _ run: FinishedRun) throws -> Bool {
    var run = run
    note(-run.keptBytes)
    try run.table?.finish()
    run.table = nil
    try run.decisions?.finish()
    run.decisions = nil
    highest = max(highest, run.samples.compactMap(\.intensity?.value).max() ?? 0)
    mostRunning = max(mostRunning, run.samples.map(\.running).max() ?? 0)
    for place in run.snapshots.indices {
      run.snapshots[place].replications = scenario.until == nil ? scenario.replications : nil
    }
    try keep(run.snapshots, index)
    if maps != nil, run.replication == 1 {
      multiples.add(run.snapshots, of: plan.policies[plan.place(index)], plan.labels[plan.place(index)])
    }
    lastEnd = lastEnd == .never ? run.lastEnd : max(lastEnd, run.lastEnd)
    noteIgnored(run, plan.labels[plan.place(index)])
    replication.append(run)
    guard plan.isLastOfReplication(index) else { return true }
    return try endReplication()
  }

  private func noteIgnored(_ run: FinishedRun, _ label: String) {
    let figure = run.policyFigures.first { $0.name == "decisions_ignored" }
    guard let count = figure?.value, count > 0 else { return }
    if let place = ignored.firstIndex(where: { $0.label == label }) {
      ignored[place].count += Int(count)
    } else {
      ignored.append((label, Int(count)))
    }
  }

  /// Maps wait for the last run, so that all have one scale, unless there are too many to keep.
  private func keep(_ snapshots: [MapSnapshot], _ index: Int) throws {
    let label = plan.policies[plan.place(index)].label
    for snapshot in snapshots {
      var snapshot = snapshot
      if let label { snapshot.policy = label }
      waitingMaps.append((snapshot, index))
    }
    if waitingMaps.count * scenario.zones.count > RunGathering.mostWaitingMarkers { try drawWaitingMaps() }
  }

  private func drawWaitingMaps() throws {
    guard !waitingMaps.isEmpty else { return }
    mapScale = MapScale(waitingMaps.map(\.snapshot), highest: highest, running: mostRunning)
    let scale = mapScale
    let plan = MapPlan(zones: scenario.zones, scale: scale, outline: inputs.outline)
    for (snapshot, index) in waitingMaps {
      try write(plan.svg(snapshot, theme: theme), MapFigure.fileName(snapshot), index + 1)
    }
    waitingMaps = []
  }

  /// Writes a map; if an earlier run has used its name, the run's number is added to the name.
  private func write(_ svg: String, _ name: String, _ id: Int) throws {
    let own = mapNames.insert(name).inserted ? name : "\(name.dropLast(4))-run\(id).svg"
    try maps?.write(svg, as: own)
    drawn += 1
  }

  private var theme: Theme { .named(scenario.outputs.theme) }
  private var waitingMaps: [(snapshot: MapSnapshot, index: Int)] = []
  private var multiples = MapGathering()
  /// gCO2/kWh and jobs running in a zone, of all samples so far: maps have one scale with those of a report.
  private var highest = 0.0
  private var mostRunning = 0
  private lazy var mapScale = MapScale(highest: highest, running: mostRunning)
  private var drawn = 0
  private var doubtfulWarmUps = 0
  /// Replications all of whose jobs were submitted within the warm-up.
  private var emptyWarmUps = 0
  private var ignored: [(label: String, count: Int)] = []

  private func endReplication() throws -> Bool {
    let number = replication[0].replication
    if replication[0].counted.isDoubtful { doubtfulWarmUps += 1 }
    let hasJobs = (replication[0].figures.first { $0.name == "jobs_submitted" }?.value ?? 0) > 0
    if replication[0].counted.from > scenario.clockStart(number), !hasJobs { emptyWarmUps += 1 }
    results += plan.results(&replication)
    if let tables {
      try tables.add(replication.enumerated().map { row($1, place: $0, number) })
      if number == 1, scenario.outputs.charts != .none { try addForecasts(tables) }
      if inputs.grid.hasTracesPerReplication { try addTraces(tables, number) }
      try addCapacities(tables, number)
    }
    replication = []
    shelf.forget(number)
    warmUps.forget(number)
    return !isEnough(number)
  }

  private func isEnough(_ number: Int) -> Bool {
    guard !rules.isEmpty, let until = scenario.until else { return false }
    let ended = results.suffix(plan.policies.count)
    for place in rules.indices {
      rules[place].rule.add(ended.first { $0.label == rules[place].label }?.figure(until.metric))
    }
    return rules.allSatisfy { $0.rule.isSatisfied }
  }

  private func row(_ run: FinishedRun, place: Int, _ number: Int) -> RunRow {
    let window = scenario.window(number)
    return RunRow(
      id: (number - 1) * plan.policies.count + place + 1, scenario: scenario.name, policy: run.policy,
      replication: number, seed: scenario.seed, baselineRun: plan.baselineID(number), clockStart: window.start,
      clockEnd: window.start + window.duration, drains: scenario.drain, traceSet: inputs.grid.traceSet(number),
      eventOrderVersion: Simulation.eventOrderVersion, placementSignature: run.signatureText, metrics: run.figures,
      zones: run.zones, samples: run.samples, wallClock: run.wallClock, staysAtHome: run.staysAtHome,
      interruption: scenario.interruption, policyMetrics: run.policyFigures,
      charts: run.charts, warmUp: run.counted.from - window.start, label: plan.labels[place],
      varies: scenario.variation.text, homes: (scenario.homeRule, run.homes.without, run.homes.given),
      currency: scenario.currency)
  }

  /// Adds the trace steps that an audit integrates over, from the start to the end of the last job.
  private func addTraces(_ tables: ResultTables, _ replication: Int) throws {
    let world = shelf.world(replication)
    let set = inputs.grid.traceSet(replication)
    let clocks = inputs.grid.hasTracesPerReplication ? world.start..<world.end : clocksThatRan
    let until = max(lastEnd, clocks.upperBound)
    let from = clocks.lowerBound
    let steps = (world.carbon + world.price).reduce(0) { $0 + $1.steps(from: from, to: until) }
    guard steps <= RunGathering.mostTraceSteps else {
      throw BadInput(
        description: "scenario \(scenario.name): the last job ends at \(until.iso8601): found \(UInt64(steps)) steps "
          + "of the traces up to then, expected at most 100000000 in results.sqlite; drain: false ends a run with the "
          + "clock")
    }
    // In the order of the table's key, which costs half.
    for (name, traces) in [("carbon_intensity", world.carbon), ("price", world.price)] {
      for (zone, trace) in zip(world.zones, traces).sorted(by: { $0.0.id < $1.0.id }) {
        try tables.addTrace(set: set, quantity: name, zone: zone.id, trace, from: from, until: until)
      }
    }
    lastEnd = .never
  }

  /// From the first start of a clock to the last end.
  private var clocksThatRan: Range<Instant> {
    let last = scenario.windows == nil ? 1 : results.last?.replication ?? 1
    let starts = (1...last).map { scenario.clockStart($0) }
    return (starts.min() ?? scenario.start)..<(starts.max() ?? scenario.start) + scenario.duration
  }

  /// Adds the capacity periods of each zone whose capacity events change; once if all replications have the same clock.
  private func addCapacities(_ tables: ResultTables, _ replication: Int) throws {
    guard replication == 1 || scenario.windows != nil else { return }
    let world = shelf.world(replication)
    for (place, zone) in world.zones.enumerated() {
      let own = world.changes.filter { $0.zone == place }
      guard !own.isEmpty else { continue }
      try tables.add(
        zone.capacityPeriods(from: world.start, index: place, own), of: zone.id,
        replication: scenario.windows == nil ? 0 : replication)
    }
  }

  /// Adds the samples of the first replication's forecasts that charts draw.
  private func addForecasts(_ tables: ResultTables) throws {
    let world = shelf.world(1)
    let samples = ForecastSampling.forecasts(
      world, inputs.grid.forecaster(world, 1), horizon: scenario.grid.forecast.horizon)
    for (zone, forecasts) in zip(world.zones, samples) {
      try tables.add(forecasts, set: inputs.grid.traceSet(1), zone: zone.id)
    }
  }

  /// Completes tables and maps; all runs have been taken.
  func finish() throws {
    try drawWaitingMaps()
    for (place, page) in multiples.pages(scale: mapScale, outline: inputs.outline, theme: theme).enumerated() {
      try write(page.svg, page.name, place + 1)
    }
    guard let tables else { return }
    if !inputs.grid.hasTracesPerReplication { try addTraces(tables, 1) }
    try tables.add(homes)
    try tables.add(scenario.requirements)
    try tables.finish()
  }

  private var homes: HomeFacts {
    HomeFacts(rule: scenario.homeRule, zones: scenario.zones.count, runs: results.map(\.homes))
  }

  var result: ScenarioResult {
    var result = ScenarioResult(
      runs: results,
      notes: [homes.note].compactMap { $0 } + inputs.notes + decisionNotes + stoppingNotes + likenessNotes
        + warmUpNotes,
      maps: drawn)
    result.variation = scenario.variation
    result.homeNote = homes.note
    result.requirements = scenario.requirements
    result.baselineLabel = plan.labels[plan.baselinePlace]
    return result
  }

  /// Recorded decisions that took no effect, by the label of their policy.
  private var decisionNotes: [String] {
    ignored.map { label, count in
      "\(label): \(counted(count, "recorded decision")) had no effect: the job had started or the zone had no room"
    }
  }

  /// Replications that are all alike are one outcome; where nothing varied, the table's heading says so.
  private var likenessNotes: [String] {
    let first = results.prefix(plan.policies.count)
    guard results.count > first.count else { return [] }
    if scenario.variation.isEmpty { return [Variation.remedy] }
    let alike = results.allSatisfy { run in
      first.contains {
        $0.label == run.label && $0.placementSignature == run.placementSignature
          && $0.figure("carbon_kg") == run.figure("carbon_kg") && $0.figure("cost_gbp") == run.figure("cost_gbp")
      }
    }
    return alike
      ? ["all replications are equal: \(scenario.variation.text) varied, but affected no job of these policies"] : []
  }

  private var warmUpNotes: [String] {
    var notes: [String] = []
    if doubtfulWarmUps > 0 {
      notes.append(
        "warm_up: mser-5 found no end of the warm-up in \(counted(doubtfulWarmUps, "replication")); "
          + "use a longer clock")
    }
    if emptyWarmUps > 0 {
      let place = (results.last?.replication ?? 1) > 1 ? " in \(counted(emptyWarmUps, "replication"))" : ""
      notes.append(
        "warm_up: no job was submitted after it\(place), so there are no metrics of jobs; use a shorter warm-up or a "
          + "longer clock")
    }
    return notes
  }

  private var stoppingNotes: [String] {
    guard let until = scenario.until else { return [] }
    return rules.map { label, rule in
      if scenario.variation.isEmpty { return "until: \(until.metric) of \(label): \(Variation.oneOutcome)" }
      let width = rule.moments.halfWidth(confidence: until.confidence).map { String(format: "%.4g", $0) } ?? "none"
      let reached = rule.isSatisfied ? "reached" : "not reached"
      return "until: \(until.metric) of \(label): half width \(width) after "
        + "\(counted(rule.moments.count, "replication")), "
        + "target \(String(format: "%.4g", until.halfWidth)) \(reached)"
    }
  }
}

extension FinishedRun {
  package var signatureText: String {
    let hex = String(placementSignature, radix: 16)
    return String(repeating: "0", count: 16 - hex.count) + hex
  }

  /// Sets the metrics that compare the run with the baseline of its replication.
  package mutating func setPairMetrics(against baseline: RunTotals) {
    for (place, metric) in Metric.allCases.enumerated() where metric.definition.isOfPair {
      figures[place].value = totals.value(metric, against: baseline)
    }
  }
}

extension RunPlan {
  /// The results of one replication's runs, metrics of pairs included.
  package func results(_ runs: inout [FinishedRun]) -> [RunResult] {
    let totals = runs[baselinePlace].totals
    for place in runs.indices { runs[place].setPairMetrics(against: totals) }
    return zip(labels, runs).map { label, run in
      RunResult(
        policy: run.policy, replication: run.replication, figures: run.figures,
        placementSignature: run.signatureText, label: label, zones: run.zones.map { ($0.zone.code, $0.values) },
        failed: run.failed,
        homes: HomeFacts.Run(
          policy: run.policy, staysAtHome: run.staysAtHome, without: run.homes.without, given: run.homes.given))
    }
  }
}
