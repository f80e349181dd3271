import Foundation
import GRDB
import Results
import Runs
import Testing

/// One cell of a result, changed to another plausible value: the audit fails, or it lists the column as one that it
/// takes as given.
@Suite struct EveryCellTests {
  /// Decisions, events, requirements, labels, homes by a rule, a replay of decisions, charts.
  private static let rich = Fixture { scratch in
    try scratch.write(
      """
      name: rich
      clock: {start: 2020-01-06T00:00:00Z, duration: 12h}
      zones:
        - {code: A, coordinates: {lat: 52, lng: 0}, idle_kw: 1, capacity: {cpu_cores: 4, memory_gb: 8, gpus: 1}}
        - {code: B, coordinates: {lat: 53, lng: 0}, capacity: {cpu_cores: 2, memory_gb: 4, gpus: 0}}
      grid:
        carbon: {file: carbon.csv, extend: wrap}
        price: {file: price.csv, extend: wrap}
        forecast: {model: perfect, horizon: 24h}
      workload: {file: jobs.csv, home: round-robin}
      policies:
        - standard
        - {deadline-aware: {label: soon, weights: {carbon: 1, cost: 0.5}}}
        - {operator-manual: {decisions: decided.csv}}
        - operator-manual
      requirements: {sla_met_pct: 90, wait_mean_s: {max: 9000}}
      interruption: {allowed: [batch], checkpoint: 30s, resume: 60s, checkpoint_kwh: 0.1, resume_kwh: 0.2}
      events: [{outage: {zone: A, from: 2h, until: 3h, running: suspend}}]
      outputs: {decisions: all, samples: {every: 30m}}

      """, as: "scenario.yaml")
    try scratch.write(tariff(["100", "200"], ["300", "50"]), as: "carbon.csv")
    try scratch.write(tariff(["0.2", "0.3"], ["0.1", "0.4"]), as: "price.csv")
    try scratch.write(
      """
      job_id,submitted_at,duration_s,required_cpu_cores,home_zone,workload_type,deadline,deferral_window_mins
      a,2020-01-06T00:10Z,10800,2,A,batch,2020-01-06T09:00Z,120
      b,2020-01-06T00:20Z,14400,1,,training,,300
      c,2020-01-06T00:30Z,3600,2,,batch,2020-01-06T08:00Z,60
      d,2020-01-06T05:30Z,3600,1,B,inference,,0

      """, as: "jobs.csv")
    try scratch.write(
      """
      job_id,decided_at,zone
      a,2020-01-06T00:12Z,A
      c,2020-01-06T00:40Z,B
      c,2020-01-06T02:40Z,A
      d,2020-01-06T05:40Z,B

      """, as: "decided.csv")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  private static func tariff(_ a: [String], _ b: [String]) -> String {
    "datetime,A,B\n2020-01-06T00:00Z,\(a[0]),\(b[0])\n2020-01-06T01:00Z,\(a[1]),\(b[1])\n"
  }

  /// A single policy: no other run has the same jobs.
  private static let alone = Fixture { scratch in
    try scratch.write(
      """
      name: alone
      clock: {start: 2020-01-06T00:00:00Z, duration: 6h}
      zones: [{code: A, coordinates: {lat: 52, lng: 0}, capacity: {cpu_cores: 4, memory_gb: 8, gpus: 1}}]
      grid: {carbon: {constant: 100}, price: {constant: 0.25}}
      workload: {file: jobs.csv}
      policies: [standard]
      outputs: {decisions: all}

      """, as: "scenario.yaml")
    try scratch.write(
      "job_id,submitted_at,duration_s,urgency\na,2020-01-06T00:10Z,3600,LOW\nb,2020-01-06T00:20Z,3600,HIGH\n",
      as: "jobs.csv")
    try scratch.run(scratch.input("scenario.yaml"))
  }

  private struct Cell {
    var table: String
    var column: String
    var row: Int
    var value: DatabaseValue
    /// The row's metric, if it has one.
    var metric: String?
  }

  @Test func theFixturesHaveRowsOfEveryKind() throws {
    let scratch = try Self.rich.copy()
    let audit = try scratch.resultAudit()
    #expect(audit.passed, "\(audit.text)")
    for table in ["decisions", "decision_options", "requirements", "zone_capacity", "policy_metrics", "zone_load"] {
      #expect(try scratch.number("SELECT count(*) FROM \(table)") ?? 0 > 1, "\(table)")
    }
    #expect(try scratch.number("SELECT max(jobs_given_home) FROM runs") == 2)
    #expect(try scratch.number("SELECT count(*) FROM policy_metrics WHERE metric = 'decisions_ignored'") == 1)
    #expect(try Self.alone.copy().resultAudit().passed)
  }

  @Test(arguments: [true, false]) func everyCell(_ isRich: Bool) throws {
    let fixture = isRich ? Self.rich : Self.alone
    let original = try fixture.copy()
    var seen = 0
    for cell in try cells(of: original) {
      let scratch = try fixture.copy()
      try set(cell, in: scratch)
      seen += 1
      #expect(
        try isFound(cell, scratch), "\(cell.table).\(cell.column), row \(cell.row), \(cell.metric ?? ""): \(cell.value)"
      )
    }
    #expect(seen > 100)
  }

