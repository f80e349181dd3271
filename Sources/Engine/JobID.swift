/// A live job, from its submission until it is completed or given up. Another job may then have the same.
///
/// Within one run, jobs of the same instant are in no order by this: ``Job/sequence`` is the order of submission.
@frozen
public struct JobID: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The slot of the job in the engine's table: small, so that what a policy keeps by job can lie in an array.
  @usableFromInline package let stored: Int32

  @inlinable
  package init(slot: Int) { stored = Int32(truncatingIfNeeded: slot) }

  @inlinable
  package var slot: Int { Int(stored) }

  @inlinable
  public static func < (a: JobID, b: JobID) -> Bool { a.stored < b.stored }
}
