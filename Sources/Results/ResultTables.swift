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
  ///   - keepsWorkloads: whether the jobs themselves are written.
  ///   - keepsDecisions: whether decisions are.
  ///   - provenance: what the result is made of, where that is known.
  ///   - varies: what the replications differ in, as `Variation.text` writes it.
  ///   - outline: what maps are drawn on; nothing where that is Great Britain.
  /// - Throws: ``StoreError``, GRDB's `DatabaseError`.
  public init(
    folder: ResultFolder, zones: [Zone], conditions: [(carbon: Double?, price: Double?)],
    users: [UserRow], varies: String? = nil, keepsWorkloads: Bool, keepsDecisions: Bool = false,
    provenance: Provenance? = nil, outline: [OutlineShape] = []
  ) throws {
    self.folder = folder
    database = try ResultDatabase(
      path: folder.place(for: "results.sqlite"), zones: zones, conditions: conditions, users: users)
    try database.write { connection in
      try provenance?.insert(connection)
      if let varies { try Provenance.insert("varies", varies, connection) }
    }
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

  /// Returns the table for a run's records; `nil` if they are not kept. Runs may proceed concurrently, and are
  /// finished in order.
  ///
  /// - Parameter isNext: whether all earlier runs have been finished.
  public func workloads(_ run: WorkloadTable.RunName, isNext: @escaping () -> Bool) -> WorkloadTable? {
    writer.map { WorkloadTable(run: run, writer: $0, isNext: isNext) }
  }

  /// Returns the table for a run's decisions; `nil` if they are not kept. See ``workloads(_:isNext:)``.
  public func decisions(run: Int, isNext: @escaping () -> Bool) -> DecisionTable? {
    decisions.map { DecisionTable(run: run, writer: $0, isNext: isNext) }
  }

  /// The steps of a trace that audit needs: those from an instant on, up to another.
  public func addTrace(
    set: Int, quantity: String, zone: Int, _ trace: StepTrace, from: Instant, until: Instant
  ) throws {
    try database.insert(set: set, quantity: quantity, zone: zone, trace, from: from, until: until)
  }

  /// Adds the capacities of a zone from the clock's start on.
  ///
  /// - Parameter replication: the one that it holds for; 0: all.
  public func add(_ periods: [CapacityPeriod], of zone: Int, replication: Int) throws(StoreError) {
    try database.write { connection in
      for period in periods { try database.insert(period, of: zone, replication: replication, connection) }
    }
  }

  /// Adds the forecasts of a zone's carbon intensity.
  public func add(_ forecasts: [ChartData.Forecast], set: Int, zone: Int) throws(StoreError) {
    try database.write { try ChartRows.insert(forecasts, set: set, zone: zone, $0) }
  }

  /// Takes the figures of the next runs.
  public func add(_ runs: [RunRow]) throws {
    try database.insert(runs, hasWorkloads: writer != nil)
    for run in runs { addLines(of: run) }
  }

  /// Records what is asked of every policy.
  public func add(_ requirements: [Requirement]) throws { try database.insert(requirements) }

  /// Records how jobs came to their home zones.
  public func add(_ homes: HomeFacts) throws(StoreError) {
    try database.write { try Provenance.insert("home_zones", homes.provenance, $0) }
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
      run: run.id, policy: run.policy, label: run.label, replication: run.replication, seed: run.seed,
      metrics: run.metrics)
    if zones.count == 0 {
      let names = run.zones.first?.values.map(\.name) ?? []
      let head = ["run_id", "policy", "label", "replication", "grid_zone_id", "grid_zone_code"]
      zones.append(line: (head + names).map { .text($0) })
    }
    for zone in run.zones {
      zones.append(
        line: [
          .whole(run.id), .text(run.policy), .text(run.label), .whole(run.replication), .whole(zone.zone.id),
          .text(zone.zone.code),
        ] + zone.values.map { .number($0.value) })
    }
    if policyMetrics.count == 0, !run.policyMetrics.isEmpty {
      policyMetrics.append("run_id,policy,label,replication,metric,value\n")
    }
    for metric in run.policyMetrics {
      policyMetrics.append(
        line: [
          .whole(run.id), .text(run.policy), .text(run.label), .whole(run.replication), .text(metric.name),
          .number(metric.value),
        ])
    }
  }
}

extension TextBuffer {
  /// Number, policy, label and replication of a run.
  fileprivate func append(_ run: RunRow) {
    append("\(run.id),")
    append(cell: run.policy)
    append(byte: 44)
    append(cell: run.label)
    append(",\(run.replication)")
  }
}
