internal import Domain
internal import GRDB

/// Expected values of the tables of a run's charts, added up job by job. Load is averaged over the steps that the file
/// has.
struct ChartSums {
  /// Mean power in a zone, by step.
  struct Load {
    fileprivate(set) var starts: [Int64] = []
    fileprivate(set) var ends: [Int64] = []
    fileprivate(set) var told: [Double] = []
    /// kWh by step.
    fileprivate(set) var energy: [AuditSum] = []
    /// kW of everything that ran, which tells how well sums of them can be known.
    fileprivate(set) var power = AuditSum()

    /// True if the steps follow one another without a gap from the clock's start to its end.
    func covers(_ run: AuditRunRow) -> Bool {
      starts.first == run.clockStart.milliseconds && ends.last == run.clockEnd.milliseconds
        && zip(ends, starts.dropFirst()).allSatisfy { $0 == $1 } && zip(starts, ends).allSatisfy { $0 < $1 }
    }

    /// Adds energy that is drawn evenly over [from, until).
    fileprivate mutating func add(_ drawn: Double, _ from: Int64, _ until: Int64) {
      let length = Double(until - from)
      power.add(drawn * 3_600_000 / length)
      var step = ends.partition(after: from)
      while step < starts.count, starts[step] < until {
        let shared = min(until, ends[step]) - max(from, starts[step])
        if shared > 0 { energy[step].add(drawn * (Double(shared) / length)) }
        step += 1
      }
    }
  }

  /// Thousandths of resources × ms at an hour of the day.
  struct Hour {
    var cores = AuditSum()
    var memory = AuditSum()
    var gpus = AuditSum()
  }

  /// Totals of the jobs of one type that started.
  struct Kind {
    var started = 0
    var energy = AuditSum()
    /// Grams.
    var emissions = AuditSum()
    var cost = AuditSum()
  }

  let run: AuditRunRow
  /// By the zone's place.
  private(set) var loads: [Load]
  /// By the zone's place × 24 + hour of the day, UTC.
  private(set) var hours: [Hour]
  private(set) var kinds: [String: Kind] = [:]
  /// Times from submission to end of the jobs that completed, ms; sorted once all are there.
  private(set) var turnarounds: [Int64] = []

  static let tables = ["job_quantiles", "type_metrics", "zone_hours", "zone_load"]
  static let hour: Int64 = 3_600_000
  static let day: Int64 = 86_400_000

  /// Reads the steps of the load; `nil` where the file has no charts of the run.
  init?(_ database: Database, _ faults: CellFaults, _ run: AuditRunRow, _ world: AuditWorld) throws {
    let isThere = try ChartSums.tables.contains { table in
      try database.tableExists(table)
        && Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE run_id = ?)", arguments: [run.id]) == true
    }
    guard isThere else { return nil }
    self.run = run
    loads = Array(repeating: Load(), count: world.zones.count)
    hours = Array(repeating: Hour(), count: world.zones.count * 24)
    guard try database.tableExists("zone_load") else { return }
    let row = try AuditQuery(
      database, faults, table: "zone_load", columns: AuditSchema.columns("zone_load"), keys: 3,
      clause: "WHERE run_id = ? ORDER BY grid_zone_id, starts_at", arguments: [run.id])
    while try row.next() {
      let zone = row.integer(1)
      let (start, end) = (row.instant(2).milliseconds, row.instant(3).milliseconds)
      let told = row.number(4)
      guard row.isSound, let place = world.place(of: zone) else { continue }
      loads[place].starts.append(start)
      loads[place].ends.append(end)
      loads[place].told.append(told)
      loads[place].energy.append(AuditSum())
    }
  }

  /// Adds a stay of a job in a zone and the energy, kWh, that it drew there.
  mutating func stay(_ place: Int, _ demand: AuditResources, _ energy: Double, from: Instant, until: Instant) {
    let (start, end) = (from.milliseconds, until.milliseconds)
    guard start < end else { return }
    loads[place].add(energy, start, end)
    let first = max(start, run.countedFrom.milliseconds)
    let last = min(end, run.clockEnd.milliseconds)
    guard first < last else { return }
    let touched = first.flooredQuotient(ChartSums.hour)...(last - 1).flooredQuotient(ChartSums.hour)
    for number in touched.count < 24 ? touched : 0...23 {
      let hour = Int(number - number.flooredQuotient(24) * 24)
      let length = Double(ChartSums.part(hour, of: first..<last))
      hours[place * 24 + hour].cores.add(Double(demand.cores) * length)
      hours[place * 24 + hour].memory.add(Double(demand.memory) * length)
      hours[place * 24 + hour].gpus.add(Double(demand.gpus) * length)
    }
  }

  /// How much of a span lies in an hour of the day, ms.
  static func part(_ hour: Int, of span: Range<Int64>) -> Int64 {
    /// As much before an instant, counted from the epoch.
    func before(_ at: Int64) -> Int64 {
      let days = at.flooredQuotient(day)
      return days * ChartSums.hour + min(max(at - days * day - Int64(hour) * ChartSums.hour, 0), ChartSums.hour)
    }
    return before(span.upperBound) - before(span.lowerBound)
  }

  /// Adds a job that started after the warm-up.
  mutating func started(_ type: String, turnaround: Int64?) {
    kinds[type, default: Kind()].started += 1
    if let turnaround { turnarounds.append(turnaround) }
  }

  /// Adds what such a job came to; `nil` where it is not known, which is told elsewhere.
  mutating func account(_ type: String, energy: AuditSum, emissions: AuditSum?, cost: AuditSum?) {
    kinds[type, default: Kind()].energy.add(energy)
    if let emissions { kinds[type, default: Kind()].emissions.add(emissions) }
    if let cost { kinds[type, default: Kind()].cost.add(cost) }
  }

  mutating func finish() { turnarounds.sort() }
}

extension [Int64] {
  /// The first place of ascending times that is after a time.
  fileprivate func partition(after time: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > time { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
