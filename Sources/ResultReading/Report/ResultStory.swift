internal import Audit
public import Domain
internal import GRDB
public import Results

/// The origin of a `results.sqlite` and the history of its zones: everything that a report needs in addition to the
/// figures and the charts.
public struct ResultStory: Sendable {
  /// A run of the first replication.
  public struct Run: Sendable {
    public var label: String
    public var isBaseline: Bool
    public var placementSignature: String
  }

  public var scenario: String
  public var seed: UInt64
  /// The currency of the costs.
  public var currency: Currency
  /// How many replications there are.
  public var replications: Int
  /// Sources of variation between the replications; `nil` if the result does not specify them.
  public var variation: Variation?
  /// `nil` of a result that does not tell.
  public var provenance: Provenance?
  /// Runs of the first replication, in the order in which they ran.
  public var runs: [Run]
  public var start: Instant
  public var end: Instant
  /// Warm-up of the first replication.
  public var warmUp: TimeSpan
  public var drains: Bool
  public var eventOrderVersion: Int
  public var hasWorkloads: Bool
  public var zones: [Zone]
  /// History of the zones in the first replication; empty if nothing was sampled.
  public var history: ZoneHistory
  /// One per run, in their order; `nil` for a result without job rows.
  public var flows: [JobFlow?]
  /// Jobs that outages ended, of the first replication.
  public var failures: [OutageFailures]
  /// The jobs that ended the longest after their deadlines, of the first replication and each policy in its order.
  public var late: [LateJob]
  /// Mean delay of completed jobs, s, by label of the policies that suspended jobs: by how much later they ended than
  /// if they had run at once. A mean over the replications' means.
  public var delays: [String: Double] = [:]
  /// The largest carbon intensity of all samples, gCO2/kWh, and the most jobs that run in a zone: scales of maps.
  public var highestIntensity = 0.0
  public var mostRunning = 0
  /// The outline on which its maps are drawn; empty for Great Britain.
  public var outline: [OutlineShape]

  /// How many late jobs of a policy a report lists.
  static let mostLate = 3

  /// - Parameters:
  ///   - point: of a sweep, from 1; may be `nil` where it has no other.
  ///   - labels: what tells apart policies that run in this order.
  /// - Throws: ``AuditRefusal``.
  public static func read(path: String, point: Int? = nil, labels: ([String]) -> [String]) throws -> ResultStory {
    let file = try AuditFile(path: path)
    return try file.read { database in
      try AuditSchema.check(database, path)
      let figures = try ResultFigures(database, path, checked: point)
      return try ChartReading(database, path).story(figures, labels)
    }
  }
}

extension ChartReading {
  func story(_ figures: ResultFigures, _ labels: ([String]) -> [String]) throws -> ResultStory {
    let first = figures.runs.filter { $0.replication == figures.runs.first?.replication }
    guard let id = first.first?.id else { throw AuditRefusal.noRuns(path: path) }
    let zones = try domainZones()
    var story = ResultStory(
      scenario: figures.scenario, seed: figures.seed, currency: figures.currency,
      replications: Set(figures.runs.map(\.replication)).count,
      variation: figures.variation, provenance: try Provenance(database), runs: [], start: .never, end: .never,
      warmUp: .zero, drains: true,
      eventOrderVersion: 0, hasWorkloads: true, zones: zones,
      history: try history(runs: first.map(\.id), zones: zones.map(\.id)),
      flows: try first.map { try flow(run: $0.id) },
      failures: try OutageFailures.read(database, runs: first, labels: labels),
      late: try LateJob.read(database, runs: first, labels: labels, count: ResultStory.mostLate), outline: try outline()
    )
    story.delays = try delays(figures.runs, labels)
    try addExtremes(&story)
    for (label, run) in zip(labels(first.map(\.name)), first) {
      try rows("runs", "SELECT * FROM runs WHERE run_id = ?", [run.id]) { row in
        story.runs.append(
          ResultStory.Run(
            label: label, isBaseline: run.isBaseline, placementSignature: try text(row, "runs", "placement_signature")))
        guard run.id == id else { return }
        story.start = try instant(row, "runs", "clock_start")
        story.end = try instant(row, "runs", "clock_end")
        try demandClock(story.start, story.end)
        let warmUp = try number(row, "runs", "warm_up_s") * 1000
        story.warmUp = TimeSpan(milliseconds: Int64(min(max(warmUp.rounded(), 0), 1e15)))
        story.drains = try whole(row, "runs", "drain") != 0
        story.hasWorkloads = try whole(row, "runs", "has_workloads") != 0
        story.eventOrderVersion = try whole(row, "runs", "event_order_version")
      }
    }
    return story
  }

