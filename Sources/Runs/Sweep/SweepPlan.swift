package import Domain
internal import Engine
internal import Foundation
internal import Results
package import Scenarios

/// The units of a sweep: every replication of every point, in that order.
package struct SweepPlan: Sendable {
  package struct Unit: Sendable {
    /// Index of the point, from 0.
    package var point: Int
    package var replication: Int
    /// Identifier; depends only on scenario, input files, point and replication, not on the position in the sweep.
    package var id: String
  }

  /// The properties of a point's scenario that are kept, since a sweep may have many points.
  package struct Point: Sendable {
    package var replications: Int
    package var seed: UInt64
    /// Start of each replication's clock; a single one if all are the same.
    package var starts: [Instant]
    package var duration: TimeSpan
    package var labels: [String]
    package var variation: Variation
    package var drains: Bool
    /// `workload.home` in a word.
    package var home: String?
    package var currency: Currency
    package var interruption: InterruptionRules
    /// True if each replication has its own traces.
    package var varies: Bool
    /// Identifiers of the zones, in the scenario's order.
    package var zones: [Int]
    package var files: [String]
  }

  package let name: String
  package let spec: SweepSpec
  package let points: [Point]
  package let units: [Unit]
  private let document: ScenarioDocument
  private let overrides: [(key: String, value: String)]
  private let stamps: [String: FileStamp]

  /// Reads the scenario at every point, so that nothing is run where one of them is not valid.
  ///
  /// - Throws: ``BadInput`` with the faults of the first faulty points.
  package init(path: String, overrides: [(key: String, value: String)]) throws(BadInput) {
    let whole: ScenarioDocument
    let base: Scenario
    do {
      whole = try ScenarioDocument(path: path)
      base = try whole.scenario(overrides: overrides, knownPolicies: Runner.policyNames)
    } catch { throw BadInput(description: error.description) }
    guard let spec = base.sweep else {
      throw BadInput(description: "\(path): sweep: found no such key, expected grid, list or latin_hypercube")
    }
    name = base.name
    self.spec = spec
    self.overrides = overrides.filter { $0.key != "sweep" && !$0.key.hasPrefix("sweep.") }
    document = whole.without("sweep")
    points = try SweepPlan.points(spec, document, self.overrides)
    var stamps: [String: FileStamp] = [:]
    for point in points {
      // A file that cannot be read is told, with its fault, by whoever reads it for the run.
      for file in point.files where stamps[file] == nil { stamps[file] = FileStamp(path: file) }
    }
    self.stamps = stamps
    units = SweepPlan.units(spec, points, SweepPlan.common(document.text, self.overrides), stamps)
  }

  /// The scenario of a point.
  package func scenario(_ point: Int) throws(BadInput) -> Scenario {
    do { return try SweepPlan.scenario(point, spec, document, overrides) } catch {
      throw BadInput(description: "point \(point + 1): \(error)")
    }
  }

  /// Refuses units of files that are no more what their ids say.
  package func checkFiles(of point: Int) throws(BadInput) {
    for file in points[point].files {
      guard let stamp = stamps[file], !stamp.isFresh else { continue }
      throw BadInput(description: "\(file): found a file that changed during the sweep; run the sweep again")
    }
  }

  private static func scenario(
    _ point: Int, _ spec: SweepSpec, _ document: ScenarioDocument, _ overrides: [(key: String, value: String)]
  ) throws(BadInput) -> Scenario {
    do {
      let own = spec.points[point].overrides
      let names =
        overrides.map { OverrideName.option("--set", $0.key, $0.value) }
        + own.map { OverrideName.plain($0.key, $0.value) }
      return try document.scenario(overrides: overrides + own, names: names, knownPolicies: Runner.policyNames)
    } catch { throw BadInput(description: error.description) }
  }

  /// Every point is read, on all cores.
  private static func points(
    _ spec: SweepSpec, _ document: ScenarioDocument, _ overrides: [(key: String, value: String)]
  ) throws(BadInput) -> [Point] {
    let gathered = Gathered(count: spec.points.count)
    let work = OrderedWork<Result<Point, BadInput>>(count: spec.points.count) { place, _ in
      Result { () throws(BadInput) in Point(try scenario(place, spec, document, overrides)) }
    } deliver: { place, result in
      gathered.take(place, result)
    }
    do { try work.run(threads: OpenScenario.cores) } catch { throw BadInput(description: "\(error)") }
    guard gathered.faults.count == 0 else {
      throw BadInput(description: gathered.faults.texts("point").joined(separator: "\n"))
    }
    return gathered.points
  }

  private final class Gathered: @unchecked Sendable {
    // Unchecked: `take` is called by one thread at a time, and the rest is read when all have ended.
    var points: [Point] = []
    var faults = SharedFaults()

    init(count: Int) { points.reserveCapacity(count) }

    /// False where enough has been told.
    func take(_ place: Int, _ result: Result<Point, BadInput>) -> Bool {
      switch result {
      case .success(var point):
        // Most points share them.
        if let last = points.last, last.zones == point.zones { point.zones = last.zones }
        if let last = points.last, last.files == point.files { point.files = last.files }
        if let last = points.last, last.labels == point.labels { point.labels = last.labels }
        if let last = points.last, last.starts == point.starts { point.starts = last.starts }
        points.append(point)
      case .failure(let fault): faults.add(fault.description, of: "point \(place + 1)")
      }
      return faults.count < 20
    }
  }

  /// Hash of everything that all units have in common: the scenario's text without the section on the sweep, the
  /// overrides, and the versions of the event order and of the units' format.
  private static func common(_ text: String, _ overrides: [(key: String, value: String)]) -> ContentHash {
    var hash = ContentHash()
    hash.add(withoutSweep(text))
    for (key, value) in overrides { hash.add("\(key)=\(value)") }
    hash.add("event order \(Simulation.eventOrderVersion), \(UnitText.columns)")
    return hash
  }

  private static func units(
    _ spec: SweepSpec, _ points: [Point], _ common: ContentHash, _ stamps: [String: FileStamp]
  ) -> [Unit] {
    var units: [Unit] = []
    for (place, point) in points.enumerated() {
      var hash = common
      for (key, value) in spec.points[place].overrides { hash.add("\(key)=\(value)") }
      for file in point.files { hash.add(stamps[file]?.hash ?? "") }
      let text = hash.text
      for replication in 1...point.replications {
        units.append(Unit(point: place, replication: replication, id: "\(text)-r\(replication)"))
      }
    }
    return units
  }

  /// The lines of a scenario without those of the top-level key `sweep`: a sweep may grow and keep its units.
  private static func withoutSweep(_ text: String) -> String {
    var kept: [Substring] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.first, first != " ", first != "#", first != "-", first != "}", first != "]" {
        isInside = line.hasPrefix("sweep:")
      }
      if !isInside { kept.append(line) }
    }
    return kept.joined(separator: "\n")
  }
}

extension SweepPlan.Point {
  fileprivate init(_ scenario: Scenario) {
    replications = scenario.replications
    seed = scenario.seed
    starts = scenario.windows == nil ? [scenario.start] : (1...scenario.replications).map { scenario.clockStart($0) }
    duration = scenario.duration
    labels = RunPlan(scenario).labels
    variation = scenario.variation
    drains = scenario.drain
    home = scenario.homeRule
    currency = scenario.currency
    interruption = scenario.interruption
    varies = scenario.hasTracesPerReplication
    zones = scenario.zones.map(\.id)
    files = scenario.files
  }
}
