import Domain
public import Policies
import Randomness

/// `two-choices`: draws two of the zones that could hold a job, at its submission, and starts it in the one with the
/// lower carbon intensity of those with room; while neither has any it waits, and later jobs may go first.
///
/// After Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001, doi:10.1109/71.963420: two choices
/// spread the load nearly as well as all of them. `choices` says how many are drawn.
public final class TwoChoices: Policy {
  private let choices: Int
  private var random: RandomStream
  /// Waiting jobs in order of submission, with the zones drawn for them.
  private var queue: [(job: JobHandle, zones: [ZoneIndex])] = []

  init(choices: Int, random: consuming RandomStream) {
    self.choices = choices
    self.random = random
  }

  public func submitted(_ job: JobHandle, _ context: PolicyContext) {
    var able = context.zones.indices.filter { context.zones[$0].capacity.holds(context.demand(job)) }
    var drawn: [ZoneIndex] = []
    while drawn.count < choices, !able.isEmpty { drawn.append(able.remove(at: random.below(able.count))) }
    let ranked = greenestFirst(drawn, context)
    context.recommend(job, ranking: ranked)
    queue.append((job, drawn))
  }

  public func dispatch(_ context: PolicyContext) {
    queue.removeAll { job, zones in
      let permitted = zones.filter { context.permits(job, in: $0) }
      let open = permitted.filter { context.free($0).holds(context.demand(job)) }
      if let zone = greenestFirst(open, context).first {
        context.start(job, in: zone)
        return true
      }
      // Only hard caps forbid a zone; what is then too late is given up, the rest looked at again.
      guard permitted.isEmpty else { return false }
      let latest = context.job(job).latestStart
      if context.now >= latest {
        context.reject(job, .capsNotMet)
        return true
      }
      context.wake(at: min(latest, context.nextConditions))
      return false
    }
    if context.capsAreHard, !queue.isEmpty { context.wake(at: context.nextConditions) }
  }

  private func greenestFirst(_ zones: [ZoneIndex], _ context: PolicyContext) -> [ZoneIndex] {
    zones.sorted { (context.intensity($0), $0) < (context.intensity($1), $1) }
  }

  /// The policy's line in a catalogue.
  public static let entry = PolicyCatalog.Entry(
    name: "two-choices", summary: "the greener of two zones drawn at random",
    parameters: [PolicyParameter("choices", .whole(1...100), "how many zones are drawn for a job; 2")]
  ) { setup in
    TwoChoices(choices: setup.parameters.whole("choices", default: 2), random: setup.stream("two-choices"))
  }
}
