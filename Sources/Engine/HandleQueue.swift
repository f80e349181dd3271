/// Job handles, first in, first out: a ring over memory of its own, as every job passes through one. O(1), amortized.
@frozen @usableFromInline
package struct HandleQueue: ~Copyable {
  @usableFromInline var ring: UnsafeMutablePointer<Int32>
  @usableFromInline var capacity = 64
  @usableFromInline var head = 0
  @usableFromInline package var count = 0

  package init() { ring = .allocate(capacity: capacity) }

  deinit { ring.deallocate() }

  @inlinable package var isEmpty: Bool { count == 0 }

  /// The handle at a place, from 0, the head.
  @inlinable
  package subscript(place: Int) -> JobHandle {
    precondition(place < count, "a place beyond the queue")
    return JobHandle(ring[(head + place) & (capacity - 1)])
  }

  @inlinable
  package mutating func append(_ job: JobHandle) {
    if count == capacity { grow() }
    ring[(head + count) & (capacity - 1)] = Int32(truncatingIfNeeded: job)
    count += 1
  }

  @inlinable
  package mutating func removeFirst() {
    precondition(count > 0, "a removal from an empty queue")
    head = (head + 1) & (capacity - 1)
    count -= 1
  }

  /// Puts a job back where its submission puts it. O(count).
  package mutating func insert(_ job: JobHandle, _ context: PolicyContext) {
    append(job)
    let sequence = context.job(job).sequence
    var place = count - 1
    while place > 0, context.job(self[place - 1]).sequence > sequence {
      ring[(head + place) & (capacity - 1)] = ring[(head + place - 1) & (capacity - 1)]
      place -= 1
    }
    ring[(head + place) & (capacity - 1)] = Int32(truncatingIfNeeded: job)
  }

  /// Removes the jobs for which `isDone` holds, asked once each in order. O(count).
  package mutating func removeAll(where isDone: (JobHandle) -> Bool) {
    var kept = 0
    for place in 0..<count {
      let job = ring[(head + place) & (capacity - 1)]
      if isDone(JobHandle(job)) { continue }
      ring[(head + kept) & (capacity - 1)] = job
      kept += 1
    }
    count = kept
  }

  /// Takes out a job that is in the queue. O(count).
  package mutating func remove(_ job: JobHandle) { removeAll { $0 == job } }

  @usableFromInline
  mutating func grow() {
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * capacity)
    for place in 0..<count { larger[place] = ring[(head + place) & (capacity - 1)] }
    ring.deallocate()
    ring = larger
    head = 0
    capacity *= 2
  }
}
