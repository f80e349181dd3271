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
}

/// Jobs in order of submission, then of the source; `sequence` counts from 0.
public protocol JobSource: AnyObject {
  /// The next job; `nil` when there are no more.
  func next() throws -> SubmittedJob?
}

/// Jobs held in memory.
public final class JobList: JobSource {
  private let jobs: [SubmittedJob]
  private var at = 0

  /// - Parameter jobs: in order of submission.
  public init(_ jobs: [SubmittedJob]) { self.jobs = jobs }

  public func next() -> SubmittedJob? {
    guard at < jobs.count else { return nil }
    at += 1
    return jobs[at - 1]
  }
}
