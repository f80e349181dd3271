public import Domain
internal import Metrics

/// The tables of a scenario's result: `results.sqlite`, `metrics.csv`, `zones.csv`, `jobs.csv`.
public final class ResultTables {
  private let folder: ResultFolder
  private let database: ResultDatabase
  private let writer: WorkloadWriter?

  /// - Parameters:
  ///   - users: the users of the job log by their place in it.
  ///   - conditions: carbon intensity and price of each zone at the clock's start.
  ///   - keepsWorkloads: whether the jobs themselves are written.
  /// - Throws: ``StoreError``, GRDB's `DatabaseError`.
  public init(
    folder: ResultFolder, zones: [Zone], conditions: [(carbon: Double?, price: Double?)], users: [UserRow],
    keepsWorkloads: Bool
  ) throws {
    self.folder = folder
    database = try ResultDatabase(
      path: folder.place(for: "results.sqlite"), zones: zones, conditions: conditions, users: users)
    writer =
      keepsWorkloads
      ? WorkloadWriter(
        database: database, csv: try OutputFile(path: folder.place(for: "jobs.csv")), zoneIDs: zones.map(\.id),
        users: users.map(\.id)) : nil
  }

  /// Where a run's records go; `nil` where they are not kept.
  public func workloads(run: Int) -> WorkloadTable? { writer.map { WorkloadTable(run: run, writer: $0) } }

  /// The steps of a trace that audit needs: those from an instant on, up to another.
  public func addTrace(
    set: Int, quantity: String, zone: Int, _ trace: StepTrace, from: Instant, until: Instant
  ) throws {
    try database.insert(set: set, quantity: quantity, zone: zone, trace, from: from, until: until)
  }

  /// Writes the figures and completes the database.
  public func finish(_ runs: [RunRow]) throws {
    try database.insert(runs, hasWorkloads: writer != nil)
    try database.finish()
    try folder.write(metrics(runs), as: "metrics.csv")
    try folder.write(zones(runs), as: "zones.csv")
    if runs.contains(where: { !$0.policyMetrics.isEmpty }) {
      try folder.write(policyMetrics(runs), as: "policy_metrics.csv")
    }
  }

  private func policyMetrics(_ runs: [RunRow]) -> String {
    let text = TextBuffer()
    text.append("run_id,policy,replication,metric,value\n")
    for run in runs {
      for metric in run.policyMetrics {
        text.append("\(run.id),\(run.policy),\(run.replication),\(metric.name)")
        text.append(afterComma: metric.value)
        text.append(byte: 10)
      }
    }
    return text.text
  }

  private func metrics(_ runs: [RunRow]) -> String {
    let text = TextBuffer()
    let names = runs.first?.metrics.map(\.name) ?? []
    text.append("run_id,policy,replication,seed," + names.joined(separator: ",") + "\n")
    for run in runs {
      text.append("\(run.id),\(run.policy),\(run.replication),\(run.seed)")
      for metric in run.metrics { text.append(afterComma: metric.value) }
      text.append(byte: 10)
    }
    return text.text
  }

  private func zones(_ runs: [RunRow]) -> String {
    let text = TextBuffer()
    let names = runs.first?.zones.first?.values.map(\.name) ?? []
    text.append("run_id,policy,replication,grid_zone_id,grid_zone_code," + names.joined(separator: ",") + "\n")
    for run in runs {
      for zone in run.zones {
        text.append("\(run.id),\(run.policy),\(run.replication),\(zone.zone.id),")
        text.append(cell: zone.zone.code)
        for figure in zone.values { text.append(afterComma: figure.value) }
        text.append(byte: 10)
      }
    }
    return text.text
  }
}

extension TextBuffer {
  fileprivate func append(afterComma value: Double?) {
    append(byte: 44)
    if let value { append(value) }
  }
}
