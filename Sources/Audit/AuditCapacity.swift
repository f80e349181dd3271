package import Domain
package import GRDB

/// A row of `zone_capacity`.
package struct AuditCapacity {
  package var start: Int64
  /// The greatest number for the last one.
  package var end: Int64
  package var capacity: AuditResources
  package var isOut: Bool
  /// True if no job continues to run across its start: it begins with an outage that suspends or fails jobs.
  package var stopsJobs: Bool { outage.map { $0 != .finish } ?? false }
  /// The rule of the outage that begins with it; `nil` for none.
  package var outage: OutageRule?
}

extension AuditZone {
  /// The period that contains a time; `nil` before the first row.
  package func period(at time: Int64) -> AuditCapacity? { periods.last { $0.start <= time } }

  /// True if the empty zone can hold a demand at some time from an instant on.
  package func couldHold(_ demand: AuditResources, from: Instant) -> Bool {
    periods.contains { $0.end > from.milliseconds && demand.fits(into: $0.capacity) }
  }

  /// True if an outage that begins at an instant ends, rather than suspends, a job that has been interrupted before.
  package func cuts(_ demand: AuditResources, at instant: Instant) -> Bool {
    switch periods.first(where: { $0.start == instant.milliseconds })?.outage {
    case .fail: true
    case .suspend: !couldHold(demand, from: instant)
    case .finish, nil: false
    }
  }

  /// True if the empty zone can hold a demand in its last period, which has no end.
  package func lastsFor(_ demand: AuditResources) -> Bool {
    periods.last.map { demand.fits(into: $0.capacity) } ?? false
  }

  /// Capacity × time of a resource within the clock and behind the warm-up, in thousandths × milliseconds.
  package func capacityTime(_ run: AuditRunRow, _ amount: (AuditResources) -> Int64) -> Double {
    var sum = AuditSum()
    for period in periods {
      let length = min(period.end, run.clockEnd.milliseconds) - max(period.start, run.countedFrom.milliseconds)
      if length > 0 { sum.add(Double(amount(period.capacity)) * Double(length)) }
    }
    return sum.value
  }

  /// The most that it has at any time, resource by resource.
  package var most: AuditResources {
    periods.reduce(AuditResources()) { most, period in
      AuditResources(
        cores: max(most.cores, period.capacity.cores), memory: max(most.memory, period.capacity.memory),
        gpus: max(most.gpus, period.capacity.gpus))
    }
  }
}

extension AuditWorld {
  /// A zone without rows has what `grid_zones` tells all along.
  package mutating func readCapacities(_ database: Database, _ faults: CellFaults) throws {
    defer { completeCapacities() }
    guard try database.tableExists("zone_capacity") else { return }
    // An older result has one clock for all replications.
    let tells = try database.columns(in: "zone_capacity").contains { $0.name == "replication" }
    let columns = AuditSchema.columns("zone_capacity")
    let row = try AuditQuery(
      database, faults, table: "zone_capacity", columns: columns + (tells ? ["replication"] : []), keys: 2,
      clause: "ORDER BY grid_zone_id, starts_at")
    while try row.next() {
      let zone = row.integer(0)
      let period = AuditCapacity(
        start: row.instant(1).milliseconds, end: row.optionalInstant(2)?.milliseconds ?? .max,
        capacity: AuditResources(cores: row.thousandths(3), memory: row.thousandths(4), gpus: row.thousandths(5)),
        isOut: row.flag(6), outage: row.optionalText(7).flatMap { OutageRule(rawValue: $0) })
      let replication = tells ? row.integer(columns.count) : 0
      guard row.isSound, let place = place(of: zone) else { continue }
      add(period, to: place, replication: replication)
    }
  }

  /// Periods follow each other without gap or overlap, from the clock's start on without an end.
  package func checkCapacities(_ run: AuditRunRow, _ findings: Findings) {
    for zone in zones where zone.hasCapacityRows {
      let isWhole =
        zone.periods.first?.start == run.clockStart.milliseconds && zone.periods.last?.end == .max
        && zip(zone.periods, zone.periods.dropFirst()).allSatisfy { $0.end == $1.start && $0.start < $0.end }
      if isWhole { continue }
      findings.add(.condition) {
        AuditFailure(
          $0, run: run.id, zone: zone.code, name: "zone_capacity", found: .text("not exactly one row"),
          expected: .text("one at every instant from clock_start on"))
      }
    }
  }
}
