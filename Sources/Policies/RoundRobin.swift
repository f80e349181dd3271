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
struct NextInTurn: ZoneSearch {
  var rankedBy: String { "turn, among the zones with room" }
  private var next = 0

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double { .nan }

  mutating func recommend(_ job: JobID, _ context: PolicyContext) {
    let count = context.zones.count
    context.recommend(job, ranking: (0..<count).map { (next + $0) % count })
  }

  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    let count = zones.context.zones.count
    let zone = zones.first(of: (next..<next + count).lazy.map { $0 % count })
    next = (zone + 1) % count
    return zone
  }
}

extension RoundRobin: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    NextInTurn().reasons(for: job, in: zone, at: start, context)
  }
}
