internal import DequeModule
public import Domain
public import Engine

/// `standard`: run now, at home. A job starts as soon as it fits in its home zone; with no home zone, in the first
/// zone of the scenario's list with room. No job overtakes an earlier one that waits for a zone it could use.
///
/// Under `caps: hard` only zones that keep the job's caps count; a job that no zone lets start stands aside.
public final class Standard: Policy {
  /// Waiting jobs by home zone; each in submission order.
  private var atHome: [Deque<JobID>] = []
  private var homeless: Deque<JobID> = []
  /// Under hard caps: all waiting jobs, in submission order.
  private var queue = HandleQueue()
  private var held = HeldJobs()

  public init() {}

  public var staysAtHome: Bool { true }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    if atHome.isEmpty { atHome = Array(repeating: [], count: context.zones.count) }
    let home = context.job(job).homeZone
    if home < 0 {
      context.recommend(job, ranking: context.zones.indices)
    } else {
      context.recommend(job, Recommendations(home))
    }
    if context.capsAreHard {
      queue.append(job)
    } else if home < 0 {
      homeless.append(job)
    } else {
      atHome[home].append(job)
    }
  }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    for zone in atHome.indices { atHome[zone].removeAll { $0 == job } }
    homeless.removeAll { $0 == job }
    queue.remove(job)
    held.remove(job)
    return true
  }

  public func dispatch(_ context: PolicyContext) {
    if context.capsAreHard { return dispatchCapped(context) }
    var closed = Array(repeating: false, count: atHome.count)
    var at = 0
    while at < homeless.count, closed.contains(false) {
      // Jobs that were submitted before this one and wait at home come first.
      let job = homeless[at]
      for zone in atHome.indices { drain(zone, before: context.job(job).sequence, &closed, context) }
      let demand = context.demand(job)
      if let zone = closed.indices.first(where: { !closed[$0] && context.free($0).holds(demand) }) {
        context.start(job, in: zone)
        homeless.remove(at: at)
      } else {
        for zone in closed.indices where context.couldHold(demand, in: zone) { closed[zone] = true }
        at += 1
      }
    }
    for zone in atHome.indices { drain(zone, before: .max, &closed, context) }
  }

  /// Starts the jobs waiting at home in `zone`, up to a sequence number; closes the zone at the first without room.
  private func drain(_ zone: ZoneIndex, before sequence: Int, _ closed: inout [Bool], _ context: PolicyContext) {
    while !closed[zone], let job = atHome[zone].first, context.job(job).sequence < sequence {
      if context.free(zone).holds(context.demand(job)) {
        context.start(job, in: zone)
        atHome[zone].removeFirst()
      } else {
        closed[zone] = true
      }
    }
  }

  /// The same with an eye on the caps, job by job.
  private func dispatchCapped(_ context: PolicyContext) {
    func permitted(_ job: JobID) -> [ZoneIndex] {
      let asked = context.job(job)
      return context.zones.indices.filter {
        mayUse($0, for: asked) && context.couldHold(asked.demand, in: $0) && context.permits(job, in: $0)
      }
    }
    for job in held.release(context, permitted: { !permitted($0).isEmpty }) { queue.insert(job, context) }
    var closed = Array(repeating: false, count: context.zones.count)
    queue.removeAll { job in
      let zones = permitted(job)
      if zones.isEmpty {
        held.hold(job, context)
        return true
      }
      if let zone = zones.first(where: { !closed[$0] && context.free($0).holds(context.demand(job)) }) {
        context.start(job, in: zone)
        return true
      }
      for zone in zones { closed[zone] = true }
      return false
    }
    if !queue.isEmpty { context.wake(at: context.nextConditions) }
  }
}

extension Standard {
  static let entry = PolicyCatalog.Entry(
    name: "standard", summary: "starts each job as soon as it fits in its home zone; the baseline for savings",
    defersJobs: false
  ) { _ in Standard() }
}

extension Standard: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    guard context.job(job).homeZone >= 0 else {
      return context.reasons(for: job, in: zone, at: start, rankedBy: "the first zone with room") { _ in .nan }
    }
    return DecisionBasis(
      rankedBy: "its home zone", candidates: 1, ranking: [RankedStart(zone: zone, start: start ?? context.now)])
  }
}
