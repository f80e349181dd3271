internal import Domain
internal import Engine

/// A ``ZoneRule`` as ``ImmediateQueue`` asks it. The short cuts of the project's own rules are here, and are not part of
/// the public protocol: `greedy-lowest-carbon` finds its zone by an order that the context keeps.
///
/// The project's policies hold a queue that is specialized for their rule, so they are classes of their own beside
/// ``ImmediatePolicy``, whose queue is generic at run time.
protocol ZoneSearch: ZoneRule, Recommender {
  /// One of the zones with room for a job's demand now; `nil` if there is none.
  mutating func zone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex?

  /// One of the zones for a job that fitted nowhere when the policy was last asked: only zones that freed capacity since
  /// can have room.
  mutating func releasedZone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex?
}

extension ZoneSearch {
  mutating func zone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    let open = OpenZones(context, holding: demand)
    return open.isEmpty ? nil : choose(for: job, among: open)
  }

  mutating func releasedZone(for job: JobID, holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    for place in 0..<context.cluster.released.count
    where context.cluster.free[context.cluster.released[place]].holds(demand) {
      return choose(for: job, among: OpenZones(context, holding: demand))
    }
    return nil
  }
}

/// Ranks the zones for a job as soon as it is submitted: what a policy recommends, and what operators are shown.
///
/// A policy whose ranking operators may be given has an entry in ``RecommenderCatalog``.
protocol Recommender {
  /// Stores up to three zones for a pending job, best first, each of which could hold it when empty
  /// (``PolicyContext/recommend(_:ranking:)``).
  mutating func recommend(_ job: JobID, _ context: PolicyContext)
}

/// Zones in the order of two figures, lowest first, then of the scenario: worked out once a change of conditions.
struct ZoneOrder {
  private var order: [ZoneIndex] = []
  private var version = -1

  /// - Parameter key: the figures of a zone now.
  mutating func zones(_ context: PolicyContext, by key: (ZoneIndex) -> (Double, Double)) -> [ZoneIndex] {
    if version != context.conditionsVersion {
      version = context.conditionsVersion
      let keys = context.zones.indices.map(key)
      order = context.zones.indices.sorted { (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1) }
    }
    return order
  }
}
