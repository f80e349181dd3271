package import GRDB

/// The tables and columns that audit reads, by name: others may come before, between and after.
package enum AuditSchema {
  package static let needed: [(table: String, columns: [String])] = [
    (
      "runs",
      [
        "run_id", "policy", "replication", "is_baseline", "baseline_run_id", "clock_start", "clock_end", "drain",
        "trace_set", "has_workloads", "placement_signature", "stays_at_home", "checkpoint_s", "resume_s",
        "checkpoint_kwh", "resume_kwh", "warm_up_s",
      ]
    ),
    (
      "grid_zones",
      [
        "id", "grid_zone_code", "carbon_intensity", "energy_price", "cpu_cores", "memory_gb", "gpus", "pue", "idle_kw",
        "cpu_core_watts", "gpu_watts", "memory_gb_watts",
      ]
    ),
    ("users", ["id"]),
    ("compute_workloads", JobColumn.allCases.map(\.name)),
    ("workload_segments", ["run_id", "id", "segment", "zone", "started_at", "ended_at"]),
    ("run_metrics", ["run_id", "metric", "value"]),
    ("zone_metrics", ["run_id", "grid_zone_id"] + RunSums.zoneFigureNames),
    (
      "zone_samples",
      [
        "run_id", "grid_zone_id", "sampled_at", "running", "cpu_cores_allocated", "memory_gb_allocated",
        "gpus_allocated", "carbon_intensity", "energy_price",
      ]
    ),
    ("trace_steps", ["trace_set", "quantity", "grid_zone_id", "starts_at", "ends_at", "value"]),
  ]

  /// The tables and columns that audit reads in addition if decisions are logged.
  package static let logged: [(table: String, columns: [String])] = [
    (
      "decisions",
      [
        "run_id", "decision", "decided_at", "id", "job_id", "kind", "zone", "start_at", "reason", "ranked_by",
        "candidates", "forecast_issued_at", "score", "terms", "predicted_intensity_gco2_kwh", "predicted_carbon_kg",
        "predicted_cost_gbp",
      ]
    ),
    (
      "decision_options",
      [
        "run_id", "decision", "rank", "zone", "start_at", "score", "terms", "predicted_intensity_gco2_kwh",
        "predicted_carbon_kg", "predicted_cost_gbp",
      ]
    ),
  ]

  /// Those that a result may lack: it is then of a scenario without events, or without charts.
  package static let optional: [(table: String, columns: [String])] = [
    (
      "zone_capacity",
      ["grid_zone_id", "starts_at", "ends_at", "cpu_cores", "memory_gb", "gpus", "is_out", "running"]
    ),
    ("job_quantiles", ["run_id", "quantity", "share", "value"]),
    ("type_metrics", ["run_id", "workload_type", "jobs_started", "energy_kwh", "carbon_kg", "cost_gbp"]),
    (
      "zone_hours",
      ["run_id", "grid_zone_id", "hour", "cpu_cores_allocated", "memory_gb_allocated", "gpus_allocated"]
    ),
    ("zone_load", ["run_id", "grid_zone_id", "starts_at", "ends_at", "power_kw"]),
  ]

  package static func columns(_ table: String) -> [String] {
    (needed + optional).first { $0.table == table }?.columns ?? []
  }

  /// How many points a sweep's result has; `nil` for one of `pylon run`.
  package static func points(_ database: Database) throws -> Int? {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'points'"
    guard try Bool.fetchOne(database, sql: sql) == true else { return nil }
    return try Int.fetchOne(database, sql: "SELECT count(*) FROM points")
  }

  /// - Throws: ``AuditRefusal`` that names everything missing.
  package static func check(_ database: Database, _ path: String) throws {
    var missing: [String] = []
    var computed: [String] = []
    let hasLog = try logged.contains { try database.tableExists($0.table) || database.viewExists($0.table) }
    for (table, columns) in needed + (hasLog ? logged : []) + optional {
      let plain = try Bool.fetchOne(
        database,
        sql:
          "SELECT type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE name = ? COLLATE NOCASE",
        arguments: [table])
      guard let plain else {
        if !optional.contains(where: { $0.table == table }) { missing.append("table \(table)") }
        continue
      }
      guard plain else {
        computed.append(table)
        continue
      }
      let there = try Row.fetchAll(database, sql: "SELECT name, hidden FROM pragma_table_xinfo(?)", arguments: [table])
      if there.contains(where: { ($0["hidden"] as Int? ?? 0) != 0 }) { computed.append(table) }
      let names = Set(there.map { $0["name"] as String? ?? "" })
      missing += columns.filter { !names.contains($0) }.map { "\(table).\($0)" }
    }
    guard missing.isEmpty else { throw AuditRefusal.lacks(path: path, names: missing) }
    guard computed.isEmpty else { throw AuditRefusal.notPlain(path: path, names: computed) }
  }

  /// Rows that refer to rows that are not there.
  package static func checkReferences(_ database: Database, _ findings: Findings) throws {
    let rows = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
    while let row = try rows.next() {
      let table = String.fromDatabaseValue(row[0]) ?? "?"
      let parent = String.fromDatabaseValue(row[2]) ?? "?"
      findings.add(.reference) {
        AuditFailure(
          $0, name: table, found: .text("a reference to a missing row"), expected: .text("a row of \(parent)"))
      }
    }
  }
}
