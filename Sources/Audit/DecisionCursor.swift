package import Domain
package import GRDB

/// A row of `decision_options`, or what a row of `decisions` says of what was chosen.
package struct AuditOption {
  package var zone: ZoneReference
  package var start: Instant?
  package var score: Double?
  /// As it stands there.
  package var terms: String?
  package var intensity: Double?
  package var kilograms: Double?
  package var cost: Double?
}

/// A row of `decisions` with its options by rank.
package struct AuditDecision {
  package var number: Int
  package var at: Instant
  package var jobID: String
  package var kind: String
  package var chosen: AuditOption
  package var reason: String?
  package var issuedAt: Instant?
  package var rankedBy: String?
  package var candidates: Int?
  package var ranks: [Int] = []
  package var options: [AuditOption] = []
}

/// The decisions of a run, handed out job by job in the order of `compute_workloads.id`.
package struct DecisionCursor {
  private let rows: AuditQuery
  private let optionRows: AuditQuery
  private let run: AuditRunRow
  private let world: AuditWorld
  private let findings: Findings
  private var next: Int?
  /// The decision that the option read last belongs to; `nil` past the last one.
  private var nextOption: Int?
  package private(set) var count = 0

  private static let figures = [
    "score", "terms", "predicted_intensity_gco2_kwh", "predicted_carbon_kg", "predicted_cost_gbp",
  ]

  /// `nil` where the result has none.
  package init?(
    _ database: Database, _ faults: CellFaults, _ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings
  ) throws {
    guard try database.tableExists("decisions") else { return nil }
    self.run = run
    self.world = world
    self.findings = findings
    rows = try AuditQuery(
      database, faults, table: "decisions",
      columns: [
        "run_id", "decision", "id", "decided_at", "job_id", "kind", "reason", "forecast_issued_at", "zone", "start_at",
      ] + DecisionCursor.figures + ["ranked_by", "candidates"], keys: 2,
      clause: "WHERE run_id = ? ORDER BY id, decision", arguments: [run.id])
    optionRows = try AuditQuery(
      database, faults, table: "decision_options AS o JOIN decisions AS d USING (run_id, decision)",
      columns: ["run_id", "decision", "rank", "o.zone", "o.start_at"] + DecisionCursor.figures.map { "o.\($0)" },
      keys: 3, clause: "WHERE run_id = ? ORDER BY d.id, decision, rank", arguments: [run.id])
    try advance()
    try advanceOption()
  }

  private mutating func advance() throws { next = try rows.next() ? rows.integer(2) : nil }
  private mutating func advanceOption() throws { nextOption = try optionRows.next() ? optionRows.integer(1) : nil }

  private func option(_ row: AuditQuery, from column: Int) -> AuditOption {
    let zone = row.optionalInteger(column)
    return AuditOption(
      zone: zone.map { id in world.place(of: id).map { .zone($0) } ?? .unknown(id) } ?? .none,
      start: row.optionalInstant(column + 1), score: row.optionalNumber(column + 2),
      terms: row.optionalText(column + 3), intensity: row.optionalNumber(column + 4),
      kilograms: row.optionalNumber(column + 5), cost: row.optionalNumber(column + 6))
  }

  /// The decisions of a job; jobs are asked for in rising order.
  package mutating func decisions(of job: Int) throws -> [AuditDecision] {
    guard next != nil else { return [] }
    try skip(before: job)
    var decisions: [AuditDecision] = []
    while next == job {
      var decision = AuditDecision(
        number: rows.integer(1), at: rows.instant(3), jobID: rows.text(4), kind: rows.text(5),
        chosen: option(rows, from: 8), reason: rows.optionalText(6), issuedAt: rows.optionalInstant(7),
        rankedBy: rows.optionalText(15), candidates: rows.optionalInteger(16))
      while nextOption == decision.number {
        decision.ranks.append(optionRows.integer(2))
        decision.options.append(option(optionRows, from: 3))
        try advanceOption()
      }
      decisions.append(decision)
      count += 1
      try advance()
    }
    return decisions
  }

  private mutating func skip(before job: Int) throws {
    while let stray = next, stray < job {
      let number = rows.integer(1)
      findings.add(.reference) {
        AuditFailure(
          $0, run: run.id, name: "decisions", found: .text("a decision on id \(stray)"),
          expected: .text("a row of compute_workloads"))
      }
      while nextOption == number { try advanceOption() }
      try advance()
    }
  }

  /// No more jobs of this run.
  package mutating func end() throws { try skip(before: .max) }

  /// Numbered from 1 without holes, in the order of their instants.
  package static func checkOrder(_ database: Database, _ run: AuditRunRow, _ findings: Findings) throws {
    guard try database.tableExists("decisions") else { return }
    let row = try Row.fetchOne(
      database, sql: "SELECT count(*), min(decision), max(decision) FROM decisions WHERE run_id = ?",
      arguments: [run.id])
    func whole(_ column: Int) -> Int? { row.flatMap { Int.fromDatabaseValue($0[column]) } }
    let (count, first, last) = (whole(0) ?? 0, whole(1) ?? 1, whole(2) ?? 0)
    if first != 1 || last != count {
      findings.add(.decision) {
        AuditFailure(
          $0, run: run.id, name: "decision", found: .text("\(counted(count, "decision")) numbered \(first) to \(last)"),
          expected: .text("numbers from 1 without gaps"))
      }
    }
    let early = try DatabaseValue.fetchOne(
      database,
      sql: """
        SELECT b.decision FROM decisions AS a JOIN decisions AS b ON b.run_id = a.run_id AND b.decision = a.decision + 1
        WHERE a.run_id = ? AND b.decided_at < a.decided_at ORDER BY b.decision LIMIT 1
        """, arguments: [run.id])
    if let early {
      findings.add(.decision) {
        AuditFailure(
          $0, run: run.id, name: "decided_at", found: .text("decision \(early) earlier than the decision before it"),
          expected: .text("instants in ascending order"))
      }
    }
  }
}
