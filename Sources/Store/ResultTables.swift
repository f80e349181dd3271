public import Domain
public import Metrics

/// The tables of a scenario's result: `results.sqlite`, `metrics.csv`, `zones.csv`, `jobs.csv`.
public final class ResultTables {
  private let folder: ResultFolder
  private let database: ResultDatabase
  private let writer: WorkloadWriter?
  private let decisions: DecisionWriter?
  private let metrics = MetricsCSV()
  private let zones = TextBuffer()
  private let policyMetrics = TextBuffer()

  /// - Parameters:
  ///   - users: the users of the job log by their place in it.
  ///   - conditions: carbon intensity and price of each zone at the clock's start.
  ///   - capacities: what each zone has from the clock's start on; none where it is the same all along.
  ///   - keepsWorkloads: whether the jobs themselves are written.
  ///   - keepsDecisions: whether decisions are.
  ///   - provenance: what the result is made of, where that is known.
  ///   - outline: what maps are drawn on; nothing where that is Great Britain.
  /// - Throws: ``StoreError``, GRDB's `DatabaseError`.
  public init(
    folder: ResultFolder, zones: [Zone], conditions: [(carbon: Double?, price: Double?)],
    capacities: [[CapacityPeriod]] = [], users: [UserRow], keepsWorkloads: Bool, keepsDecisions: Bool = false,
    provenance: Provenance? = nil, outline: [OutlineShape] = []
  ) throws {
    self.folder = folder
    database = try ResultDatabase(
      path: folder.place(for: "results.sqlite"), zones: zones, conditions: conditions, capacities: capacities,
      users: users)
    if let provenance { try database.write { try provenance.insert($0) } }
    try database.write { try OutlineShape.insert(outline, $0) }
    writer =
      keepsWorkloads
      ? try WorkloadWriter(
        database: database, path: folder.place(for: "jobs.csv"), zoneIDs: zones.map(\.id), users: users.map(\.id))
      : nil
    decisions =
      keepsDecisions
      ? try DecisionWriter(database: database, path: folder.place(for: "decisions.csv"), zoneIDs: zones.map(\.id))
      : nil
  }

  /// Where a run's records go; `nil` where they are not kept. Runs may go on at once, and are finished in order.
  ///
  /// - Parameter isNext: whether all earlier runs have been finished.
  public func workloads(run: Int, isNext: @escaping () -> Bool) -> WorkloadTable? {
    writer.map { WorkloadTable(run: run, writer: $0, isNext: isNext) }
  }

  /// Where a run's decisions go; `nil` where they are not kept. See ``workloads(run:isNext:)``.
  public func decisions(run: Int, isNext: @escaping () -> Bool) -> DecisionTable? {
    decisions.map { DecisionTable(run: run, writer: $0, isNext: isNext) }
  }

  /// The steps of a trace that audit needs: those from an instant on, up to another.
  public func addTrace(
    set: Int, quantity: String, zone: Int, _ trace: StepTrace, from: Instant, until: Instant
  ) throws {
    try database.insert(set: set, quantity: quantity, zone: zone, trace, from: from, until: until)
  }

  /// What was forecast of a zone's carbon intensity.
  public func add(_ forecasts: [ChartData.Forecast], set: Int, zone: Int) throws(StoreError) {
    try database.write { try ChartRows.insert(forecasts, set: set, zone: zone, $0) }
  }

  /// Takes the figures of the next runs.
  public func add(_ runs: [RunRow]) throws {
    try database.insert(runs, hasWorkloads: writer != nil)
    for run in runs { addLines(of: run) }
  }

  /// Completes the database and writes `metrics.csv`, `zones.csv` and, where a policy has figures of its own,
  /// `policy_metrics.csv`.
  public func finish() throws {
    try database.finish(hasDecisions: decisions != nil)
    try folder.write(metrics.text, as: "metrics.csv")
    try folder.write(zones.text, as: "zones.csv")
    if policyMetrics.count > 0 { try folder.write(policyMetrics.text, as: "policy_metrics.csv") }
  }

  private func addLines(of run: RunRow) {
    metrics.add(
      run: run.id, policy: run.policy, replication: run.replication, seed: run.seed, metrics: run.metrics)
    if zones.count == 0 {
      let names = run.zones.first?.values.map(\.name) ?? []
      zones.append("run_id,policy,replication,grid_zone_id,grid_zone_code," + names.joined(separator: ",") + "\n")
    }
    for zone in run.zones {
      zones.append("\(run.id),\(run.policy),\(run.replication),\(zone.zone.id),")
      zones.append(cell: zone.zone.code)
      for figure in zone.values { zones.append(afterComma: figure.value) }
      zones.append(byte: 10)
    }
    if policyMetrics.count == 0, !run.policyMetrics.isEmpty {
      policyMetrics.append("run_id,policy,replication,metric,value\n")
    }
    for metric in run.policyMetrics {
      policyMetrics.append("\(run.id),\(run.policy),\(run.replication),\(metric.name)")
      policyMetrics.append(afterComma: metric.value)
      policyMetrics.append(byte: 10)
    }
  }
}
