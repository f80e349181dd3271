package import Domain
package import GRDB

/// A row of `workload_segments`: where and when an interrupted job ran.
package struct AuditSegment {
  package var number: Int
  package var zone: ZoneReference
  package var start: Instant
  /// `nil` where it still ran when the run was over.
  package var end: Instant?
}

/// The segments of a run, handed out job by job in the order of `compute_workloads.id`.
package struct SegmentReader {
  private let row: AuditQuery
  private let run: AuditRunRow
  private let world: AuditWorld
  private let findings: Findings
  /// The job that the row read last belongs to; `nil` past the last one.
  private var next: Int?

  package init(
    _ database: Database, _ faults: CellFaults, _ run: AuditRunRow, _ world: AuditWorld, _ findings: Findings
  ) throws {
    self.run = run
    self.world = world
    self.findings = findings
    row = try AuditQuery(
      database, faults, table: "workload_segments", columns: AuditSchema.columns("workload_segments"), keys: 3,
      clause: "WHERE run_id = ? ORDER BY id, segment", arguments: [run.id])
    try advance()
  }

  private mutating func advance() throws { next = try row.next() ? row.integer(1) : nil }

  /// The segments of a job; jobs are asked for in rising order.
  package mutating func segments(of job: Int) throws -> [AuditSegment] {
    guard next != nil else { return [] }
    try skip(before: job)
    var segments: [AuditSegment] = []
    while next == job {
      let zone = row.integer(3)
      segments.append(
        AuditSegment(
          number: row.integer(2), zone: world.place(of: zone).map { .zone($0) } ?? .unknown(zone),
          start: row.instant(4), end: row.optionalInstant(5)))
      try advance()
    }
    return segments
  }

  /// Tells of segments whose job is not there.
  private mutating func skip(before job: Int) throws {
    while let stray = next, stray < job {
      findings.add(.reference) {
        AuditFailure(
          $0, run: run.id, name: "workload_segments", found: .text("a segment of id \(stray)"),
          expected: .text("a row of compute_workloads"))
      }
      try advance()
    }
  }

  /// No more jobs of this run.
  package mutating func end() throws { try skip(before: .max) }
}
