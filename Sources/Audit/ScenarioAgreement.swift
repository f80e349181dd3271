internal import Domain
internal import GRDB

/// Holds `runs`, `grid_zones`, `requirements` and `zone_capacity` against the scenario's text in `provenance`.
struct ScenarioAgreement {
  let facts: ScenarioFacts
  let findings: Findings

  func check(_ database: Database) throws {
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY run_id")
    let count = facts.policies.count
    let (whole, rest) = rows.count.quotientAndRemainder(dividingBy: max(count, 1))
    if rest != 0 || !facts.replications.contains(whole) {
      let range = facts.replications
      let times =
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      fault(nil, "rows", .text(counted(rows.count, "run")), "\(counted(count, "policy")) in \(times) replications")
    }
    for (place, row) in rows.enumerated() { check(row, place, of: count) }
    try checkZones(database)
    try checkRequirements(database)
    try OutageAgreement(facts: facts, findings: findings).check(database)
  }

  private func check(_ row: Row, _ place: Int, of count: Int) {
    let id = Int.fromDatabaseValue(row["run_id"] ?? .null)
    func text(_ column: String, _ expected: String) {
      guard row.hasColumn(column) else { return }
      let found: DatabaseValue = row[column] ?? .null
      guard String.fromDatabaseValue(found) != expected else { return }
      fault(id, column, .text("\(found)"), "\(expected), according to the scenario")
    }
    func number(_ column: String, _ expected: Double) {
      guard row.hasColumn(column) else { return }
      let found: DatabaseValue = row[column] ?? .null
      guard Double.fromDatabaseValue(found) != expected else { return }
      fault(id, column, .text("\(found)"), "\(AuditText.number(expected)), according to the scenario")
    }
    text("scenario", facts.name)
    text("policy", facts.policies[place % count])
    text("label", facts.labels[place % count])
    text("varies", facts.varies)
    checkHome(row, id)
    if let stays = facts.staysAtHome[place % count] { number("stays_at_home", stays ? 1 : 0) }
    if let version = facts.eventOrderVersion { number("event_order_version", Double(version)) }
    if let warmUp = facts.warmUp { number("warm_up_s", warmUp.inSeconds) }
    number("replication", Double(place / count + 1))
    text("seed", String(facts.seed))
    number("is_baseline", place % count == facts.baseline ? 1 : 0)
    number("drain", facts.drains ? 1 : 0)
    text("currency", facts.currency.code)
    number("checkpoint_s", facts.interruption.checkpoint.inSeconds)
    number("resume_s", facts.interruption.resume.inSeconds)
    number("checkpoint_kwh", facts.interruption.checkpointEnergy.value)
    number("resume_kwh", facts.interruption.resumeEnergy.value)
    guard let start = instant(row, "clock_start"), let end = instant(row, "clock_end") else { return }
    if end - start != facts.duration {
      let expected = "\(AuditText.number(facts.duration.inSeconds)) s after clock_start, according to the scenario"
      fault(id, "clock_end", .instant(end), expected)
    }
  }

  /// `home` and `jobs_given_home`: without a rule that gives homes to the jobs of a log, none got one.
  private func checkHome(_ row: Row, _ id: Int?) {
    guard row.hasColumn("home"), row.hasColumn("jobs_given_home") else { return }
    let home: DatabaseValue = row["home"] ?? .null
    if home != (facts.home?.databaseValue ?? .null) {
      fault(id, "home", .text(shown(home)), "\(facts.home ?? "nothing"), according to the scenario")
    }
    let given: DatabaseValue = row["jobs_given_home"] ?? .null
    guard let count = Int.fromDatabaseValue(given), count >= 0, facts.givesHomes || count == 0 else {
      let expected = facts.givesHomes ? "a count of at least 0" : "0, as the scenario gives no job a home zone"
      return fault(id, "jobs_given_home", .text(shown(given)), expected)
    }
  }

