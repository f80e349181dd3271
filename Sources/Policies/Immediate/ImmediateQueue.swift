internal import Domain
internal import Engine

/// What the policies share that start every job as soon as some zone has room: first in, first out, and a choice of the
/// zone. While the head fits nowhere it waits, and so does everything behind it; with backfill later jobs that fit go
/// first, in order. After backfilling no waiting job fits anywhere, so next time only those are visited that fit into
/// a zone that has freed capacity since (``SizeIndex``).
///
/// Under `caps: hard` only zones that keep the job's caps count; a job that no zone lets start stands aside.
struct ImmediateQueue<Search: ZoneSearch>: ~Copyable {
  private var search: Search
  private let backfill: Bool
  /// Without backfill, and under hard caps, all waiting jobs; else those submitted since the last dispatch.
  private var queue = HandleQueue()
  /// With backfill: the jobs that fitted nowhere at the last dispatch.
  private var waiting = SizeIndex()
  private var held = HeldJobs()
  /// True if the head fitted nowhere when it was last looked at: only zones that freed capacity since can hold it.
  private var headIsBlocked = false

  init(_ search: Search, backfill: Bool) {
    self.search = search
    self.backfill = backfill
  }

  // Every job passes through these two: they belong into their callers.
  @inline(__always)
  mutating func submitted(_ job: JobID, _ context: PolicyContext) {
    search.recommend(job, context)
    queue.append(job)
  }

  @inline(__always)
  mutating func dispatch(_ context: PolicyContext) {
    if context.capsAreHard || backfill { return dispatchOtherwise(context) }
    while !queue.isEmpty {
      let head = queue[0]
      let demand = context.demand(head)
      let zone =
        headIsBlocked
        ? search.releasedZone(for: head, holding: demand, context) : search.zone(for: head, holding: demand, context)
      headIsBlocked = zone == nil
      guard let zone else { break }
      context.start(head, in: zone)
      queue.removeFirst()
    }
  }

  @inline(never)
  private mutating func dispatchOtherwise(_ context: PolicyContext) {
    if context.capsAreHard { dispatchCapped(context) } else { dispatchFitting(context) }
  }

  /// With backfill: the older jobs that fit where capacity was freed, then those that have come since.
  private mutating func dispatchFitting(_ context: PolicyContext) {
    if !waiting.isEmpty { startWaiting(context) }
    while !queue.isEmpty {
      let job = queue[0]
      let demand = context.demand(job)
      if let zone = search.zone(for: job, holding: demand, context) {
        context.start(job, in: zone)
      } else {
        waiting.append(job, demand)
      }
      queue.removeFirst()
    }
  }

  private mutating func startWaiting(_ context: PolicyContext) {
    var from = 0
    while true {
      var next = Int.max
      for place in 0..<context.cluster.released.count {
        let free = context.cluster.free[context.cluster.released[place]]
        if let found = waiting.first(from: from, fitting: free) { next = min(next, found) }
      }
      guard next < .max else { return }
      let job = waiting.job(at: next)
      guard let zone = search.releasedZone(for: job, holding: context.demand(job), context) else {
        preconditionFailure("a job that fits a zone finds none")
      }
      context.start(job, in: zone)
      waiting.remove(at: next)
      from = next + 1
    }
  }

  mutating func withdraw(_ job: JobID) -> Bool {
    queue.remove(job)
    waiting.remove(job)
    held.remove(job)
    headIsBlocked = false
    return true
  }

  /// The same with an eye on the caps: a zone's permission changes with the forecast, so nothing is remembered.
  private mutating func dispatchCapped(_ context: PolicyContext) {
    let zones = context.zones.indices
    func permits(_ job: JobID, _ zone: ZoneIndex) -> Bool {
      context.couldHold(context.demand(job), in: zone) && context.permits(job, in: zone)
    }
    for job in held.release(context, permitted: { job in zones.contains { permits(job, $0) } }) {
      queue.insert(job, context)
    }
    var isOpen = true
    queue.removeAll { job in
      guard isOpen else { return false }
      let permitted = zones.map { permits(job, $0) }
      let open = OpenZones(context, holding: context.demand(job), permitted: permitted)
      if !open.isEmpty {
        context.start(job, in: search.choose(for: job, among: open))
        return true
      }
      if !permitted.contains(true) {
        held.hold(job, context)
        return true
      }
      isOpen = backfill
      return false
    }
    // Permission may come and go with every step.
    if !queue.isEmpty { context.wake(at: context.nextConditions) }
  }
}

extension PolicyParameter {
  /// The parameter `queue` of an ``ImmediatePolicy``; ``PolicySetup/backfills`` reads it.
  public static let queue = PolicyParameter(
    "queue", .choice(["fifo", "backfill"]), "whether later jobs that fit may start before the head of the queue",
    standard: "fifo")
}

extension PolicySetup {
  /// The parameter ``PolicyParameter/queue`` is `backfill`.
  public var backfills: Bool { parameters.text("queue") == "backfill" }
}
