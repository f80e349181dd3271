internal import Domain
internal import GRDB

/// The figures of a `results.sqlite`, as they stand in it.
public struct ResultFigures: Sendable {
  public struct Run: Sendable {
    public var id: Int
    public var policy: String
    public var replication: Int
    public var isBaseline: Bool
  }

  public let scenario: String
  public let seed: UInt64
  /// In the order of their ids.
  public let runs: [Run]
  /// Those of this program in their order, then others by name.
  public let metrics: [String]
  private let values: [Int: [String: Double]]

  /// A figure of a run; `nil` where it is not defined.
  public func value(_ metric: String, run: Int) -> Double? { values[run]?[metric] }

  /// - Parameter point: of a sweep, from 1; may be `nil` where it has no other.
  /// - Throws: ``AuditRefusal``.
  public init(path: String, point: Int? = nil) throws {
    let file = try AuditFile(path: path)
    self = try file.read { database in
      try AuditSchema.check(database, path)
      return try ResultFigures(database, path, checked: point)
    }
  }

  /// - Parameter point: as it was asked for; a result of several needs one.
  init(_ database: Database, _ path: String, checked point: Int?) throws {
    let points = try AuditSchema.points(database)
    if let points, points != 1, point == nil { throw AuditRefusal.sweep(path: path, points: points) }
    if let point, !(1...max(points ?? 1, 1)).contains(point) {
      throw AuditRefusal.noPoint(path: path, point: point, points: points ?? 1)
    }
    try self.init(database, path, point: points == nil ? nil : point ?? 1)
  }

  private init(_ database: Database, _ path: String, point: Int?) throws {
    // A number that was checked, or nothing.
    let own = point.map { "WHERE point = \($0)" } ?? ""
    var faults: [CellFault] = []
    func cell<Value: DatabaseValueConvertible>(
      _ row: Row, _ table: String, _ key: String, _ column: String, _ expected: String
    ) -> Value? {
      let cell = row[column] as DatabaseValue? ?? .null
      if let value = Value.fromDatabaseValue(cell) { return value }
      faults.append(CellFault(table: table, row: key, column: column, found: "\(cell)", expected: expected))
      return nil
    }
    var runs: [Run] = []
    var scenario = ""
    var seed: UInt64 = 0
    for row in try Row.fetchAll(database, sql: "SELECT * FROM runs \(own) ORDER BY run_id") {
      let key = "run_id \(row["run_id"] as DatabaseValue? ?? .null)"
      let id: Int? = cell(row, "runs", key, "run_id", "a whole number")
      let policy: String? = cell(row, "runs", key, "policy", "a text")
      let replication: Int? = cell(row, "runs", key, "replication", "a whole number")
      if let replication, !StoredNumber.replications.contains(replication) {
        let expected = "a whole number from 1 to \(StoredNumber.replications.upperBound)"
        faults.append(
          CellFault(table: "runs", row: key, column: "replication", found: "\(replication)", expected: expected))
      }
      let isBaseline: Bool? = cell(row, "runs", key, "is_baseline", "0 or 1")
      scenario = String.fromDatabaseValue(row["scenario"] ?? .null) ?? scenario
      seed = String.fromDatabaseValue(row["seed"] ?? .null).flatMap { UInt64($0) } ?? seed
      guard let id, let policy, let replication, let isBaseline else { continue }
      runs.append(Run(id: id, policy: policy, replication: replication, isBaseline: isBaseline))
    }
    var values: [Int: [String: Double]] = [:]
    var names: Set<String> = []
    let figures = try Row.fetchCursor(
      database,
      sql: "SELECT run_id, metric, value FROM run_metrics" + (own.isEmpty ? "" : " JOIN runs USING (run_id) \(own)"))
    while let row = try figures.next() {
      let key = "run_id \(row[0] as DatabaseValue? ?? .null), metric \(row[1] as DatabaseValue? ?? .null)"
      guard let run: Int = cell(row, "run_metrics", key, "run_id", "a whole number"),
        let name: String = cell(row, "run_metrics", key, "metric", "a text")
      else { continue }
      names.insert(name)
      if (row[2] as DatabaseValue? ?? .null).isNull { continue }
      if let value: Double = cell(row, "run_metrics", key, "value", "a number") {
        if !StoredNumber.isPlausible(value) {
          faults.append(
            CellFault(
              table: "run_metrics", row: key, column: "value", found: "\(value)", expected: StoredNumber.expected))
        }
        values[run, default: [:]][name] = value
      }
    }
    guard faults.isEmpty else {
      throw AuditRefusal.badCells(path: path, faults: Array(faults.prefix(50)), more: max(0, faults.count - 50))
    }
    guard !runs.isEmpty else { throw AuditRefusal.noRuns(path: path) }
    self.runs = runs
    self.scenario = scenario
    self.seed = seed
    self.values = values
    metrics = Metric.names.filter { names.contains($0) } + names.subtracting(Metric.names).sorted()
  }
}
