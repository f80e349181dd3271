internal import Domain
internal import Engine
internal import Metrics
internal import Results
internal import Runs
internal import Scenarios

/// The units of a sweep on their way into its tables.
struct SweepCollection {
  private static func warmUp(_ own: [(name: String, value: Double?)]) -> TimeSpan {
    let seconds = own.first { $0.name == UnitText.warmUp }.flatMap { $0.value } ?? 0
    return TimeSpan(milliseconds: Int64((seconds * 1000).rounded()))
  }

  private static func count(_ name: String, _ own: [(name: String, value: Double?)]) -> Int {
    own.first { $0.name == name }?.value.flatMap { Int(exactly: $0) } ?? 0
  }

  private let plan: SweepPlan
  private let index: UnitIndex

  init(_ plan: SweepPlan, _ index: UnitIndex) {
    self.plan = plan
    self.index = index
  }

  /// Writes the tables, which replace those there are as one change.
  ///
  /// - Throws: ``StoreError``, ``OutputError``, ``BadInput``.
  func write(into path: String) throws {
    let plan = plan
    let folder = try ResultFolder(path: path)
    let keys = plan.spec.keys
    let tables = try SweepTables(folder: folder, zones: try zones(), keys: keys, metrics: Metric.names)
    try tables.add(try plan.scenario(0).requirements)
    let reader = UnitReader(index)
    var figures = SweepFigures(plan)
    var point = -1
    var nextRun = 1
    let work = OrderedWork<[UnitText.Run]>(count: plan.units.count, mayBegin: { $0 < 1000 }) { place, _ in
      guard let text = reader.text(of: plan.units[place].id), let runs = UnitText(text)?.runs else {
        throw OutputError(description: "cannot read back unit \(Sweep.name(plan.units[place]))")
      }
      return runs
    } deliver: { place, runs in
      let unit = plan.units[place]
      if unit.point != point {
        point = unit.point
        let overrides = plan.spec.points[point].overrides
        try tables.begin(
          point: point + 1, settings: keys.map { key in overrides.last { $0.key == key }?.value })
      }
      let rows = rows(unit, runs, first: nextRun)
      try tables.add(rows)
      figures.add(point: unit.point, runs, labels: rows.map(\.label))
      nextRun += rows.count
      return true
    }
    try work.run(threads: OpenScenario.cores)
    try tables.finish()
    try figures.write(into: folder)
    // A sweep that has grown may have other charts than before.
    try ResultFolder.replace([Replacement(folder, isStale: SweepFigures.isOwn)])
  }

  /// Each id once, from the first point that has it.
  private func zones() throws(BadInput) -> [Zone] {
    var zones: [Zone] = []
    var known: Set<Int> = []
    for (place, point) in plan.points.enumerated() where !point.zones.allSatisfy({ known.contains($0) }) {
      for zone in try plan.scenario(place).zones where known.insert(zone.id).inserted { zones.append(zone) }
    }
    return zones.sorted { $0.id < $1.id }
  }

  private func rows(_ unit: SweepPlan.Unit, _ runs: [UnitText.Run], first: Int) -> [RunRow] {
    let point = plan.points[unit.point]
    let start = point.starts[min(unit.replication, point.starts.count) - 1]
    let baseline = first + (runs.firstIndex { $0.isBaseline } ?? 0)
    return runs.enumerated().map { place, run in
      RunRow(
        id: first + place, scenario: plan.name, policy: run.policy, replication: unit.replication, seed: point.seed,
        baselineRun: baseline, clockStart: start, clockEnd: start + point.duration, drains: point.drains,
        traceSet: point.varies ? unit.replication : 1, eventOrderVersion: Simulation.eventOrderVersion,
        placementSignature: run.signature, metrics: zip(Metric.names, run.metrics).map { ($0, $1) }, zones: [],
        samples: [], wallClock: nil, staysAtHome: run.staysAtHome, interruption: point.interruption,
        policyMetrics: run.own.filter { !UnitText.facts.contains($0.name) }, zoneValues: run.zones,
        warmUp: SweepCollection.warmUp(run.own),
        label: point.labels.indices.contains(place) ? point.labels[place] : run.policy, varies: point.variation.text,
        homes: (
          point.home, SweepCollection.count(UnitText.withoutHome, run.own),
          SweepCollection.count(UnitText.givenHome, run.own)
        ),
        currency: point.currency)
    }
  }
}
