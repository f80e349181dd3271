public import Domain
public import Engine

/// `greedy-lowest-carbon`: first in, first out; the head starts at once in the zone with the lowest current carbon
/// intensity among those with room (ties: lower price, then scenario order). While no zone has room it waits, and so
/// does everything behind it; with `queue: backfill` later jobs that fit go first, in order.
///
/// Under `caps: hard` only zones that keep the job's caps count; a job that no zone lets start stands aside.
public final class GreedyLowestCarbon: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<LowestIntensity>

  public init(backfill: Bool = false) { queue = ImmediateQueue(LowestIntensity(), backfill: backfill) }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }

  static let entry = PolicyCatalog.Entry(
    name: "greedy-lowest-carbon",
    summary: "starts jobs first in, first out, in the zone with the lowest current intensity",
    parameters: [.queue], defersJobs: false
  ) { GreedyLowestCarbon(backfill: $0.backfills) }
}

/// The zone with the lowest current intensity; the context keeps that order.
struct LowestIntensity: ZoneSearch {
  var rankedBy: String { "carbon intensity now, gCO2/kWh" }

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double { context.intensity(zone).value }

  func recommend(_ job: JobID, _ context: PolicyContext) { context.recommendByIntensity(job) }

  func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    zones.first(of: zones.context.zonesByIntensity)
  }

  func zone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    context.lowestIntensityZone(holding: demand)
  }

  func releasedZone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    context.lowestIntensityReleasedZone(holding: demand)
  }
}

extension GreedyLowestCarbon: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    LowestIntensity().reasons(for: job, in: zone, at: start, context)
  }
}
