/// What an operator decided about a job.
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

/// What operators decided, at most once a job. Decisions of one instant were taken in the record's order.
public struct DecisionRecord: Sendable {
  public let decisions: [RecordedDecision]
  private let places: [UInt64: Int]

  /// - Parameter decisions: Of jobs that are all different.
  public init(_ decisions: [RecordedDecision]) {
    self.decisions = decisions
    places = Dictionary(uniqueKeysWithValues: decisions.enumerated().map { ($1.job, $0) })
  }

  /// The place of the decision about a job; `nil` where there is none. O(1).
  public func place(of job: UInt64) -> Int? { places[job] }
}
