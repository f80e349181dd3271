import Domain
import Engine
import Policies

/// `shortest-first`: of the waiting jobs the one with the shortest estimate goes first, in the zone with the lowest
/// carbon intensity that has room; longer ones that fit are started too.
public final class ShortestFirst: Policy {
  private var waiting: [JobID] = []

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    waiting.append(job)
    context.recommendByIntensity(job)
  }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    waiting.removeAll { $0 == job }
    return true
  }

  public func dispatch(_ context: PolicyContext) {
    func order(_ id: JobID) -> (TimeSpan, Int) { (context.job(id).estimatedDuration, context.job(id).sequence) }
    waiting.sort { order($0) < order($1) }
    waiting.removeAll { id in
      let job = context.job(id)
      let permitted = context.zonesByIntensity.filter {
        context.couldHold(job.demand, in: $0) && context.permits(id, in: $0)
      }
      if let zone = permitted.first(where: { context.free($0).holds(job.demand) }) {
        context.start(id, in: zone)
        return true
      }
      // Only hard caps leave no zone; they are looked at again when the conditions change.
      guard permitted.isEmpty else { return false }
      if context.now >= job.latestStart {
        context.reject(id, .capsNotMet)
        return true
      }
      context.wake(at: min(job.latestStart, context.nextConditions))
      return false
    }
    if context.capsAreHard, !waiting.isEmpty { context.wake(at: context.nextConditions) }
  }

  public static let entry = PolicyCatalog.Entry(
    name: "shortest-first", summary: "the shortest job first, in the zone with the lowest intensity", defersJobs: false
  ) { _ in ShortestFirst() }
}

extension ShortestFirst: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    context.reasons(for: job, in: zone, at: start, rankedBy: "carbon intensity now, gCO2/kWh") {
      context.intensity($0).value
    }
  }
}
