public import Domain

/// The jobs in the system, each in a slot that serves again when its job is gone. A slot holds the job's record from
/// its submission on, filled in place as things happen: a record is written once and never copied.
///
/// Memory of its own rather than arrays, so that the event loop touches a field without checks for uniqueness and
/// exclusivity. Only the engine makes and ends jobs.
@usableFromInline
package struct LiveJobs {
  /// Open to the package, as a getter of another target is a call.
  @usableFromInline
  package struct Table {
    @usableFromInline package var records: UnsafeMutablePointer<JobRecord>
    var vacant: UnsafeMutablePointer<Int32>
    var capacity = 1024
    /// Slots that were ever in use.
    @usableFromInline package var count = 0
    var vacantCount = 0
  }

  @usableFromInline package let table: UnsafeMutablePointer<Table>

  init() {
    table = .allocate(capacity: 1)
    table.initialize(to: Table(records: .allocate(capacity: 1024), vacant: .allocate(capacity: 1024)))
    table.pointee.records.initialize(repeating: LiveJobs.blank, count: 1024)
  }

  private static var blank: JobRecord {
    let none = SubmittedJob.blank
    return JobRecord(
      job: none.job, status: .completed, actualDuration: none.actualDuration, recommendations: Recommendations())
  }

  func deallocate() {
    table.pointee.records.deallocate()
    table.pointee.vacant.deallocate()
    table.deallocate()
  }

  /// By slot; valid until the next ``add(_:)``.
  @inlinable @inline(__always)
  package var records: UnsafeMutablePointer<JobRecord> { table.pointee.records }
  /// Every slot is below this.
  @inlinable @inline(__always)
  package var count: Int { table.pointee.count }
  /// Jobs in the system.
  var liveCount: Int { table.pointee.count - table.pointee.vacantCount }

  /// A slot for a new job; its record is an earlier job's.
  @inline(__always)
  func add() -> Int {
    let slot: Int
    if table.pointee.vacantCount > 0 {
      table.pointee.vacantCount -= 1
      slot = Int(table.pointee.vacant[table.pointee.vacantCount])
    } else {
      if table.pointee.count == table.pointee.capacity { grow() }
      slot = table.pointee.count
      table.pointee.count += 1
    }
    return slot
  }

  /// The job of a slot is gone.
  @inline(__always)
  func remove(_ slot: Int) {
    table.pointee.vacant[table.pointee.vacantCount] = Int32(truncatingIfNeeded: slot)
    table.pointee.vacantCount += 1
  }

  private func grow() {
    let old = table.pointee
    let records = UnsafeMutablePointer<JobRecord>.allocate(capacity: 2 * old.capacity)
    records.moveInitialize(from: old.records, count: old.capacity)
    (records + old.capacity).initialize(repeating: LiveJobs.blank, count: old.capacity)
    let vacant = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * old.capacity)
    vacant.moveInitialize(from: old.vacant, count: old.vacantCount)
    old.records.deallocate()
    old.vacant.deallocate()
    table.pointee.records = records
    table.pointee.vacant = vacant
    table.pointee.capacity *= 2
  }

  /// Slots in use, in no promised order. O(count).
  var slots: [Int] {
    var isVacant = Array(repeating: false, count: count)
    for place in 0..<table.pointee.vacantCount { isVacant[Int(table.pointee.vacant[place])] = true }
    return (0..<count).filter { !isVacant[$0] }
  }
}
