internal import Domain
internal import Engine
internal import Foundation
internal import Inputs
internal import Metrics
internal import Policies
public import Scenarios
internal import Store

/// What one run gave.
public struct RunResult: Sendable {
  public var policy: String
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
}

/// Bad input from any of the rooms below: the text is for people, the exit code is 2.
public struct BadInput: Error, CustomStringConvertible {
  public var description: String
}

/// Scenario → inputs → engine → metrics → CSV.
public struct Runner {
  public static var policyNames: [String] { PolicyCatalog.entries.map(\.name) }
  public static var policySummaries: [(name: String, summary: String)] {
    PolicyCatalog.entries.map { ($0.name, $0.summary) }
  }

  private let scenario: Scenario

  /// - Throws: ``BadInput`` where the scenario asks for what is not built yet: better refused than ignored.
  public init(scenario: Scenario) throws(BadInput) {
    self.scenario = scenario
    if scenario.replications != 1 { throw BadInput(description: "replications: only 1 is available yet") }
    if scenario.caps == .hard { throw BadInput(description: "caps: hard is not available yet") }
    if scenario.workload.format == .swf || scenario.workload.file.lowercased().hasSuffix(".swf") {
      throw BadInput(description: "workload: SWF logs cannot be read yet")
    }
    for policy in scenario.policies {
      let known = PolicyCatalog.entry(policy.name)?.parameters ?? []
      for name in policy.parameters.keys.sorted() {
        guard let parameter = known.first(where: { $0.name == name }) else {
          throw BadInput(description: "policies: \(policy.name) has no parameter \(name)")
        }
        guard case .text(let text)? = policy.parameters[name], parameter.values.contains(text) else {
          let legal = parameter.values.joined(separator: " | ")
          throw BadInput(description: "policies: \(policy.name): \(name): expected \(legal)")
        }
      }
    }
  }

  private struct Loaded {
    var world: World
    var jobs: JobFile
    var notes: [String]
  }

  /// Reads and checks every input; writes nothing.
  public func validate() throws { _ = try load() }

  private func load() throws -> Loaded {
    do {
      var notes: [String] = []
      let carbon = try traces(scenario.grid.carbon, .carbon, &notes)
      let price = try traces(scenario.grid.price, .price, &notes)
      let world = World(
        zones: scenario.zones, carbon: carbon, price: price, start: scenario.start, duration: scenario.duration,
        drains: scenario.drain)
      let jobs = try JobFile(
        path: scenario.workload.file, zones: scenario.zones, start: world.start, end: world.end)
      if jobs.outsideClock > 0 { notes.append("\(jobs.outsideClock) jobs outside the clock were left out") }
      return Loaded(world: world, jobs: jobs, notes: notes)
    } catch let error as InputError {
      throw BadInput(description: error.description)
    }
  }

  private func traces(_ source: TraceSource, _ kind: TraceKind, _ notes: inout [String]) throws -> [StepTrace] {
    switch source {
    case .constant(let value): return scenario.zones.map { _ in StepTrace(constant: value) }
    case .file(let path, let extend, let gaps, let clip):
      let rule = GapRule(rawValue: gaps.rawValue) ?? .error
      let table = try TraceFile(path: path, kind: kind, zones: scenario.zones)
        .read(extending: extend, gaps: rule, clip: clip)
      if table.gapsFilled > 0 { notes.append("\(kind.rawValue): \(table.gapsFilled) missing steps filled (\(gaps))") }
      if table.clipped > 0 { notes.append("\(kind.rawValue): \(table.clipped) negative intensities set to 0") }
      let end = scenario.start + scenario.duration
      for (zone, trace) in zip(scenario.zones, table.traces) where !trace.covers(from: scenario.start, to: end) {
        throw BadInput(
          description: "\(path): zone \(zone.code): found \(trace.start.iso8601) to \(trace.end.iso8601), expected at "
            + "least the clock's \(scenario.start.iso8601) to \(end.iso8601), or extend: hold | wrap")
      }
      return table.traces
    }
  }

  /// Runs every policy, the baseline first, and writes `metrics.csv` and `jobs.csv` to `folder`.
  public func run(into folder: String, started: (String) -> Void) throws -> ScenarioResult {
    let loaded = try load()
    let world = loaded.world
    var wanted = scenario.policies
    if !wanted.contains(where: { $0.name == scenario.baseline }) {
      wanted.insert(PolicySpec(name: scenario.baseline, parameters: [:]), at: 0)
    }
    let files = try ResultFiles(folder: folder)
    var done: [(policy: String, metrics: RunMetrics)] = []
    for (index, spec) in wanted.enumerated() {
      guard let entry = PolicyCatalog.entry(spec.name) else { throw BadInput(description: "no policy \(spec.name)") }
      started(spec.name)
      let parameters = spec.parameters.compactMapValues { value -> String? in
        if case .text(let text) = value { text } else { nil }
      }
      let metrics = RunMetrics(zones: world.zones, start: world.start, duration: world.duration)
      let rows = try files.jobRows(run: index + 1, zones: world.zones, identifiers: loaded.jobs.identifiers)
      let sink = Both(metrics, rows)
      do {
        try Simulation(
          world: world, policy: entry.make(parameters), source: JobList(loaded.jobs.jobs), sink: sink
        ).run()
      } catch let error as SimulationError {
        throw BadInput(description: "\(spec.name): \(error.description)")
      }
      try rows.flush()
      done.append((spec.name, metrics))
    }
    let base = done.first { $0.policy == scenario.baseline }?.metrics.totals ?? (.zero, .zero)
    let idle = overhead(world)
    let runs = done.map { name, metrics in
      let hex = String(metrics.placementSignature, radix: 16)
      return RunResult(
        policy: name, figures: metrics.figures(baseline: base, overhead: idle),
        placementSignature: String(repeating: "0", count: 16 - hex.count) + hex)
    }
    try files.finish(runs: runs, seed: scenario.seed) { path in
      let rows = runs.map { run in
        RunRow(
          scenario: scenario.name, policy: run.policy, seed: scenario.seed, isBaseline: run.policy == scenario.baseline,
          clockStart: world.start, clockEnd: world.end, eventOrderVersion: Simulation.eventOrderVersion,
          placementSignature: run.placementSignature, metrics: run.figures)
      }
      try ResultDatabase.write(to: path, zones: world.zones, runs: rows)
    }
    return ScenarioResult(runs: runs, notes: loaded.notes)
  }

  /// Idle power over the clock, the same for every policy.
  private func overhead(_ world: World) -> (energy: Energy, emissions: Emissions, cost: Money) {
    var sum = (energy: Energy.zero, emissions: Emissions.zero, cost: Money.zero)
    for (index, zone) in world.zones.enumerated() where zone.idlePower > .zero {
      let power = zone.idlePower.value
      sum.energy += Energy(power * world.duration.inHours)
      sum.emissions += Emissions(power * world.carbon[index].integral(from: world.start, to: world.end))
      sum.cost += Money(power * world.price[index].integral(from: world.start, to: world.end))
    }
    return sum
  }
}

/// Hands each record to two sinks.
private final class Both: RecordSink {
  private let first: any RecordSink
  private let second: any RecordSink

  init(_ first: any RecordSink, _ second: any RecordSink) {
    self.first = first
    self.second = second
  }

  func accept(_ record: borrowing JobRecord) throws {
    try first.accept(record)
    try second.accept(record)
  }
}
