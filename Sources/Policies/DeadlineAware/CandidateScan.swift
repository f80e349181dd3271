internal import Domain

/// The candidates of a job over even steps, eight at once, zone by zone: now, every step, every start whose estimated
/// end falls on a step, and the latest start. Emissions over [s, s + d) come from two prefix sums and the value of the
/// step that is cut.
///
/// O(zones × steps in the window); nothing is allocated.
final class CandidateScan {
  typealias Lane = SIMD8<Double>

  private let grid: ForecastGrid
  private let timeline: CapacityTimeline
  private let weights: ScoreWeights
  private let zones: [Zone]
  private let zoneCount: Int
  /// Room for the terms of the two kinds of starts, and for what has no room.
  private var onStep: UnsafeMutablePointer<Double>
  private var toStep: UnsafeMutablePointer<Double>
  private var closed: UnsafeMutablePointer<Double>
  private var room = 256
  /// By zone: the best score, of those with room; whether the zone can hold the job at all; its rates.
  private let bests: UnsafeMutablePointer<Double>
  private let nows: UnsafeMutablePointer<Double>
  private let lasts: UnsafeMutablePointer<Double>
  private let rates: UnsafeMutablePointer<(carbon: Double, cost: Double)>
  private let isAmple: UnsafeMutablePointer<Bool>
  /// Pressure as a quantity of the grid: prefix sums of each zone's dominant share, kept until the zone changes.
  private var shares: UnsafeMutablePointer<Double>
  private var shareSums: UnsafeMutablePointer<Double>
  private var shareRoom = 0
  private let shareIsStale: UnsafeMutablePointer<Bool>
  private var sharesOf = Instant(milliseconds: .min)

  init(zones: [Zone], grid: ForecastGrid, timeline: CapacityTimeline, weights: ScoreWeights) {
    self.grid = grid
    self.timeline = timeline
    self.weights = weights
    self.zones = zones
    zoneCount = zones.count
    onStep = .allocate(capacity: room)
    toStep = .allocate(capacity: room)
    closed = .allocate(capacity: room)
    bests = .allocate(capacity: zones.count)
    nows = .allocate(capacity: zones.count)
    lasts = .allocate(capacity: zones.count)
    rates = .allocate(capacity: zones.count)
    isAmple = .allocate(capacity: zones.count)
    shares = .allocate(capacity: 1)
    shareSums = .allocate(capacity: 1)
    shareIsStale = .allocate(capacity: zones.count)
    shareIsStale.initialize(repeating: true, count: zones.count)
  }

  deinit {
    for memory in [onStep, toStep, closed, bests, nows, lasts, shares, shareSums] { memory.deallocate() }
    rates.deallocate()
    isAmple.deallocate()
    shareIsStale.deallocate()
  }

  /// What is planned or runs in a zone has changed.
  func touch(_ zone: ZoneIndex) { shareIsStale[zone] = true }

  /// The best candidate with room; the grid must reach to the end of the job from its latest start.
  ///
  /// - Parameter mayStartNow: whether a zone has room at this moment.
  func choose(_ score: JobScore, mayStartNow: (ZoneIndex) -> Bool) -> CandidateChoice {
    let frame = Frame(score, grid)
    ensureRoom(frame.count)
    score.fillTimeTerms(
      onStep, count: frame.count, first: grid.time(frame.first), step: grid.step, padding: ForecastGrid.padding)
    if frame.cut > 0 {
      score.fillTimeTerms(
        toStep, count: frame.count, first: grid.time(frame.first) + grid.step - frame.cut, step: grid.step,
        padding: ForecastGrid.padding)
    }
    setRates(score, frame)
    var least = Double.infinity
    for zone in 0..<zoneCount {
      bests[zone] = .infinity
      guard zones[zone].capacity.holds(score.job.demand) else { continue }
      scan(zone, score, frame, mayStartNow)
      least = min(least, bests[zone])
    }
    return chosen(least, score, frame, mayStartNow)
  }

  /// Of the zones that reach the least score, the earliest start, then the first zone.
  private func chosen(
    _ least: Double, _ score: JobScore, _ frame: Frame, _ mayStartNow: (ZoneIndex) -> Bool
  ) -> CandidateChoice {
    var choice = CandidateChoice()
    guard least.isFinite else {
      rank(&choice, score, frame)
      return choice
    }
    let limit = least + scoreTolerance(least)
    for zone in 0..<zoneCount where bests[zone] <= limit {
      let start = earliest(zone, limit, score, frame)
      if !choice.isFound || start < choice.start {
        choice.zone = zone
        choice.start = start
      }
    }
    choice.score = least
    rank(&choice, score, frame)
    return choice
  }

