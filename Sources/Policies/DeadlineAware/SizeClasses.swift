internal import Domain
internal import Engine

/// Waiting jobs by the size of their demand, each size first in, first out: of a long queue only one job a size needs
/// to be looked at to find the first that fits. O(sizes) a look.
struct SizeClasses {
  private var queues: [(demand: Resources, jobs: [JobID], head: Int)] = []
  private var places: [Resources: Int] = [:]
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ job: JobID, _ demand: Resources) {
    let place: Int
    if let known = places[demand] {
      place = known
    } else {
      place = queues.count
      places[demand] = place
      queues.append((demand, [], 0))
    }
    queues[place].jobs.append(job)
    count += 1
  }

  /// Takes out a job, if it is there. O(jobs of its size).
  mutating func remove(_ job: JobID, _ demand: Resources) {
    guard let place = places[demand],
      let at = queues[place].jobs.indices.dropFirst(queues[place].head).first(where: { queues[place].jobs[$0] == job })
    else { return }
    queues[place].jobs.remove(at: at)
    count -= 1
  }

  /// Takes out the earliest job, by submission, whose size `fits`; `nil` where none does.
  mutating func popFirst(_ context: PolicyContext, where fits: (Resources) -> Bool) -> JobID? {
    var best = -1
    var bestSequence = Int.max
    for (place, queue) in queues.enumerated() where queue.head < queue.jobs.count && fits(queue.demand) {
      let sequence = context.job(queue.jobs[queue.head]).sequence
      if sequence < bestSequence {
        best = place
        bestSequence = sequence
      }
    }
    guard best >= 0 else { return nil }
    let job = queues[best].jobs[queues[best].head]
    queues[best].head += 1
    if queues[best].head == queues[best].jobs.count {
      queues[best].jobs.removeAll(keepingCapacity: true)
      queues[best].head = 0
    } else if queues[best].head > 1024, 2 * queues[best].head > queues[best].jobs.count {
      queues[best].jobs.removeFirst(queues[best].head)
      queues[best].head = 0
    }
    count -= 1
    return job
  }
}
