internal import Domain
internal import Engine
internal import Foundation
internal import Results
internal import Runs
internal import Scenarios

/// Makes units; the inputs of a point are read once for the units that follow each other.
final class SweepDesk: @unchecked Sendable {
  // Unchecked: `open` is used under `lock`, and a place's contents under the place's own.
  private final class Place {
    let lock = NSLock()
    var contents: Result<Contents, BadInput>?
  }

  private struct Contents {
    let scenario: Scenario
    let inputs: LoadedInputs
    let shelf: WorldShelf
  }

  private let plan: SweepPlan
  private let lock = NSLock()
  private var open: [Int: Place] = [:]
  /// Inputs that points have read and others may share: the most recent few.
  private var grids: [(key: InputKey, grid: GridInputs)] = []
  private var logs: [(key: InputKey, jobs: JobInput)] = []
  private let drawn = DrawnGrids()
  /// Notes of the points whose inputs have been read, by index of the point.
  private var notes: [Int: [String]] = [:]

  private static let mostOpen = 16
  private static let mostShared = 8

  init(_ plan: SweepPlan) { self.plan = plan }

  private func contents(_ point: Int) throws(BadInput) -> Contents {
    let place = lock.withLock {
      // Points are come to in order: what lies behind is not needed again, or is read again.
      if open[point] == nil {
        for earlier in open.keys.sorted() where earlier + SweepDesk.mostOpen < point { open[earlier] = nil }
      }
      let place = open[point] ?? Place()
      open[point] = place
      return place
    }
    place.lock.lock()
    defer { place.lock.unlock() }
    if let contents = place.contents { return try contents.get() }
    let contents = Result { () throws(BadInput) in try read(point) }
    place.contents = contents
    return try contents.get()
  }

  /// Reads the inputs of units, by their indices, until those of one can be read; what follows is read by the units.
  ///
  /// - Throws: ``BadInput`` with each fault once if no unit has inputs without a fault.
  func demandInputs(of units: [Int]) throws(BadInput) {
    var faulty: Set<InputSources> = []
    var faults = SharedFaults()
    var last = -1
    for point in units.map({ plan.units[$0].point }) where point != last {
      last = point
      let sources = InputSources(try plan.scenario(point))
      if faulty.contains(sources) { continue }
      do {
        _ = try contents(point)
        return
      } catch {
        if error.isResource { throw error }
        faulty.insert(sources)
        faults.add(error.description, of: "")
        // Nobody reads more: that the rest is faulty too is taken for granted.
        if faults.count >= 100 { break }
      }
    }
    if faults.count > 0 { throw BadInput(description: faults.lines.map(\.text).joined(separator: "\n")) }
  }

  private func read(_ point: Int) throws(BadInput) -> Contents {
    var scenario = try plan.scenario(point)
    scenario.outputs.maps = .none
    scenario.outputs.samples = .none
    let (gridKey, jobKey) = (InputKey(gridOf: scenario), InputKey(jobsOf: scenario))
    let known = lock.withLock {
      (grids.first { $0.key == gridKey }?.grid, logs.first { $0.key == jobKey && jobKey != nil }?.jobs)
    }
    let inputs = try LoadedInputs(scenario, grid: known.0, jobs: known.1, drawn: drawn)
    try plan.checkFiles(of: point)
    lock.withLock {
      notes[point] = inputs.notes
      if known.0 == nil { grids = [(gridKey, inputs.grid)] + grids.prefix(SweepDesk.mostShared - 1) }
      if known.1 == nil, let jobKey { logs = [(jobKey, inputs.jobs)] + logs.prefix(SweepDesk.mostShared - 1) }
    }
    return Contents(scenario: scenario, inputs: inputs, shelf: WorldShelf(inputs.grid))
  }

  /// The notes of the points whose inputs were read, each once; with the points if not all of them have it.
  var noteLines: [String] {
    let notes = lock.withLock { self.notes }
    var shared = SharedFaults()
    for point in notes.keys.sorted() {
      for note in (notes[point] ?? []).uniqued { shared.add(note, of: "point \(point + 1)") }
    }
    return zip(shared.lines, shared.texts("point")).map { line, text in
      "note: \(line.count == notes.count ? line.text : text)"
    }
  }

  private func homes(_ run: FinishedRun) -> [(name: String, value: Double?)] {
    [(UnitText.withoutHome, Double(run.homes.without)), (UnitText.givenHome, Double(run.homes.given))]
  }

  /// - Throws: ``BadInput``, and what a policy did wrong.
  func text(_ unit: SweepPlan.Unit) throws -> String {
    let contents = try contents(unit.point)
    let plan = RunPlan(contents.scenario)
    let counted = try WarmUpShelf(
      contents.scenario, contents.inputs, contents.shelf, baseline: plan.policies[plan.baselinePlace]
    ).time(unit.replication)
    let warmUp: [(name: String, value: Double?)] =
      contents.scenario.warmUp == .none
      ? [] : [(UnitText.warmUp, (counted.from - contents.scenario.clockStart(unit.replication)).inSeconds)]
    var runs: [FinishedRun] = []
    for spec in plan.policies {
      let run = PolicyRun(
        scenario: contents.scenario.window(unit.replication), inputs: contents.inputs,
        world: contents.shelf.world(unit.replication),
        spec: spec, replication: unit.replication, counted: counted)
      runs.append(try run.simulate(table: nil))
    }
    contents.shelf.forget(unit.replication)
    // Savings are set here.
    let results = plan.results(&runs)
    return UnitText(
      runs: zip(runs, results).enumerated().map { place, run in
        UnitText.Run(
          policy: run.0.policy, isBaseline: place == plan.baselinePlace, staysAtHome: run.0.staysAtHome,
          signature: run.1.placementSignature, metrics: Metric.names.map { run.1.figure($0) },
          zones: run.0.zones.map { ($0.zone.id, $0.values.map(\.value)) },
          own: run.0.policyFigures + warmUp + homes(run.0))
      }
    ).written
  }
}
