package import Domain
package import GRDB

/// A row of `runs`.
package struct AuditRunRow {
  package var id: Int
  package var policy: String
  /// Its label, else the policy's name.
  package var name: String
  package var replication: Int
  package var isBaseline: Bool
  package var baseline: Int
  package var clockStart: Instant
  package var clockEnd: Instant
  package var drains: Bool
  package var traceSet: Int
  package var hasWorkloads: Bool
  package var signature: String
  /// True if the policy keeps a job in its home zone.
  package var staysAtHome: Bool
  /// By how much an interruption lengthens a job's run, ms.
  package var interruptionDelay: Int64
  /// IT energy of a suspension and of a resumption, kWh.
  package var checkpointEnergy: Double
  package var resumeEnergy: Double
  /// Jobs that were submitted before this are in no figure, and time averages begin here.
  package var countedFrom: Instant
  /// True if its policy reports jobs without a decision, and exactly as many jobs are PENDING.
  package var leavesJobs = false

  /// Length of the clock after the warm-up, h.
  package var hours: Double { Double(clockEnd.milliseconds - countedFrom.milliseconds) / 3_600_000 }
}

/// A row of `grid_zones`.
package struct AuditZone {
  package var id: Int
  package var code: String
  package var intensityAtStart: Double?
  package var priceAtStart: Double?
  package var capacity: AuditResources
  package var pue: Double
  package var idle: Double
  package var coreWatts: Double
  package var gpuWatts: Double
  package var gigabyteWatts: Double
  /// Capacities of the zone over time, from `zone_capacity`.
  package var periods: [AuditCapacity] = []
  /// True if `zone_capacity` has rows for the zone.
  package var hasCapacityRows = false
  /// Capacities over time of replications with clocks of their own, by replication.
  package var periodsByReplication: [Int: [AuditCapacity]] = [:]

  /// kW of a demand by the hardware model.
  package func power(of demand: AuditResources) -> Double {
    let watts =
      Double(demand.cores) * coreWatts + Double(demand.gpus) * gpuWatts + Double(demand.memory) * gigabyteWatts
    return watts / 1e6
  }
}

/// The traces of one set, by the zone's place.
package struct AuditTraces {
  package var intensity: [TraceWalk]
  package var price: [TraceWalk]
}