  @Test func everyRowThatGoes() throws {
    let original = try Self.rich.copy()
    for (table, _) in try tables(of: original) {
      for order in ["", "DESC"] {
        let scratch = try Self.rich.copy()
        let key = try DatabaseQueue(path: scratch.database).read { try $0.primaryKey(table).columns }
          .map { "\($0) \(order)" }.joined(separator: ", ")
        let columns = try DatabaseQueue(path: scratch.database).read { try $0.primaryKey(table).columns }
        let names = columns.joined(separator: ", ")
        try scratch.change(
          "DELETE FROM \(table) WHERE (\(names)) IN (SELECT \(names) FROM \(table) ORDER BY \(key) LIMIT 1)")
        let cell = Cell(table: table, column: "", row: 0, value: .null)
        #expect(try isFound(cell, scratch), "\(table), a row less \(order)")
      }
    }
  }

  @Test(arguments: [
    ("INSERT INTO policy_metrics VALUES (1, 'decisions_ignored', 0)", "policy_metrics decisions_ignored: found a row"),
    ("INSERT INTO policy_metrics VALUES (1, 'happiness', 7)", "policy_metrics happiness: found a row"),
    ("INSERT INTO policy_metrics VALUES (2, 'operator_hours', 7)", "policy_metrics operator_hours: found a row"),
    ("DELETE FROM requirements WHERE metric = 'wait_mean_s'", "requirements, wait_mean_s: found no such row"),
    ("UPDATE requirements SET minimum = 10 WHERE metric = 'sla_met_pct'", "expected from 90.0 to nothing"),
    ("INSERT INTO requirements VALUES ('carbon_kg', NULL, 9)", "requirements, carbon_kg: found from nothing to 9"),
    (
      "UPDATE runs SET varies = 'jobs'", "varies: found \"jobs\", expected policy randomness, according to the scenario"
    ),
    ("UPDATE runs SET label = 'late' WHERE run_id = 2", "label: found \"late\", expected soon"),
    ("UPDATE runs SET home = 'first'", "home: found \"first\", expected round-robin"),
    ("UPDATE runs SET jobs_given_home = 5", "jobs_given_home: found 5, expected "),
    ("UPDATE runs SET stays_at_home = 0", "stays_at_home: found 0, expected 1"),
    ("UPDATE runs SET event_order_version = 7", "event_order_version: found 7"),
    ("UPDATE zone_capacity SET is_out = 1 - is_out", "zone_capacity, is_out: found "),
    ("UPDATE decisions SET predicted_cost_gbp = predicted_cost_gbp * 1.01", "predicted_cost_gbp: found "),
    ("UPDATE decision_options SET predicted_cost_gbp = 0", "predicted_cost_gbp: found 0"),
    ("UPDATE decisions SET candidates = -1 WHERE candidates > 0", "candidates: found -1"),
  ])
  func told(_ sql: String, _ told: String) throws {
    let scratch = try Self.rich.copy()
    try scratch.change(sql)
    let audit = try scratch.resultAudit()
    #expect(!audit.passed && audit.failures.contains(told), "\(audit.text)")
  }

  // MARK: Cells

