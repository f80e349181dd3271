internal import Domain
internal import Engine

/// The policies whose rankings operators may be given.
enum RecommenderCatalog {
  struct Entry: Sendable {
    let name: String
    let make: @Sendable () -> any Recommender
  }

  static let entries: [Entry] = [
    Entry(name: "greedy-lowest-carbon") { LowestIntensity() },
    Entry(name: "cheapest") { LowestPrice() },
    Entry(name: "mix-score") { HighestMixScore() },
    Entry(name: "deadline-aware") { DeadlineAwareRanking() },
  ]

  static func make(_ name: String) -> (any Recommender)? { entries.first { $0.name == name }?.make() }
}

/// The three zones with the least score of `deadline-aware` at its own weights, as if nothing were planned or running.
struct DeadlineAwareRanking: Recommender {
  private var desk: Desk?
  /// What each zone has, and the most that it will have, as the desk knows it; empty where nothing changes.
  private var known: [(now: Resources, most: Resources)] = []

  mutating func recommend(_ job: JobID, _ context: PolicyContext) {
    let desk = self.desk ?? Desk(context, .standard)
    self.desk = desk
    if context.cluster.hasChanges { tell(desk, context) }
    desk.timeline.advance(to: context.now.milliseconds)
    context.recommend(job, desk.choose(job, context).ranking)
  }

  /// Nobody tells whoever ranks alone of outages and other capacities.
  private mutating func tell(_ desk: Desk, _ context: PolicyContext) {
    let zones = context.zones.indices
    if known.isEmpty { known = zones.map { _ in (.zero, .zero) } }
    for zone in zones {
      let found = (now: context.capacity(zone), most: context.mostCapacity(zone))
      guard found != known[zone] else { continue }
      known[zone] = found
      desk.capacityChanged(zone, context)
    }
  }
}