/// Everything but the jobs and the figures.
package struct AuditWorld {
  package private(set) var runs: [AuditRunRow] = []
  /// By id.
  package private(set) var zones: [AuditZone] = []
  private var places: [Int: Int] = [:]
  private var traces: [Int: AuditTraces] = [:]
  /// Facts from the scenario's text; `nil` if the file has no text.
  package var facts: ScenarioFacts?

  /// - Throws: ``AuditRefusal`` on cells that cannot be read.
  package init(_ database: Database, _ path: String) throws {
    let faults = CellFaults(path: path)
    try readZones(database, faults)
    try readCapacities(database, faults)
    try readRuns(database, faults)
    try faults.throwIfAny()
    guard !runs.isEmpty else { throw AuditRefusal.noRuns(path: path) }
    for run in runs { traces[run.traceSet] = AuditTraces(intensity: blank, price: blank) }
    try readTraces(database, faults)
    try faults.throwIfAny()
  }

  /// A copy in which the zones have their capacities in a run's replication.
  package func during(_ run: AuditRunRow) -> AuditWorld {
    var own = self
    for place in zones.indices {
      guard let periods = zones[place].periodsByReplication[run.replication] else { continue }
      own.zones[place].periods = periods
      own.zones[place].hasCapacityRows = true
    }
    return own
  }

  /// True if a run's policy replays recorded decisions; `nil` if the file does not say, or if the policy is from
  /// another package.
  package func replays(_ run: AuditRunRow) -> Bool? {
    let own = runs.filter { $0.replication == run.replication }
    guard let facts, facts.replays.count == own.count, let place = own.firstIndex(where: { $0.id == run.id }) else {
      return nil
    }
    return facts.staysAtHome[place] == nil ? nil : facts.replays[place]
  }

  /// - Parameter replication: the one that it holds for; 0: all.
  package mutating func add(_ period: AuditCapacity, to place: Int, replication: Int) {
    if replication != 0 { return zones[place].periodsByReplication[replication, default: []].append(period) }
    zones[place].periods.append(period)
    zones[place].hasCapacityRows = true
  }

  package mutating func completeCapacities() {
    for place in zones.indices where zones[place].periods.isEmpty {
      zones[place].periods = [
        AuditCapacity(start: .min, end: .max, capacity: zones[place].capacity, isOut: false, outage: nil)
      ]
    }
  }

  private var blank: [TraceWalk] { Array(repeating: TraceWalk(), count: zones.count) }

  package func place(of zone: Int) -> Int? { places[zone] }

  package func traces(of run: AuditRunRow) -> AuditTraces {
    traces[run.traceSet] ?? AuditTraces(intensity: blank, price: blank)
  }

  private mutating func readZones(_ database: Database, _ faults: CellFaults) throws {
    let row = try AuditQuery(
      database, faults, table: "grid_zones", columns: AuditSchema.columns("grid_zones"), keys: 1, clause: "ORDER BY id")
    while try row.next() {
      places[row.integer(0)] = zones.count
      zones.append(
        AuditZone(
          id: row.integer(0), code: row.text(1), intensityAtStart: row.optionalNumber(2),
          priceAtStart: row.optionalNumber(3),
          capacity: AuditResources(cores: row.thousandths(4), memory: row.thousandths(5), gpus: row.thousandths(6)),
          pue: row.nonNegative(7), idle: row.nonNegative(8), coreWatts: row.nonNegative(9),
          gpuWatts: row.nonNegative(10), gigabyteWatts: row.nonNegative(11)))
    }
  }

  private mutating func readRuns(_ database: Database, _ faults: CellFaults) throws {
    let row = try AuditQuery(
      database, faults, table: "runs", columns: AuditSchema.columns("runs"), keys: 1,
      clause: "ORDER BY replication, run_id")
    while try row.next() {
      runs.append(
        AuditRunRow(
          id: row.integer(0), policy: row.text(1), name: row.text(1),
          replication: row.integer(2, in: 1...1_000_000),
          isBaseline: row.flag(3),
          baseline: row.integer(4), clockStart: row.instant(5), clockEnd: row.instant(6), drains: row.flag(7),
          traceSet: row.integer(8), hasWorkloads: row.flag(9), signature: row.text(10), staysAtHome: row.flag(11),
          interruptionDelay: row.thousandths(12) + row.thousandths(13), checkpointEnergy: row.nonNegative(14),
          resumeEnergy: row.nonNegative(15),
          countedFrom: row.instant(5) + TimeSpan(milliseconds: row.thousandths(16))))
    }
    if try database.columns(in: "runs").contains(where: { $0.name == "label" }) {
      let labels = try Row.fetchAll(database, sql: "SELECT run_id, label FROM runs").reduce(into: [Int: String]()) {
        if let id = Int.fromDatabaseValue($1[0]) { $0[id] = String.fromDatabaseValue($1[1]) }
      }
      for place in runs.indices { runs[place].name = labels[runs[place].id] ?? runs[place].policy }
    }
    // A replay of operators' decisions leaves the jobs that are in none.
    guard try database.tableExists("policy_metrics") else { return }
    let left = try Int.fetchAll(
      database,
      sql: """
        SELECT run_id FROM policy_metrics JOIN runs USING (run_id)
        WHERE metric = 'jobs_undecided' AND value > 0 AND value =
          (SELECT count(*) FROM compute_workloads AS w WHERE w.run_id = runs.run_id AND w.status = 'PENDING')
        """)
    for place in runs.indices where left.contains(runs[place].id) { runs[place].leavesJobs = true }
  }

  private mutating func readTraces(_ database: Database, _ faults: CellFaults) throws {
    let row = try AuditQuery(
      database, faults, table: "trace_steps", columns: AuditSchema.columns("trace_steps"), keys: 4,
      clause: "ORDER BY trace_set, quantity, grid_zone_id, starts_at")
    while try row.next() {
      let set = row.integer(0)
      let quantity = row.text(1)
      let zone = row.integer(2)
      let (start, end) = (row.instant(3), row.instant(4))
      let value = quantity == "carbon_intensity" ? row.nonNegative(5) : row.number(5)
      guard row.isSound, let place = place(of: zone) else { continue }
      if quantity == "carbon_intensity" {
        traces[set]?.intensity[place].append(start: start, end: end, value: value)
      } else if quantity == "price" {
        traces[set]?.price[place].append(start: start, end: end, value: value)
      }
    }
  }
}
