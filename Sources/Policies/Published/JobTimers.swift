internal import Domain
internal import Engine

/// One alarm per job, earliest first, then in the order of submission. O(log n).
///
/// A handle serves again when its job is gone, so an alarm carries a ticket, by which its owner knows whether it still
/// means anything. Setting an alarm replaces the job's earlier one.
struct JobTimers: ~Copyable {
  struct Alarm: Comparable, BitwiseCopyable {
    var at: Int64
    var sequence: Int
    var job: JobID
    var ticket: Int

    static func < (a: Alarm, b: Alarm) -> Bool { (a.at, a.sequence, a.ticket) < (b.at, b.sequence, b.ticket) }
  }

  private var alarms = QuadHeap<Alarm>()
  private var lastTicket = 0
  /// The ticket of each job's alarm, by slot; 0 for none.
  private var tickets: [Int] = []

  /// Sets an alarm and returns its ticket, which no other has.
  mutating func set(_ job: JobID, at instant: Instant, _ context: PolicyContext) -> Int {
    lastTicket += 1
    while tickets.count <= job.slot { tickets.append(0) }
    tickets[job.slot] = lastTicket
    alarms.insert(Alarm(at: instant.milliseconds, sequence: context.job(job).sequence, job: job, ticket: lastTicket))
    return lastTicket
  }

  /// Forgets the alarm of a job.
  mutating func remove(_ job: JobID) {
    if job.slot < tickets.count { tickets[job.slot] = 0 }
  }

  /// Takes an alarm whose time has come; `nil` when there is none left.
  mutating func next(upTo now: Instant) -> Alarm? {
    while let first = alarms.min, first.at <= now.milliseconds {
      alarms.removeMin()
      if tickets[first.job.slot] == first.ticket { return first }
    }
    return nil
  }

  /// Asks to be woken for the earliest alarm.
  func wake(_ context: PolicyContext) {
    if let first = alarms.min { context.wake(at: Instant(milliseconds: first.at)) }
  }
}
