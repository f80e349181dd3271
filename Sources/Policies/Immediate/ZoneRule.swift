public import Domain
public import Engine

/// The first door for a policy's author: the zone that a job starts in, among those where it may start now.
///
/// The rest is ``ImmediatePolicy``'s: the queue (`fifo` or `backfill`), caps, outages, recommendations, and the reasons
/// in the decision log. A policy of this kind starts every job as soon as some zone may take it. If jobs are to wait for
/// a better time, write a ``StartRule`` or a ``ThresholdRule``.
///
///     struct LeastLoaded: ZoneRule {
///       let rankedBy = "CPU in use now, cores"
///       func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double {
///         Double(context.capacity(zone).milliCores - context.free(zone).milliCores) / 1000
///       }
///     }
///
/// `greedy-lowest-carbon`, `cheapest`, `mix-score`, `round-robin` and `random` are rules of this kind.
public protocol ZoneRule {
  /// Name of the score, with its unit, for the decision log.
  var rankedBy: String { get }

  /// Score of a zone for a job now; the lowest is best. NaN if the rule has no figure for a zone.
  ///
  /// Recommendations and the decision log are made with it, at times of their own: it must not draw random numbers, and
  /// for the log it is asked of the rule as the policy was given it, whatever ``choose(for:among:)`` has changed since.
  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double

  /// Chooses one of the zones where a job may start now. Called only if there is one, and the job starts there at once;
  /// any other zone ends the run with a ``PolicyFault``. By default the zone with the lowest score, the first of equals.
  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex

  /// Recommends up to three zones for a job, at its submission (``PolicyContext/recommend(_:ranking:)``). By default
  /// those that could hold it, the lowest score first, ties in the scenario's order. O(z log z) in the zones.
  mutating func recommend(_ job: JobID, _ context: PolicyContext)
}

extension ZoneRule {
  public func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    zones.lowest { score(of: $0, for: job, zones.context) }
  }

  public func recommend(_ job: JobID, _ context: PolicyContext) {
    let scored = context.zones.indices.map { zone in
      let score = score(of: zone, for: job, context)
      return (score: score.isNaN ? 0 : score, zone: zone)
    }
    context.recommend(job, ranking: scored.sorted { $0 < $1 }.lazy.map(\.zone))
  }

  /// Reasons for the decision log.
  func reasons(for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext) -> DecisionBasis {
    context.reasons(for: job, in: zone, at: start, rankedBy: rankedBy) { score(of: $0, for: job, context) }
  }
}

/// The zones where a job may start now: those with room for it and, under `caps: hard`, whose prediction keeps its
/// caps. A sequence in the scenario's order.
public struct OpenZones: Sequence {
  /// Everything else that a policy may know.
  public let context: PolicyContext
  let demand: Resources
  /// Permission by the job's caps, a zone each; empty if every zone is permitted.
  let permitted: [Bool]

  @inline(__always)
  init(_ context: PolicyContext, holding demand: Resources, permitted: [Bool] = []) {
    self.context = context
    self.demand = demand
    self.permitted = permitted
  }

  /// True if the job may start in a zone. O(1).
  @inline(__always)
  public func contains(_ zone: ZoneIndex) -> Bool {
    context.free(zone).holds(demand) && (permitted.isEmpty || permitted[zone])
  }

  /// True if the job may start nowhere. O(zones).
  public var isEmpty: Bool {
    for zone in 0..<context.zones.count where contains(zone) { return false }
    return true
  }

  /// First open zone of a ranking; a ranking of all zones always has one. O(zones).
  @inline(__always)
  public func first(of ranking: some Sequence<ZoneIndex>) -> ZoneIndex {
    for zone in ranking where contains(zone) { return zone }
    preconditionFailure("a ranking without any of the zones that are open")
  }

  /// Open zone with the lowest score, the first of equals; NaN counts as more than any number. O(zones).
  public func lowest(by score: (ZoneIndex) -> Double) -> ZoneIndex {
    var best: (zone: ZoneIndex, score: Double)?
    for zone in self {
      let score = score(zone)
      if let known = best, !(score < known.score || (known.score.isNaN && !score.isNaN)) { continue }
      best = (zone, score)
    }
    guard let best else { preconditionFailure("no zone is open") }
    return best.zone
  }

  public struct Iterator: IteratorProtocol {
    let zones: OpenZones
    var zone = -1

    public mutating func next() -> ZoneIndex? {
      repeat { zone += 1 } while zone < zones.context.zones.count && !zones.contains(zone)
      return zone < zones.context.zones.count ? zone : nil
    }
  }

  public func makeIterator() -> Iterator { Iterator(zones: self) }
}
