public import Domain
public import Engine
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
  /// Waiting jobs in order of submission.
  private var queue: [JobID] = []
  /// The zones drawn for each live job.
  private var drawn: [JobID: [ZoneIndex]] = [:]

  init(choices: Int, random: consuming RandomStream) {
    self.choices = choices
    self.random = random
  }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    queue.append(job)
    draw(job, context)
  }

  private func draw(_ job: JobID, _ context: PolicyContext) {
    var able = context.zones.indices.filter { context.couldHold(context.demand(job), in: $0) }
    var zones: [ZoneIndex] = []
    while zones.count < choices, !able.isEmpty { zones.append(able.remove(at: random.below(able.count))) }
    drawn[job] = zones
    context.recommend(job, ranking: greenestFirst(zones, context))
  }

  public func completed(_ job: JobID, _ context: PolicyContext) { drawn[job] = nil }

  /// A job whose zones have all become too small for good has others drawn.
  public func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext) {
    for job in queue where !(drawn[job] ?? []).contains(where: { context.couldHold(context.demand(job), in: $0) }) {
      draw(job, context)
    }
  }

  /// There is no zone left for a job at all.
  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    queue.removeAll { $0 == job }
    drawn[job] = nil
    return true
  }

  public func dispatch(_ context: PolicyContext) {
    queue.removeAll { job in
      let permitted = (drawn[job] ?? []).filter { context.permits(job, in: $0) }
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
        drawn[job] = nil
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

/// What the decision log and `pylon explain` tell of it.
extension TwoChoices: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    // Asked from within `start`, where `queue` is being changed: it must not be looked at here.
    let zones = drawn[job] ?? [zone]
    return DecisionBasis(
      rankedBy: "carbon intensity now, gCO2/kWh, of the zones drawn for it", candidates: zones.count,
      ranking: greenestFirst(zones, context).map {
        RankedStart(zone: $0, start: start ?? context.now, score: context.intensity($0).value)
      })
  }
}
