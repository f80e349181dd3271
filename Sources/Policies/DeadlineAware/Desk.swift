internal import Domain
internal import Engine

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
  /// True if the forecast has come to have steps that the expected load does not lie on, such as a first one that
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

  /// True if forecast and expected load lie on one grid.
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

  func choose(_ job: JobID, _ context: PolicyContext) -> CandidateChoice {
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
  func score(_ job: JobID, _ zone: ZoneIndex, _ start: Int64, _ context: PolicyContext) -> Double {
    let score = JobScore(context.job(job), now: context.now, weights: weights)
    return wasScanned
      ? scan.value(zone, start, score) : list.total(job, zone, start, score, context.forecast)
  }

  /// True if the forecast of now tells otherwise than the one before it did.
  func hasChanged(_ context: PolicyContext) -> Bool {
    _ = grid.reaches(context.now.milliseconds, context.forecast)
    return grid.hasChanged || !grid.isUsable
  }

  /// The zone with the least score for a start now, of those with room; `nil` where hard caps leave none.
  func bestNow(_ job: JobID, _ context: PolicyContext) -> ZoneIndex? {
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

  /// The best plan in pieces of the job that ``choose(_:_:)`` looked at last, if its score is below `limit`; `nil` if the
  /// scenario does not let the job be interrupted, or it has caps.
  func chooseSegments(_ job: JobID, below limit: Double, _ context: PolicyContext) -> SegmentPlan? {
    let asked = context.job(job)
    guard !asked.hasCaps, context.mayInterrupt(job) else { return nil }
    let score = JobScore(asked, now: context.now, weights: weights)
    let windowEnd = score.latest + score.length
    var problems: [SegmentProblem] = []
    for zone in context.zones.indices where context.couldHold(asked.demand, in: zone) {
      guard let task = task(asked, zone, .waiting, context),
        let problem = segmentProblem(zone, score, task, windowEnd, context), problem.bound < limit
      else { continue }
      problems.append(problem)
    }
    // The most promising first: what is found there spares the search in most of the others.
    problems.sort { ($0.bound, $0.zone) < ($1.bound, $1.zone) }
    var best: SegmentPlan?
    for problem in problems {
      if let plan = problem.best(search, below: best?.score ?? limit) { best = plan }
    }
    return best
  }

  /// The best plan for what a running or suspended job has left, in its zone. For one that runs, it is better than running
  /// on at once by more than `gain`, else `nil`.
  func chooseRest(
    _ job: JobID, _ zone: ZoneIndex, windowEnd: Int64, gain: Double, _ context: PolicyContext
  ) -> SegmentPlan? {
    let left = context.remainingEstimate(job)
    let now = context.now.milliseconds
    guard left > .zero, now + left.milliseconds < windowEnd else { return nil }
    // What is left is a job of that length, its window what is left of the window.
    var rest = context.job(job)
    if !rest.estimatedEnergy.value.isNaN {
      let power = rest.estimatedEnergy.value / Double(rest.estimatedDuration.milliseconds)
      rest.estimatedEnergy = Energy(power * Double(left.milliseconds))
    }
    rest.estimatedDuration = left
    rest.deferralWindow = Instant(milliseconds: windowEnd) - left - rest.submittedAt
    let score = JobScore(rest, now: context.now, weights: weights)
    let isRunning = context.status(job) == .running
    guard let task = task(rest, zone, isRunning ? .running : .suspended, context) else { return nil }
    context.refreshForecast()
    wasScanned = grid.reaches(windowEnd, context.believed) && sharesGrid
    if wasScanned {
      scan.look(score)
    } else {
      let zones = context.zones.indices.filter { context.couldHold(rest.demand, in: $0) }
      list.setReferences(zones, score, context.forecast)
    }
    var limit = Double.infinity
    if isRunning {
      let onwards =
        wasScanned
        ? scan.value(zone, score.now, score) : list.total(job, zone, score.now, score, context.forecast)
      limit = onwards - gain
    }
    return segmentProblem(zone, score, task, windowEnd, context)?.best(search, below: limit)
  }

  private func segmentProblem(
    _ zone: ZoneIndex, _ score: JobScore, _ task: SegmentTask, _ windowEnd: Int64, _ context: PolicyContext
  ) -> SegmentProblem? {
    // A run that is to begin now needs room now; one that goes on has it.
    let opensNow = task.stage == .running || context.free(zone).holds(score.job.demand)
    let found =
      wasScanned
      ? scan.segmentSteps(zone, score, until: windowEnd, opensNow: opensNow)
      : list.segmentSteps(zone, score, until: windowEnd, opensNow: opensNow)
    return found.map { SegmentProblem(zone, $0.steps, task, SegmentEnding(score), own: $0.own) }
  }

  private func task(
    _ job: Job, _ zone: ZoneIndex, _ stage: SegmentTask.Stage, _ context: PolicyContext
  ) -> SegmentTask? {
    let power = job.energyPerMillisecond(on: context.zones[zone].hardware)
    return SegmentTask(
      stage: stage, left: job.estimatedDuration.milliseconds, power: power, context.interruption)
  }
}
