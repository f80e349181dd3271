internal import Domain

/// The candidates of a job over even steps, four at once, zone by zone: now, every step, every start whose estimated
/// end falls on a step, and the latest start. Emissions over [s, s + d) come from two prefix sums and the value of the
/// step that is cut.
///
/// Zones are looked at in the order of a lower bound, the least value within the window times the length, and no more
/// once three are better than the next bound. O(zones + zones looked at × steps in the window); nothing is allocated.
final class CandidateScan {
  let grid: ForecastGrid
  let timeline: CapacityTimeline
  let weights: ScoreWeights
  private let zoneCount: Int
  let lines: UnsafeMutablePointer<Line>
  private let order: UnsafeMutablePointer<Int>
  let shares: ShareTable
  /// By zone: score a value × millisecond, and what no candidate's score is below, terms of time apart.
  let carbonRates: UnsafeMutablePointer<Double>
  let costRates: UnsafeMutablePointer<Double>
  private let floors: UnsafeMutablePointer<Double>
  /// Room for the terms of the two kinds of starts, and for what has no room.
  @exclusivity(unchecked) private var room = StartRoom(256)

  /// What is known of a zone, and of the job that is looked at there.
  struct Line {
    /// The most that it may ever have.
    var capacity: Resources
    let hardware: HardwareModel
    let pue: Double
    var isUsable = false
    var isAmple = false
    var ownPressure = 0.0
    /// A start now, room or not, and whether there is room.
    var now = Double.infinity
    var startsNow = false
    /// The latest start, infinity without room.
    var last = Double.infinity
    /// Of those with room; infinity where none has or the zone was not looked at.
    var best = Double.infinity
  }

  init(zones: [Zone], grid: ForecastGrid, timeline: CapacityTimeline, weights: ScoreWeights) {
    self.grid = grid
    self.timeline = timeline
    self.weights = weights
    zoneCount = zones.count
    shares = ShareTable(timeline)
    lines = .allocate(capacity: zones.count)
    order = .allocate(capacity: zones.count)
    carbonRates = .allocate(capacity: zones.count)
    costRates = .allocate(capacity: zones.count)
    floors = .allocate(capacity: zones.count)
    for (place, zone) in zones.enumerated() {
      (lines + place).initialize(to: Line(capacity: zone.capacity, hardware: zone.hardware, pue: zone.pue))
      (order + place).initialize(to: place)
      (carbonRates + place).initialize(to: 0)
      (costRates + place).initialize(to: 0)
      (floors + place).initialize(to: 0)
    }
  }

  deinit {
    lines.deallocate()
    order.deallocate()
    carbonRates.deallocate()
    costRates.deallocate()
    floors.deallocate()
    room.deallocate()
  }

  func setCapacity(_ zone: ZoneIndex, _ most: Resources) {
    lines[zone].capacity = most
    shares.forget(zone)
  }

  /// What is planned or runs in a zone has changed from a time on.
  func touch(_ zone: ZoneIndex, from: Int64) { shares.touch(zone, from: from) }

  /// The expected load was laid anew.
  func forgetShares() { shares.forget() }

  /// The best candidate with room; the grid must reach to the end of the job from its latest start.
  ///
  /// - Parameter free: what is free in each zone at this moment.
  func choose(_ score: JobScore, free: UnsafePointer<Resources>) -> CandidateChoice {
    let frame = StartFrame(score, grid)
    room.fill(score, frame, grid)
    if weights.pressure != 0 { shares.lay(grid) }
    let usable = prepare(score, frame, free)
    let time = score.timeTerms(score.now)
    let soonest = time.delay + time.risk
    var best = BestThree()
    for place in 0..<usable {
      let zone = next(place, usable)
      // What is above the third best matters to nobody.
      let limit = best.scores.2 + scoreTolerance(best.scores.2)
      if soonest + floors[zone] > limit { break }
      scan(zone, score, frame, limit)
      best.add(lines[zone].best, zone)
    }
    return chosen(best, score, frame)
  }

  /// Works out the rates of a job, as ``choose(_:free:)`` does.
  func look(_ score: JobScore, free: UnsafePointer<Resources>) {
    let frame = StartFrame(score, grid)
    if weights.pressure != 0 { shares.lay(grid) }
    _ = prepare(score, frame, free)
  }

