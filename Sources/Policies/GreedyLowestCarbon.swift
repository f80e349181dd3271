internal import Domain

/// `greedy-lowest-carbon`: first in, first out; the head starts at once in the zone with the lowest current carbon
/// intensity among those with room (ties: lower price, then scenario order). While no zone has room it waits, and so
/// does everything behind it; with `queue: backfill` later jobs that fit go first, in order.
///
/// Under `caps: hard` only zones that keep the job's caps count; a job that no zone lets start stands aside.
public final class GreedyLowestCarbon: Policy {
  @exclusivity(unchecked) private var queue = HandleQueue()
  @exclusivity(unchecked) private var held = HeldJobs()
  /// Whether the head fitted nowhere when it was last looked at: only zones that freed capacity since can hold it.
  @exclusivity(unchecked) private var headIsBlocked = false
  private let backfill: Bool

  public init(backfill: Bool = false) { self.backfill = backfill }

  public func submitted(_ job: JobHandle, _ context: PolicyContext) {
    context.recommendByIntensity(job)
    queue.append(job)
  }

  public func dispatch(_ context: PolicyContext) {
    if context.capsAreHard { return dispatchCapped(context) }
    while !queue.isEmpty {
      let head = queue[0]
      let demand = context.demand(head)
      let zone =
        headIsBlocked
        ? context.lowestIntensityReleasedZone(holding: demand) : context.lowestIntensityZone(holding: demand)
      headIsBlocked = zone == nil
      guard let zone else { break }
      context.start(head, in: zone)
      queue.removeFirst()
    }
    guard backfill, queue.count > 1 else { return }
    queue.removeAll { job in
      guard let zone = context.lowestIntensityZone(holding: context.demand(job)) else { return false }
      context.start(job, in: zone)
      return true
    }
  }

  /// The same with an eye on the caps: a zone's permission changes with the forecast, so nothing is remembered.
  private func dispatchCapped(_ context: PolicyContext) {
    let order = context.zonesByIntensity
    func permits(_ job: JobHandle, _ zone: ZoneIndex) -> Bool {
      context.zones[zone].capacity.holds(context.demand(job)) && context.permits(job, in: zone)
    }
    for job in held.release(context, permitted: { job in order.contains { permits(job, $0) } }) {
      queue.insert(job, context)
    }
    var isOpen = true
    queue.removeAll { job in
      guard isOpen else { return false }
      let permitted = order.filter { permits(job, $0) }
      if let zone = permitted.first(where: { context.free($0).holds(context.demand(job)) }) {
        context.start(job, in: zone)
        return true
      }
      if permitted.isEmpty {
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

extension GreedyLowestCarbon {
  static let entry = PolicyCatalog.Entry(
    name: "greedy-lowest-carbon", summary: "first in, first out, into the zone with the lowest current intensity",
    parameters: [
      PolicyParameter("queue", .choice(["fifo", "backfill"]), "whether later jobs that fit may go before the head")
    ]
  ) { GreedyLowestCarbon(backfill: $0.parameters.text("queue") == "backfill") }
}
