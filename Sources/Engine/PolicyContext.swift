public import Domain

/// The scheduler's face: everything that a policy may know and do.
///
/// Misuse (a zone that is not there, a start where there is no room, a job that is not pending) is remembered and
/// stops the run with a ``PolicyFault``.
///
/// Its variables are used by one run on one thread, between calls that do not overlap: exclusivity needs no checks.
public final class PolicyContext {
  public let zones: [Zone]
  /// The simulated instant.
  @inlinable public var now: Instant { state.value.now }
  @usableFromInline package let jobs = JobTable()
  /// Variables of the engine's loop.
  @usableFromInline package let state = Cell(State())

  @usableFromInline
  package struct State {
    @usableFromInline package var now = Instant(milliseconds: 0)
    /// Jobs started at this instant, the first of `starts`.
    package var startCount = 0
    package var hasFault = false
    package var hasRejections = false
  }

  /// Capacity of the zones, and what is free of it.
  @usableFromInline package let cluster: Cluster
  /// Intensities and prices now.
  @usableFromInline let conditions: GridConditions
  @inlinable var zoneCount: Int { cluster.zoneCount }
  /// Jobs started at this instant, the first `startCount`; their records tell where.
  @exclusivity(unchecked) var starts = Slab(repeating: JobID(slot: 0), count: 256)
  private(set) var fault: PolicyFault?
  /// Jobs that the policy rejected at this instant; the state tells whether there are any.
  @exclusivity(unchecked) var rejections: [JobID] = []
  let calendar = Calendar()
  /// Jobs suspended since their completions were last declared stale.
  @exclusivity(unchecked) var suspensionCount = 0
  /// Which jobs may be interrupted, and what it costs.
  public let interruption: InterruptionRules
  @usableFromInline let forecaster: (any Forecaster)?
  /// The one object that ``forecast`` returns, as it was when last asked for.
  @usableFromInline package let believed: Forecast
  /// `caps: hard` holds.
  public let capsAreHard: Bool
  /// The log of decisions; `nil` if nobody asks for it.
  @usableFromInline let journal: DecisionJournal?

  init(
    _ world: World, forecaster: (any Forecaster)?, capsAreHard: Bool, interruption: InterruptionRules,
    journal: DecisionJournal?
  ) {
    self.journal = journal
    zones = world.zones
    self.interruption = interruption
    self.forecaster = forecaster
    self.capsAreHard = capsAreHard
    believed = Forecast(zoneCount: world.zones.count)
    cluster = Cluster(world.zones, world.changes)
    conditions = GridConditions(world)
  }

  @inlinable @inline(__always)
  package func valid(_ zone: ZoneIndex) -> ZoneIndex {
    precondition(zone >= 0 && zone < zoneCount, "a policy asked for a zone that does not exist")
    return zone
  }

  /// The job as it was submitted.
  @inlinable public func job(_ handle: JobID) -> Job { jobs[known: handle].job }

  @inlinable public func demand(_ handle: JobID) -> Resources { jobs[known: handle].job.demand }

  /// A job is planned and does not run yet.
  @inlinable public func isPlanned(_ handle: JobID) -> Bool { jobs[known: handle].status == .scheduled }

  /// The zone that a planned job is planned for; -1 for none.
  @inlinable public func plannedZone(_ handle: JobID) -> ZoneIndex { jobs[known: handle].zone }

  /// The ranked zones of a job.
  @inlinable
  public func recommendations(_ handle: JobID) -> Recommendations { jobs[known: handle].recommendations }

  /// Some zone freed capacity since the policy was last asked.
  @inlinable public var hasReleased: Bool { cluster.released.count > 0 }

  /// Capacity that is free in a zone now, starts of this instant already taken off: below zero if the zone has less than
  /// runs there, or is out.
  @inlinable public func free(_ zone: ZoneIndex) -> Resources { cluster.free[valid(zone)] }

  /// Free capacity, a zone each.
  @inlinable package var freeByZone: UnsafePointer<Resources> { cluster.free.pointer }

  /// Current carbon intensity.
  @inlinable
  public func intensity(_ zone: ZoneIndex) -> CarbonIntensity { CarbonIntensity(conditions.intensities[valid(zone)]) }

  /// Current price.
  @inlinable public func price(_ zone: ZoneIndex) -> EnergyPrice { EnergyPrice(conditions.prices[valid(zone)]) }