  /// The score of one start of the job that was looked at last, in a zone that can hold it.
  func value(_ zone: Int, _ start: Int64, _ score: JobScore) -> Double {
    let run = RunSpan(start, score.length, grid)
    if weights.pressure != 0 { shares.prepare(zone, run.last + 1) }
    return value(zone, run, score)
  }

  private func value(_ zone: Int, _ run: RunSpan, _ score: JobScore) -> Double {
    let time = score.timeTerms(run.start)
    var value = time.delay + time.risk
    if weights.carbon != 0 { value += carbonRates[zone] * integral(grid.carbon, zone, run) }
    if weights.cost != 0 { value += costRates[zone] * integral(grid.price, zone, run) }
    if weights.pressure != 0 {
      value += lines[zone].ownPressure + weights.pressure * shares.mean(zone, run, score.length)
    }
    return value
  }

  /// Works out rates, bounds and the start now of every zone that can hold the job, and tells how many there are.
  private func prepare(_ score: JobScore, _ frame: StartFrame, _ free: UnsafePointer<Resources>) -> Int {
    let demand = score.job.demand
    let (carbon, price, stride) = (grid.carbon, grid.price, grid.stride)
    let (carbonRates, costRates, floors) = (carbonRates, costRates, floors)
    let needsCost = weights.cost != 0
    var emissions = 0.0
    var cost = 0.0
    var energy = 0.0
    var usable = 0
    for zone in 0..<zoneCount {
      let line = lines + zone
      line.pointee.best = .infinity
      line.pointee.isUsable = line.pointee.capacity.holds(demand)
      carbonRates[zone] = 0
      guard line.pointee.isUsable else { continue }
      let drawn = score.job.energyPerMillisecond(on: line.pointee.hardware) * line.pointee.pue
      carbonRates[zone] = drawn
      line.pointee.startsNow = free[zone].holds(demand)
      let at = zone * stride
      emissions += drawn * frame.now.integral(carbon.values + at, carbon.sums + at)
      if needsCost { cost += (drawn * frame.now.integral(price.values + at, price.sums + at)).magnitude }
      energy += drawn * Double(score.length)
      order[usable] = zone
      usable += 1
    }
    // A job that draws nothing costs nothing anywhere: whatever is divided by, the terms are 0.
    if energy == 0 { energy = 1 }
    let carbonScale = weights.carbon * Double(usable) / max(emissions, energy)
    let costScale = weights.cost * Double(usable) / max(cost, 0.001 * energy)
    for zone in 0..<zoneCount {
      costRates[zone] = carbonRates[zone] * costScale
      carbonRates[zone] *= carbonScale
      floors[zone] = weights.pressure == 0 ? 0 : weights.pressure * timeline.ownShare(demand, zone)
      lines[zone].ownPressure = floors[zone]
    }
    // No run touches a bucket after the grid's last.
    let final = min(frame.latest.last, grid.count - 1)
    grid.carbonMinima.select(frame.whole, frame.cut, through: final, carbon, grid.count)
    grid.carbonMinima.addBounds(to: floors, rates: carbonRates)
    if needsCost {
      grid.priceMinima.select(frame.whole, frame.cut, through: final, price, grid.count)
      grid.priceMinima.addBounds(to: floors, rates: costRates)
    }
    return usable
  }

  /// Puts the zone with the least floor of those from a place on there: few are ever asked for.
  @inline(__always)
  private func next(_ place: Int, _ usable: Int) -> Int {
    var best = place
    for other in (place + 1)..<max(usable, place + 1) where floors[order[other]] < floors[order[best]] { best = other }
    let zone = order[best]
    order[best] = order[place]
    order[place] = zone
    return zone
  }

  /// The integral over a run in a zone.
  @inline(__always)
  func integral(_ table: ForecastGrid.Table, _ zone: Int, _ run: RunSpan) -> Double {
    run.integral(table.values + zone * grid.stride, table.sums + zone * grid.stride)
  }

