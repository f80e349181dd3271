public import Domain
internal import GRDB

/// What a scenario's text says of the runs of its result.
public struct ScenarioFacts: Sendable {
  public var name: String
  public var seed: UInt64
  /// Those that run, in their order; the runs of a replication follow it.
  public var policies: [String]
  /// The baseline's place among them.
  public var baseline: Int
  public var replications: ClosedRange<Int>
  public var duration: TimeSpan
  public var drains: Bool
  public var currency: Currency
  public var interruption: InterruptionRules
  /// In the order of the scenario.
  public var zones: [Zone]

  public init(
    name: String, seed: UInt64, policies: [String], baseline: Int, replications: ClosedRange<Int>, duration: TimeSpan,
    drains: Bool, currency: Currency, interruption: InterruptionRules, zones: [Zone]
  ) {
    self.name = name
    self.seed = seed
    self.policies = policies
    self.baseline = baseline
    self.replications = replications
    self.duration = duration
    self.drains = drains
    self.currency = currency
    self.interruption = interruption
    self.zones = zones
  }
}

/// Holds `runs` and `grid_zones` against the scenario's text in `provenance`.
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
      fault(nil, "rows", .text("\(rows.count) runs"), "\(count) policies over \(times) replications")
    }
    for (place, row) in rows.enumerated() { check(row, place, of: count) }
    try checkZones(database)
  }

  private func check(_ row: Row, _ place: Int, of count: Int) {
    let id = Int.fromDatabaseValue(row["run_id"] ?? .null)
    func text(_ column: String, _ expected: String) {
      guard row.hasColumn(column) else { return }
      let found: DatabaseValue = row[column] ?? .null
      guard String.fromDatabaseValue(found) != expected else { return }
      fault(id, column, .text("\(found)"), "\(expected), by the scenario's text")
    }
    func number(_ column: String, _ expected: Double) {
      guard row.hasColumn(column) else { return }
      let found: DatabaseValue = row[column] ?? .null
      guard Double.fromDatabaseValue(found) != expected else { return }
      fault(id, column, .text("\(found)"), "\(MetricsCSV.cell(expected)), by the scenario's text")
    }
    text("scenario", facts.name)
    text("policy", facts.policies[place % count])
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
      let expected = "\(MetricsCSV.cell(facts.duration.inSeconds)) s after clock_start, by the scenario's text"
      fault(id, "clock_end", .instant(end), expected)
    }
  }

  private func instant(_ row: Row, _ column: String) -> Instant? {
    String.fromDatabaseValue(row[column] ?? .null).flatMap { Instant(text: $0) }
  }

  private func checkZones(_ database: Database) throws {
    let rows = try Row.fetchAll(database, sql: "SELECT * FROM grid_zones ORDER BY id")
    let zones = facts.zones.sorted { $0.id < $1.id }
    guard rows.map({ Int.fromDatabaseValue($0["id"] ?? .null) }) == zones.map(\.id) else {
      return fault(nil, "grid_zones", .text("\(rows.count) zones"), "the \(zones.count) zones of the scenario's text")
    }
    for (row, zone) in zip(rows, zones) {
      let texts = [
        ("grid_zone_code", zone.code), ("zone_name", zone.name), ("region", zone.region), ("country", zone.country),
      ]
      for (column, expected) in texts where row.hasColumn(column) {
        let found: DatabaseValue = row[column] ?? .null
        if String.fromDatabaseValue(found) != expected { differs(zone, column, found, expected) }
      }
      let numbers = [
        ("pue", zone.pue), ("idle_kw", zone.idlePower.value), ("cpu_cores", zone.capacity.cpuCores),
        ("memory_gb", zone.capacity.memoryGigabytes), ("gpus", zone.capacity.gpus),
      ]
      for (column, expected) in numbers where row.hasColumn(column) {
        let found: DatabaseValue = row[column] ?? .null
        if Double.fromDatabaseValue(found) != expected { differs(zone, column, found, MetricsCSV.cell(expected)) }
      }
    }
  }

  private func differs(_ zone: Zone, _ column: String, _ found: DatabaseValue, _ expected: String) {
    findings.add(.condition) {
      AuditFailure(
        $0, zone: zone.code, name: column, found: .text("\(found)"),
        expected: .text("\(expected), by the scenario's text"))
    }
  }

  private func fault(_ run: Int?, _ name: String, _ found: AuditValue, _ expected: String) {
    findings.add(.run) { AuditFailure($0, run: run, name: name, found: found, expected: .text(expected)) }
  }
}
