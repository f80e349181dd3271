internal import Audit
public import Domain
internal import GRDB
public import Metrics
internal import Results

/// The figures of a `results.sqlite`, as they stand in it.
public struct ResultFigures: Sendable {
  public struct Run: Sendable {
    public var id: Int
    public var policy: String
    /// Its label, else the policy's name.
    public var name: String
    public var replication: Int
    public var isBaseline: Bool
  }

  public let scenario: String
  public let seed: UInt64
  /// The currency of the costs; GBP in a file that does not say.
  public let currency: Currency
  /// In the order of their ids.
  public let runs: [Run]
  /// Those of this program in their order, then others by name.
  public let metrics: [String]
  /// Sources of variation between the replications; `nil` if the result does not specify them.
  public let variation: Variation?
  private let values: [Int: [String: Double]]
  /// Requirements that every policy must meet, by metric.
  public let requirements: [Requirement]
  /// `nil` of a result that does not hold it.
  public let homes: HomeFacts?

  /// True if there are several replications and all of them gave the same figures.
  public var isOneOutcome: Bool {
    var first: [String: [String: Double]] = [:]
    var count = 0
    for replication in Set(runs.map(\.replication)).sorted() {
      let own = runs.filter { $0.replication == replication }
      count += 1
      for (place, run) in own.enumerated() {
        let key = "\(place) \(run.name)"
        let figures = values[run.id, default: [:]]
        if let known = first[key] {
          let isAlike =
            known.count == figures.count
            && known.allSatisfy { name, value in
              figures[name].map { value.isAlike($0) } ?? false
            }
          if !isAlike { return false }
        } else if count > 1 {
          return false
        }
        first[key] = figures
      }
    }
    return count > 1
  }

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

  /// The currency of the first run; GBP in a file that does not say.
  static func currency(_ database: Database) throws -> Currency {
    let row = try Row.fetchOne(database, sql: "SELECT * FROM runs LIMIT 1")
    return String.fromDatabaseValue(row?["currency"] ?? .null).flatMap { Currency($0) } ?? .gbp
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
    var variation: Variation?
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
      variation = String.fromDatabaseValue(row["varies"] ?? .null).flatMap { Variation(text: $0) } ?? variation
      guard let id, let policy, let replication, let isBaseline else { continue }
      let name = String.fromDatabaseValue(row["label"] ?? .null) ?? policy
      runs.append(Run(id: id, policy: policy, name: name, replication: replication, isBaseline: isBaseline))
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
    // Beside the metrics: `jobs_unfinished` does not tell jobs that failed from others.
    for (run, failed) in try ResultFigures.failures(database) { values[run, default: [:]]["jobs_failed"] = failed }
    guard faults.isEmpty else {
      throw AuditRefusal.badCells(path: path, faults: Array(faults.prefix(50)), more: max(0, faults.count - 50))
    }
    guard !runs.isEmpty else { throw AuditRefusal.noRuns(path: path) }
    self.runs = runs
    self.scenario = scenario
    self.seed = seed
    self.variation = variation
    currency = try ResultFigures.currency(database)
    self.values = values
    homes = try HomeFacts(database, own)
    requirements = try ResultFigures.requirements(database)
    metrics = Metric.names.filter { names.contains($0) } + names.subtracting(Metric.names).sorted()
  }
}

extension ResultFigures {
  /// How many of a run's counted jobs failed, by the run's id: from the job rows if there are any; else from
  /// `policy_metrics`, which has no warm-up. O(failed jobs).
  static func failures(_ database: Database) throws -> [Int: Double] {
    var failed: [Int: Double] = [:]
    if try database.tableExists("policy_metrics") {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT run_id, value FROM policy_metrics JOIN runs USING (run_id)
          WHERE metric = 'jobs_failed' AND (warm_up_s = 0 OR value = 0)
          """)
      for row in rows {
        guard let run = Int.fromDatabaseValue(row[0]), let count = Double.fromDatabaseValue(row[1]), count >= 0,
          StoredNumber.isPlausible(count)
        else { continue }
        failed[run] = count
      }
    }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT w.run_id, count(*) FROM compute_workloads AS w JOIN runs AS r USING (run_id)
        WHERE w.status = 'FAILED'
          AND julianday(w.submitted_at) >= julianday(r.clock_start) + r.warm_up_s / 86400 - 1e-9
        GROUP BY w.run_id
        """)
    for row in rows {
      if let run = Int.fromDatabaseValue(row[0]), let count = Double.fromDatabaseValue(row[1]) { failed[run] = count }
    }
    return failed
  }

  /// The usual ones of a result that was written before there was this table.
  static func requirements(_ database: Database) throws -> [Requirement] {
    guard try database.tableExists("requirements") else { return [.standard] }
    return try Row.fetchAll(database, sql: "SELECT metric, minimum, maximum FROM requirements ORDER BY metric")
      .compactMap { row in
        String.fromDatabaseValue(row[0]).map {
          Requirement(metric: $0, least: Double.fromDatabaseValue(row[1]), most: Double.fromDatabaseValue(row[2]))
        }
      }
  }
}

extension HomeFacts {
  /// - Parameter condition: which runs; empty for all.
  fileprivate init?(_ database: Database, _ condition: String) throws {
    let columns = try database.columns(in: "runs").map(\.name)
    guard ["home", "jobs_without_home", "jobs_given_home", "stays_at_home"].allSatisfy(columns.contains) else {
      return nil
    }
    let zones = try Int.fetchOne(database, sql: "SELECT count(*) FROM grid_zones") ?? 0
    self.init(rule: nil, zones: zones, runs: [])
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT policy, stays_at_home, jobs_without_home, jobs_given_home, home FROM runs \(condition) "
        + "ORDER BY run_id")
    for row in rows {
      // Odd cells are refused elsewhere, or mean nothing.
      guard let policy = String.fromDatabaseValue(row[0]), let stays = Bool.fromDatabaseValue(row[1]),
        let without = Int.fromDatabaseValue(row[2]), let given = Int.fromDatabaseValue(row[3])
      else { continue }
      runs.append(Run(policy: policy, staysAtHome: stays, without: max(0, without), given: max(0, given)))
      rule = String.fromDatabaseValue(row[4])
    }
  }
}
