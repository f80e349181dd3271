internal import Domain

/// What `deadline-aware` scores jobs with: the forecast's tables and the expected load, which share a grid of time
/// wherever the forecast has even steps.
final class Desk {
  let timeline: CapacityTimeline
  private let grid: ForecastGrid
  private let scan: CandidateScan
  let weights: ScoreWeights
  private let search = SegmentSearch()
  /// How the last job was looked at.
  @exclusivity(unchecked) private(set) var list: CandidateList
  @exclusivity(unchecked) private var wasScanned = false
  /// The grid that was last asked whether it is the expected load's, and the answer; a step of 0 for none.
  @exclusivity(unchecked) private var lastOrigin = Int64.min
  @exclusivity(unchecked) private var lastStep: Int64 = 0
  @exclusivity(unchecked) private var wasShared = false
  /// Whether the forecast has come to have steps that the expected load does not lie on, such as a first one that
  /// knew of no change.
  @exclusivity(unchecked) private(set) var wantsLaying = false
  @exclusivity(unchecked) private var lays = 0
  private static let mostLays = 16

  init(_ context: PolicyContext, _ weights: ScoreWeights) {
    self.weights = weights
    grid = ForecastGrid(zoneCount: context.zones.count, needsPrice: weights.cost != 0)
    _ = grid.reaches(context.now.milliseconds, context.forecast)
    let (step, phase): (Int64, Int64) = grid.isUsable ? (grid.step, grid.origin) : (1_800_000, 0)
    timeline = CapacityTimeline(zones: context.zones, step: step, phase: phase, now: context.now.milliseconds)
    grid.prefer(step: step, phase: phase)
    scan = CandidateScan(zones: context.zones, grid: grid, timeline: timeline, weights: weights)
    list = CandidateList(context, weights, timeline)
    for zone in context.zones.indices { capacityChanged(zone, context) }
  }

  /// Whether forecast and expected load lie on one grid.
  private var sharesGrid: Bool {
    if grid.origin != lastOrigin || grid.step != lastStep {
      (lastOrigin, lastStep) = (grid.origin, grid.step)
      wasShared = grid.step == timeline.step && timeline.isAligned(grid.origin)
    }
    return wasShared
  }

  /// Begins the expected load again on the forecast's grid; everything is to be booked anew.
  func lay(now: Instant) {
    wantsLaying = false
    lays += 1
    lastStep = 0
    timeline.lay(step: grid.step, phase: grid.origin, now: now.milliseconds)
    grid.prefer(step: grid.step, phase: grid.origin)
    scan.forgetShares()
  }

  /// Books a demand in a zone over [from, to), or with a sign of -1 gives it back.
  func change(_ demand: Resources, _ zone: ZoneIndex, from: Int64, to: Int64, sign: Double) {
    guard to > from else { return }
    timeline.add(demand, zone, from: from, to: to, sign: sign)
    scan.touch(zone, from: from)
  }