  /// The chosen zone, then the others by their best score; zones without room by the score of a start now.
  private func rank(_ choice: inout CandidateChoice, _ score: JobScore, _ frame: Frame) {
    if choice.isFound { _ = choice.ranking.add(choice.zone) }
    var taken = [choice.zone, -1, -1]
    for place in (choice.isFound ? 1 : 0)..<3 {
      var best = -1
      var bestScore = Double.infinity
      for zone in 0..<zoneCount where !taken.contains(zone) && zones[zone].capacity.holds(score.job.demand) {
        let value = bests[zone].isFinite ? bests[zone] : 1e6 + nows[zone]
        if value < bestScore {
          best = zone
          bestScore = value
        }
      }
      guard best >= 0 else { return }
      _ = choice.ranking.add(best)
      taken[place] = best
    }
  }

  /// What the scans of a job's zones share.
  private struct Frame {
    /// The bucket of now, and buckets from there on that may hold a start.
    let first: Int
    let count: Int
    /// The job's length in whole buckets and what is left over.
    let whole: Int
    let cut: Int64

    init(_ score: JobScore, _ grid: ForecastGrid) {
      first = grid.bucket(score.now)
      count = grid.bucket(score.latest) - first + 1
      whole = Int(score.length / grid.step)
      cut = score.length - Int64(whole) * grid.step
    }
  }

  private func ensureRoom(_ count: Int) {
    guard count + ForecastGrid.padding > room else { return }
    room = 2 * (count + ForecastGrid.padding)
    for memory in [onStep, toStep, closed] { memory.deallocate() }
    onStep = .allocate(capacity: room)
    toStep = .allocate(capacity: room)
    closed = .allocate(capacity: room)
  }

  /// Score a value × millisecond, by zone: what the weights and the means of a start now make of power.
  private func setRates(_ score: JobScore, _ frame: Frame) {
    var emissions = 0.0
    var cost = 0.0
    var energy = 0.0
    var count = 0.0
    for zone in 0..<zoneCount where zones[zone].capacity.holds(score.job.demand) {
      let drawn = score.job.energyPerMillisecond(on: zones[zone].hardware) * zones[zone].pue
      rates[zone] = (drawn, drawn)
      nows[zone] = drawn * integral(grid.carbon, zone, score.now, score.length)
      emissions += nows[zone]
      if weights.cost != 0 { cost += (drawn * integral(grid.price, zone, score.now, score.length)).magnitude }
      energy += drawn * Double(score.length)
      count += 1
    }
    let carbonRate = weights.carbon * count / max(emissions, energy)
    let costRate = weights.cost * count / max(cost, 0.001 * energy)
    for zone in 0..<zoneCount where zones[zone].capacity.holds(score.job.demand) {
      rates[zone] = (rates[zone].carbon * carbonRate, rates[zone].cost * costRate)
    }
  }

  /// The integral over [start, start + length) of a zone.
  @inline(__always)
  private func integral(_ table: ForecastGrid.Table, _ zone: Int, _ start: Int64, _ length: Int64) -> Double {
    upTo(table, zone, start + length) - upTo(table, zone, start)
  }

  @inline(__always)
  private func upTo(_ table: ForecastGrid.Table, _ zone: Int, _ time: Int64) -> Double {
    let bucket = grid.bucket(time)
    let at = zone * grid.stride + bucket
    return table.sums[at] + table.values[at] * Double(time - grid.time(bucket))
  }

  /// The score of one start of the job that was looked at last.
  func value(_ zone: Int, _ start: Int64, _ score: JobScore) -> Double {
    let time = score.timeTerms(start)
    var value = time.delay + time.risk
    if weights.carbon != 0 { value += rates[zone].carbon * integral(grid.carbon, zone, start, score.length) }
    if weights.cost != 0 { value += rates[zone].cost * integral(grid.price, zone, start, score.length) }
    if weights.pressure != 0 {
      value +=
        weights.pressure
        * (timeline.meanShare(zone, from: start, to: start + score.length)
          + timeline.ownShare(score.job.demand, zone))
    }
    return value
  }

  private func scan(_ zone: Int, _ score: JobScore, _ frame: Frame, _ mayStartNow: (ZoneIndex) -> Bool) {
    let demand = score.job.demand
    isAmple[zone] = timeline.isAmple(zone, demand)
    nows[zone] = value(zone, score.now, score)
    let startsNow = mayStartNow(zone) && holds(zone, score.now, score)
    var best = startsNow ? nows[zone] : .infinity
    lasts[zone] = .infinity
    if score.latest > score.now {
      if holds(zone, score.latest, score) { lasts[zone] = value(zone, score.latest, score) }
      best = min(best, lasts[zone])
      best = min(best, leastOfSteps(zone, score, frame))
    }
    if !startsNow { nows[zone] = nows[zone].isFinite ? nows[zone] + 1e9 : nows[zone] }
    bests[zone] = best
  }

  @inline(__always)
  private func holds(_ zone: Int, _ start: Int64, _ score: JobScore) -> Bool {
    isAmple[zone] || timeline.holds(score.job.demand, zone, from: start, to: start + score.length)
  }

  /// Room for a run that covers `whole` buckets and a part, from each bucket of the frame on.
  private func close(_ zone: Int, _ score: JobScore, _ frame: Frame) {
    let buckets = frame.whole + (frame.cut > 0 ? 1 : 0)
    timeline.penalties(
      score.job.demand, zone, first: timeline.bucket(grid.time(frame.first)), count: frame.count,
      length: max(1, buckets), into: closed)
    for place in frame.count..<(frame.count + ForecastGrid.padding) { closed[place] = 0 }
  }