  /// Finds a zone's least score; one above the limit may be another that is above it, too.
  private func scan(_ zone: Int, _ score: JobScore, _ frame: StartFrame, _ limit: Double) {
    let line = lines + zone
    line.pointee.isAmple = timeline.isAmple(zone, score.job.demand)
    line.pointee.last = .infinity
    if weights.pressure != 0 { shares.prepare(zone, frame.now.last + 1) }
    line.pointee.now = value(zone, frame.now, score)
    line.pointee.startsNow = line.pointee.startsNow && line.pointee.now <= limit && holds(zone, score.now, score)
    var best = line.pointee.startsNow ? line.pointee.now : .infinity
    if score.latest > score.now {
      if weights.pressure != 0 { shares.prepare(zone, frame.latest.last + 1) }
      let last = value(zone, frame.latest, score)
      if last <= min(limit, best), holds(zone, score.latest, score) {
        line.pointee.last = last
        best = min(best, last)
      }
      best = min(best, leastOfSteps(zone, score, frame, min(limit, best)))
    }
    line.pointee.best = best
  }

  @inline(__always)
  private func holds(_ zone: Int, _ start: Int64, _ score: JobScore) -> Bool {
    lines[zone].isAmple || timeline.holds(score.job.demand, zone, from: start, to: start + score.length)
  }

  /// How many of the frame's starts can have a score up to a limit: the terms of time only grow.
  @inline(__always)
  private func reach(_ zone: Int, _ frame: StartFrame, _ limit: Double) -> Int {
    let left = limit - floors[zone]
    var place = Lane.scalarCount
    while place < frame.count, room.onStep[place] <= left { place += Lane.scalarCount }
    return min(place, frame.count)
  }

  private func leastOfSteps(_ zone: Int, _ score: JobScore, _ frame: StartFrame, _ limit: Double) -> Double {
    let count = reach(zone, frame, limit)
    if !lines[zone].isAmple, !close(zone, score, frame, count) { return .infinity }
    // As far as the last block reads.
    if weights.pressure != 0 {
      shares.prepare(zone, min(grid.stride, frame.first + count + frame.whole + ForecastGrid.padding))
    }
    var least = Lane(repeating: .infinity)
    forEachBlock(zone, score, frame, count) { _, onStep, toStep in
      least = least.replacing(with: onStep, where: onStep .< least)
      least = least.replacing(with: toStep, where: toStep .< least)
      return true
    }
    return min(min(least[0], least[1]), min(least[2], least[3]))
  }

  /// Marks the first starts without room; whether any has.
  private func close(_ zone: Int, _ score: JobScore, _ frame: StartFrame, _ count: Int) -> Bool {
    timeline.penalties(
      score.job.demand, zone, first: timeline.bucket(grid.time(frame.first)), count: count,
      length: max(1, frame.whole + (frame.cut > 0 ? 1 : 0)), into: room.closed)
  }

  /// The scores of the frame's first starts, a block at a time, until somebody has seen enough.
  @inline(__always)
  private func forEachBlock(
    _ zone: Int, _ score: JobScore, _ frame: StartFrame, _ count: Int,
    _ body: (_ place: Int, _ onStep: Lane, _ toStep: Lane) -> Bool
  ) {
    var own = lines[zone].ownPressure
    let isAmple = lines[zone].isAmple
    let at = zone * grid.stride + frame.first
    let (needsCarbon, needsPressure) = (weights.carbon != 0, weights.pressure != 0)
    // A price that stays is a price that makes no start better than another.
    let needsCost = weights.cost != 0 && !grid.priceIsFlat(zone)
    if weights.cost != 0, !needsCost {
      own += costRates[zone] * grid.price.values[zone * grid.stride] * Double(score.length)
    }
    let carbon = RunLine(grid.carbon.sums + at, grid.carbon.values + at, carbonRates[zone], frame)
    let price = needsCost ? RunLine(grid.price.sums + at, grid.price.values + at, costRates[zone], frame) : carbon
    let shareAt = zone * shares.stride + frame.first
    let pressure =
      needsPressure
      ? RunLine(shares.sums + shareAt, shares.values + shareAt, weights.pressure / Double(score.length), frame)
      : carbon
    let (onSteps, toSteps, closed) = (room.onStep, room.toStep, room.closed)
    var place = 0
    while place < count {
      let penalty = isAmple ? Lane(repeating: 0) : lane(closed, place)
      if !isAmple, min(min(penalty[0], penalty[1]), min(penalty[2], penalty[3])) == .infinity {
        place &+= Lane.scalarCount
        continue
      }
      var onStep = lane(onSteps, place) + own
      var toStep = lane(toSteps, place) + own
      if needsCarbon { carbon.add(place, &onStep, &toStep) }
      if needsCost { price.add(place, &onStep, &toStep) }
      if needsPressure { pressure.add(place, &onStep, &toStep) }
      if !isAmple {
        onStep += penalty
        toStep += penalty
      }
      guard body(place, onStep, toStep) else { return }
      place &+= Lane.scalarCount
    }
  }

