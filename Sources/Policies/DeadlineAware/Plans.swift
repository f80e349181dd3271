internal import Domain
internal import Engine

/// A start to come; stale where the job has another plan by now.
///
/// By start, then by sequence, then by handle, in one number: it is compared faster than three, and four lie in a cache
/// line. A start has all its 64 bits, as a window without end reaches past the calendar; 34 number the jobs, 30 those in
/// the system.
struct Plan: Comparable, BitwiseCopyable {
  private static let sequenceBits = 34
  private static let handleBits = 30

  private let key: Int128

  init(start: Int64, sequence: Int, job: JobID) {
    precondition(
      sequence >> Plan.sequenceBits == 0 && job.slot >> Plan.handleBits == 0, "more jobs than a plan can number")
    key = Int128(start) << 64 | Int128(UInt64(sequence) << UInt64(Plan.handleBits) | UInt64(job.slot))
  }

  var start: Int64 { Int64(truncatingIfNeeded: key >> 64) }
  var sequence: Int { Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) >> UInt64(Plan.handleBits)) }
  var job: JobID { JobID(slot: Int(truncatingIfNeeded: key) & (1 << Plan.handleBits - 1)) }

  @inline(__always)
  static func < (a: Plan, b: Plan) -> Bool { a.key < b.key }
}

/// What a job is expected to hold of a zone, from its start, planned or real, to its estimated end.
struct Booking: BitwiseCopyable {
  var zone: Int32
  var from: Int64
  var to: Int64
}

/// Bookings by handle, over a slab, as every job passes through.
struct Bookings: ~Copyable {
  private static let none = Booking(zone: -1, from: 0, to: 0)

  private var all = Slab(repeating: Bookings.none, count: 64)

  /// All there are, by handle.
  var live: [(JobID, Booking)] {
    (0..<all.count).compactMap { slot in
      let job = JobID(slot: slot)
      return get(job).map { (job, $0) }
    }
  }

  @inline(__always)
  func get(_ job: JobID) -> Booking? {
    guard job.slot < all.count, all[job.slot].zone >= 0 else { return nil }
    return all[job.slot]
  }

  @inline(__always)
  mutating func set(_ job: JobID, _ booking: Booking) {
    if job.slot >= all.count { grow(job) }
    all[job.slot] = booking
  }

  @inline(__always)
  mutating func take(_ job: JobID) -> Booking? {
    guard let booking = get(job) else { return nil }
    all[job.slot].zone = -1
    return booking
  }

  private mutating func grow(_ job: JobID) { all.grow(to: 2 * (job.slot + 1), repeating: Bookings.none) }
}
