internal import Domain
internal import GRDB

/// Sweeps over the starts and ends in each zone: capacity at every instant, and what the samples tell of it.
///
/// At one instant releases come before starts, and samples after both (contract §3).
struct Occupancy {
  let run: AuditRunRow
  let world: AuditWorld
  let traces: AuditTraces
  let findings: Findings
  /// Empty where the result holds no job rows.
  private let stays: [Stay]
  private let knowsStays: Bool
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// Figures of samples compared.
  private(set) var figures = 0

  init(_ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings, stays: [Stay]?) {
    self.run = run
    self.world = world
    self.findings = findings
    self.stays = stays ?? []
    knowsStays = stays != nil
    traces = world.traces(of: run)
    let stays = self.stays
    starts = Occupancy.order(stays, world) { $0.start }
    ends = Occupancy.order(stays, world) { $0.end }
  }

  /// Places of the stays by zone, then by time.
  private static func order(_ stays: [Stay], _ world: AuditWorld, _ time: (Stay) -> Int64) -> [Int32] {
    var inZone: [[(time: Int64, place: Int32)]] = world.zones.map { _ in [] }
    for (place, stay) in stays.enumerated() { inZone[Int(stay.zone)].append((time(stay), Int32(place))) }
    return inZone.flatMap { $0.sorted { $0 < $1 }.map(\.place) }
  }

  /// Resources held in a zone, as the check moves forward in time.
  private struct Level {
    var cores = Int128(0)
    var memory = Int128(0)
    var gpus = Int128(0)
    var running = 0
    /// The next start and the next end.
    var start: Int
    var end: Int

    mutating func add(_ demand: AuditResources, _ sign: Int128) {
      cores += sign * Int128(demand.cores)
      memory += sign * Int128(demand.memory)
      gpus += sign * Int128(demand.gpus)
      running += Int(sign)
    }

    func excess(over capacity: AuditResources) -> (JobColumn, Int128, Int64)? {
      if cores > Int128(capacity.cores) { return (.cores, cores, capacity.cores) }
      if memory > Int128(capacity.memory) { return (.memory, memory, capacity.memory) }
      if gpus > Int128(capacity.gpus) { return (.gpus, gpus, capacity.gpus) }
      return nil
    }
  }

  mutating func check(_ database: Database, _ faults: CellFaults) throws {
    var from = (start: 0, end: 0)
    var grid: (count: Int, hash: UInt64)?
    for place in world.zones.indices {
      var level = Level(start: from.start, end: from.end)
      let seen = try checkSamples(database, faults, place, &level)
      try checkAssigned(database, place)
      try take(until: .max, place, &level, database)
      release(until: .max, place, &level)
      from = (level.start, level.end)
      if let grid, grid != seen {
        findings.add(.sample) {
          AuditFailure(
            $0, run: run.id, zone: world.zones[place].code, name: "sampled_at",
            found: .text(counted(seen.count, "instant")),
            expected: .text("\(grid.count), as in the zones before it"))
        }
      }
      grid = grid ?? seen
    }
  }

  private func release(until time: Int64, _ place: Int, _ level: inout Level) {
    while level.end < ends.count {
      let stay = stays[Int(ends[level.end])]
      guard stay.zone == Int32(place), stay.end <= time else { return }
      level.add(stay.demand, -1)
      level.end += 1
    }
  }

  private func take(until time: Int64, _ place: Int, _ level: inout Level, _ database: Database) throws {
    while level.start < starts.count {
      let stay = stays[Int(starts[level.start])]
      guard stay.zone == Int32(place), stay.start <= time else { return }
      release(until: stay.start, place, &level)
      level.add(stay.demand, 1)
      level.start += 1
      try checkOutages(stay, place, database)
      let capacity = world.zones[place].period(at: stay.start)?.capacity ?? AuditResources()
      guard let (column, held, capacity) = level.excess(over: capacity) else { continue }
      try findings.add(.capacity) {
        AuditFailure(
          $0, run: run.id, job: try jobID(stay.id, database), zone: world.zones[place].code,
          at: Instant(milliseconds: stay.start), name: column.name, found: .number(Double(held) / 1000),
          expected: .text("at most \(AuditValue.number(Double(capacity) / 1000)) in use"))
      }
    }
  }

