internal import Domain

/// Runs in pieces, scored as whole runs are. Of the job that was looked at last.
extension CandidateScan {
  /// The best plan in a zone that can hold the job, in one piece or more; `nil` where none is known.
  func segmentPlan(_ zone: ZoneIndex, _ score: JobScore, _ task: SegmentTask, _ search: SegmentSearch) -> SegmentPlan? {
    let first = grid.bucket(task.now)
    // Whole buckets alone: a run in one piece may end between them.
    let count = min(grid.count, grid.bucket(task.windowEnd)) - first
    guard count > 0 else { return nil }
    if weights.pressure != 0 { shares.prepare(zone, first + count + 1) }
    var buckets: [SegmentSearch.Bucket] = []
    buckets.reserveCapacity(count)
    closed.begin(count)
    timeline.markFull(
      score.job.demand, zone, first: timeline.bucket(grid.time(first)), places: 0..<count, into: closed.words)
    for place in 0..<count {
      let isFull = closed.words[place >> 6] >> UInt64(place & 63) & 1 == 1
      buckets.append(bucket(zone, first + place, isFull ? .infinity : 0, score, task))
    }
    guard let chosen = search.choose(buckets, task, step: grid.step) else { return nil }
    var best: SegmentPlan?
    let whole = search.join(chosen, buckets, task)
    for edge in 0..<(2 * whole.segments.count) {
      guard let segments = search.cut(whole.segments, whole.excess, edge: edge, task) else { continue }
      let value = value(zone, segments, score, task)
      if value < best?.score ?? .infinity { best = SegmentPlan(zone: zone, segments: segments, score: value) }
    }
    return best
  }

  private func bucket(
    _ zone: ZoneIndex, _ place: Int, _ penalty: Double, _ score: JobScore, _ task: SegmentTask
  ) -> SegmentSearch.Bucket {
    let start = max(task.now, grid.time(place))
    let end = grid.time(place + 1)
    let rate = rate(zone, place)
    var cost = rate
    if weights.pressure != 0 {
      cost += weights.pressure / Double(score.length) * shares.values[zone * shares.stride + place]
    }
    let time = score.timeTerms(end - task.left)
    return SegmentSearch.Bucket(
      start: start, end: end, cost: cost * Double(end - start) + penalty, rate: rate, ending: time.delay + time.risk)
  }

  /// Score of a millisecond of the job's power in a bucket.
  private func rate(_ zone: ZoneIndex, _ bucket: Int) -> Double {
    let at = zone * grid.stride + bucket
    let carbon = carbonRates[zone] * grid.carbon.values[at]
    return weights.cost == 0 ? carbon : carbon + costRates[zone] * grid.price.values[at]
  }

  /// The score of running so; of one segment that of a start at its beginning.
  func value(
    _ zone: ZoneIndex, _ segments: [PlannedSegment], _ score: JobScore, _ task: SegmentTask
  ) -> Double {
    guard let first = segments.first, let last = segments.last else { return .infinity }
    let time = score.timeTerms(last.end.milliseconds - task.left)
    var value = time.delay + time.risk + owns[zone]
    // Between segments the job pauses, and a job that runs may pause first.
    var pausedAt: Int64? = task.stage == .running && first.start.milliseconds > task.now ? task.now : nil
    var hasPaused = task.stage == .suspended || pausedAt != nil
    if weights.pressure != 0 {
      shares.prepare(zone, min(grid.stride, grid.bucket(last.end.milliseconds) + 1))
    }
    for segment in segments {
      let run = RunSpan(segment.start.milliseconds, segment.length.milliseconds, grid.times)
      value += carbonRates[zone] * integral(grid.carbon, zone, run)
      if weights.cost != 0 { value += costRates[zone] * integral(grid.price, zone, run) }
      if weights.pressure != 0 { value += weights.pressure * shares.mean(zone, run, score.length) }
      if let pausedAt { value += task.checkpoint * rate(zone, grid.bucket(pausedAt)) }
      if hasPaused { value += task.resume * rate(zone, grid.bucket(segment.start.milliseconds)) }
      pausedAt = segment.end.milliseconds
      hasPaused = true
    }
    return value
  }
}
