internal import Domain

/// The classes of events at one instant, in the order in which the engine handles them (contract §3). Within a class
/// the jobs' sequence decides. ``Simulation/eventOrderVersion`` counts the changes of this order.
public enum EventClass: Int, CaseIterable, Sendable {
  /// Jobs end and free what they held.
  case completion
  /// Carbon intensities and prices take their next values.
  case traceStep
  /// Zones go out, come back or get another capacity.
  case capacityChange
  /// Jobs are submitted, in the order of their source.
  case submission
  /// Wake-ups that the policy asked for. After this class the policy decides.
  case wakeUp
  /// Jobs that the policy let run begin.
  case start
  /// Probes look at the simulation.
  case sample
}

/// The end of a running job. By time alone: completions of one instant come out in no promised order, and the engine
/// sorts them by sequence.
struct Completion: Comparable, BitwiseCopyable {
  /// In milliseconds.
  var time: Int64
  var job: JobID

  @inline(__always)
  static func < (a: Completion, b: Completion) -> Bool { a.time < b.time }
  @inline(__always)
  static func <= (a: Completion, b: Completion) -> Bool { a.time <= b.time }
}

/// When something happens next: the completions of running jobs, and one instant for every other class of events.
///
/// Instants are in milliseconds, `Int64.max` for never. Everything is O(1) but the heaps, O(log n).
final class Calendar {
  /// The end of every running job, and of some that were suspended since.
  @exclusivity(unchecked) private(set) var completions = QuadHeap<Completion>()
  /// Completions of jobs that were suspended since: they end nothing.
  @exclusivity(unchecked) var staleCount = 0
  /// When the intensity or the price of a zone changes next. A change alone is no reason to stop there.
  @exclusivity(unchecked) var nextStep = Int64.max
  @exclusivity(unchecked) var nextChange = Int64.max
  @exclusivity(unchecked) var nextSubmission = Int64.min
  /// The earliest wake-up that the policy asked for.
  @exclusivity(unchecked) private(set) var nextWake = Int64.max
  @exclusivity(unchecked) private var wakes = QuadHeap<Int64>()
  @exclusivity(unchecked) var nextLook = Int64.max

  /// The earliest completion, stale or not.
  @inline(__always)
  var nextCompletion: Int64 { completions.count > 0 ? completions.least.time : .max }

  /// The next instant at which the policy is asked.
  ///
  /// - Parameter isIdle: no job is in the system or still to come, so that neither a wake-up nor another capacity
  ///   matters.
  @inline(__always)
  func nextEvent(isIdle: Bool) -> Int64 {
    let event = min(nextSubmission, nextCompletion)
    return isIdle ? event : min(event, nextWake, nextChange)
  }

  /// There is an event of a class at an instant that no event precedes.
  @inline(__always)
  func isDue(_ kind: EventClass, at instant: Instant) -> Bool {
    switch kind {
    case .completion: nextCompletion == instant.milliseconds
    case .traceStep: nextStep <= instant.milliseconds
    case .capacityChange: nextChange <= instant.milliseconds
    case .submission: nextSubmission == instant.milliseconds
    case .wakeUp: nextWake <= instant.milliseconds
    // Jobs begin when the policy lets them.
    case .start: false
    case .sample: nextLook == instant.milliseconds
    }
  }

  @inline(__always)
  func addCompletion(of job: JobID, at end: Instant) {
    completions.insert(Completion(time: end.milliseconds, job: job))
  }

  /// Removes the earliest completion and returns its job.
  @inline(__always)
  func removeCompletion() -> JobID {
    let job = completions.least.job
    completions.removeMin()
    return job
  }

  /// Removes the completions of jobs and returns how many there were. O(n log n).
  func removeCompletions(where isGone: (JobID) -> Bool) -> Int { completions.removeAll { isGone($0.job) } }

  /// Asks for a wake-up; one that is asked for already costs nothing if it is the next one.
  func addWake(at instant: Int64) {
    if instant == nextWake { return }
    wakes.insert(instant)
    nextWake = min(nextWake, instant)
  }

  /// Forgets the wake-ups up to an instant.
  func removeWakes(through instant: Instant) {
    while let next = wakes.min, next <= instant.milliseconds { wakes.removeMin() }
    nextWake = wakes.min ?? .max
  }
}
