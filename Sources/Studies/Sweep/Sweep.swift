internal import Domain
internal import Engine
internal import Foundation
internal import Results
public import Runs
internal import Scenarios

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

  /// True if the unit at an index, from 0, belongs to this part.
  func holds(_ place: Int) -> Bool { place % count == index - 1 }
}

/// A scenario at many points: each replication of each point is a unit, done once, whatever happens in between.
public struct Sweep: Sendable {
  let plan: SweepPlan
  let store: SweepStore
  /// As they were given.
  let path: String
  let overrides: [(key: String, value: String)]

  /// - Parameter folder: where units and tables go; `nil`: `Results/<name>/sweep`.
  /// - Throws: ``BadInput`` with the faults of every point.
  public init(path: String, overrides: [(key: String, value: String)] = [], folder: String? = nil) throws {
    plan = try SweepPlan(path: path, overrides: overrides)
    store = SweepStore(folder: folder ?? "Results/\(plan.name)/sweep")
    try FileIdentity.demandInputsStay(
      [path] + plan.points.flatMap(\.files), in: store.folder, tables: ["results.sqlite", "sweep.csv"])
    self.path = path
    self.overrides = overrides
  }

  /// Does the units that are not done yet, and makes the tables when all are.
  ///
  /// - Parameters:
  ///   - shard: the part of the units to be done; `nil`: all.
  ///   - progress: told on any thread, by one at a time.
  /// - Returns: what was done, for people.
  /// - Throws: ``BadInput`` if no unit could read its inputs, before anything is written, and if some units failed,
  ///   after all others were done; ``OutputError``; units done before stay done.
  public func run(
    shard: Shard? = nil, threads: Int? = nil, progress: ((RunProgress) -> Void)? = nil
  ) throws -> String {
    let (plan, store) = (plan, store)
    let index = store.index()
    let own = plan.units.indices.filter { shard?.holds($0) ?? true }
    let left = own.filter { index.done[plan.units[$0].id] == nil }
    let desk = SweepDesk(plan)
    try desk.demandInputs(of: left)
    try store.make()
    let log = store.log(shard)
    let tally = progress.map { ProgressTally(runs: left.count, tell: $0) }
    var faults = SharedFaults()
    var failed = 0
    let work = OrderedWork<String?>(count: left.count) { place, _ in
      let unit = plan.units[left[place]]
      var fault: String?
      do {
        try log.append(.unit, unit.id, try desk.text(unit))
      } catch let error as BadInput {
        // The others may be well: they are done, and all that failed is told.
        try log.append(.failed, unit.id, error.description)
        fault = error.description
      }
      tally?.finished(place, unit.id)
      return fault
    } deliver: { place, fault in
      if let fault {
        failed += 1
        faults.add(fault, of: Sweep.name(plan.units[left[place]]))
      }
      return true
    }
    try work.run(threads: threads ?? OpenScenario.cores)
    try log.synchronize()
    guard failed == 0 else {
      let more = faults.count > 20 ? ["and \(faults.count - 20) more"] : []
      throw BadInput(
        description: "\(failed) of \(counted(left.count, "unit")) failed\n"
          + (faults.texts("unit").prefix(20) + more + desk.noteLines).joined(separator: "\n"))
    }
    let part = shard.map { " of shard \($0.index)/\($0.count)" } ?? ""
    let before = own.count - left.count
    let head = "\(counted(left.count, "unit"))\(part) done, \(before) \(before == 1 ? "was" : "were") done before"
    return ([head] + desk.noteLines + [try collected() ?? status()]).joined(separator: "\n")
  }

  static func name(_ unit: SweepPlan.Unit) -> String {
    "point \(unit.point + 1), replication \(unit.replication) (\(unit.id))"
  }

  /// How far the sweep is, for people.
  ///
  /// - Parameter all: whether every unit that is not done is named, instead of the first ten.
  public func status(all: Bool = false) -> String {
    let index = store.index()
    let missing = plan.units.filter { index.done[$0.id] == nil }
    let done = plan.units.count - missing.count
    let head = "\(counted(plan.spec.points.count, "point")), \(done) of \(counted(plan.units.count, "unit")) done"
    var told: Set<String> = []
    let names = missing.prefix(all ? missing.count : 10).map { unit in
      guard let fault = index.failed[unit.id] else { return "missing: \(Sweep.name(unit))" }
      return "failed: \(Sweep.name(unit)): \(told.insert(fault).inserted ? fault : "as above")"
    }
    let more = missing.count > names.count ? ["and \(missing.count - names.count) more"] : []
    return ([head] + names + more).joined(separator: "\n")
  }

  /// Makes the tables of all units.
  ///
  /// - Returns: what was written, for people.
  /// - Throws: ``UnfinishedSweep`` that names what is missing; ``OutputError``.
  public func collect() throws -> String {
    guard let text = try collected() else { throw UnfinishedSweep(description: status()) }
    return text
  }

  /// `nil` where units are missing.
  private func collected() throws -> String? {
    let index = store.index()
    let own = Set(plan.units.map(\.id))
    let contradictions = index.contradictions.filter { own.contains($0.id) }
    if let first = contradictions.first {
      throw OutputError(
        description:
          "\(counted(contradictions.count, "unit")) \(contradictions.count == 1 ? "was" : "were") done twice "
          + "with different results, the first in "
          + "\(first.first) and \(first.second): remove the wrong file")
    }
    guard plan.units.allSatisfy({ index.done[$0.id] != nil }) else { return nil }
    do {
      try SweepCollection(plan, index).write(into: store.folder)
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    }
    return "written: \(store.folder)/ (results.sqlite, sweep.csv and charts: "
      + "\(counted(plan.spec.points.count, "point")), "
      + "\(counted(plan.units.count, "unit")))"
  }
}

/// Units are missing: the exit code is 3.
public struct UnfinishedSweep: Error, CustomStringConvertible {
  public var description: String
}
