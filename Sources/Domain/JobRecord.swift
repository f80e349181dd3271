/// How a workload's life stands.
public enum JobStatus: UInt8, Sendable, CaseIterable {
  case pending, scheduled, running, suspended, completed, rejected, failed

  /// As the platform's tables write it.
  public var name: String { JobStatus.names[Int(rawValue)] }
  private static let names = ["PENDING", "SCHEDULED", "RUNNING", "SUSPENDED", "COMPLETED", "REJECTED", "FAILED"]
}

/// Why a job was refused.
public enum Rejection: UInt8, Sendable, CaseIterable {
  /// Its demand exceeds the capacity of every zone it may use.
  case tooLarge
  /// Under `caps: hard`, no start up to its latest keeps its prediction within its caps.
  case capsNotMet

  public var text: String {
    switch self {
    case .tooLarge: "its demand exceeds the capacity of every zone it may use"
    case .capsNotMet: "no start up to its latest useful one keeps its prediction within its caps"
    }
  }
}

/// Up to three zones, best first; -1 where there is none.
@frozen
public struct Recommendations: Hashable, Sendable {
  public var first: Int32
  public var second: Int32
  public var third: Int32

  @inlinable
  public init(_ first: Int = -1, _ second: Int = -1, _ third: Int = -1) {
    self.first = Int32(first)
    self.second = Int32(second)
    self.third = Int32(third)
  }

  /// Adds a zone behind those there are; whether all three are known now.
  @inlinable
  public mutating func add(_ zone: Int) -> Bool {
    if first < 0 {
      first = Int32(zone)
    } else if second < 0 {
      second = Int32(zone)
    } else {
      third = Int32(zone)
      return true
    }
    return false
  }
}

/// The outcome of a job: exactly one record for each job submitted.
@frozen
public struct JobRecord: Sendable {
  public var job: Job
  public var status: JobStatus
  /// Set where the status is rejected.
  public var rejection: Rejection?
  @usableFromInline var storedZone: Int32
  public var recommendations: Recommendations
  /// When it is to start, where the policy has planned it; not written anywhere.
  public var plannedStart: Instant
  /// First start; `never` where the job never ran.
  public var start: Instant
  /// End; `never` where the job neither completed nor failed.
  public var end: Instant
  public var actualDuration: TimeSpan
  /// Energy at the meter (PUE included).
  public var energy: Energy
  public var emissions: Emissions
  public var cost: Money

  @inlinable
  public init(job: Job, status: JobStatus, actualDuration: TimeSpan, recommendations: Recommendations) {
    self.job = job
    self.status = status
    self.storedZone = -1
    self.recommendations = recommendations
    self.plannedStart = .never
    self.start = .never
    self.end = .never
    self.actualDuration = actualDuration
    self.energy = .zero
    self.emissions = .zero
    self.cost = .zero
    self.rejection = nil
  }

  /// The chosen zone, -1 where none was; of a job that moved, the last one.
  @inlinable public var zone: Int {
    get { Int(storedZone) }
    set { storedZone = Int32(newValue) }
  }
  @inlinable public var wait: TimeSpan { start - job.submittedAt }
  /// True if the job completed by its deadline; `nil` for a job without one.
  @inlinable public var metDeadline: Bool? {
    job.deadline == .never ? nil : status == .completed && end <= job.deadline
  }
}

/// Receives finished jobs. If a sink throws, the run stops.
public protocol RecordSink: AnyObject {
  func accept(_ record: borrowing JobRecord) throws

  /// A job that was interrupted: when and where it ran. By default its record alone is taken.
  func accept(_ record: borrowing JobRecord, segments: [RunSegment]) throws
}

extension RecordSink {
  public func accept(_ record: borrowing JobRecord, segments: [RunSegment]) throws { try accept(record) }
}