  /// Nothing starts while the zone is out, and nothing runs on into an outage that stops jobs.
  private func checkOutages(_ stay: Stay, _ place: Int, _ database: Database) throws {
    func fault(_ time: Int64, _ found: String, _ expected: String) throws {
      try findings.add(.capacity) {
        AuditFailure(
          $0, run: run.id, job: try jobID(stay.id, database), zone: world.zones[place].code,
          at: Instant(milliseconds: time), name: "zone_capacity", found: .text(found), expected: .text(expected))
      }
    }
    let periods = world.zones[place].periods
    guard periods.count > 1 else { return }
    if world.zones[place].period(at: stay.start)?.isOut == true {
      try fault(stay.start, "a start", "none, as the zone is out of service")
    }
    for period in periods where period.stopsJobs && stay.start < period.start && period.start < stay.end {
      try fault(period.start, "a job that keeps running", "none, as the outage stops jobs")
    }
  }

  private func jobID(_ id: Int, _ database: Database) throws -> String {
    try String.fetchOne(
      database, sql: "SELECT job_id FROM compute_workloads WHERE run_id = ? AND id = ?", arguments: [run.id, id]) ?? "?"
  }

  /// Jobs that run in a zone have been assigned to it. When it was chosen for those that wait, no row tells; a result
  /// of an earlier version has no such column.
  private func checkAssigned(_ database: Database, _ place: Int) throws {
    guard try database.columns(in: "zone_samples").contains(where: { $0.name == "assigned" }) else { return }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT sampled_at, assigned, running FROM zone_samples
        WHERE run_id = ? AND grid_zone_id = ? AND NOT (typeof(assigned) = 'integer' AND assigned >= running)
        """, arguments: [run.id, world.zones[place].id])
    for row in rows {
      findings.add(.sample) {
        AuditFailure(
          $0, run: run.id, zone: world.zones[place].code,
          at: String.fromDatabaseValue(row[0]).flatMap { Instant(text: $0) },
          name: "assigned", found: .text("\(row[1] as DatabaseValue? ?? .null)"),
          expected: .text("at least \(row[2] as DatabaseValue? ?? .null), the number of running jobs"))
      }
    }
  }

  /// Holds the samples of a zone against the level; their instants as a count and a hash.
  private mutating func checkSamples(
    _ database: Database, _ faults: CellFaults, _ place: Int, _ level: inout Level
  ) throws -> (count: Int, hash: UInt64) {
    let row = try AuditQuery(
      database, faults, table: "zone_samples", columns: AuditSchema.columns("zone_samples"), keys: 3,
      clause: "WHERE run_id = ? AND grid_zone_id = ? ORDER BY sampled_at", arguments: [run.id, world.zones[place].id])
    var instants = (count: 0, hash: UInt64(0))
    while try row.next() {
      let at = row.instant(2)
      let running = row.integer(3)
      let held = [row.thousandths(4), row.thousandths(5), row.thousandths(6)]
      let told = [row.optionalNumber(7), row.optionalNumber(8)]
      guard row.isSound else { continue }
      instants.count += 1
      AuditHash.add(UInt64(bitPattern: at.milliseconds), to: &instants.hash)
      let zone = world.zones[place]
      func fault(_ column: Int, _ found: AuditValue, _ expected: AuditValue) {
        findings.add(.sample) {
          AuditFailure(
            $0, run: run.id, zone: zone.code, at: at, name: row.columns[column], found: found, expected: expected)
        }
      }
      if at < run.clockStart || at >= run.clockEnd { fault(2, .instant(at), .text("an instant within the clock")) }
      for (column, value) in [(7, traces.intensity[place].value(at: at)), (8, traces.price[place].value(at: at))]
      where !Recomputed(value).agrees(told[column - 7]) {
        fault(column, AuditValue(told[column - 7]), AuditValue(value))
      }
      figures += 2
      guard knowsStays else {
        let most = zone.most
        for (column, capacity) in [(4, most.cores), (5, most.memory), (6, most.gpus)]
        where held[column - 4] > capacity {
          fault(column, .number(row.number(column)), .text("at most the zone's capacity"))
        }
        continue
      }
      try take(until: at.milliseconds, place, &level, database)
      release(until: at.milliseconds, place, &level)
      if running != level.running { fault(3, .number(Double(running)), .number(Double(level.running))) }
      for (column, amount) in [(4, level.cores), (5, level.memory), (6, level.gpus)]
      where row.number(column) != Double(amount) / 1000 {
        fault(column, .number(row.number(column)), .number(Double(amount) / 1000))
      }
      figures += 4
    }
    return instants
  }
}