  /// A zone has another capacity from now on: what may be planned there follows, and whom it could ever hold.
  func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext) {
    timeline.setCapacity(zone, context.capacity(zone))
    scan.setCapacity(zone, context.mostCapacity(zone))
  }

  func choose(_ job: JobHandle, _ context: PolicyContext) -> CandidateChoice {
    let asked = context.job(job)
    let score = JobScore(asked, now: context.now, weights: weights)
    context.refreshForecast()
    let reaches = grid.reaches(score.latest + score.length, context.believed)
    let isShared = sharesGrid
    wasScanned = reaches && isShared && !asked.hasCaps
    if grid.isUsable, !isShared { wantsLaying = lays < Desk.mostLays }
    if wasScanned { return scan.choose(score, free: context.freeByZone) }
    return list.choose(job, score) { context.free($0).holds(asked.demand) }
  }

  /// The score of a zone and start for the job that was looked at last, by the forecast of now.
  func score(_ job: JobHandle, _ zone: ZoneIndex, _ start: Int64, _ context: PolicyContext) -> Double {
    let score = JobScore(context.job(job), now: context.now, weights: weights)
    return wasScanned
      ? scan.value(zone, start, score) : list.total(job, zone, start, score, context.forecast)
  }

  /// Whether the forecast of now tells otherwise than the one before it did.
  func hasChanged(_ context: PolicyContext) -> Bool {
    _ = grid.reaches(context.now.milliseconds, context.forecast)
    return grid.hasChanged || !grid.isUsable
  }

  /// The zone with the least score for a start now, of those with room; `nil` where hard caps leave none.
  func bestNow(_ job: JobHandle, _ context: PolicyContext) -> ZoneIndex? {
    let asked = context.job(job)
    let score = JobScore(asked, now: context.now, weights: weights)
    let forecast = context.forecast
    let zones = context.zones.indices.filter { context.couldHold(asked.demand, in: $0) }
    list.setReferences(zones, score, forecast)
    var best: (zone: ZoneIndex, score: Double)?
    for zone in zones where context.free(zone).holds(asked.demand) {
      let value = list.total(job, zone, score.now, score, forecast)
      guard value.isFinite else { continue }
      if let known = best, value >= known.score { continue }
      best = (zone, value)
    }
    return best?.zone
  }

  /// The best plan in pieces of the job that ``choose(_:_:)`` looked at last; `nil` where the scenario does not let it be
  /// interrupted, it has caps, or the forecast has uneven steps.
  func chooseSegments(_ job: JobHandle, _ context: PolicyContext) -> SegmentPlan? {
    guard wasScanned, context.mayInterrupt(job) else { return nil }
    let asked = context.job(job)
    let score = JobScore(asked, now: context.now, weights: weights)
    let windowEnd = min(score.latest + score.length, grid.end)
    var best: SegmentPlan?
    for zone in context.zones.indices where context.couldHold(asked.demand, in: zone) {
      guard let task = task(asked, zone, .waiting, left: score.length, windowEnd: windowEnd, context),
        let plan = scan.segmentPlan(zone, score, task, search)
      else { continue }
      // A run that is to begin now needs room now.
      if plan.segments[0].start <= context.now, !context.free(zone).holds(asked.demand) { continue }
      if let known = best, plan.score >= known.score { continue }
      best = plan
    }
    return best
  }

  /// The best plan for what a running or suspended job has left, in its zone, and the score of running on at once.
  func chooseRest(
    _ job: JobHandle, _ zone: ZoneIndex, windowEnd: Int64, _ context: PolicyContext
  ) -> (plan: SegmentPlan?, runOn: Double)? {
    let left = context.remainingEstimate(job)
    let now = context.now.milliseconds
    guard left > .zero, now + left.milliseconds < windowEnd else { return nil }
    // What is left is a job of that length, its window what is left of the window.
    var rest = context.job(job)
    let power = rest.estimatedEnergy.value / Double(rest.estimatedDuration.milliseconds)
    rest.estimatedEnergy = Energy(power * Double(left.milliseconds))
    rest.estimatedDuration = left
    rest.deferralWindow = Instant(milliseconds: windowEnd) - left - rest.submittedAt
    let score = JobScore(rest, now: context.now, weights: weights)
    guard grid.reaches(score.latest + score.length, context.forecast), sharesGrid else { return nil }
    let stage: SegmentTask.Stage = context.status(job) == .running ? .running : .suspended
    guard let task = task(rest, zone, stage, left: left.milliseconds, windowEnd: windowEnd, context) else { return nil }
    scan.look(score)
    let onwards = PlannedSegment(start: context.now, end: context.now + left)
    return (scan.segmentPlan(zone, score, task, search), scan.value(zone, [onwards], score, task))
  }

  private func task(
    _ job: Job, _ zone: ZoneIndex, _ stage: SegmentTask.Stage, left: Int64, windowEnd: Int64, _ context: PolicyContext
  ) -> SegmentTask? {
    let power = job.energyPerMillisecond(on: context.zones[zone].hardware)
    guard power > 0 else { return nil }
    let rules = context.interruption
    return SegmentTask(
      stage: stage, left: left, now: context.now.milliseconds, windowEnd: windowEnd, delay: rules.delay.milliseconds,
      checkpoint: rules.checkpointEnergy.value / power, resume: rules.resumeEnergy.value / power)
  }
}
