internal import Domain
internal import Engine

/// How a policy that starts jobs as soon as it can chooses among the zones; the rest it shares with the others of its
/// kind (``ImmediateQueue``).
///
/// A choice that remembers or draws does so only when it gives a zone: asking where nothing is open changes nothing.
protocol ZoneChoice: Recommender {
  /// One of the zones that are open, whatever makes them so; `nil` where none is.
  mutating func zone(_ context: PolicyContext, where isOpen: (ZoneIndex) -> Bool) -> ZoneIndex?

  /// One of the zones with room for a demand now.
  mutating func zone(holding demand: Resources, _ context: PolicyContext) -> ZoneIndex?

  /// The same for a job that fitted nowhere when the policy was last asked: only zones that freed capacity since can
  /// have room.
  mutating func releasedZone(holding demand: Resources, _ context: PolicyContext) -> ZoneIndex?
}

extension ZoneChoice {
  mutating func zone(holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    zone(context) { context.cluster.free[$0].holds(demand) }
  }

  mutating func releasedZone(holding demand: Resources, _ context: PolicyContext) -> ZoneIndex? {
    for place in 0..<context.cluster.released.count
    where context.cluster.free[context.cluster.released[place]].holds(demand) {
      return zone(holding: demand, context)
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
