internal import Domain
internal import GRDB

/// Holds `zone_capacity.is_out` and `running` against the outages of the scenario's text.
struct OutageAgreement {
  let facts: ScenarioFacts
  let findings: Findings

  func check(_ database: Database) throws {
    guard try database.tableExists("zone_capacity") else { return }
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM zone_capacity ORDER BY 1, 2, 3")
    var known: (replication: Int, outages: [ScenarioFacts.Outage])?
    for row in rows {
      let replication = row.hasColumn("replication") ? Int.fromDatabaseValue(row["replication"] ?? .null) ?? 0 : 0
      guard let zone = Int.fromDatabaseValue(row["grid_zone_id"] ?? .null),
        let start = String.fromDatabaseValue(row["starts_at"] ?? .null).flatMap({ Instant(text: $0) })
      else { continue }
      if known?.replication != replication { known = (replication, facts.outages(max(replication, 1))) }
      let own = (known?.outages ?? []).filter { $0.zone == zone }
      let isOut = own.contains { $0.span.contains(start) }
      compare(row, "is_out", isOut ? 1.databaseValue : 0.databaseValue, zone, start)
      compareAmounts(row, isOut, zone, start)
      let begun = own.filter { $0.span.lowerBound == start }.map(\.running)
      // Of outages that begin together the harshest rule holds.
      let rule: OutageRule? =
        begun.contains(.fail) ? .fail : begun.contains(.suspend) ? .suspend : begun.isEmpty ? nil : .finish
      compare(row, "running", rule?.rawValue.databaseValue ?? .null, zone, start)
    }
  }

  /// A zone that is out has nothing; one that no event gives another capacity has its own.
  private func compareAmounts(_ row: Row, _ isOut: Bool, _ zone: Int, _ at: Instant) {
    guard isOut || !facts.changedZones.contains(zone) else { return }
    guard let own = facts.zones.first(where: { $0.id == zone })?.capacity else { return }
    for (column, amount) in [("cpu_cores", own.cpuCores), ("memory_gb", own.memoryGigabytes), ("gpus", own.gpus)] {
      let expected = isOut ? 0 : amount
      let found: DatabaseValue = row[column] ?? .null
      if Double.fromDatabaseValue(found) != expected { compare(row, column, expected.databaseValue, zone, at) }
    }
  }

  private func compare(_ row: Row, _ column: String, _ expected: DatabaseValue, _ zone: Int, _ at: Instant) {
    let found: DatabaseValue = row[column] ?? .null
    guard found != expected else { return }
    func shown(_ value: DatabaseValue) -> String { value.isNull ? "nothing" : "\(value)" }
    findings.add(.condition) {
      AuditFailure(
        $0, zone: facts.zones.first { $0.id == zone }?.code, at: at, name: "zone_capacity, \(column)",
        found: .text(shown(found)), expected: .text("\(shown(expected)), according to the scenario"))
    }
  }
}