  /// The forecast of now: carbon intensity and price of every zone. Brought up to date here, so a policy
  /// that never asks costs nothing; not to be kept beyond this instant.
  @inlinable public var forecast: Forecast {
    refreshForecast()
    return believed
  }

  /// Brings ``believed`` up to date.
  @inlinable @inline(__always)
  package func refreshForecast() {
    if now >= believed.nextIssue, let forecaster { forecaster.update(believed, at: now) }
  }

  /// When intensities or prices change next; `never` for no more.
  public var nextConditions: Instant { Instant(milliseconds: calendar.nextStep) }
  /// Grows whenever intensities or prices change.
  @inlinable public var conditionsVersion: Int { conditions.version }

  /// Zones by current carbon intensity, then price, then the scenario's order. Sorted at most once a trace step.
  public var zonesByIntensity: [ZoneIndex] {
    conditions.refreshOrder()
    return (0..<zoneCount).map { conditions.order[$0] }
  }

  /// The first of ``zonesByIntensity`` with room for a demand now. O(zones).
  @inlinable
  public func lowestIntensityZone(holding demand: Resources) -> ZoneIndex? {
    conditions.refreshOrder()
    for index in 0..<zoneCount {
      let zone = conditions.order[index]
      if cluster.free[zone].holds(demand) { return zone }
    }
    return nil
  }

  /// The first of ``zonesByIntensity`` with room for a demand now, of the zones that freed capacity since the policy
  /// was last asked: for a job that fitted nowhere then, there is no other. O(zones that freed capacity).
  @inlinable
  public func lowestIntensityReleasedZone(holding demand: Resources) -> ZoneIndex? {
    conditions.refreshOrder()
    var best = -1
    for place in 0..<cluster.released.count {
      let zone = cluster.released[place]
      if cluster.free[zone].holds(demand), best < 0 || conditions.ranks[zone] < conditions.ranks[best] { best = zone }
    }
    return best >= 0 ? best : nil
  }

  /// A zone freed capacity since the policy was last asked.
  @inlinable package func hasReleased(_ zone: ZoneIndex) -> Bool { cluster.released.contains(zone) }

  /// Ranks up to three zones for a pending job, best first.
  public func recommend(_ handle: JobID, _ recommendations: Recommendations) {
    guard !cluster.hasChanges else {
      let ranked = [recommendations.first, recommendations.second, recommendations.third]
      return recommend(handle, ranking: ranked.filter { $0 >= 0 }.map { Int($0) })
    }
    if journal != nil { noteRecommendation(handle, recommendations) }
    jobs.recommend(known: handle, recommendations)
  }

  /// Notes a ranking, where it is another than before.
  @usableFromInline @inline(never)
  func noteRecommendation(_ handle: JobID, _ ranking: Recommendations) {
    guard let journal, ranking.first >= 0, ranking != jobs[known: handle].recommendations else { return }
    jobs.recommend(known: handle, ranking)
    note(.recommend, handle, in: valid(Int(ranking.first)), at: now, journal)
  }

  /// The first three zones of a ranking whose whole capacity could hold a job.
  public func recommend(_ handle: JobID, ranking: some Sequence<ZoneIndex>) {
    let demand = jobs[known: handle].job.demand
    var best = Recommendations()
    for zone in ranking where couldHold(demand, in: zone) {
      if best.add(zone) { break }
    }
    if journal != nil { noteRecommendation(handle, best) }
    jobs.recommend(known: handle, best)
  }

  /// The first three of ``zonesByIntensity`` whose whole capacity could hold a job.
  @inlinable
  public func recommendByIntensity(_ handle: JobID) {
    conditions.refreshOrder()
    if cluster.fitsEverywhere.holds(jobs[known: handle].job.demand) {
      if journal != nil { noteRecommendation(handle, conditions.bestThree) }
      jobs.recommend(known: handle, conditions.bestThree)
    } else {
      recommend(handle, ranking: zonesByIntensity)
    }
  }

