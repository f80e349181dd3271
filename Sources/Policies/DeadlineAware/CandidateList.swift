internal import Domain
internal import Engine

/// The candidates of a job one by one, over the forecast's own steps: what ``CandidateScan`` does for even steps all at
/// once, for any steps, and with the caps.
///
/// Per zone: now, every step up to the latest start, every instant whose estimated end falls on a step, and the latest
/// start. For a constant draw and terms that are linear between steps the optimum over all instants is among these
/// (contract §5).
struct CandidateList {
  let context: PolicyContext
  let weights: ScoreWeights
  let timeline: CapacityTimeline
  /// What a start now costs in the mean; what emissions and costs are divided by.
  var references: (emissions: Double, cost: Double) = (1, 1)

  /// What a broken soft cap adds to a score: more than everything else together usually comes to.
  static let brokenCap = 10.0

  init(_ context: PolicyContext, _ weights: ScoreWeights, _ timeline: CapacityTimeline) {
    self.context = context
    self.weights = weights
    self.timeline = timeline
  }

  /// The best candidate with room.
  ///
  /// - Parameter mayStartNow: whether a zone has room at this moment.
  mutating func choose(
    _ handle: JobID, _ score: JobScore, mayStartNow: (ZoneIndex) -> Bool
  ) -> CandidateChoice {
    let forecast = context.forecast
    let job = score.job
    let zones = context.zones.indices.filter { context.couldHold(job.demand, in: $0) }
    setReferences(zones, score, forecast)
    var choice = CandidateChoice()
    var bests: [(zone: ZoneIndex, score: Double)] = []
    for zone in zones {
      var best = Double.infinity
      for start in starts(zone, score, forecast) {
        let value = total(handle, zone, start, score, forecast)
        best = min(best, value)
        guard value < choice.score + scoreTolerance(value), value.isFinite else { continue }
        let isBetter = value < choice.score - scoreTolerance(value)
        guard isBetter || (start < choice.start && choice.isFound) || !choice.isFound else { continue }
        let hasRoom = start > score.now || mayStartNow(zone)
        guard hasRoom,
          timeline.isAmple(zone, job.demand) || timeline.holds(job.demand, zone, from: start, to: start + score.length)
        else { continue }
        choice.zone = zone
        choice.start = start
        choice.score = isBetter ? value : min(value, choice.score)
      }
      bests.append((zone, best))
    }
    choice.breaksCaps = context.capsAreHard && bests.allSatisfy { !$0.score.isFinite }
    for (zone, _) in bests.enumerated().sorted(by: { ($0.element.score, $0.offset) < ($1.element.score, $1.offset) })
      .map(\.element)
    {
      if choice.ranking.add(zone) { break }
    }
    return choice
  }

  /// Candidate starts of a zone, rising.
  func starts(_ zone: ZoneIndex, _ score: JobScore, _ forecast: Forecast) -> [Int64] {
    var all: Set<Int64> = [score.now, score.latest]
    for view in weights.cost > 0 ? [forecast.carbon(zone), forecast.price(zone)] : [forecast.carbon(zone)] {
      var stamp = view.nextStamp(after: Instant(milliseconds: score.now)).milliseconds
      while stamp <= score.latest + score.length {
        if stamp <= score.latest { all.insert(stamp) }
        if stamp - score.length > score.now, stamp - score.length <= score.latest { all.insert(stamp - score.length) }
        stamp = view.nextStamp(after: Instant(milliseconds: stamp)).milliseconds
      }
    }
    return all.sorted()
  }

  /// Works out what the scores of a job are relative to.
  mutating func setReferences(_ zones: [ZoneIndex], _ score: JobScore, _ forecast: Forecast) {
    var emissions = 0.0
    var cost = 0.0
    var energy = 0.0
    let from = Instant(milliseconds: score.now)
    let to = Instant(milliseconds: score.now + score.length)
    for zone in zones {
      let drawn = drawn(zone, score.job)
      emissions += drawn * forecast.carbon(zone).integralMilliseconds(from: from, to: to)
      cost += (drawn * forecast.price(zone).integralMilliseconds(from: from, to: to)).magnitude
      energy += drawn * Double(score.length)
    }
    // A job that draws nothing costs nothing anywhere: whatever is divided by, the terms are 0.
    if energy == 0 { energy = 1 }
    let count = Double(zones.count)
    references = (max(emissions, energy) / count, max(cost, 0.001 * energy) / count)
  }

  func drawn(_ zone: ZoneIndex, _ job: Job) -> Double {
    job.energyPerMillisecond(on: context.zones[zone].hardware) * context.zones[zone].pue
  }

  /// The weighted terms of a candidate; see ``ScoreWeights``.
  func terms(
    _ zone: ZoneIndex, _ start: Int64, _ score: JobScore, _ forecast: Forecast
  ) -> (carbon: Double, cost: Double, delay: Double, risk: Double, pressure: Double) {
    let from = Instant(milliseconds: start)
    let to = Instant(milliseconds: start + score.length)
    let drawn = drawn(zone, score.job)
    let time = score.timeTerms(start)
    let carbon =
      weights.carbon == 0
      ? 0
      : weights.carbon * drawn / references.emissions * forecast.carbon(zone).integralMilliseconds(from: from, to: to)
    let cost =
      weights.cost == 0
      ? 0 : weights.cost * drawn / references.cost * forecast.price(zone).integralMilliseconds(from: from, to: to)
    let pressure =
      weights.pressure == 0
      ? 0
      : weights.pressure
        * (timeline.meanShare(zone, from: start, to: start + score.length)
          + timeline.ownShare(score.job.demand, zone))
    return (carbon, cost, time.delay, time.risk, pressure)
  }

  /// Infinity where a hard cap is broken.
  func total(
    _ handle: JobID, _ zone: ZoneIndex, _ start: Int64, _ score: JobScore, _ forecast: Forecast
  ) -> Double {
    var penalty = 0.0
    if score.job.hasCaps, !context.keepsCaps(handle, in: zone, at: Instant(milliseconds: start)) {
      if context.capsAreHard { return .infinity }
      penalty = CandidateList.brokenCap
    }
    let terms = terms(zone, start, score, forecast)
    return terms.carbon + terms.cost + terms.delay + terms.risk + terms.pressure + penalty
  }
}
