internal import GRDB

/// Columns that an audit takes as they are: inputs, what policies believed, and times of the machine.
enum GivenCells {
  static func names(_ database: Database, _ facts: ScenarioFacts?) throws -> [String] {
    var names: [String] = []
    func add(_ table: String, _ columns: [String]) throws {
      guard try database.tableExists(table), try Bool.fetchOne(database, sql: "SELECT 1 FROM \(table)") == true else {
        return
      }
      let there = try database.columns(in: table).map(\.name)
      names += columns.filter(there.contains).map { "\(table).\($0)" }
    }
    let derived: [JobColumn] = [.id, .gpuMinutes]
    try add("compute_workloads", JobColumn.submitted.filter { !derived.contains($0) }.map(\.name))
    let hasLog = try database.tableExists("decisions")
    if !hasLog { try add("compute_workloads", [JobColumn.first, .second, .third].map(\.name)) }
    try add("users", ["email", "user_name", "user_email", "role", "created_at"])
    try add("trace_steps", ["ends_at", "value"])
    try add("zone_samples", ["sampled_at", "assigned"])
    if facts == nil || facts?.givesHomes == true { try add("runs", ["jobs_given_home"]) }
    if facts?.eventOrderVersion == nil { try add("runs", ["event_order_version"]) }
    if facts?.staysAtHome.contains(nil) ?? true { try add("runs", ["stays_at_home"]) }
    if facts == nil {
      try add("runs", ["label", "varies", "home"])
      try add("requirements", ["metric", "minimum", "maximum"])
      try add("zone_capacity", ["is_out", "running"])
    }
    if facts?.changedZones.isEmpty != true { try add("zone_capacity", ["cpu_cores", "memory_gb", "gpus"]) }
    try add("runs", ["wall_clock_simulation_s", "wall_clock_decision_p50_ns", "wall_clock_decision_p99_ns"])
    try addLog(facts, add)
    try add("forecast_steps", ["trace_set", "grid_zone_id", "issued_at", "starts_at", "ends_at", "carbon_intensity"])
    try add("map_outline", ["shape", "is_area", "points"])
    try add("provenance", ["place", "item", "value"])
    return names
  }

  /// Adds the columns of the decision log that hold a policy's beliefs and its ranking.
  private static func addLog(
    _ facts: ScenarioFacts?, _ add: (_ table: String, _ columns: [String]) throws -> Void
  ) throws {
    var cost = ["predicted_cost_gbp"]
    if case .constant? = facts?.price { cost = [] }
    let own = ["candidates", "ranked_by", "forecast_issued_at", "score", "predicted_intensity_gco2_kwh"]
    try add("decisions", ["decided_at", "start_at"] + own + cost)
    try add("decision_options", ["start_at", "score", "predicted_intensity_gco2_kwh"] + cost)
  }
}
