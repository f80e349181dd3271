internal import DequeModule
public import Domain

/// `standard`: run now, at home. A job starts as soon as it fits in its home zone; with no home zone, in the first
/// zone of the scenario's list with room. No job overtakes an earlier one that waits for a zone it could use.
public final class Standard: Policy {
  /// Waiting jobs by home zone; each in submission order.
  private var atHome: [Deque<JobHandle>] = []
  private var homeless: Deque<JobHandle> = []

  public init() {}

  public func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { job.homeZone < 0 || job.homeZone == zone }

  public func submitted(_ job: JobHandle, _ context: PolicyContext) {
    if atHome.isEmpty { atHome = Array(repeating: [], count: context.zones.count) }
    let home = context.job(job).homeZone
    if home < 0 {
      context.recommend(job, ranking: context.zones.indices)
      homeless.append(job)
    } else {
      context.recommend(job, Recommendations(home))
      atHome[home].append(job)
    }
  }

  public func dispatch(_ context: PolicyContext) {
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
        for zone in closed.indices where context.zones[zone].capacity.holds(demand) { closed[zone] = true }
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
}