  /// Of the zones that reach the least score, the earliest start, then the first zone.
  private func chosen(_ best: BestThree, _ score: JobScore, _ frame: StartFrame) -> CandidateChoice {
    var choice = CandidateChoice()
    let least = best.scores.0
    if least.isFinite {
      let limit = least + scoreTolerance(least)
      if best.scores.1 > limit {
        choice.zone = best.zones.0
        choice.start = earliest(choice.zone, limit, score, frame)
      } else {
        for zone in 0..<zoneCount where lines[zone].isUsable && lines[zone].best <= limit {
          let start = earliest(zone, limit, score, frame)
          if !choice.isFound || start < choice.start {
            choice.zone = zone
            choice.start = start
          }
        }
      }
      choice.score = least
      _ = choice.ranking.add(choice.zone)
      if best.scores.1 > limit, best.scores.2.isFinite {
        _ = choice.ranking.add(best.zones.1)
        _ = choice.ranking.add(best.zones.2)
        return choice
      }
    }
    rank(&choice, score)
    return choice
  }

  /// Behind the chosen zone those with the next best scores; zones without room, by the score of a start now, last.
  private func rank(_ choice: inout CandidateChoice, _ score: JobScore) {
    var taken = (choice.zone, -1)
    for place in (choice.isFound ? 1 : 0)..<3 {
      var best = -1
      var bestScore = (true, Double.infinity)
      for zone in 0..<zoneCount where lines[zone].isUsable && zone != taken.0 && zone != taken.1 {
        let isFull = !lines[zone].best.isFinite
        let own = (isFull, isFull ? floors[zone] : lines[zone].best)
        if best < 0 || (!own.0 && bestScore.0) || (own.0 == bestScore.0 && own.1 < bestScore.1) {
          best = zone
          bestScore = own
        }
      }
      guard best >= 0 else { return }
      _ = choice.ranking.add(best)
      if place == 0 { taken.0 = best } else { taken.1 = best }
    }
  }

  /// The earliest start of a zone whose score is within a limit that the zone reaches.
  private func earliest(_ zone: Int, _ limit: Double, _ score: JobScore, _ frame: StartFrame) -> Int64 {
    if lines[zone].startsNow, lines[zone].now <= limit { return score.now }
    var start = lines[zone].last <= limit ? score.latest : Int64.max
    guard score.latest > score.now else { return start }
    let count = reach(zone, frame, limit)
    // Another zone may have been looked at since.
    if !lines[zone].isAmple { _ = close(zone, score, frame, count) }
    let bound = Lane(repeating: limit)
    forEachBlock(zone, score, frame, count) { place, onStep, toStep in
      var isFound = false
      for (scores, shift) in [(onStep, 0), (toStep, grid.step - frame.cut)] where any(scores .<= bound) {
        isFound = true
        for lane in 0..<Lane.scalarCount where scores[lane] <= limit {
          start = min(start, grid.time(frame.first + place + lane) + shift)
        }
      }
      return !isFound
    }
    return start
  }
}

/// What is looked at at once: two registers of the plainest machine, so that nothing is put by.
typealias Lane = SIMD4<Double>

@inline(__always)
func lane(_ memory: UnsafeMutablePointer<Double>, _ at: Int) -> Lane {
  UnsafeRawPointer(memory + at).loadUnaligned(as: Lane.self)
}
