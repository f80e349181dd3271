internal import Domain
internal import Foundation
internal import Scenarios
internal import Store

/// A part of a sweep's units: those whose place leaves the remainder `index` − 1 by `count`.
public struct Shard: Sendable {
  public var index: Int
  public var count: Int

  /// `3/8`; `nil` for another text.
  public init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1, (1...count).contains(index) else {
      return nil
    }
    self.index = index
    self.count = count
  }
}

/// A scenario at many points: each replication of each point is a unit, done once, whatever happens in between.
public struct Sweep: Sendable {
  private let plan: SweepPlan
  private let store: SweepStore

  /// - Parameter folder: where units and table go; `nil`: `Results/<name>/sweep`.
  /// - Throws: ``BadInput`` with the faults of every point.
  public init(path: String, overrides: [(key: String, value: String)] = [], folder: String? = nil) throws {
    plan = try SweepPlan(path: path, overrides: overrides)
    store = SweepStore(folder: folder ?? "Results/\(plan.name)/sweep")
  }

  /// Does the units that are not done yet, and makes the table when all are.
  ///
  /// - Parameters:
  ///   - shard: the part of the units to be done; `nil`: all.
  ///   - progress: told on any thread, by one at a time.
  /// - Returns: what was done, for people.
  /// - Throws: ``BadInput``, ``OutputError``; units done before stay done.
  public func run(
    shard: Shard? = nil, threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil
  ) throws -> String {
    let (plan, store) = (plan, store)
    try store.make()
    store.removePartials()
    var own = Array(plan.units.indices)
    if let shard { own = own.filter { $0 % shard.count == shard.index - 1 } }
    let left = own.filter { store.lines(of: plan.units[$0].id) == nil }
    let desk = SweepDesk(plan.scenarios)
    let tally = progress.map { ProgressTally(runs: left.count, tell: $0) }
    let work = OrderedWork<Void>(count: left.count) { index, _ in
      let unit = plan.units[left[index]]
      try store.save(try desk.lines(unit), of: unit.id)
      tally?.finished(index, unit.id)
    } deliver: { _, _ in
      true
    }
    try work.run(threads: threads ?? OpenScenario.cores)
    let part = shard.map { " of shard \($0.index)/\($0.count)" } ?? ""
    return "\(left.count) units\(part) done, \(own.count - left.count) were done before\n" + (try collect())
  }

  /// How far the sweep is, for people.
  public func status() -> String {
    let missing = plan.units.filter { store.lines(of: $0.id) == nil }
    let done = plan.units.count - missing.count
    let head = "\(plan.spec.points.count) points, \(done) of \(plan.units.count) units done"
    let names = missing.prefix(10).map { "missing: point \($0.point + 1), replication \($0.replication) (\($0.id))" }
    let more = missing.count > names.count ? ["and \(missing.count - names.count) more"] : []
    return ([head] + names + more).joined(separator: "\n")
  }

  /// Makes the table of all units, where all are done.
  ///
  /// - Returns: what was written or is missing, for people.
  public func collect() throws -> String {
    var heading: Substring?
    var text = ""
    for (place, unit) in plan.units.enumerated() {
      guard let lines = store.lines(of: unit.id), let head = lines.first else { return status() }
      if place == 0 {
        heading = head
        text += (["point"] + plan.spec.keys.map(Sweep.cell)).joined(separator: ",") + ",\(head)\n"
      }
      guard head == heading else {
        throw BadInput(description: "\(store.folder): unit \(unit.id): found columns of another version of the program")
      }
      let point = plan.spec.points[unit.point]
      let values = plan.spec.keys.map { key in
        Sweep.cell(point.overrides.last { $0.key == key }?.value ?? "")
      }
      let prefix = (["\(unit.point + 1)"] + values).joined(separator: ",")
      for line in lines.dropFirst() { text += "\(prefix),\(line)\n" }
    }
    try store.replace(store.table, with: text)
    return "written: \(store.table) (\(plan.spec.points.count) points, \(plan.units.count) units)"
  }

  /// As RFC 4180 quotes it.
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// Makes units; the inputs of a point are read once for the units that follow each other.
private final class SweepDesk: @unchecked Sendable {
  // Unchecked: `open` is used under `lock`, and a place's inputs under the place's own.
  private final class Place {
    let lock = NSLock()
    var inputs: LoadedInputs?
    var shelf: WorldShelf?
  }

  private let scenarios: [Scenario]
  private let lock = NSLock()
  private var open: [Int: Place] = [:]

  init(_ scenarios: [Scenario]) {
    self.scenarios = scenarios.map { scenario in
      var scenario = scenario
      scenario.outputs.maps = .none
      scenario.outputs.samples = .none
      return scenario
    }
  }

  private func inputs(_ point: Int) throws -> (LoadedInputs, WorldShelf) {
    let place = lock.withLock {
      // Points are come to in order: what lies behind is not needed again, or is read again.
      for earlier in open.keys.sorted() where earlier + 64 < point { open[earlier] = nil }
      let place = open[point] ?? Place()
      open[point] = place
      return place
    }
    place.lock.lock()
    defer { place.lock.unlock() }
    if let inputs = place.inputs, let shelf = place.shelf { return (inputs, shelf) }
    let inputs = try LoadedInputs(scenarios[point])
    let shelf = WorldShelf(inputs.grid)
    place.inputs = inputs
    place.shelf = shelf
    return (inputs, shelf)
  }

  /// A heading and a line a policy.
  func lines(_ unit: SweepPlan.Unit) throws -> [String] {
    let scenario = scenarios[unit.point]
    let (inputs, shelf) = try inputs(unit.point)
    let plan = RunPlan(scenario)
    var runs: [FinishedRun] = []
    for spec in plan.policies {
      let run = PolicyRun(
        scenario: scenario, inputs: inputs, world: shelf.world(unit.replication), spec: spec,
        replication: unit.replication)
      runs.append(try run.simulate(table: nil))
    }
    shelf.forget(unit.replication)
    let results = plan.results(&runs)
    let head = "policy,replication,placement_signature," + Metric.names.joined(separator: ",")
    return [head]
      + results.map { run in
        let figures = Metric.names.map { MetricsCSV.cell(run.figure($0)) }
        return ([run.label, "\(run.replication)", run.placementSignature] + figures).joined(separator: ",")
      }
  }
}
