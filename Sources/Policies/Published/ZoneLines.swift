internal import DequeModule
internal import Domain
internal import Engine

/// Jobs whose time has come, in a line before each zone: the first in line starts, or runs on, as soon as the zone has
/// room; nobody overtakes.
///
/// Jobs that an outage suspended come before the line: in the order of their suspension, each as soon as it fits. One
/// that does not fit holds back neither those behind it nor the line.
///
/// Under `caps: hard` a job that its zone's caps keep from starting stands aside, so that it blocks nobody.
///
/// Adding and removing O(1), amortized: an entry that was removed stays in its line until it comes to the head, and the
/// job's ticket shows that it is stale.
struct ZoneLines {
  private struct Entry {
    var job: JobID
    var ticket: Int
  }

  private struct Line {
    var entries: Deque<Entry> = []
    /// Entries that were removed and are still there.
    var stale = 0
    /// Suspended by an outage, in that order.
    var returning: [(job: JobID, suspension: Int)] = []
    /// True if a job has come to ``returning`` since it was last looked at.
    var hasNewReturning = false
  }

  private var lines: [Line] = []
  /// The ticket of each job's entry, by handle; 0 for none.
  private var tickets: [Int] = []
  private var lastTicket = 0
  private var lastSuspension = 0
  private var held = HeldJobs()
  private var heldIn: [JobID: ZoneIndex] = [:]

  private mutating func prepare(_ job: JobID, _ context: PolicyContext) {
    if lines.isEmpty { lines = Array(repeating: Line(), count: context.zones.count) }
    while tickets.count <= job.slot { tickets.append(0) }
  }

  mutating func append(_ job: JobID, _ zone: ZoneIndex, _ context: PolicyContext) {
    prepare(job, context)
    lastTicket += 1
    tickets[job.slot] = lastTicket
    lines[zone].entries.append(Entry(job: job, ticket: lastTicket))
  }

  /// The number of a suspension by an outage, for ``append(_:_:suspension:_:)``.
  mutating func nextSuspension() -> Int {
    lastSuspension += 1
    return lastSuspension
  }

  /// Adds a job that an outage suspended.
  ///
  /// - Parameter suspension: from ``nextSuspension()``; the order in which such jobs run on.
  mutating func append(_ job: JobID, _ zone: ZoneIndex, suspension: Int, _ context: PolicyContext) {
    prepare(job, context)
    var place = lines[zone].returning.count
    while place > 0, lines[zone].returning[place - 1].suspension > suspension { place -= 1 }
    lines[zone].returning.insert((job, suspension), at: place)
    lines[zone].hasNewReturning = true
  }

  /// Takes a job out of its line, or from aside.
  mutating func remove(_ job: JobID, _ zone: ZoneIndex) {
    guard !lines.isEmpty else { return }
    if job.slot < tickets.count, tickets[job.slot] != 0 {
      tickets[job.slot] = 0
      lines[zone].stale += 1
      if lines[zone].stale > 64, 2 * lines[zone].stale > lines[zone].entries.count { compact(zone) }
    } else if heldIn.removeValue(forKey: job) != nil {
      held.remove(job)
    } else {
      lines[zone].returning.removeAll { $0.job == job }
    }
  }

  private mutating func compact(_ zone: ZoneIndex) {
    lines[zone].entries = lines[zone].entries.filter { tickets[$0.job.slot] == $0.ticket }
    lines[zone].stale = 0
  }

  /// The first job in line. Drops stale entries before it.
  private mutating func first(_ zone: ZoneIndex) -> JobID? {
    while let entry = lines[zone].entries.first {
      if tickets[entry.job.slot] == entry.ticket { return entry.job }
      lines[zone].entries.removeFirst()
      lines[zone].stale -= 1
    }
    return nil
  }

  private mutating func removeFirst(_ zone: ZoneIndex) {
    let entry = lines[zone].entries.removeFirst()
    tickets[entry.job.slot] = 0
  }

  /// Starts or resumes jobs, zone by zone, while they fit.
  ///
  /// - Parameters:
  ///   - ran: called for each job that runs from now on.
  ///   - gone: called for each job that was rejected, as no start up to its latest keeps its caps.
  mutating func serve(_ context: PolicyContext, ran: (JobID) -> Void = { _ in }, gone: (JobID) -> Void) {
    if !held.isEmpty { recall(context, gone: gone) }
    for zone in lines.indices {
      if !lines[zone].returning.isEmpty { resumeReturning(zone, context, ran) }
      while let job = first(zone) {
        let isSuspended = context.status(job) == .suspended
        if !isSuspended, !context.permits(job, in: zone) {
          removeFirst(zone)
          hold(job, zone, context, gone: gone)
          continue
        }
        guard context.free(zone).holds(context.demand(job)) else { break }
        removeFirst(zone)
        if isSuspended { context.resume(job, in: zone) } else { context.start(job, in: zone) }
        ran(job)
      }
      // Permission may come and go with every step.
      if context.capsAreHard, !lines[zone].entries.isEmpty { context.wake(at: context.nextConditions) }
    }
  }

  private mutating func resumeReturning(_ zone: ZoneIndex, _ context: PolicyContext, _ ran: (JobID) -> Void) {
    guard context.hasReleased(zone) || lines[zone].hasNewReturning else { return }
    lines[zone].hasNewReturning = false
    lines[zone].returning.removeAll { entry in
      guard context.free(zone).holds(context.demand(entry.job)) else { return false }
      context.resume(entry.job, in: zone)
      ran(entry.job)
      return true
    }
  }

  private mutating func hold(_ job: JobID, _ zone: ZoneIndex, _ context: PolicyContext, gone: (JobID) -> Void) {
    held.hold(job, context)
    if context.status(job) == .rejected { gone(job) } else { heldIn[job] = zone }
  }

  private mutating func recall(_ context: PolicyContext, gone: (JobID) -> Void) {
    let zones = heldIn
    let before = held.all
    let free = held.release(context) { job in context.permits(job, in: zones[job] ?? 0) }
    for job in free {
      guard let zone = heldIn.removeValue(forKey: job) else { continue }
      append(job, zone, context)
    }
    for job in before where context.status(job) == .rejected {
      heldIn[job] = nil
      gone(job)
    }
  }
}
