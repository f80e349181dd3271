/// Job handles, first in, first out: a ring over a slab, as every job passes through one. O(1), amortized.
@frozen @usableFromInline
package struct HandleQueue: ~Copyable {
  /// As many as a power of two.
  @usableFromInline var ring: Slab<JobID>
  @usableFromInline var head = 0
  @usableFromInline package var count = 0

  package init() { ring = Slab(repeating: JobID(slot: 0), count: 64) }

  /// The index in the ring of a job by its place in the queue.
  @inlinable @inline(__always)
  func index(_ place: Int) -> Int { (head + place) & (ring.count - 1) }

  @inlinable package var isEmpty: Bool { count == 0 }

  /// The handle at a place, from 0, the head.
  @inlinable
  package subscript(place: Int) -> JobID {
    precondition(place < count, "a place beyond the queue")
    return ring[index(place)]
  }

  @inlinable
  package mutating func append(_ job: JobID) {
    if count == ring.count { grow() }
    ring[index(count)] = job
    count += 1
  }

  @inlinable
  package mutating func removeFirst() {
    precondition(count > 0, "a removal from an empty queue")
    head = index(1)
    count -= 1
  }

  /// Puts a job back where its submission puts it. O(count).
  package mutating func insert(_ job: JobID, _ context: PolicyContext) {
    append(job)
    let sequence = context.job(job).sequence
    var place = count - 1
    while place > 0, context.job(self[place - 1]).sequence > sequence {
      ring[index(place)] = ring[index(place - 1)]
      place -= 1
    }
    ring[index(place)] = job
  }

  /// Removes the jobs for which `isDone` holds, asked once each in order. O(count).
  package mutating func removeAll(where isDone: (JobID) -> Bool) {
    var kept = 0
    for place in 0..<count {
      let job = ring[index(place)]
      if isDone(job) { continue }
      ring[index(kept)] = job
      kept += 1
    }
    count = kept
  }

  /// Takes out a job that is in the queue. O(count).
  package mutating func remove(_ job: JobID) { removeAll { $0 == job } }

  @usableFromInline
  mutating func grow() {
    let jobs = (0..<count).map { ring[index($0)] }
    ring.grow(to: 2 * ring.count, repeating: JobID(slot: 0))
    for (place, job) in jobs.enumerated() { ring[place] = job }
    head = 0
  }
}
