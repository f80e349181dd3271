/// The tables of `results.sqlite` (contract §7). Names of the platform's tables and columns are the platform's.
enum Schema {
  /// Made before the rows are written.
  static let tables = """
    CREATE TABLE runs (
      run_id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, policy TEXT NOT NULL, label TEXT NOT NULL,
      replication INTEGER NOT NULL, varies TEXT NOT NULL,
      seed TEXT NOT NULL, is_baseline INTEGER NOT NULL, baseline_run_id INTEGER NOT NULL REFERENCES runs (run_id),
      clock_start TEXT NOT NULL, clock_end TEXT NOT NULL, drain INTEGER NOT NULL, trace_set INTEGER NOT NULL,
      has_workloads INTEGER NOT NULL, event_order_version INTEGER NOT NULL, placement_signature TEXT NOT NULL,
      stays_at_home INTEGER NOT NULL, checkpoint_s REAL NOT NULL, resume_s REAL NOT NULL,
      checkpoint_kwh REAL NOT NULL, resume_kwh REAL NOT NULL, warm_up_s REAL NOT NULL,
      home TEXT, jobs_without_home INTEGER NOT NULL, jobs_given_home INTEGER NOT NULL,
      currency TEXT NOT NULL,
      wall_clock_simulation_s REAL, wall_clock_decision_p50_ns REAL, wall_clock_decision_p99_ns REAL);
    CREATE TABLE grid_zones (
      id INTEGER PRIMARY KEY, zone_id TEXT NOT NULL, zone_name TEXT NOT NULL, grid_zone_code TEXT NOT NULL UNIQUE,
      region TEXT NOT NULL, country TEXT NOT NULL, coordinates TEXT NOT NULL, carbon_intensity REAL,
      energy_price REAL, cpu_cores REAL NOT NULL, memory_gb REAL NOT NULL, gpus REAL NOT NULL, pue REAL NOT NULL,
      idle_kw REAL NOT NULL, cpu_core_watts REAL NOT NULL, gpu_watts REAL NOT NULL, memory_gb_watts REAL NOT NULL);
    CREATE TABLE users (
      id TEXT PRIMARY KEY, email TEXT NOT NULL, user_name TEXT NOT NULL, user_email TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('operator', 'user')), created_at TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE compute_workloads (
      \(WorkloadColumn.definitions),
      PRIMARY KEY (run_id, id)) WITHOUT ROWID;
    CREATE TABLE workload_segments (
      run_id INTEGER NOT NULL, id INTEGER NOT NULL, segment INTEGER NOT NULL,
      zone INTEGER NOT NULL REFERENCES grid_zones (id), started_at TEXT NOT NULL, ended_at TEXT,
      PRIMARY KEY (run_id, id, segment),
      FOREIGN KEY (run_id, id) REFERENCES compute_workloads (run_id, id)) WITHOUT ROWID;
    CREATE TABLE run_metrics (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), metric TEXT NOT NULL, value REAL,
      PRIMARY KEY (run_id, metric)) WITHOUT ROWID;
    CREATE TABLE requirements (metric TEXT PRIMARY KEY, minimum REAL, maximum REAL) WITHOUT ROWID;
    CREATE TABLE policy_metrics (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), metric TEXT NOT NULL, value REAL,
      PRIMARY KEY (run_id, metric)) WITHOUT ROWID;
    CREATE TABLE zone_samples (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
      sampled_at TEXT NOT NULL, running INTEGER NOT NULL, cpu_cores_allocated REAL NOT NULL,
      memory_gb_allocated REAL NOT NULL, gpus_allocated REAL NOT NULL, carbon_intensity REAL, energy_price REAL,
      assigned INTEGER NOT NULL, PRIMARY KEY (run_id, grid_zone_id, sampled_at)) WITHOUT ROWID;
    CREATE TABLE zone_capacity (
      replication INTEGER NOT NULL, grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
      starts_at TEXT NOT NULL, ends_at TEXT,
      cpu_cores REAL NOT NULL, memory_gb REAL NOT NULL, gpus REAL NOT NULL, is_out INTEGER NOT NULL, running TEXT,
      PRIMARY KEY (replication, grid_zone_id, starts_at)) WITHOUT ROWID;
    CREATE TABLE trace_steps (
      trace_set INTEGER NOT NULL, quantity TEXT NOT NULL, grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
      starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, value REAL NOT NULL,
      PRIMARY KEY (trace_set, quantity, grid_zone_id, starts_at)) WITHOUT ROWID;
    \(Provenance.table)
    \(OutlineShape.table)
    \(charts)
    """

  /// Tables from which charts are drawn in addition to the figures, for the first replication alone.
  private static let charts = """
    CREATE TABLE job_quantiles (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), quantity TEXT NOT NULL, share REAL NOT NULL,
      value REAL NOT NULL, PRIMARY KEY (run_id, quantity, share)) WITHOUT ROWID;
    CREATE TABLE type_metrics (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), workload_type TEXT NOT NULL, jobs_started INTEGER NOT NULL,
      energy_kwh REAL NOT NULL, carbon_kg REAL NOT NULL, cost_gbp REAL NOT NULL,
      PRIMARY KEY (run_id, workload_type)) WITHOUT ROWID;
    CREATE TABLE zone_hours (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
      hour INTEGER NOT NULL, cpu_cores_allocated REAL NOT NULL, memory_gb_allocated REAL NOT NULL,
      gpus_allocated REAL NOT NULL, PRIMARY KEY (run_id, grid_zone_id, hour)) WITHOUT ROWID;
    CREATE TABLE zone_load (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
      starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, power_kw REAL NOT NULL,
      PRIMARY KEY (run_id, grid_zone_id, starts_at)) WITHOUT ROWID;
    CREATE TABLE forecast_steps (
      trace_set INTEGER NOT NULL, grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id), issued_at TEXT NOT NULL,
      starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, carbon_intensity REAL NOT NULL,
      PRIMARY KEY (trace_set, grid_zone_id, issued_at, starts_at)) WITHOUT ROWID;
    """

