internal import DequeModule
internal import Domain

/// Jobs whose time has come, in a line before each zone: the first in line starts, or runs on, as soon as the zone has
/// room; nobody overtakes.
///
/// Under `caps: hard` a job that its zone's caps keep from starting stands aside, so that it blocks nobody.
struct ZoneLines {
  private var lines: [Deque<JobHandle>]
  private var held = HeldJobs()
  private var heldIn: [JobHandle: ZoneIndex] = [:]

  init() { lines = [] }

  mutating func append(_ job: JobHandle, _ zone: ZoneIndex, _ context: PolicyContext) {
    if lines.isEmpty { lines = Array(repeating: [], count: context.zones.count) }
    lines[zone].append(job)
  }

  /// Takes a job out of its line, or from aside. O(jobs in line).
  mutating func remove(_ job: JobHandle, _ zone: ZoneIndex) {
    guard !lines.isEmpty else { return }
    if let place = lines[zone].firstIndex(of: job) {
      lines[zone].remove(at: place)
    } else if heldIn.removeValue(forKey: job) != nil {
      held.remove(job)
    }
  }

  /// Lets go who may.
  ///
  /// - Parameters:
  ///   - ran: told each job that runs from now on.
  ///   - gone: told each job that was rejected, as no start up to its latest keeps its caps.
  mutating func serve(_ context: PolicyContext, ran: (JobHandle) -> Void = { _ in }, gone: (JobHandle) -> Void) {
    if !held.isEmpty { recall(context, gone: gone) }
    for zone in lines.indices {
      while let job = lines[zone].first {
        let isSuspended = context.status(job) == .suspended
        if !isSuspended, !context.permits(job, in: zone) {
          lines[zone].removeFirst()
          hold(job, zone, context, gone: gone)
          continue
        }
        guard context.free(zone).holds(context.demand(job)) else { break }
        lines[zone].removeFirst()
        if isSuspended { context.resume(job, in: zone) } else { context.start(job, in: zone) }
        ran(job)
      }
      // Permission may come and go with every step.
      if context.capsAreHard, !lines[zone].isEmpty { context.wake(at: context.nextConditions) }
    }
  }

  private mutating func hold(_ job: JobHandle, _ zone: ZoneIndex, _ context: PolicyContext, gone: (JobHandle) -> Void) {
    held.hold(job, context)
    if context.status(job) == .rejected { gone(job) } else { heldIn[job] = zone }
  }

  private mutating func recall(_ context: PolicyContext, gone: (JobHandle) -> Void) {
    let zones = heldIn
    let before = held.all
    let free = held.release(context) { job in context.permits(job, in: zones[job] ?? 0) }
    for job in free {
      guard let zone = heldIn.removeValue(forKey: job) else { continue }
      lines[zone].append(job)
    }
    for job in before where context.status(job) == .rejected {
      heldIn[job] = nil
      gone(job)
    }
  }
}
