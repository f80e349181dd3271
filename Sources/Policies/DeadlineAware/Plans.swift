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

  init(start: Int64, sequence: Int, job: JobHandle) {
    precondition(sequence >> Plan.sequenceBits == 0 && job >> Plan.handleBits == 0, "more jobs than a plan can number")
    key = Int128(start) << 64 | Int128(UInt64(sequence) << UInt64(Plan.handleBits) | UInt64(job))
  }

  var start: Int64 { Int64(truncatingIfNeeded: key >> 64) }
  var sequence: Int { Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) >> UInt64(Plan.handleBits)) }
  var job: JobHandle { JobHandle(truncatingIfNeeded: key) & (1 << Plan.handleBits - 1) }

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
  var live: [(JobHandle, Booking)] { (0..<all.count).compactMap { job in get(job).map { (job, $0) } } }

  @inline(__always)
  func get(_ job: JobHandle) -> Booking? {
    guard job < all.count, all[job].zone >= 0 else { return nil }
    return all[job]
  }

  @inline(__always)
  mutating func set(_ job: JobHandle, _ booking: Booking) {
    if job >= all.count { grow(job) }
    all[job] = booking
  }

  @inline(__always)
  mutating func take(_ job: JobHandle) -> Booking? {
    guard let booking = get(job) else { return nil }
    all[job].zone = -1
    return booking
  }

  private mutating func grow(_ job: JobHandle) { all.grow(to: 2 * (job + 1), repeating: Bookings.none) }
}
