public import Domain

/// A pluggable scheduler.
///
/// The engine tells a policy of submissions and completions and then, once an instant, lets it start what may start. A
/// policy keeps its own queue of handles and knows nothing but what ``PolicyContext`` tells. It is asked at every
/// instant with a completion, a submission, a change of capacity or a wake-up that it wished for
/// (``PolicyContext/wake(at:)``); a new trace step alone asks nobody.
public protocol Policy: AnyObject {
  /// A job was submitted (class 3 of the order of events). It can run in at least one zone.
  func submitted(_ job: JobID, _ context: PolicyContext)

  /// A job that runs has ended (class 1), or failed in an outage (class 2); its capacity is free again. The handle is
  /// not valid afterwards. By default nothing.
  func completed(_ job: JobID, _ context: PolicyContext)

  /// A zone's capacity has changed, or it has gone out or come back (class 2); ``PolicyContext/capacity(_:)`` tells.
  /// ``dispatch(_:)`` follows at this instant. By default nothing: whoever looks at what is free needs no more.
  func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext)

  /// A running job was suspended by an outage of its zone. Returns true if the policy will resume the job; by default
  /// false, and the engine resumes it as soon as the zone holds it again: jobs in the order of their suspension, every
  /// one that fits, before anything else starts there. A policy that returns true keeps that order, but may leave a job
  /// suspended for as long as it would pause it anyway.
  func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool

  /// A waiting job can never run in the zone that it was planned for, or in any, as capacity was taken away for good:
  /// the policy is to forget it, and is told of it anew by ``submitted(_:_:)`` where another zone could hold it.
  /// Returns true if it has; by default false.
  func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool

  /// Classes 4 and 5: capacity was released, jobs were submitted or a wake-up came at this instant. Every job that is
  /// to start now is started by ``PolicyContext/start(_:in:)``.
  func dispatch(_ context: PolicyContext)

  /// Returns true if this policy may ever run a job in a zone; a job that fits none of these is rejected at submission.
  /// By default the home zone alone where ``staysAtHome``, else every zone.
  func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool

  /// A job with a home zone never runs anywhere else. By default false.
  var staysAtHome: Bool { get }

  /// Jobs that wait for ever are left so knowingly. By default false, and a run that drains fails on them.
  var leavesJobs: Bool { get }
}

extension Policy {
  public func completed(_ job: JobID, _ context: PolicyContext) {}
  public func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext) {}
  public func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool { false }
  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { false }
  public func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool {
    !staysAtHome || job.homeZone < 0 || job.homeZone == zone
  }
  public var staysAtHome: Bool { false }
  public var leavesJobs: Bool { false }
}

/// A policy's misbehaviour, caught by the engine.
public struct PolicyFault: Error, Equatable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    case unknownZone(Int)
    case notPending
    case overCapacity(job: Int, zone: String)
    case capBroken(job: Int, zone: String)
    case planInThePast(job: Int, Instant)
    case lostJobs(Int)
    case notInterruptible(job: Int)
    case notRunning(job: Int)
    case notSuspended(job: Int)
  }

  public var kind: Kind
  public var at: Instant

  public init(kind: Kind, at: Instant) {
    self.kind = kind
    self.at = at
  }

  public var description: String {
    switch kind {
    case .unknownZone(let zone): "at \(at.iso8601) the policy chose zone number \(zone), which does not exist"
    case .notPending: "at \(at.iso8601) the policy started, planned or rejected a job that is not waiting"
    case .overCapacity(let job, let zone):
      "at \(at.iso8601) the policy started job number \(job) in \(zone), which has no room for it"
    case .capBroken(let job, let zone):
      "at \(at.iso8601) the policy started job number \(job) in \(zone), where its prediction breaks a hard cap"
    case .planInThePast(let job, let start):
      "at \(at.iso8601) the policy planned job number \(job) for \(start.iso8601), which has passed"
    case .notInterruptible(let job):
      "at \(at.iso8601) the policy suspended job number \(job), which the scenario's interruption settings do not allow"
    case .notRunning(let job):
      "at \(at.iso8601) the policy suspended job number \(job), which is not running or has only just started"
    case .notSuspended(let job):
      "at \(at.iso8601) the policy resumed job number \(job), which is not suspended"
    case .lostJobs(let count):
      "at the end, \(at.iso8601), the policy had left \(counted(count, "job")) waiting forever"
    }
  }
}
