internal import Audit
internal import Domain
internal import GRDB
public import Metrics
internal import Results

/// The chart data of a `results.sqlite`: figures and sums, never the jobs.
public enum ResultCharts {
  /// Reads a result. What it does not hold (an older file has fewer tables) is empty.
  ///
  /// - Parameters:
  ///   - point: of a sweep, from 1; may be `nil` where it has no other.
  ///   - zones: of more zones than these the carbon intensity is not read.
  ///   - labels: what tells apart policies that run in this order.
  /// - Throws: ``AuditRefusal``.
  public static func read(
    path: String, point: Int? = nil, zones: Int = 60, labels: ([String]) -> [String]
  ) throws -> ChartData {
    let file = try AuditFile(path: path)
    return try file.read { database in
      try AuditSchema.check(database, path)
      let figures = try ResultFigures(database, path, checked: point)
      return try ChartReading(database, path).data(figures, most: zones, labels: labels)
    }
  }
}

/// Reads the tables of one file.
struct ChartReading {
  let database: Database
  let path: String
  let tables: Set<String>

  init(_ database: Database, _ path: String) throws {
    self.database = database
    self.path = path
    tables = Set(try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
  }

  /// A row's value of a type.
  ///
  /// - Throws: ``AuditRefusal`` where it has another.
  func cell<Value: DatabaseValueConvertible>(
    _ row: Row, _ table: String, _ column: String, _ expected: String
  ) throws -> Value {
    let found: DatabaseValue = row[column] ?? .null
    if let value = Value.fromDatabaseValue(found) { return value }
    let fault = CellFault(table: table, row: "a row", column: column, found: "\(found)", expected: expected)
    throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
  }

  func number(_ row: Row, _ table: String, _ column: String) throws -> Double {
    let value: Double = try cell(row, table, column, "a number")
    guard StoredNumber.isPlausible(value) else {
      throw refusal(table, column, "\(value)", StoredNumber.expected)
    }
    return value
  }

  /// Reads a count or a number of a row, bounded so that sums and differences of such numbers are still `Int`s.
  func whole(_ row: Row, _ table: String, _ column: String) throws -> Int {
    let value: Int = try cell(row, table, column, "a whole number")
    guard value.magnitude <= StoredNumber.largestCount else {
      throw refusal(table, column, "\(value)", "a whole number of at most \(StoredNumber.largestCount)")
    }
    return value
  }

  private func refusal(_ table: String, _ column: String, _ found: String, _ expected: String) -> AuditRefusal {
    .badCells(
      path: path, faults: [CellFault(table: table, row: "a row", column: column, found: found, expected: expected)],
      more: 0)
  }

  func text(_ row: Row, _ table: String, _ column: String) throws -> String {
    let value: String = try cell(row, table, column, "a text")
    return value
  }

  func instant(_ row: Row, _ table: String, _ column: String) throws -> Instant {
    let value = try text(row, table, column)
    guard let instant = Instant(text: value) else {
      let fault = CellFault(table: table, row: "a row", column: column, found: value, expected: "an instant")
      throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
    }
    return instant
  }

  /// A clock goes forward.
  func demandClock(_ start: Instant, _ end: Instant) throws {
    guard end <= start else { return }
    let fault = CellFault(
      table: "runs", row: "a row", column: "clock_end", found: end.iso8601, expected: "an instant after clock_start")
    throw AuditRefusal.badCells(path: path, faults: [fault], more: 0)
  }

  func rows(
    _ table: String, _ sql: String, _ arguments: StatementArguments = [], _ body: (Row) throws -> Void
  ) throws {
    guard tables.contains(table) else { return }
    let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
    while let row = try cursor.next() { try body(row) }
  }

  func data(_ figures: ResultFigures, most: Int, labels: ([String]) -> [String]) throws -> ChartData {
    var clock: (start: Instant, end: Instant, set: Int)?
    let first = figures.runs.first?.id
    try rows("runs", "SELECT clock_start, clock_end, trace_set FROM runs WHERE run_id = ?", [first]) { row in
      clock = (
        try instant(row, "runs", "clock_start"), try instant(row, "runs", "clock_end"),
        try whole(row, "runs", "trace_set")
      )
    }
    guard let clock else { throw AuditRefusal.noRuns(path: path) }
    try demandClock(clock.start, clock.end)
    let zones = try zones()
    var result = ChartData(
      scenario: figures.scenario, start: clock.start, end: clock.end,
      replications: figures.runs.map(\.replication).max() ?? 0, zones: zones,
      policies: policies(figures, labels), intensity: zones.map { _ in [] }, currency: figures.currency)
    result.homeCaption = figures.homes?.caption
    result.requirements = figures.requirements
    result.variation = figures.variation
    let ids = figures.runs.filter { $0.replication == figures.runs.first?.replication }.map(\.id)
    let interval = ChartTallies.interval(clock.end - clock.start, zones: 1)
    for (place, run) in zip(result.policies.indices, ids) {
      try fill(&result.policies[place], run, zones)
      result.policies[place].queue =
        try flow(run: run)?.longestQueue(from: clock.start, until: clock.end, every: interval) ?? []
      if let step = result.policies[place].load.first?.first {
        result.policies[place].lateLoad = try lateLoad(
          run: run, zones: zones.map(\.id), from: clock.end, every: step.end - step.start)
      }
    }
    try addTraces(&result, set: clock.set, most: most)
    if let last = result.policies.compactMap({ $0.lateLoad?.first?.last?.end }).max() {
      try addLateTraces(&result, set: clock.set, most: most, until: last)
    }
    return result
  }

  private func zones() throws -> [ChartData.Zone] {
    var zones: [ChartData.Zone] = []
    try rows("grid_zones", "SELECT * FROM grid_zones ORDER BY rowid") { row in
      func share(_ column: String) throws -> Double { try number(row, "grid_zones", column) }
      zones.append(
        ChartData.Zone(
          id: try whole(row, "grid_zones", "id"), code: try text(row, "grid_zones", "grid_zone_code"),
          name: try text(row, "grid_zones", "zone_name"),
          capacity: ResourceAmounts(
            cpuCores: try share("cpu_cores"), memoryGigabytes: try share("memory_gb"), gpus: try share("gpus"))))
    }
    return zones
  }

  /// By label, in the order of the first replication, with the figures of all.
  private func policies(_ figures: ResultFigures, _ labels: ([String]) -> [String]) -> [ChartData.Policy] {
    var policies: [ChartData.Policy] = []
    var places: [String: Int] = [:]
    var at = figures.runs.startIndex
    while at < figures.runs.endIndex {
      let number = figures.runs[at].replication
      let runs = figures.runs[at...].prefix { $0.replication == number }
      for (label, run) in zip(labels(runs.map(\.name)), runs) {
        if places[label] == nil {
          places[label] = policies.count
          policies.append(ChartData.Policy(label: label, isBaseline: run.isBaseline))
        }
        let place = places[label] ?? 0
        for metric in figures.metrics {
          policies[place].figures[metric, default: []].append(figures.value(metric, run: run.id))
        }
      }
      at = runs.endIndex
    }
    return policies
  }

  private func fill(_ policy: inout ChartData.Policy, _ run: Int, _ zones: [ChartData.Zone]) throws {
    try rows(
      "job_quantiles", "SELECT * FROM job_quantiles WHERE run_id = ? ORDER BY quantity, share", [run]
    ) { row in
      let quantity = try text(row, "job_quantiles", "quantity")
      policy.quantiles[quantity, default: []].append(
        (try number(row, "job_quantiles", "share"), try number(row, "job_quantiles", "value")))
    }
    try rows("type_metrics", "SELECT * FROM type_metrics WHERE run_id = ?", [run]) { row in
      policy.types.append(
        ChartData.TypeFigures(
          type: try text(row, "type_metrics", "workload_type"),
          started: try whole(row, "type_metrics", "jobs_started"),
          emissions: Emissions(try number(row, "type_metrics", "carbon_kg") * 1000)))
    }
    let places = Dictionary(zip(zones.map(\.id), zones.indices)) { first, _ in first }
    var hours = zones.map { _ in Array(repeating: ResourceAmounts(cpuCores: 0, memoryGigabytes: 0, gpus: 0), count: 24)
    }
    var hasHours = false
    try rows("zone_hours", "SELECT * FROM zone_hours WHERE run_id = ?", [run]) { row in
      guard let zone = places[try whole(row, "zone_hours", "grid_zone_id")] else { return }
      let hour = try whole(row, "zone_hours", "hour")
      guard (0..<24).contains(hour) else { return }
      hasHours = true
      hours[zone][hour] = ResourceAmounts(
        cpuCores: try number(row, "zone_hours", "cpu_cores_allocated"),
        memoryGigabytes: try number(row, "zone_hours", "memory_gb_allocated"),
        gpus: try number(row, "zone_hours", "gpus_allocated"))
    }
    policy.hours = hasHours ? hours : []
    var load = zones.map { _ in [ChartData.Step]() }
    try rows("zone_load", "SELECT * FROM zone_load WHERE run_id = ? ORDER BY grid_zone_id, starts_at", [run]) { row in
      guard let zone = places[try whole(row, "zone_load", "grid_zone_id")] else { return }
      load[zone].append(try step(row, "zone_load", "power_kw"))
    }
    // Layers are added up: all or none.
    let length = load.first?.count ?? 0
    policy.load = length > 0 && load.allSatisfy { $0.count == length } ? load : []
  }

  private func step(_ row: Row, _ table: String, _ value: String) throws -> ChartData.Step {
    ChartData.Step(
      start: try instant(row, table, "starts_at"), end: try instant(row, table, "ends_at"),
      value: try number(row, table, value))
  }

  private func addTraces(_ data: inout ChartData, set: Int, most: Int) throws {
    for (place, zone) in data.zones.enumerated().prefix(most) {
      try rows(
        "trace_steps",
        """
        SELECT starts_at, ends_at, value FROM trace_steps
        WHERE trace_set = ? AND quantity = 'carbon_intensity' AND grid_zone_id = ? AND starts_at < ? ORDER BY starts_at
        """, [set, zone.id, data.end.iso8601]
      ) { row in
        var step = try step(row, "trace_steps", "value")
        step.end = min(step.end, data.end)
        data.intensity[place].append(step)
      }
    }
    var forecasts = data.zones.map { _ in [ChartData.Forecast]() }
    let places = Dictionary(zip(data.zones.map(\.id), data.zones.indices)) { first, _ in first }
    try rows(
      "forecast_steps",
      "SELECT * FROM forecast_steps WHERE trace_set = ? ORDER BY grid_zone_id, issued_at, starts_at", [set]
    ) { row in
      guard let zone = places[try whole(row, "forecast_steps", "grid_zone_id")] else { return }
      let issuedAt = try instant(row, "forecast_steps", "issued_at")
      if forecasts[zone].last?.issuedAt != issuedAt {
        forecasts[zone].append(ChartData.Forecast(issuedAt: issuedAt, steps: []))
      }
      let last = forecasts[zone].count - 1
      forecasts[zone][last].steps.append(try step(row, "forecast_steps", "carbon_intensity"))
    }
    if forecasts.contains(where: { !$0.isEmpty }) { data.forecasts = forecasts }
  }
}
