public import Domain
public import Engine
public import Randomness

/// `random`: first in, first out; each job starts in one of the zones with room, every one alike. While no zone has
/// room the head waits, and so does everything behind it; with `queue: backfill` later jobs that fit go first, in
/// order. One number is drawn a start, from a stream of its own; the recommendations, any zones in any order, are drawn
/// from another.
public final class RandomZone: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<AnyZone>
  /// For the log.
  private let rule: AnyZone

  init(_ setup: PolicySetup) {
    rule = AnyZone(starts: setup.stream("random"), recommendations: setup.stream("random/recommendations"))
    queue = ImmediateQueue(rule, backfill: setup.backfills)
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
struct AnyZone: ZoneSearch {
  var rankedBy: String { "chance, among the zones with room" }
  private let starts: SharedStream
  private let recommendations: SharedStream
  private var open: [ZoneIndex] = []

  init(starts: consuming RandomStream, recommendations: consuming RandomStream) {
    self.starts = SharedStream(starts)
    self.recommendations = SharedStream(recommendations)
  }

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double { .nan }

  func recommend(_ job: JobID, _ context: PolicyContext) {
    var zones = Array(context.zones.indices)
    for place in zones.indices.dropLast() {
      zones.swapAt(place, place + recommendations.below(zones.count - place))
    }
    context.recommend(job, ranking: zones)
  }

  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    open.removeAll(keepingCapacity: true)
    for zone in zones { open.append(zone) }
    return open[starts.below(open.count)]
  }
}

/// A random stream that copies of a value share; the stream itself cannot be copied. For the rules of policies, which
/// are structures. Not for several threads at once.
public final class SharedStream {
  @exclusivity(unchecked) public var stream: RandomStream

  public init(_ stream: consuming RandomStream) { self.stream = stream }

  /// Uniform on 0..<n, without bias. n > 0.
  public func below(_ n: Int) -> Int { stream.below(n) }
}

extension RandomZone: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    rule.reasons(for: job, in: zone, at: start, context)
  }
}
