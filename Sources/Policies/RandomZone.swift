public import Domain
public import Engine
internal import Randomness

/// `random`: first in, first out; each job starts in one of the zones with room, every one alike. While no zone has
/// room the head waits, and so does everything behind it; with `queue: backfill` later jobs that fit go first, in
/// order. One number is drawn a start, from a stream of its own; the recommendations, any zones in any order, are drawn
/// from another.
public final class RandomZone: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<AnyZone>

  init(_ setup: PolicySetup) {
    let choice = AnyZone(starts: setup.stream("random"), recommendations: setup.stream("random/recommendations"))
    queue = ImmediateQueue(choice, backfill: setup.backfills)
  }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }

  static let entry = PolicyCatalog.Entry(
    name: "random", summary: "starts jobs first in, first out, in a random zone with room", parameters: [.queue],
    drawsAtRandom: { _ in true }, defersJobs: false
  ) { RandomZone($0) }
}

/// Any zone.
struct AnyZone: ZoneChoice {
  private let starts: DrawnFrom
  private let recommendations: DrawnFrom
  private var open: [ZoneIndex] = []

  init(starts: consuming RandomStream, recommendations: consuming RandomStream) {
    self.starts = DrawnFrom(starts)
    self.recommendations = DrawnFrom(recommendations)
  }

  func recommend(_ job: JobID, _ context: PolicyContext) {
    var zones = Array(context.zones.indices)
    for place in zones.indices.dropLast() {
      zones.swapAt(place, place + recommendations.stream.below(zones.count - place))
    }
    context.recommend(job, ranking: zones)
  }

  mutating func zone(_ context: PolicyContext, where isOpen: (ZoneIndex) -> Bool) -> ZoneIndex? {
    open.removeAll(keepingCapacity: true)
    for zone in context.zones.indices where isOpen(zone) { open.append(zone) }
    return open.isEmpty ? nil : open[starts.stream.below(open.count)]
  }
}

/// A stream that things which are copied share; the stream itself cannot be.
final class DrawnFrom {
  @exclusivity(unchecked) var stream: RandomStream

  init(_ stream: consuming RandomStream) { self.stream = stream }
}

extension RandomZone: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    context.reasons(for: job, in: zone, at: start, rankedBy: "chance, among the zones with room") { _ in .nan }
  }
}