  /// Made where decisions are logged. Scores and predictions of a decision are those of what was chosen.
  static let decisions = """
    CREATE TABLE decisions (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), decision INTEGER NOT NULL, decided_at TEXT NOT NULL,
      id INTEGER NOT NULL, job_id TEXT NOT NULL, kind TEXT NOT NULL, zone INTEGER REFERENCES grid_zones (id),
      start_at TEXT, reason TEXT, ranked_by TEXT, candidates INTEGER, forecast_issued_at TEXT, score REAL, terms TEXT,
      predicted_intensity_gco2_kwh REAL, predicted_carbon_kg REAL, predicted_cost_gbp REAL,
      PRIMARY KEY (run_id, decision)) WITHOUT ROWID;
    CREATE TABLE decision_options (
      run_id INTEGER NOT NULL, decision INTEGER NOT NULL, rank INTEGER NOT NULL,
      zone INTEGER NOT NULL REFERENCES grid_zones (id), start_at TEXT NOT NULL, score REAL, terms TEXT,
      predicted_intensity_gco2_kwh REAL, predicted_carbon_kg REAL, predicted_cost_gbp REAL,
      PRIMARY KEY (run_id, decision, rank),
      FOREIGN KEY (run_id, decision) REFERENCES decisions (run_id, decision)) WITHOUT ROWID;
    """

  /// Made after the rows are written, where decisions are logged.
  static let decisionIndex = "CREATE INDEX decisions_id ON decisions (run_id, id)"

  /// Made after the rows are written: one sort costs less than an index kept up row by row.
  static let indexes = """
    CREATE UNIQUE INDEX compute_workloads_job_id ON compute_workloads (run_id, job_id);
    CREATE INDEX compute_workloads_user_id ON compute_workloads (user_id);
    CREATE INDEX compute_workloads_chosen_grid_zone ON compute_workloads (chosen_grid_zone);
    CREATE INDEX compute_workloads_status ON compute_workloads (status);
    """

  /// `zone_metrics` with a column a figure; the names are the program's own.
  static func zoneMetrics(_ names: [String]) -> String {
    let columns = names.map { "\($0) REAL" }.joined(separator: ", ")
    return """
      CREATE TABLE zone_metrics (
        run_id INTEGER NOT NULL REFERENCES runs (run_id), grid_zone_id INTEGER NOT NULL REFERENCES grid_zones (id),
        \(columns),
        PRIMARY KEY (run_id, grid_zone_id)) WITHOUT ROWID
      """
  }

  /// `run_metrics` with a column a metric.
  static func wideView(_ names: [String]) -> String {
    let columns = names.map { "max(CASE metric WHEN '\($0)' THEN value END) AS \($0)" }.joined(separator: ",\n  ")
    return """
      CREATE VIEW metrics_wide AS SELECT run_id, policy, label, replication,
        \(columns)
      FROM runs JOIN run_metrics USING (run_id) GROUP BY run_id
      """
  }
}

/// The columns of `compute_workloads` in their order. `jobs.csv` has policy, label and replication behind the first.
enum WorkloadColumn {
  static let all: [(name: String, type: String)] = [
    ("run_id", "INTEGER NOT NULL REFERENCES runs (run_id)"), ("id", "INTEGER NOT NULL"), ("job_id", "TEXT NOT NULL"),
    ("user_id", "TEXT NOT NULL REFERENCES users (id)"), ("workload_name", "TEXT NOT NULL"),
    ("workload_type", "TEXT NOT NULL"), ("status", "TEXT NOT NULL"), ("urgency", "TEXT NOT NULL"),
    ("required_gpu_mins", "REAL NOT NULL"), ("required_cpu_cores", "REAL NOT NULL"),
    ("required_memory_gb", "REAL NOT NULL"), ("required_gpus", "REAL NOT NULL"), ("duration_s", "REAL NOT NULL"),
    ("actual_duration_s", "REAL NOT NULL"), ("home_zone", "INTEGER REFERENCES grid_zones (id)"),
    ("estimated_energy_kwh", "REAL"), ("carbon_cap_gco2", "REAL"), ("max_carbon_intensity_gco2_kwh", "REAL"),
    ("max_price_gbp", "REAL"), ("recommended_grid_zone_id", "INTEGER REFERENCES grid_zones (id)"),
    ("recommended_2_grid_zone_id", "INTEGER REFERENCES grid_zones (id)"),
    ("recommended_3_grid_zone_id", "INTEGER REFERENCES grid_zones (id)"),
    ("chosen_grid_zone", "INTEGER REFERENCES grid_zones (id)"), ("deferral_window_mins", "REAL NOT NULL"),
    ("deadline", "TEXT"), ("submitted_at", "TEXT NOT NULL"), ("actual_start", "TEXT"), ("actual_end", "TEXT"),
    ("energy_kwh", "REAL"), ("carbon_emitted_kg", "REAL"), ("cost_gbp", "REAL"), ("rejection_reason", "TEXT"),
  ]

  static var definitions: String { all.map { "\($0.name) \($0.type)" }.joined(separator: ", ") }
  static var csvNames: String {
    (all.map(\.name) + ["policy", "label", "replication"]).joined(separator: ",")
  }
}
