internal import Audit
public import Domain
internal import GRDB

/// The contents of a sweep's `results.sqlite` for all its points together.
public struct SweepStory: Sendable {
  public struct Run: Sendable {
    /// From 0.
    public var point: Int
    public var label: String
    public var replication: Int
    public var isBaseline: Bool
    /// By metric, and `jobs_failed`; those without a value are not there.
    public var values: [String: Double]
  }

  public var scenario: String
  public var currency: Currency
  /// Sources of variation between the replications of some point; `nil` if the result does not specify them.
  public var variation: Variation?
  /// The keys that points set, and for each point their values as they were written, empty if it does not set them.
  public var keys: [String]
  public var points: [[String]]
  public var runs: [Run]
  public var requirements: [Requirement]

  /// The most rows of figures that are read; a larger sweep is a case for SQL.
  static let mostRows = 2_000_000

  /// Reads a result, or returns `nil` if it is not that of a sweep with several points.
  ///
  /// - Parameter metrics: the figures that are wanted.
  /// - Throws: ``AuditRefusal``.
  public static func read(path: String, metrics: [String]) throws -> SweepStory? {
    let file = try AuditFile(path: path)
    return try file.read { database in
      try AuditSchema.check(database, path)
      guard let count = try AuditSchema.points(database), count > 1 else { return nil }
      return try SweepStory(database, path, metrics)
    }
  }

  private init(_ database: Database, _ path: String, _ metrics: [String]) throws {
    let reading = try ChartReading(database, path)
    var keys: [String] = []
    var settings: [Int: [String: String]] = [:]
    try reading.rows("point_settings", "SELECT * FROM point_settings ORDER BY point", []) { row in
      let key = try reading.text(row, "point_settings", "key")
      if !keys.contains(key) { keys.append(key) }
      settings[try reading.whole(row, "point_settings", "point"), default: [:]][key] = try reading.text(
        row, "point_settings", "value")
    }
    let columns = try database.columns(in: "points").map(\.name)
    // In the order of the scenario, which that of the columns is.
    keys.sort { (columns.firstIndex(of: $0) ?? .max, $0) < (columns.firstIndex(of: $1) ?? .max, $1) }
    var places: [Int: Int] = [:]
    var points: [[String]] = []
    try reading.rows("points", "SELECT * FROM points ORDER BY point", []) { row in
      let point = try reading.whole(row, "points", "point")
      places[point] = points.count
      points.append(keys.map { settings[point]?[$0] ?? "" })
    }
    self.keys = keys
    self.points = points
    scenario = ""
    currency = try ResultFigures.currency(database)
    var runs: [Run] = []
    var indexOf: [Int: Int] = [:]
    var variation: Variation?
    var scenario = ""
    try reading.rows("runs", "SELECT * FROM runs ORDER BY run_id", []) { row in
      guard let point = places[try reading.whole(row, "runs", "point")] else { return }
      scenario = try reading.text(row, "runs", "scenario")
      if let own = String.fromDatabaseValue(row["varies"] ?? .null).flatMap({ Variation(text: $0) }) {
        variation = variation?.union(own) ?? own
      }
      let policy = try reading.text(row, "runs", "policy")
      indexOf[try reading.whole(row, "runs", "run_id")] = runs.count
      runs.append(
        Run(
          point: point, label: String.fromDatabaseValue(row["label"] ?? .null) ?? policy,
          replication: try reading.whole(row, "runs", "replication"),
          isBaseline: try reading.whole(row, "runs", "is_baseline") == 1, values: [:]))
    }
    guard runs.count * metrics.count <= SweepStory.mostRows else {
      throw AuditRefusal.unreadable(
        path: path, reason: "\(runs.count) runs are too many for a page; query the result with SQL")
    }
    let marks = metrics.map { _ in "?" }.joined(separator: ", ")
    try reading.rows(
      "run_metrics", "SELECT * FROM run_metrics WHERE value IS NOT NULL AND metric IN (\(marks))",
      StatementArguments(metrics)
    ) { row in
      guard let place = indexOf[try reading.whole(row, "run_metrics", "run_id")] else { return }
      runs[place].values[try reading.text(row, "run_metrics", "metric")] = try reading.number(
        row, "run_metrics", "value")
    }
    for (run, failed) in try ResultFigures.failures(database) {
      if let place = indexOf[run] { runs[place].values["jobs_failed"] = failed }
    }
    self.scenario = scenario
    self.variation = variation
    self.runs = runs
    requirements = try ResultFigures.requirements(database)
  }
}
