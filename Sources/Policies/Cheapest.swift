public import Domain
public import Engine

/// `cheapest`: as `greedy-lowest-carbon`, but into the zone with the lowest current price (ties: lower intensity, then
/// scenario order).
public final class Cheapest: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<LowestPrice>

  public init(backfill: Bool = false) { queue = ImmediateQueue(LowestPrice(), backfill: backfill) }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }

  static let entry = PolicyCatalog.Entry(
    name: "cheapest", summary: "starts jobs first in, first out, in the zone with the lowest current price",
    parameters: [.queue], defersJobs: false
  ) { Cheapest(backfill: $0.backfills) }
}

/// The zone with the lowest current price.
struct LowestPrice: ZoneSearch {
  var rankedBy: String { "price now, per kWh" }
  private var order = ZoneOrder()

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double { context.price(zone).value }

  private mutating func ranked(_ context: PolicyContext) -> [ZoneIndex] {
    order.zones(context) { (context.price($0).value, context.intensity($0).value) }
  }

  mutating func recommend(_ job: JobID, _ context: PolicyContext) {
    context.recommend(job, ranking: ranked(context))
  }

  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    zones.first(of: ranked(zones.context))
  }
}

extension Cheapest: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    LowestPrice().reasons(for: job, in: zone, at: start, context)
  }
}
