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
  @exclusivity(unchecked) private var vacant = Slab(repeating: JobID(slot: 0), count: 1024)
  @exclusivity(unchecked) private var vacantCount = 0
  /// Slots that were ever in use: every slot is below this.
  @usableFromInline @exclusivity(unchecked) package var count = 0
  /// The live jobs that were ever interrupted: few, so that a record has no room for it.
  @exclusivity(unchecked) private(set) var interrupted: [JobID: InterruptedJob] = [:]
  @exclusivity(unchecked) private(set) var interruptedCount = 0

  init() {}

  private static var blank: JobRecord {
    let none = SubmittedJob.blank
    return JobRecord(
      job: none.job, status: .completed, actualDuration: none.actualDuration, recommendations: Recommendations())
  }

  /// The record of a job.
  @inlinable
  package subscript(job: JobID) -> JobRecord {
    @inline(__always) unsafeAddress { UnsafePointer(records.base + job.slot) }
  }

  /// The record of a job that a policy asks for.
  @inlinable
  package subscript(known job: JobID) -> JobRecord {
    @inline(__always) unsafeAddress { UnsafePointer(records.base + known(job)) }
  }

  @inlinable @inline(__always)
  func known(_ job: JobID) -> Int {
    precondition(wasUsed(job), "a policy asked for a job that it was never given")
    return job.slot
  }

  /// A job has or had this place in the table.
  @inlinable @inline(__always)
  func wasUsed(_ job: JobID) -> Bool { job.slot >= 0 && job.slot < count }

  /// Jobs in the system, the one that is submitted next among them.
  var liveCount: Int { count - vacantCount }

  /// All of them, in no promised order. O(slots).
  var all: [JobID] {
    var isVacant = Array(repeating: false, count: count)
    for index in 0..<vacantCount { isVacant[vacant[index].slot] = true }
    return (0..<count).filter { !isVacant[$0] }.map { JobID(slot: $0) }
  }

  // MARK: Coming and going

  /// Reads the next job of a source into a slot, where it stays; `nil` when there are no more. It counts as live from
  /// now on, and nobody may know it before ``submit(_:)``.
  @inline(__always)
  func read(from source: any JobSource) throws -> JobID? {
    let job = add()
    guard try source.read(into: &records[job.slot].job, actualDuration: &records[job.slot].actualDuration) else {
      remove(job)
      return nil
    }
    records[job.slot].status = .completed
    return job
  }

  @inline(__always)
  private func add() -> JobID {
    if vacantCount > 0 {
      vacantCount -= 1
      return vacant[vacantCount]
    }
    if count == records.count { grow() }
    count += 1
    return JobID(slot: count - 1)
  }

  private func grow() {
    records.grow(to: 2 * count, repeating: JobTable.blank)
    vacant.grow(to: 2 * count, repeating: JobID(slot: 0))
  }

  /// A job is gone; its record stays until the next job is read.
  @inline(__always)
  func remove(_ job: JobID) {
    vacant[vacantCount] = job
    vacantCount += 1
  }

  // MARK: Changes of status

  /// A job that was read is submitted: PENDING.
  @inline(__always)
  func submit(_ job: JobID) {
    records[job.slot].recommendations = Recommendations()
    records[job.slot].zone = -1
    records[job.slot].start = .never
    records[job.slot].end = .never
    records[job.slot].energy = .zero
    records[job.slot].emissions = .zero
    records[job.slot].cost = .zero
    records[job.slot].status = .pending
    records[job.slot].rejection = nil
  }

  /// PENDING or SCHEDULED → SCHEDULED.
  func plan(_ job: JobID, in zone: ZoneIndex, at start: Instant) {
    assert(isWaiting(job), "a plan for a job that does not wait")
    records[job.slot].status = .scheduled
    records[job.slot].zone = zone
    records[job.slot].plannedStart = start
  }

  /// SCHEDULED → PENDING, with nothing recommended.
  func unplan(_ job: JobID) {
    assert(records[job.slot].status == .scheduled, "no plan to forget")
    records[job.slot].status = .pending
    records[job.slot].zone = -1
    records[job.slot].recommendations = Recommendations()
  }

  /// PENDING or SCHEDULED → REJECTED.
  func reject(_ job: JobID, _ reason: Rejection) {
    assert(isWaiting(job), "a rejection of a job that does not wait")
    records[job.slot].status = .rejected
    records[job.slot].rejection = reason
    records[job.slot].zone = -1
  }

  /// PENDING or SCHEDULED → RUNNING.
  @inline(__always)
  func start(_ job: JobID, in zone: ZoneIndex, at instant: Instant) {
    assert(isWaiting(job), "a start of a job that does not wait")
    records[job.slot].status = .running
    records[job.slot].zone = zone
    records[job.slot].start = instant
  }

  /// RUNNING → SUSPENDED: the segment that ends now is noted.
  ///
  /// - Parameter since: when the segment began.
  func suspend(_ job: JobID, since: Instant, at instant: Instant) {
    assert(records[job.slot].status == .running && since < instant, "a suspension of a job that does not run")
    var pauses =
      interrupted[job]
      ?? InterruptedJob(dueAt: (records[job.slot].start + records[job.slot].actualDuration).milliseconds)
    pauses.segments.append(RunSegment(zone: records[job.slot].zone, start: since, end: instant))
    pauses.ran = pauses.ran + (instant - since)
    pauses.since = .never
    if interrupted.updateValue(pauses, forKey: job) == nil { interruptedCount += 1 }
    records[job.slot].status = .suspended
  }

  /// SUSPENDED → RUNNING.
  func resume(_ job: JobID, in zone: ZoneIndex, at instant: Instant) {
    assert(records[job.slot].status == .suspended, "a resumption of a job that is not suspended")
    records[job.slot].status = .running
    records[job.slot].zone = zone
    interrupted[job]?.since = instant
  }

  /// RUNNING → COMPLETED.
  @inline(__always)
  func complete(_ job: JobID, at instant: Instant) {
    assert(records[job.slot].status == .running, "a completion of a job that does not run")
    records[job.slot].status = .completed
    records[job.slot].end = instant
  }

  /// RUNNING or SUSPENDED → FAILED.
  func fail(_ job: JobID, at instant: Instant) {
    assert([.running, .suspended].contains(records[job.slot].status), "a failure of a job that never ran")
    records[job.slot].status = .failed
    records[job.slot].end = instant
  }

  private func isWaiting(_ job: JobID) -> Bool {
    records[job.slot].status == .pending || records[job.slot].status == .scheduled
  }

  // MARK: What goes with it

  @inlinable @inline(__always)
  package func recommend(known job: JobID, _ zones: Recommendations) {
    records[known(job)].recommendations = zones
  }

  /// Enters what a job drew.
  @inline(__always)
  func settle(_ job: JobID, _ drawn: Drawn) {
    records[job.slot].energy = drawn.energy
    records[job.slot].emissions = drawn.emissions
    records[job.slot].cost = drawn.cost
  }

  /// When an interrupted job is to end: the calendar has that completion.
  func setDue(_ job: JobID, at instant: Instant) { interrupted[job]?.dueAt = instant.milliseconds }

  /// Forgets the interruptions of a job that is about to go; `nil` if there were none.
  func takeInterrupted(_ job: JobID) -> InterruptedJob? {
    guard let pauses = interrupted.removeValue(forKey: job) else { return nil }
    interruptedCount -= 1
    return pauses
  }
}
