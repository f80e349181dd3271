/// One decision of an operator on a job.
public struct RecordedDecision: Hashable, Sendable {
  /// ``Job/identity``: the hash of its `job_id`.
  public var job: UInt64
  public var decidedAt: Instant
  public var zone: ZoneIndex
  /// When the job was to start; `nil` for as soon as there is room.
  public var startAt: Instant?

  public init(job: UInt64, decidedAt: Instant, zone: ZoneIndex, startAt: Instant? = nil) {
    self.job = job
    self.decidedAt = decidedAt
    self.zone = zone
    self.startAt = startAt
  }
}

/// The decisions of operators. Several decisions on one job have different instants; decisions of the same instant were
/// taken in the order of the record.
public struct DecisionRecord: Sendable {
  public let decisions: [RecordedDecision]
  /// Indices of decisions, by job and then by instant.
  private let order: [Int]
  /// The part of ``order`` that is a job's.
  private let ranges: [UInt64: Range<Int>]

  /// - Parameter decisions: No two on one job at one instant.
  public init(_ decisions: [RecordedDecision]) {
    self.decisions = decisions
    let order = decisions.indices.sorted {
      let (a, b) = (decisions[$0], decisions[$1])
      return (a.job, a.decidedAt, $0) < (b.job, b.decidedAt, $1)
    }
    var ranges: [UInt64: Range<Int>] = [:]
    var first = 0
    for index in order.indices {
      let job = decisions[order[index]].job
      if index + 1 < order.count, decisions[order[index + 1]].job == job { continue }
      ranges[job] = first..<index + 1
      first = index + 1
    }
    self.order = order
    self.ranges = ranges
  }

  /// The indices of the decisions on a job, earliest first; empty if there is none. O(1).
  public func indices(of job: UInt64) -> ArraySlice<Int> { order[ranges[job] ?? 0..<0] }
}
