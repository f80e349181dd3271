public import Domain
internal import GRDB

/// One run as the table `runs` holds it.
public struct RunRow: Sendable {
  public var scenario: String
  public var policy: String
  public var seed: UInt64
  public var isBaseline: Bool
  public var clockStart: Instant
  public var clockEnd: Instant
  public var eventOrderVersion: Int
  public var placementSignature: String
  public var metrics: [(name: String, value: Double?)]

  public init(
    scenario: String, policy: String, seed: UInt64, isBaseline: Bool, clockStart: Instant, clockEnd: Instant,
    eventOrderVersion: Int, placementSignature: String, metrics: [(name: String, value: Double?)]
  ) {
    self.scenario = scenario
    self.policy = policy
    self.seed = seed
    self.isBaseline = isBaseline
    self.clockStart = clockStart
    self.clockEnd = clockEnd
    self.eventOrderVersion = eventOrderVersion
    self.placementSignature = placementSignature
    self.metrics = metrics
  }
}

/// Writes `runs`, `grid_zones`, `run_metrics` and the view `metrics_wide` to a new SQLite file.
public enum ResultDatabase {
  /// - Parameter path: where no file is yet.
  /// - Throws: GRDB's `DatabaseError`.
  public static func write(to path: String, zones: [Zone], runs: [RunRow]) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(sql: schema)
      for zone in zones { try insert(zone, database) }
      for (index, run) in runs.enumerated() { try insert(run, id: index + 1, database) }
      if let run = runs.first { try database.execute(sql: wideView(run.metrics.map(\.name))) }
    }
    try queue.close()
  }

  private static let schema = """
    CREATE TABLE runs (
      run_id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, policy TEXT NOT NULL, replication INTEGER NOT NULL,
      seed TEXT NOT NULL, is_baseline INTEGER NOT NULL, clock_start TEXT NOT NULL, clock_end TEXT NOT NULL,
      event_order_version INTEGER NOT NULL, placement_signature TEXT NOT NULL);
    CREATE TABLE grid_zones (
      id INTEGER PRIMARY KEY, zone_id TEXT NOT NULL, zone_name TEXT NOT NULL, grid_zone_code TEXT NOT NULL UNIQUE,
      region TEXT NOT NULL, country TEXT NOT NULL, coordinates TEXT NOT NULL, cpu_cores REAL NOT NULL,
      memory_gb REAL NOT NULL, gpus REAL NOT NULL, pue REAL NOT NULL, idle_kw REAL NOT NULL);
    CREATE TABLE run_metrics (
      run_id INTEGER NOT NULL REFERENCES runs (run_id), metric TEXT NOT NULL, value REAL,
      PRIMARY KEY (run_id, metric)) WITHOUT ROWID;
    """

  private static func insert(_ zone: Zone, _ database: Database) throws {
    let place = "{\"lat\":\(zone.coordinates.latitude),\"lng\":\(zone.coordinates.longitude)}"
    try database.execute(
      sql: "INSERT INTO grid_zones VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
      arguments: [
        zone.id, String(zone.id), zone.name, zone.code, zone.region, zone.country, place, zone.capacity.cpuCores,
        zone.capacity.memoryGigabytes, zone.capacity.gpus, zone.pue, zone.idlePower.value,
      ])
  }

  private static func insert(_ run: RunRow, id: Int, _ database: Database) throws {
    // A seed may need all 64 bits, which SQLite's signed integers do not hold: text keeps it.
    try database.execute(
      sql: "INSERT INTO runs VALUES (?,?,?,1,?,?,?,?,?,?)",
      arguments: [
        id, run.scenario, run.policy, String(run.seed), run.isBaseline, run.clockStart.iso8601, run.clockEnd.iso8601,
        run.eventOrderVersion, run.placementSignature,
      ])
    for (name, value) in run.metrics {
      try database.execute(sql: "INSERT INTO run_metrics VALUES (?,?,?)", arguments: [id, name, value])
    }
  }

  /// The names are the program's own, never the user's.
  private static func wideView(_ names: [String]) -> String {
    let columns = names.map { "max(CASE metric WHEN '\($0)' THEN value END) AS \($0)" }.joined(separator: ",\n  ")
    return """
      CREATE VIEW metrics_wide AS SELECT run_id, policy, replication,
        \(columns)
      FROM runs JOIN run_metrics USING (run_id) GROUP BY run_id
      """
  }
}
