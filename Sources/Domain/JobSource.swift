/// A job with what only the engine may know of it.
@frozen
public struct SubmittedJob: Sendable {
  public var job: Job
  /// How long it really runs, > 0.
  public var actualDuration: TimeSpan

  @inlinable public init(job: Job, actualDuration: TimeSpan) {
    self.job = job
    self.actualDuration = actualDuration
  }

  /// A place to read a job into.
  public static var blank: SubmittedJob {
    let job = Job(sequence: 0, identity: 0, submittedAt: .never, estimatedDuration: .zero, demand: .zero)
    return SubmittedJob(job: job, actualDuration: .zero)
  }
}

/// Jobs in order of submission, then of the source; `sequence` counts from 0.
public protocol JobSource: AnyObject {
  /// Reads the next job into memory of the caller, which the engine keeps it in; false when there are no more.
  func read(into job: inout Job, actualDuration: inout TimeSpan) throws -> Bool
}

extension JobSource {
  /// The next job; `nil` when there are no more.
  public func next() throws -> SubmittedJob? {
    var next = SubmittedJob.blank
    return try read(into: &next.job, actualDuration: &next.actualDuration) ? next : nil
  }
}

/// Jobs held in memory.
public final class JobList: JobSource {
  private let jobs: [SubmittedJob]
  @exclusivity(unchecked) private var at = 0

  /// - Parameter jobs: in order of submission.
  public init(_ jobs: [SubmittedJob]) { self.jobs = jobs }

  public func read(into job: inout Job, actualDuration: inout TimeSpan) -> Bool {
    guard at < jobs.count else { return false }
    job = jobs[at].job
    actualDuration = jobs[at].actualDuration
    at += 1
    return true
  }
}
