public import Domain

/// The jobs in the system, each in a slot that serves again when its job is gone.
///
/// The only writer of a job's status and of what goes with it: a change of status is a method, which checks in debug
/// builds that the status before allows it. A slot holds the job's record from the reading of the job on, filled in
/// place as things happen, so that a record is written once and never copied.
@usableFromInline
package final class JobTable {
  /// By slot. Written here alone.
  @usableFromInline @exclusivity(unchecked) var records = Slab(repeating: JobTable.blank, count: 1024)
  /// Slots without a job, the first `vacantCount`.
  @exclusivity(unchecked) private var vacant = Slab<Int32>(repeating: 0, count: 1024)
  @exclusivity(unchecked) private var vacantCount = 0
  /// Slots that were ever in use: every slot is below this.
  @usableFromInline @exclusivity(unchecked) package var count = 0
  /// The live jobs that were ever interrupted: few, so that a record has no room for it.
  @exclusivity(unchecked) private(set) var interrupted: [JobHandle: InterruptedJob] = [:]
  @exclusivity(unchecked) private(set) var interruptedCount = 0

  init() {}

  private static var blank: JobRecord {
    let none = SubmittedJob.blank
    return JobRecord(
      job: none.job, status: .completed, actualDuration: none.actualDuration, recommendations: Recommendations())
  }

  /// The record of a slot.
  @inlinable
  package subscript(slot: Int) -> JobRecord {
    @inline(__always) unsafeAddress {
      assert(slot >= 0 && slot < count, "a slot that was never in use")
      return UnsafePointer(records.base + slot)
    }
  }

  /// The record of a job that a policy asks for.
  @inlinable
  package subscript(known handle: JobHandle) -> JobRecord {
    @inline(__always) unsafeAddress { UnsafePointer(records.base + known(handle)) }
  }

  @inlinable @inline(__always)
  func known(_ handle: JobHandle) -> Int {
    precondition(handle >= 0 && handle < count, "a policy asked for a job that it was never given")
    return handle
  }

  /// Jobs in the system, the one that is submitted next among them.
  var liveCount: Int { count - vacantCount }

  /// Slots in use, in no promised order. O(count).
  var slots: [Int] {
    var isVacant = Array(repeating: false, count: count)
    for index in 0..<vacantCount { isVacant[Int(vacant[index])] = true }
    return (0..<count).filter { !isVacant[$0] }
  }

  // MARK: Coming and going

  /// Reads the next job of a source into a slot, where it stays; `nil` when there are no more. It counts as live from
  /// now on, and nobody may know it before ``submit(_:)``.
  @inline(__always)
  func read(from source: any JobSource) throws -> Int? {
    let slot = add()
    guard try source.read(into: &records[slot].job, actualDuration: &records[slot].actualDuration) else {
      remove(slot)
      return nil
    }
    records[slot].status = .completed
    return slot
  }

  @inline(__always)
  private func add() -> Int {
    if vacantCount > 0 {
      vacantCount -= 1
      return Int(vacant[vacantCount])
    }
    if count == records.count { grow() }
    count += 1
    return count - 1
  }

  private func grow() {
    records.grow(to: 2 * count, repeating: JobTable.blank)
    vacant.grow(to: 2 * count, repeating: 0)
  }

  /// The job of a slot is gone; its record stays until the next job is read.
  @inline(__always)
  func remove(_ slot: Int) {
    vacant[vacantCount] = Int32(truncatingIfNeeded: slot)
    vacantCount += 1
  }

  // MARK: Changes of status

  /// A job that was read is submitted: PENDING.
  @inline(__always)
  func submit(_ slot: Int) {
    records[slot].recommendations = Recommendations()
    records[slot].zone = -1
    records[slot].start = .never
    records[slot].end = .never
    records[slot].energy = .zero
    records[slot].emissions = .zero
    records[slot].cost = .zero
    records[slot].status = .pending
    records[slot].rejection = nil
  }

  /// PENDING or SCHEDULED → SCHEDULED.
  func plan(_ slot: Int, in zone: ZoneIndex, at start: Instant) {
    assert(isWaiting(slot), "a plan for a job that does not wait")
    records[slot].status = .scheduled
    records[slot].zone = zone
    records[slot].plannedStart = start
  }

  /// SCHEDULED → PENDING, with nothing recommended.
  func unplan(_ slot: Int) {
    assert(records[slot].status == .scheduled, "no plan to forget")
    records[slot].status = .pending
    records[slot].zone = -1
    records[slot].recommendations = Recommendations()
  }

  /// PENDING or SCHEDULED → REJECTED.
  func reject(_ slot: Int, _ reason: Rejection) {
    assert(isWaiting(slot), "a rejection of a job that does not wait")
    records[slot].status = .rejected
    records[slot].rejection = reason
    records[slot].zone = -1
  }

  /// PENDING or SCHEDULED → RUNNING.
  @inline(__always)
  func start(_ slot: Int, in zone: ZoneIndex, at instant: Instant) {
    assert(isWaiting(slot), "a start of a job that does not wait")
    records[slot].status = .running
    records[slot].zone = zone
    records[slot].start = instant
  }

  /// RUNNING → SUSPENDED: the segment that ends now is noted.
  ///
  /// - Parameter since: when the segment began.
  func suspend(_ slot: Int, since: Instant, at instant: Instant) {
    assert(records[slot].status == .running && since < instant, "a suspension of a job that does not run")
    var job =
      interrupted[slot]
      ?? InterruptedJob(dueAt: (records[slot].start + records[slot].actualDuration).milliseconds)
    job.segments.append(RunSegment(zone: records[slot].zone, start: since, end: instant))
    job.ran = job.ran + (instant - since)
    job.since = .never
    if interrupted.updateValue(job, forKey: slot) == nil { interruptedCount += 1 }
    records[slot].status = .suspended
  }

  /// SUSPENDED → RUNNING.
  func resume(_ slot: Int, in zone: ZoneIndex, at instant: Instant) {
    assert(records[slot].status == .suspended, "a resumption of a job that is not suspended")
    records[slot].status = .running
    records[slot].zone = zone
    interrupted[slot]?.since = instant
  }

  /// RUNNING → COMPLETED.
  @inline(__always)
  func complete(_ slot: Int, at instant: Instant) {
    assert(records[slot].status == .running, "a completion of a job that does not run")
    records[slot].status = .completed
    records[slot].end = instant
  }

  /// RUNNING or SUSPENDED → FAILED.
  func fail(_ slot: Int, at instant: Instant) {
    assert([.running, .suspended].contains(records[slot].status), "a failure of a job that never ran")
    records[slot].status = .failed
    records[slot].end = instant
  }

  private func isWaiting(_ slot: Int) -> Bool {
    records[slot].status == .pending || records[slot].status == .scheduled
  }

  // MARK: What goes with it

  @inlinable @inline(__always)
  package func recommend(known handle: JobHandle, _ zones: Recommendations) {
    records[known(handle)].recommendations = zones
  }

  /// What a job drew, in the end.
  @inline(__always)
  func settle(_ slot: Int, _ drawn: Drawn) {
    records[slot].energy = drawn.energy
    records[slot].emissions = drawn.emissions
    records[slot].cost = drawn.cost
  }

  /// When an interrupted job is to end: the calendar has that completion.
  func setDue(_ slot: Int, at instant: Instant) { interrupted[slot]?.dueAt = instant.milliseconds }

  /// Forgets the interruptions of a job that is about to go; `nil` if there were none.
  func takeInterrupted(_ slot: Int) -> InterruptedJob? {
    guard let job = interrupted.removeValue(forKey: slot) else { return nil }
    interruptedCount -= 1
    return job
  }
}
