internal import DequeModule
internal import Domain
internal import HeapModule

/// Jobs that people have assigned: SCHEDULED, and started in their zone as soon as they fit there, each zone first in,
/// first out by the instant of decision (or of the start that was asked for).
///
/// Under `caps: hard` a job that its zone does not permit stands aside and queues anew when it does.
struct ZoneQueues {
  private var queues: [Deque<JobHandle>] = []
  private var later = Heap<Later>()
  private var held = HeldJobs()
  private var decided = 0

  private struct Later: Comparable {
    var start: Int64
    var decision: Int
    var job: JobHandle

    static func < (a: Later, b: Later) -> Bool { (a.start, a.decision) < (b.start, b.decision) }
  }

  /// A job has been assigned now.
  ///
  /// - Parameter start: Not to start before; `nil` for at once.
  mutating func assign(_ job: JobHandle, to zone: ZoneIndex, start: Instant?, _ context: PolicyContext) {
    let planned = max(start ?? context.now, context.now)
    context.plan(job, in: zone, at: planned)
    later.insert(Later(start: planned.milliseconds, decision: decided, job: job))
    decided += 1
  }

  /// Forgets a job. O(jobs assigned).
  mutating func remove(_ job: JobHandle) {
    for zone in queues.indices { queues[zone].removeAll { $0 == job } }
    later = Heap(later.unordered.filter { $0.job != job })
    held.remove(job)
  }

  /// Starts what may start now.
  mutating func dispatch(_ context: PolicyContext) {
    if queues.isEmpty { queues = Array(repeating: [], count: context.zones.count) }
    while let next = later.min, next.start <= context.now.milliseconds {
      later.removeMin()
      queues[context.plannedZone(next.job)].append(next.job)
    }
    for job in held.release(context, permitted: { context.permits($0, in: context.plannedZone($0)) }) {
      queues[context.plannedZone(job)].append(job)
    }
    for zone in queues.indices {
      while let head = queues[zone].first {
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
