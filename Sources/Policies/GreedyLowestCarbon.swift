internal import Domain

/// `greedy-lowest-carbon`: first in, first out; the head starts at once in the zone with the lowest current carbon
/// intensity among those with room (ties: lower price, then scenario order). While no zone has room it waits, and so
/// does everything behind it; with `queue: backfill` later jobs that fit go first, in order.
public final class GreedyLowestCarbon: Policy {
  @exclusivity(unchecked) private var queue = HandleQueue()
  /// Whether the head fitted nowhere when it was last looked at: only zones that freed capacity since can hold it.
  @exclusivity(unchecked) private var headIsBlocked = false
  private let backfill: Bool

  public init(backfill: Bool = false) { self.backfill = backfill }

  public func submitted(_ job: JobHandle, _ context: PolicyContext) {
    context.recommendByIntensity(job)
    queue.append(job)
  }

  public func dispatch(_ context: PolicyContext) {
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
}