  /// Starts a waiting job now: its capacity is taken at once.
  public func start(_ handle: JobID, in zone: ZoneIndex) {
    guard isWaiting(handle, zone) else { return }
    guard cluster.free[zone].holds(jobs[handle].job.demand) else {
      return fail(.overCapacity(job: jobs[handle].job.sequence, zone: zones[zone].code))
    }
    if capsAreHard, !permits(handle, in: zone) {
      return fail(.capBroken(job: jobs[handle].job.sequence, zone: zones[zone].code))
    }
    if let journal { note(.start, handle, in: zone, at: now, journal) }
    if jobs[handle].status == .scheduled { cluster.unplan(jobs[handle].zone) }
    cluster.start(jobs[handle].job.demand, in: zone)
    jobs.start(handle, in: zone, at: now)
    noteStarted(handle)
  }

  /// The engine is to let a job run from now on.
  @inline(__always)
  func noteStarted(_ handle: JobID) {
    if state.value.startCount == starts.count { starts.grow(to: 2 * starts.count, repeating: handle) }
    starts[state.value.startCount] = handle
    state.value.startCount += 1
  }

  /// Chooses a zone and a start for a waiting job, which is SCHEDULED from now on, and asks to be woken then. A plan
  /// takes no capacity and binds nobody: the job runs where and when it is started.
  public func plan(_ handle: JobID, in zone: ZoneIndex, at start: Instant) {
    plan(handle, in: zone, at: start, wakes: true)
  }

  /// Plans a job without a wake-up: a policy that keeps its plans in order asks for the first one's alone.
  package func plan(_ handle: JobID, in zone: ZoneIndex, at start: Instant, wakes: Bool) {
    guard isWaiting(handle, zone) else { return }
    guard start >= now else { return fail(.planInThePast(job: jobs[handle].job.sequence, start)) }
    if let journal {
      note(jobs[handle].status == .scheduled ? .replan : .plan, handle, in: zone, at: start, journal)
    }
    if jobs[handle].status == .scheduled { cluster.unplan(jobs[handle].zone) }
    jobs.plan(handle, in: zone, at: start)
    cluster.plan(zone)
    if wakes { wake(at: start) }
  }

  /// Gives a waiting job up.
  public func reject(_ handle: JobID, _ reason: Rejection) {
    guard isWaiting(handle, 0) else { return }
    noteRejection(handle, reason)
    if jobs[handle].status == .scheduled { cluster.unplan(jobs[handle].zone) }
    jobs.reject(handle, reason)
    rejections.append(handle)
    state.value.hasRejections = true
  }

  /// Asks for ``Policy/dispatch(_:)`` at an instant; one that is not later than now changes nothing.
  public func wake(at instant: Instant) {
    guard instant > now, instant != .never else { return }
    calendar.addWake(at: instant.milliseconds)
  }

  /// A job may be started, planned or rejected, in a zone that exists; fails otherwise.
  @inline(__always)
  private func isWaiting(_ handle: JobID, _ zone: ZoneIndex) -> Bool {
    guard !state.value.hasFault else { return false }
    guard zone >= 0, zone < zoneCount else {
      fail(.unknownZone(zone))
      return false
    }
    guard jobs.wasUsed(handle), jobs[handle].status == .pending || jobs[handle].status == .scheduled else {
      fail(.notPending)
      return false
    }
    return true
  }

  func fail(_ kind: PolicyFault.Kind) {
    fault = PolicyFault(kind: kind, at: now)
    state.value.hasFault = true
  }
}

// Capacity: now, and as the scenario's events have it in store.
extension PolicyContext {
  /// The whole capacity of a zone now; zero while it is out. ``zones`` has what the scenario gave it.
  public func capacity(_ zone: ZoneIndex) -> Resources { cluster.capacity(valid(zone)) }

  /// A zone is out.
  public func isOut(_ zone: ZoneIndex) -> Bool { cluster.isOut(valid(zone)) }

  /// A zone, empty, could hold a demand: now, or at a time that the scenario's events have in store, such as
  /// the end of an outage. O(1) without events.
  public func couldHold(_ demand: Resources, in zone: ZoneIndex) -> Bool { cluster.couldHold(demand, in: valid(zone)) }

  /// The most that a zone may have from now on, resource by resource.
  package func mostCapacity(_ zone: ZoneIndex) -> Resources { cluster.most[valid(zone)] }

  /// A planned job is pending again.
  func unplan(_ handle: JobID) {
    guard jobs[known: handle].status == .scheduled else { return }
    cluster.unplan(jobs[handle].zone)
    jobs.unplan(handle)
  }
}