  private func leastOfSteps(_ zone: Int, _ score: JobScore, _ frame: Frame) -> Double {
    if !isAmple[zone] { close(zone, score, frame) }
    if weights.pressure != 0 { prepareShares(zone, upTo: frame.first + frame.count + frame.whole + 2) }
    var least = Lane(repeating: .infinity)
    forEachBlock(zone, score, frame) { _, scores in
      least = pointwiseMin(least, pointwiseMin(scores.onStep, scores.toStep))
    }
    return least.min()
  }

  /// The scores of the frame's starts, eight buckets at a time.
  @inline(__always)
  private func forEachBlock(
    _ zone: Int, _ score: JobScore, _ frame: Frame,
    _ body: (_ place: Int, _ scores: (onStep: Lane, toStep: Lane)) -> Void
  ) {
    let base = zone * grid.stride + frame.first
    let cut = Double(frame.cut)
    let head = Double(grid.step) - cut
    let pressure = weights.pressure / Double(score.length)
    let own = weights.pressure == 0 ? 0 : weights.pressure * timeline.ownShare(score.job.demand, zone)
    var place = 0
    while place < frame.count {
      var onScore = lane(onStep, place)
      var toScore = frame.cut > 0 ? lane(toStep, place) : Lane(repeating: .infinity)
      if weights.carbon != 0 {
        let (a, b) = windows(grid.carbon, base + place, frame.whole, cut, head)
        onScore += rates[zone].carbon * a
        toScore += rates[zone].carbon * b
      }
      if weights.cost != 0 {
        let (a, b) = windows(grid.price, base + place, frame.whole, cut, head)
        onScore += rates[zone].cost * a
        toScore += rates[zone].cost * b
      }
      if weights.pressure != 0 {
        let table = ForecastGrid.Table(values: shares, sums: shareSums)
        let (a, b) = windows(table, zone * shareRoom + frame.first + place, frame.whole, cut, head)
        onScore += pressure * a + own
        toScore += pressure * b + own
      }
      if !isAmple[zone] {
        let room = lane(closed, place)
        onScore += room
        toScore += room
      }
      body(place, (onScore, toScore))
      place += Lane.scalarCount
    }
  }

  /// Integrals of eight runs that begin on steps, and of eight that end on steps.
  @inline(__always)
  private func windows(
    _ table: ForecastGrid.Table, _ at: Int, _ whole: Int, _ cut: Double, _ head: Double
  ) -> (Lane, Lane) {
    let begin = lane(table.sums, at)
    let onStep = lane(table.sums, at + whole) + lane(table.values, at + whole) * cut - begin
    let toStep = lane(table.sums, at + whole + 1) - begin - lane(table.values, at) * head
    return (onStep, toStep)
  }

  @inline(__always)
  private func lane(_ memory: UnsafeMutablePointer<Double>, _ at: Int) -> Lane {
    UnsafeRawPointer(memory + at).loadUnaligned(as: Lane.self)
  }

  /// The earliest start of a zone whose score is within a limit that the zone reaches.
  private func earliest(_ zone: Int, _ limit: Double, _ score: JobScore, _ frame: Frame) -> Int64 {
    if nows[zone] <= limit { return score.now }
    var start = lasts[zone] <= limit ? score.latest : Int64.max
    guard score.latest > score.now else { return start }
    if !isAmple[zone] { close(zone, score, frame) }
    forEachBlock(zone, score, frame) { place, scores in
      for lane in 0..<Lane.scalarCount {
        let bucket = grid.time(frame.first + place + lane)
        if scores.onStep[lane] <= limit { start = min(start, bucket) }
        if scores.toStep[lane] <= limit { start = min(start, bucket + grid.step - frame.cut) }
      }
    }
    return start
  }

  /// The prefix sums of a zone's dominant share over the grid's buckets.
  private func prepareShares(_ zone: Int, upTo count: Int) {
    if sharesOf != grid.issuedAt || shareRoom < grid.stride {
      sharesOf = grid.issuedAt
      for zone in 0..<zoneCount { shareIsStale[zone] = true }
      if shareRoom < grid.stride {
        shareRoom = grid.stride
        shares.deallocate()
        shareSums.deallocate()
        shares = .allocate(capacity: zoneCount * shareRoom)
        shareSums = .allocate(capacity: zoneCount * shareRoom)
      }
    }
    guard shareIsStale[zone] else { return }
    shareIsStale[zone] = false
    let first = timeline.bucket(grid.origin)
    let at = zone * shareRoom
    var sum = 0.0
    for bucket in 0..<shareRoom {
      let share = first + bucket < timeline.base ? 0 : timeline.expectedShare(zone, first + bucket)
      shares[at + bucket] = share
      shareSums[at + bucket] = sum
      sum += share * Double(grid.step)
    }
  }
}
