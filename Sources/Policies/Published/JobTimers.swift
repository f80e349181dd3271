internal import Domain
internal import HeapModule

/// Alarms for jobs, earliest first, then in the order of submission. O(log n).
///
/// A handle serves again when its job is gone, so an alarm carries a ticket: whoever set it knows by that whether it
/// still means anything.
struct JobTimers {
  struct Alarm: Comparable {
    var at: Instant
    var sequence: Int
    var job: JobHandle
    var ticket: Int

    static func < (a: Alarm, b: Alarm) -> Bool { (a.at, a.sequence, a.ticket) < (b.at, b.sequence, b.ticket) }
  }

  private var alarms = Heap<Alarm>()
  private var lastTicket = 0

  /// Sets an alarm and returns its ticket, which no other has.
  mutating func set(_ job: JobHandle, at instant: Instant, _ context: PolicyContext) -> Int {
    lastTicket += 1
    alarms.insert(Alarm(at: instant, sequence: context.job(job).sequence, job: job, ticket: lastTicket))
    return lastTicket
  }

  /// Forgets the alarms of a job. O(alarms).
  mutating func remove(_ job: JobHandle) { alarms = Heap(alarms.unordered.filter { $0.job != job }) }

  /// Takes an alarm whose time has come; `nil` when there is none left.
  mutating func next(upTo now: Instant) -> Alarm? {
    guard let first = alarms.min, first.at <= now else { return nil }
    return alarms.removeMin()
  }

  /// Asks to be woken for the earliest alarm.
  func wake(_ context: PolicyContext) {
    if let first = alarms.min { context.wake(at: first.at) }
  }
}
