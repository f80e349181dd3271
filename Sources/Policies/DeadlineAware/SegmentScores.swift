internal import Domain

/// Plans in pieces under the score of whole runs.
extension CandidateScan {
  /// The steps of a zone, all alike, for the job that was looked at last, and what every plan there has in its score
  /// besides; `nil` if the forecast does not reach.
  ///
  /// - Parameter opensNow: whether the zone has room now; if not, the job runs there from the next step on.
  func segmentSteps(
    _ zone: ZoneIndex, _ score: JobScore, until windowEnd: Int64, opensNow: Bool
  ) -> (steps: [SegmentStep], own: Double)? {
    guard windowEnd > score.now, windowEnd <= grid.end else { return nil }
    let first = grid.bucket(score.now)
    let count = grid.bucket(windowEnd - 1) - first + 1
    if weights.pressure != 0 { shares.prepare(zone, first + count) }
    closed.begin(count)
    timeline.markFull(
      score.job.demand, zone, first: timeline.bucket(grid.time(first)), places: 0..<count, into: closed.words)
    var steps = SegmentSteps()
    for place in 0..<count {
      let isFull = !closed.isOpen(place) || (place == 0 && !opensNow)
      let rate = rate(zone, first + place)
      var cost = rate
      if weights.pressure != 0 {
        cost += weights.pressure / Double(score.length) * shares.values[zone * shares.stride + first + place]
      }
      let time = grid.time(first + place)
      steps.append(
        SegmentStep(
          start: max(score.now, time), end: min(windowEnd, time + grid.step), rate: isFull ? .infinity : cost,
          pauseRate: rate))
    }
    return (steps.all, owns[zone])
  }

  /// Score of a millisecond of the job's power in a bucket.
  private func rate(_ zone: ZoneIndex, _ bucket: Int) -> Double {
    let at = zone * grid.stride + bucket
    let carbon = weights.carbon == 0 ? 0 : carbonRates[zone] * grid.carbon.values[at]
    return weights.cost == 0 ? carbon : carbon + costRates[zone] * grid.price.values[at]
  }
}

extension CandidateList {
  /// The same by the forecast's own steps, for a job whose references are set. O(steps up to the window's end).
  func segmentSteps(
    _ zone: ZoneIndex, _ score: JobScore, until windowEnd: Int64, opensNow: Bool
  ) -> (steps: [SegmentStep], own: Double) {
    let forecast = context.forecast
    let (carbon, price) = (forecast.carbon(zone), forecast.price(zone))
    let drawn = drawn(zone, score.job)
    let (carbonRate, costRate) = (
      weights.carbon * drawn / references.emissions, weights.cost == 0 ? 0 : weights.cost * drawn / references.cost
    )
    let demand = score.job.demand
    let isAmple = timeline.isAmple(zone, demand)
    var steps = SegmentSteps()
    var start = score.now
    while start < windowEnd {
      let now = Instant(milliseconds: start)
      var end = min(windowEnd, carbon.nextStamp(after: now).milliseconds)
      if weights.cost != 0 { end = min(end, price.nextStamp(after: now).milliseconds) }
      if !isAmple || weights.pressure != 0 || !opensNow { end = min(end, timeline.bucketEnd(start)) }
      var rate = carbonRate * carbon.value(at: now)
      if weights.cost != 0 { rate += costRate * price.value(at: now) }
      var cost = rate
      if weights.pressure != 0 {
        cost += weights.pressure / Double(score.length) * timeline.meanShare(zone, from: start, to: end)
      }
      let isFull =
        (!isAmple && !timeline.holds(demand, zone, from: start, to: end)) || (start == score.now && !opensNow)
      steps.append(SegmentStep(start: start, end: end, rate: isFull ? .infinity : cost, pauseRate: rate))
      start = end
    }
    let own = weights.pressure == 0 ? 0 : weights.pressure * timeline.ownShare(demand, zone)
    return (steps.all, own)
  }
}

/// The search for a plan in pieces in one zone.
struct SegmentProblem {
  let zone: ZoneIndex
  let steps: [SegmentStep]
  let task: SegmentTask
  let ending: SegmentEnding
  /// What every plan there has in its score besides.
  let own: Double
  /// No plan has a lower score.
  let bound: Double

  init(_ zone: ZoneIndex, _ steps: [SegmentStep], _ task: SegmentTask, _ ending: SegmentEnding, own: Double) {
    (self.zone, self.steps, self.task, self.ending, self.own) = (zone, steps, task, ending, own)
    bound = CostToGo.quickBound(steps, task, ending) + own
  }

  /// The best plan whose score is below `limit`.
  func best(_ search: SegmentSearch, below limit: Double) -> SegmentPlan? {
    guard bound < limit, let found = search.best(steps, task, ending, below: limit - own) else { return nil }
    let segments = found.pieces.map {
      PlannedSegment(start: Instant(milliseconds: $0.from), end: Instant(milliseconds: $0.to))
    }
    return SegmentPlan(zone: zone, segments: segments, score: found.score + own)
  }
}
