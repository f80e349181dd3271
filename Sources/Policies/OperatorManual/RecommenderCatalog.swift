internal import Domain

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

  mutating func recommend(_ job: JobHandle, _ context: PolicyContext) {
    let desk = self.desk ?? Desk(context, .standard)
    self.desk = desk
    desk.timeline.advance(to: context.now.milliseconds)
    context.recommend(job, desk.choose(job, context).ranking)
  }
}
