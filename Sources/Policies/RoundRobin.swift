public import Domain
public import Engine

/// `round-robin`: first in, first out; each job starts in the zone whose turn it is, in the order of the scenario,
/// passing over those without room. While no zone has room the head waits, and so does everything behind it; with
/// `queue: backfill` later jobs that fit go first, in order. Recommended are the zones whose turn is next.
public final class RoundRobin: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<NextInTurn>

  public init(backfill: Bool = false) { queue = ImmediateQueue(NextInTurn(), backfill: backfill) }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }

  static let entry = PolicyCatalog.Entry(
    name: "round-robin", summary: "starts jobs first in, first out, in each zone in turn", parameters: [.queue],
    defersJobs: false
  ) { RoundRobin(backfill: $0.backfills) }
}

/// The zones in turn.
struct NextInTurn: ZoneChoice {
  private var next = 0

  mutating func recommend(_ job: JobID, _ context: PolicyContext) {
    let count = context.zones.count
    context.recommend(job, ranking: (0..<count).map { (next + $0) % count })
  }

  mutating func zone(_ context: PolicyContext, where isOpen: (ZoneIndex) -> Bool) -> ZoneIndex? {
    let count = context.zones.count
    for step in 0..<count {
      let zone = (next + step) % count
      guard isOpen(zone) else { continue }
      next = (zone + 1) % count
      return zone
    }
    return nil
  }
}

extension RoundRobin: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    context.reasons(for: job, in: zone, at: start, rankedBy: "turn, among the zones with room") { _ in
      .nan
    }
  }
}
