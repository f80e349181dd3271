internal import DequeModule
internal import Domain
internal import Engine
internal import HeapModule

/// Jobs that people have assigned: SCHEDULED, and started in their zone as soon as they fit there, each zone first in,
/// first out by the instant of decision (or of the start that was asked for).
///
/// Under `caps: hard` a job that its zone does not permit stands aside and queues anew when it does.
///
/// A job that is assigned again leaves its earlier place. Entries stay where they are until they come to the head; the
/// number of the decision shows which one counts.
struct ZoneQueues {
  private struct Entry {
    var job: JobID
    var decision: Int
  }

  private var queues: [Deque<Entry>] = []
  private var later = Heap<Later>()
  private var held = HeldJobs()
  private var decided = 0
  /// The number of the decision that counts, by handle; 0 for none.
  private var current: [Int] = []

  private struct Later: Comparable {
    var start: Int64
    var decision: Int
    var job: JobID

    static func < (a: Later, b: Later) -> Bool { (a.start, a.decision) < (b.start, b.decision) }
  }

  /// A job has been assigned now.
  ///
  /// - Parameter start: Not to start before; `nil` for at once.
  mutating func assign(_ job: JobID, to zone: ZoneIndex, start: Instant?, _ context: PolicyContext) {
    let planned = max(start ?? context.now, context.now)
    context.plan(job, in: zone, at: planned)
    decided += 1
    while current.count <= job.slot { current.append(0) }
    current[job.slot] = decided
    if !held.isEmpty { held.remove(job) }
    later.insert(Later(start: planned.milliseconds, decision: decided, job: job))
  }

  /// Forgets a job. O(jobs that stand aside).
  mutating func remove(_ job: JobID) {
    if job.slot < current.count { current[job.slot] = 0 }
    held.remove(job)
  }

  /// Starts what may start now.
  mutating func dispatch(_ context: PolicyContext) {
    if queues.isEmpty { queues = Array(repeating: [], count: context.zones.count) }
    while let next = later.min, next.start <= context.now.milliseconds {
      later.removeMin()
      guard current[next.job.slot] == next.decision else { continue }
      queues[context.plannedZone(next.job)].append(Entry(job: next.job, decision: next.decision))
    }
    for job in held.release(context, permitted: { context.permits($0, in: context.plannedZone($0)) }) {
      queues[context.plannedZone(job)].append(Entry(job: job, decision: current[job.slot]))
    }
    for zone in queues.indices {
      while let entry = queues[zone].first {
        let head = entry.job
        guard current[head.slot] == entry.decision else {
          queues[zone].removeFirst()
          continue
        }
        if !context.permits(head, in: zone) {
          held.hold(head, context)
        } else if context.free(zone).holds(context.demand(head)) {
          context.start(head, in: zone)
        } else {
          break
        }
        queues[zone].removeFirst()
      }
    }
  }
}
