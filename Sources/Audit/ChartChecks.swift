internal import Domain
internal import GRDB

/// Holds the tables that charts are drawn of against what the jobs of a run come to.
struct ChartChecks {
  let run: AuditRunRow
  let world: AuditWorld
  let findings: Findings
  let charts: ChartSums
  /// Milliseconds from submission to first start, sorted.
  let waits: [Int64]
  /// How many figures were compared.
  private(set) var figures = 0

  /// More values than this may be told within 0.1 %.
  private static let exactQuantiles = 20_000
  private static let shares: [Double] = (0...100).map { Double($0) / 100 } + [0.995, 0.999]

  init(_ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings, charts: ChartSums, waits: [Int64]) {
    self.run = run
    self.world = world
    self.findings = findings
    self.charts = charts
    self.waits = waits
  }

  mutating func check(_ database: Database, _ faults: CellFaults) throws {
    for place in world.zones.indices { checkLoad(place) }
    try checkHours(database, faults)
    try checkTypes(database, faults)
    try checkQuantiles(database, faults)
  }

  private func fault(
    _ name: String, zone: Int? = nil, at: Int64? = nil, _ found: AuditValue, _ expected: AuditValue
  ) {
    findings.add(.chart) {
      AuditFailure(
        $0, run: run.id, zone: zone.map { world.zones[$0].code }, at: at.map { Instant(milliseconds: $0) },
        name: name, found: found, expected: expected)
    }
  }

  /// Energy over length, step by step. Steps that do not cover the clock tell nothing.
  private mutating func checkLoad(_ place: Int) {
    let load = charts.loads[place]
    guard load.covers(run) else {
      return fault(
        "zone_load", zone: place, .text(counted(load.starts.count, "step")),
        .text("steps from clock_start to clock_end"))
    }
    for (step, energy) in load.energy.enumerated() {
      figures += 1
      let mean = energy.recomputed.scaled(3_600_000 / Double(load.ends[step] - load.starts[step]))
      // A level is kept as a sum of rises and falls of all that ran: what cancels leaves their rounding.
      let figure = Recomputed(mean.value, magnitude: max(mean.magnitude, load.power.magnitude), terms: 1)
      let isNothing = abs((mean.value ?? 0) - load.told[step]) <= 1e-9
      guard !isNothing, !figure.agrees(load.told[step]) else { continue }
      fault(
        "zone_load.power_kw", zone: place, at: load.starts[step], .number(load.told[step]), AuditValue(mean.value))
    }
  }

  /// The rows of a table of the run; `nil` where the file lacks the table.
  private func rows(_ table: String, keys: Int, _ database: Database, _ faults: CellFaults) throws -> AuditQuery? {
    guard try database.tableExists(table) else { return nil }
    return try AuditQuery(
      database, faults, table: table, columns: AuditSchema.columns(table), keys: keys, clause: "WHERE run_id = ?",
      arguments: [run.id])
  }

  private mutating func checkHours(_ database: Database, _ faults: CellFaults) throws {
    let clock = run.countedFrom.milliseconds..<max(run.countedFrom, run.clockEnd).milliseconds
    var isThere = Array(repeating: false, count: charts.hours.count)
    let row = try rows("zone_hours", keys: 3, database, faults)
    while let row, try row.next() {
      let hour = row.integer(2, in: 0...23)
      guard row.isSound, let place = world.place(of: row.integer(1)) else { continue }
      isThere[place * 24 + hour] = true
      let length = ChartSums.part(hour, of: clock)
      let sums = charts.hours[place * 24 + hour]
      for (column, sum) in [(3, sums.cores), (4, sums.memory), (5, sums.gpus)] {
        let mean = length > 0 ? sum.recomputed.scaled(0.001 / Double(length)) : Recomputed(0)
        let told = row.number(column)
        figures += 1
        if mean.agrees(told) { continue }
        fault("zone_hours \(hour), \(row.columns[column])", zone: place, .number(told), AuditValue(mean.value))
      }
    }
    for (number, isThere) in isThere.enumerated() where !isThere {
      fault("zone_hours \(number % 24)", zone: number / 24, .text("no such row"), .text("a row for every hour"))
    }
  }

  private mutating func checkTypes(_ database: Database, _ faults: CellFaults) throws {
    var left = Set(charts.kinds.keys)
    let row = try rows("type_metrics", keys: 2, database, faults)
    while let row, try row.next() {
      let type = row.text(1)
      guard let kind = charts.kinds[type] else {
        fault("type_metrics", .text(type), .text("the type of a job that started"))
        continue
      }
      left.remove(type)
      let expected = [
        Recomputed(Double(kind.started)), kind.energy.recomputed, kind.emissions.recomputed.scaled(0.001),
        kind.cost.recomputed,
      ]
      for (place, figure) in expected.enumerated() {
        let told = row.number(2 + place)
        figures += 1
        if figure.agrees(told) { continue }
        fault("type_metrics \(type), \(row.columns[2 + place])", .number(told), AuditValue(figure.value))
      }
    }
    for type in left.sorted() {
      fault("type_metrics \(type)", .text("no such row"), .text("a row for every type of the jobs that started"))
    }
  }

  private mutating func checkQuantiles(_ database: Database, _ faults: CellFaults) throws {
    var told: [String: [Double: Double]] = [:]
    let row = try rows("job_quantiles", keys: 3, database, faults)
    while let row, try row.next() {
      let (quantity, share, value) = (row.text(1), row.number(2), row.number(3))
      if row.isSound { told[quantity, default: [:]][share] = value }
    }
    for (quantity, values) in [("wait_s", waits), ("turnaround_s", charts.turnarounds)] {
      let own = told.removeValue(forKey: quantity) ?? [:]
      let unknown = own.keys.filter { values.isEmpty || !ChartChecks.shares.contains($0) }
      for share in unknown.sorted() {
        fault("job_quantiles, \(quantity) \(share)", .text("a row"), .text("none"))
      }
      guard !values.isEmpty else { continue }
      let isLarge = values.count { $0 > 0 } > ChartChecks.exactQuantiles
      for share in ChartChecks.shares { compare(own[share], "\(quantity) \(share)", values, share, isLarge: isLarge) }
    }
    for quantity in told.keys.sorted() {
      fault("job_quantiles", .text(quantity), .text("wait_s or turnaround_s"))
    }
  }

  /// Told in whole milliseconds.
  private mutating func compare(_ told: Double?, _ name: String, _ sorted: [Int64], _ share: Double, isLarge: Bool) {
    let value = RunSums.quantile(sorted, share)
    figures += 1
    let slack = max(0.000_5, isLarge ? 1e-3 * abs(value ?? 0) : 0) + 1e-9 * abs(value ?? 0)
    if let told, let value, abs(told - value) <= slack, (told * 1000).rounded() / 1000 == told { return }
    fault("job_quantiles, \(name)", AuditValue(told), AuditValue(value))
  }
}