  private func shown(_ value: DatabaseValue) -> String { value.isNull ? "nothing" : "\(value)" }

  /// A row for each bound that the scenario asks for.
  private func checkRequirements(_ database: Database) throws {
    guard try database.tableExists("requirements") else { return }
    let rows = try Row.fetchAll(database, sql: "SELECT metric, minimum, maximum FROM requirements ORDER BY metric")
    func differs(_ metric: String, _ found: String, _ expected: String) {
      fault(nil, "requirements, \(metric)", .text(found), "\(expected), according to the scenario")
    }
    var left = facts.requirements
    for row in rows {
      let cells = (0..<3).map { row[$0] as DatabaseValue? ?? .null }
      let metric = String.fromDatabaseValue(cells[0]) ?? shown(cells[0])
      let found = "from \(shown(cells[1])) to \(shown(cells[2]))"
      guard let place = left.firstIndex(where: { $0.metric == metric }) else {
        differs(metric, found, "no such requirement")
        continue
      }
      let asked = left.remove(at: place)
      let bounds = [asked.least, asked.most].map { $0.map(\.databaseValue) ?? .null }
      if zip(bounds, cells.dropFirst()).allSatisfy({ $0.0 == $0.1 }) { continue }
      differs(metric, found, "from \(shown(bounds[0])) to \(shown(bounds[1]))")
    }
    for asked in left { differs(asked.metric, "no such row", asked.bound) }
  }

  private func instant(_ row: Row, _ column: String) -> Instant? {
    String.fromDatabaseValue(row[column] ?? .null).flatMap { Instant(text: $0) }
  }

  private func checkZones(_ database: Database) throws {
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM grid_zones ORDER BY id")
    let zones = facts.zones.sorted { $0.id < $1.id }
    guard rows.map({ Int.fromDatabaseValue($0["id"] ?? .null) }) == zones.map(\.id) else {
      let expected = "the \(counted(zones.count, "zone")) of the scenario"
      return fault(nil, "grid_zones", .text(counted(rows.count, "zone")), expected)
    }
    for (row, zone) in zip(rows, zones) {
      let texts = [
        ("grid_zone_code", zone.code), ("zone_name", zone.name), ("region", zone.region), ("country", zone.country),
        ("zone_id", String(zone.id)),
        ("coordinates", "{\"lat\":\(zone.coordinates.latitude),\"lng\":\(zone.coordinates.longitude)}"),
      ]
      for (column, expected) in texts where row.hasColumn(column) {
        let found: DatabaseValue = row[column] ?? .null
        if String.fromDatabaseValue(found) != expected { differs(zone, column, found, expected) }
      }
      let numbers = [
        ("pue", zone.pue), ("idle_kw", zone.idlePower.value), ("cpu_cores", zone.capacity.cpuCores),
        ("memory_gb", zone.capacity.memoryGigabytes), ("gpus", zone.capacity.gpus),
        ("cpu_core_watts", zone.hardware.cpuCoreWatts), ("gpu_watts", zone.hardware.gpuWatts),
        ("memory_gb_watts", zone.hardware.memoryGigabyteWatts),
      ]
      for (column, expected) in numbers where row.hasColumn(column) {
        let found: DatabaseValue = row[column] ?? .null
        if Double.fromDatabaseValue(found) != expected { differs(zone, column, found, AuditText.number(expected)) }
      }
    }
  }

  private func differs(_ zone: Zone, _ column: String, _ found: DatabaseValue, _ expected: String) {
    findings.add(.condition) {
      AuditFailure(
        $0, zone: zone.code, name: column, found: .text("\(found)"),
        expected: .text("\(expected), according to the scenario"))
    }
  }

  private func fault(_ run: Int?, _ name: String, _ found: AuditValue, _ expected: String) {
    findings.add(.run) { AuditFailure($0, run: run, name: name, found: found, expected: .text(expected)) }
  }
}
