public import Domain

/// A live job: valid from its submission until it starts or is given up.
public typealias JobHandle = Int

/// A pluggable scheduler.
///
/// The engine tells a policy of submissions and then, once an instant, lets it start what may start. A policy keeps
/// its own queue of handles and knows nothing but what ``PolicyContext`` tells.
public protocol Policy: AnyObject {
  /// A job was submitted (class 3 of the order of events). It can run in at least one zone.
  func submitted(_ job: JobHandle, _ context: PolicyContext)

  /// Class 5: capacity was released, jobs were submitted or a wake-up came at this instant. Every job that is to
  /// start now is started by ``PolicyContext/start(_:in:)``.
  func dispatch(_ context: PolicyContext)

  /// Whether this policy would ever run a job in a zone; a job that fits none of these is rejected at submission.
  /// By default every zone.
  func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool
}

extension Policy {
  public func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { true }
}

/// A policy's misbehaviour, caught by the engine.
public struct PolicyFault: Error, Equatable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    case unknownZone(Int)
    case notPending
    case overCapacity(job: Int, zone: String)
    case lostJobs(Int)
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
    case .notPending: "at \(at.iso8601) the policy started a job that is not pending"
    case .overCapacity(let job, let zone):
      "at \(at.iso8601) the policy started job number \(job) in \(zone), which has no room for it"
    case .lostJobs(let count): "at the end, \(at.iso8601), the policy had left \(count) jobs waiting for ever"
    }
  }
}
