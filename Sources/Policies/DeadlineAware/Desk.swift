internal import Domain

/// What `deadline-aware` scores jobs with: the forecast's tables and the expected load, which share a grid of time
/// wherever the forecast has even steps.
final class Desk {
  let timeline: CapacityTimeline
  private let grid: ForecastGrid
  private let scan: CandidateScan
  private let weights: ScoreWeights
  /// How the last job was looked at.
  @exclusivity(unchecked) private var list: CandidateList
  @exclusivity(unchecked) private var wasScanned = false

  init(_ context: PolicyContext, _ weights: ScoreWeights) {
    self.weights = weights
    grid = ForecastGrid(zoneCount: context.zones.count, needsPrice: weights.cost != 0)
    _ = grid.reaches(context.now.milliseconds, context.forecast)
    timeline = CapacityTimeline(
      zones: context.zones, step: grid.isUsable ? grid.step : 1_800_000, phase: grid.isUsable ? grid.origin : 0,
      now: context.now.milliseconds)
    scan = CandidateScan(zones: context.zones, grid: grid, timeline: timeline, weights: weights)
    list = CandidateList(context, weights, timeline)
  }

  /// What is booked in a zone has changed.
  func touch(_ zone: ZoneIndex) { scan.touch(zone) }

  func choose(_ job: JobHandle, _ context: PolicyContext) -> CandidateChoice {
    let asked = context.job(job)
    let score = JobScore(asked, now: context.now, weights: weights)
    let room = { (zone: ZoneIndex) in context.free(zone).holds(asked.demand) }
    let reaches = grid.reaches(score.latest + score.length, context.forecast)
    wasScanned =
      reaches && !asked.hasCaps && grid.step == timeline.step && timeline.isAligned(grid.origin)
    if wasScanned { return scan.choose(score, free: context.freeByZone) }
    return list.choose(job, score, mayStartNow: room)
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
    let zones = context.zones.indices.filter { context.zones[$0].capacity.holds(asked.demand) }
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
}