  private func delays(_ runs: [ResultFigures.Run], _ labels: ([String]) -> [String]) throws -> [String: Double] {
    guard try database.tableExists("workload_segments"), try database.tableExists("compute_workloads") else {
      return [:]
    }
    let delay = "\(ResultViews.seconds(from: "submitted_at", to: "actual_end")) - actual_duration_s"
    let age = ResultViews.seconds(from: "clock_start", to: "submitted_at")
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT run_id, avg(\(delay)) FROM compute_workloads JOIN runs USING (run_id)
        WHERE status = 'COMPLETED' AND run_id IN (SELECT DISTINCT run_id FROM workload_segments)
          AND \(age) >= warm_up_s
        GROUP BY run_id
        """)
    let means = Dictionary(rows.map { (Int.fromDatabaseValue($0[0]) ?? 0, Double.fromDatabaseValue($0[1])) }) { a, _ in
      a
    }
    var all: [String: [Double]] = [:]
    for own in Dictionary(grouping: runs, by: \.replication).sorted(by: { $0.key < $1.key }).map(\.value) {
      for (label, run) in zip(labels(own.map(\.name)), own) {
        if let mean = means[run.id] ?? nil { all[label, default: []].append(mean) }
      }
    }
    return all.mapValues { $0.reduce(0, +) / Double($0.count) }
  }

  /// Adds the extremes of all replications, because their maps share one scale.
  private func addExtremes(_ story: inout ResultStory) throws {
    let sql = """
      SELECT coalesce(max(carbon_intensity), 0) AS highest, coalesce(max(running), 0) AS most FROM zone_samples
      """
    try rows("zone_samples", sql) { row in
      story.highestIntensity = try number(row, "zone_samples", "highest")
      story.mostRunning = try whole(row, "zone_samples", "most")
    }
  }

  private func domainZones() throws -> [Zone] {
    var zones: [Zone] = []
    try rows("grid_zones", "SELECT * FROM grid_zones ORDER BY rowid") { row in
      func thousandths(_ column: String) throws -> Int64 {
        Int64(min(max((try number(row, "grid_zones", column) * 1000).rounded(), 0), 9e15))
      }
      zones.append(
        Zone(
          id: try whole(row, "grid_zones", "id"), code: try text(row, "grid_zones", "grid_zone_code"),
          name: try text(row, "grid_zones", "zone_name"), region: try text(row, "grid_zones", "region"),
          country: try text(row, "grid_zones", "country"), coordinates: try coordinates(row),
          capacity: Resources(
            milliCores: try thousandths("cpu_cores"), milliGigabytes: try thousandths("memory_gb"),
            milliGPUs: try thousandths("gpus")), pue: try number(row, "grid_zones", "pue")))
    }
    return zones
  }

  /// `{"lat":…,"lng":…}`, as the platform has it.
  private func coordinates(_ row: Row) throws -> Coordinates {
    let told = try text(row, "grid_zones", "coordinates")
    let numbers = try Row.fetchOne(
      database,
      sql: """
        SELECT CASE WHEN json_valid(?1) THEN json_extract(?1, '$.lat') END AS lat,
          CASE WHEN json_valid(?1) THEN json_extract(?1, '$.lng') END AS lng
        """, arguments: [told])
    if let latitude = Double.fromDatabaseValue(numbers?["lat"] ?? .null), abs(latitude) <= 90,
      let longitude = Double.fromDatabaseValue(numbers?["lng"] ?? .null), abs(longitude) <= 360
    {
      return Coordinates(latitude: latitude, longitude: longitude)
    }
    let fault = CellFault(
      table: "grid_zones", row: "a row", column: "coordinates", found: told, expected: "{\"lat\":…,\"lng\":…}")
    throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
  }
}