  private func tables(of scratch: Scratch) throws -> [(name: String, columns: [String])] {
    try DatabaseQueue(path: scratch.database).read { database in
      try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .filter { try Bool.fetchOne(database, sql: "SELECT 1 FROM \($0)") == true }
        .map { table in (table, try database.columns(in: table).map(\.name)) }
    }
  }

  /// Of every column a cell from the middle of the table.
  private func cells(of scratch: Scratch) throws -> [Cell] {
    let tables = try tables(of: scratch)
    return try DatabaseQueue(path: scratch.database).read { database in
      try tables.flatMap { table, columns -> [Cell] in
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
        return columns.flatMap { column -> [Cell] in
          [rows.count / 2].compactMap { place in
            let own: DatabaseValue = rows[place][column]
            let all = rows.map { $0[column] as DatabaseValue }
            guard let value = other(than: own, among: all, column) else { return nil }
            let metric = columns.contains("metric") ? String.fromDatabaseValue(rows[place]["metric"]) : nil
            return Cell(table: table, column: column, row: place, value: value, metric: metric)
          }
        }
      }
    }
  }

  /// Another value of the same kind; `nil` if there is nothing plausible.
  private func other(than own: DatabaseValue, among all: [DatabaseValue], _ column: String) -> DatabaseValue? {
    if ["is_out", "drain", "stays_at_home", "is_baseline", "has_workloads"].contains(column) {
      return (own == 1.databaseValue ? 0 : 1).databaseValue
    }
    if column == "role" { return "operator".databaseValue }
    switch own.storage {
    case .null: return all.first { !$0.isNull }
    case .double(let number): return (number * 1.25 + 0.5).databaseValue
    case .int64(let number): return (number + 1).databaseValue
    case .string(let text):
      if let instant = text.count == 24 && text.hasSuffix("Z") ? text : nil {
        return (instant.prefix(17) + (instant.dropFirst(17).prefix(2) == "30" ? "31" : "30") + ".000Z").databaseValue
      }
      return all.first { $0 != own && !$0.isNull } ?? (text + "x").databaseValue
    case .blob: return nil
    }
  }

  private func set(_ cell: Cell, in scratch: Scratch) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: scratch.database, configuration: configuration)
    try queue.write { database in
      let keys = try database.primaryKey(cell.table).columns
      let row = try Row.fetchAll(database, sql: "SELECT * FROM \(cell.table)")[cell.row]
      let condition = keys.map { "\($0) IS ?" }.joined(separator: " AND ")
      // A key that is taken already changes nothing.
      try database.execute(
        sql: "UPDATE OR IGNORE \(cell.table) SET \(cell.column) = ? WHERE \(condition)",
        arguments: StatementArguments([cell.value] + keys.map { row[$0] as DatabaseValue }))
      if database.changesCount == 0 {
        let key: DatabaseValue
        switch (row[cell.column] as DatabaseValue).storage {
        case .int64(let number): key = (number + 1000).databaseValue
        case .double(let number): key = (number + 0.0371).databaseValue
        case .string(let text): key = (text + "7").databaseValue
        case .null, .blob: key = .null
        }
        try database.execute(
          sql: "UPDATE OR IGNORE \(cell.table) SET \(cell.column) = ? WHERE \(condition)",
          arguments: StatementArguments([key] + keys.map { row[$0] as DatabaseValue }))
      }
      #expect(database.changesCount > 0, "\(cell.table).\(cell.column)")
    }
    try queue.close()
  }

  private func isFound(_ cell: Cell, _ scratch: Scratch) throws -> Bool {
    let audit: ResultAudit
    do { audit = try scratch.resultAudit() } catch is BadInput { return true }
    if !audit.passed { return true }
    for line in audit.text.split(separator: "\n") {
      let names = line.split(separator: ", ").map { $0.split(separator: ": ").last ?? $0 }
      if line.hasPrefix("taken as given") {
        let wanted = "\(cell.table).\(cell.column)"
        if names.contains(where: { cell.column.isEmpty ? $0.hasPrefix(wanted) : $0 == wanted }) { return true }
      }
      if line.contains("not checked"), let metric = cell.metric, names.contains("\(cell.table) \(metric)") {
        return true
      }
    }
    return false
  }
}
