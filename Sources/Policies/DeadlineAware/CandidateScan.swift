internal import Domain

/// The candidates of a job over even steps, eight at once, zone by zone: now, every step, every start whose estimated
/// end falls on a step, and the latest start. Emissions over [s, s + d) come from two prefix sums and the value of the
/// step that is cut.
///
/// Zones are looked at in the order of a lower bound, the least value within the window times the length, and no more
/// once three are better than the next bound. O(zones + zones looked at × steps in the window); nothing is allocated.
final class CandidateScan {
  private let grid: ForecastGrid
  private let timeline: CapacityTimeline
  private let weights: ScoreWeights
  private let zoneCount: Int
  private let lines: UnsafeMutablePointer<Line>
  private let order: UnsafeMutablePointer<Int>
  private let shares: ShareTable
  /// Room for the terms of the two kinds of starts, and for what has no room.
  @exclusivity(unchecked) private var room = StartRoom(256)

  /// What is known of a zone, and of the job that is looked at there.
  private struct Line {
    let capacity: Resources
    let hardware: HardwareModel
    let pue: Double
    var isUsable = false
    var isAmple = false
    /// Score a value × millisecond.
    var carbonRate = 0.0
    var costRate = 0.0
    var ownPressure = 0.0
    /// No candidate has a lower score.
    var bound = Double.infinity
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
    for (place, zone) in zones.enumerated() {
      (lines + place).initialize(to: Line(capacity: zone.capacity, hardware: zone.hardware, pue: zone.pue))
      (order + place).initialize(to: place)
    }
  }

  deinit {
    lines.deallocate()
    order.deallocate()
    room.deallocate()
  }

  /// What is planned or runs in a zone has changed.
  func touch(_ zone: ZoneIndex) { shares.touch(zone) }

  /// The best candidate with room; the grid must reach to the end of the job from its latest start.
  ///
  /// - Parameter free: what is free in each zone at this moment.
  func choose(_ score: JobScore, free: UnsafePointer<Resources>) -> CandidateChoice {
    let frame = StartFrame(score, grid)
    room.fill(score, frame, grid)
    if weights.pressure != 0 { shares.lay(grid) }
    let usable = prepare(score, frame, free)
    var best = (Double.infinity, Double.infinity, Double.infinity)
    for place in 0..<usable {
      let zone = order[place]
      if lines[zone].bound > best.2 + scoreTolerance(best.2) { break }
      scan(zone, score, frame)
      let found = lines[zone].best
      if found < best.0 {
        best = (found, best.0, best.1)
      } else if found < best.1 {
        best = (best.0, found, best.1)
      } else if found < best.2 {
        best.2 = found
      }
    }
    return chosen(best.0, score, frame)
  }

  /// The score of one start of the job that was looked at last, in a zone that can hold it.
  func value(_ zone: Int, _ start: Int64, _ score: JobScore) -> Double {
    let time = score.timeTerms(start)
    var value = time.delay + time.risk
    if weights.carbon != 0 { value += lines[zone].carbonRate * integral(grid.carbon, zone, start, score.length) }
    if weights.cost != 0 { value += lines[zone].costRate * integral(grid.price, zone, start, score.length) }
    if weights.pressure != 0 {
      shares.prepare(zone, grid.bucket(start + score.length) + 1)
      value +=
        lines[zone].ownPressure + weights.pressure * shares.mean(zone, start, score.length, grid)
    }
    return value
  }

  /// Works out rates, bounds and the start now of every zone that can hold the job, and puts them in order.
  private func prepare(_ score: JobScore, _ frame: StartFrame, _ free: UnsafePointer<Resources>) -> Int {
    let demand = score.job.demand
    var emissions = 0.0
    var cost = 0.0
    var energy = 0.0
    var usable = 0
    for zone in 0..<zoneCount {
      let line = lines + zone
      line.pointee.best = .infinity
      line.pointee.isUsable = line.pointee.capacity.holds(demand)
      guard line.pointee.isUsable else { continue }
      let drawn = score.job.energyPerMillisecond(on: line.pointee.hardware) * line.pointee.pue
      line.pointee.carbonRate = drawn
      line.pointee.startsNow = free[zone].holds(demand)
      emissions += drawn * integral(grid.carbon, zone, score.now, score.length)
      if weights.cost != 0 { cost += (drawn * integral(grid.price, zone, score.now, score.length)).magnitude }
      energy += drawn * Double(score.length)
      order[usable] = zone
      usable += 1
    }
    let carbonRate = weights.carbon * Double(usable) / max(emissions, energy)
    let costRate = weights.cost * Double(usable) / max(cost, 0.001 * energy)
    let time = score.timeTerms(score.now)
    let final = frame.first + frame.count + frame.whole
    for place in 0..<usable {
      let zone = order[place]
      let line = lines + zone
      line.pointee.costRate = line.pointee.carbonRate * costRate
      line.pointee.carbonRate *= carbonRate
      line.pointee.ownPressure = weights.pressure == 0 ? 0 : weights.pressure * timeline.ownShare(demand, zone)
      var bound = line.pointee.carbonRate * grid.carbon.minima[zone * grid.stride + final]
      if weights.cost != 0 { bound += line.pointee.costRate * grid.price.minima[zone * grid.stride + final] }
      line.pointee.bound = time.delay + time.risk + line.pointee.ownPressure + bound * Double(score.length)
      sort(place)
    }
    return usable
  }

  /// Moves the zone at a place up to where its bound puts it; ties stay in the scenario's order.
  private func sort(_ place: Int) {
    let zone = order[place]
    let bound = lines[zone].bound
    var at = place
    while at > 0, lines[order[at - 1]].bound > bound {
      order[at] = order[at - 1]
      at -= 1
    }
    order[at] = zone
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

  private func scan(_ zone: Int, _ score: JobScore, _ frame: StartFrame) {
    let line = lines + zone
    line.pointee.isAmple = timeline.isAmple(zone, score.job.demand)
    line.pointee.now = value(zone, score.now, score)
    line.pointee.startsNow = line.pointee.startsNow && holds(zone, score.now, score)
    line.pointee.last = .infinity
    var best = line.pointee.startsNow ? line.pointee.now : .infinity
    if score.latest > score.now {
      if holds(zone, score.latest, score) { line.pointee.last = value(zone, score.latest, score) }
      best = min(best, line.pointee.last, leastOfSteps(zone, score, frame))
    }
    line.pointee.best = best
  }

  @inline(__always)
  private func holds(_ zone: Int, _ start: Int64, _ score: JobScore) -> Bool {
    lines[zone].isAmple || timeline.holds(score.job.demand, zone, from: start, to: start + score.length)
  }

  private func leastOfSteps(_ zone: Int, _ score: JobScore, _ frame: StartFrame) -> Double {
    if !lines[zone].isAmple, !close(zone, score, frame) { return .infinity }
    // As far as the last block reads.
    let reach = frame.first + frame.count + frame.whole + ForecastGrid.padding
    if weights.pressure != 0 { shares.prepare(zone, min(grid.stride, reach)) }
    var least = Lane(repeating: .infinity)
    forEachBlock(zone, score, frame) { _, onStep, toStep in
      least = least.replacing(with: onStep, where: onStep .< least)
      least = least.replacing(with: toStep, where: toStep .< least)
    }
    let four = least.lowHalf.replacing(with: least.highHalf, where: least.highHalf .< least.lowHalf)
    return min(four[0], four[1], four[2], four[3])
  }

  /// Marks the starts without room; whether any has.
  private func close(_ zone: Int, _ score: JobScore, _ frame: StartFrame) -> Bool {
    timeline.penalties(
      score.job.demand, zone, first: timeline.bucket(grid.time(frame.first)), count: frame.count,
      length: max(1, frame.whole + (frame.cut > 0 ? 1 : 0)), into: room.closed)
  }

  /// The scores of the frame's starts, eight buckets at a time.
  @inline(__always)
  private func forEachBlock(
    _ zone: Int, _ score: JobScore, _ frame: StartFrame,
    _ body: (_ place: Int, _ onStep: Lane, _ toStep: Lane) -> Void
  ) {
    let line = lines[zone]
    let base = zone * grid.stride + frame.first
    let cut = Double(frame.cut)
    let head = Double(grid.step) - cut
    let pressure = weights.pressure / Double(score.length)
    var place = 0
    while place < frame.count {
      var onStep = lane(room.onStep, place) + line.ownPressure
      var toStep = lane(room.toStep, place) + line.ownPressure
      if weights.carbon != 0 {
        let (a, b) = windows(grid.carbon.sums, grid.carbon.values, base + place, frame.whole, cut, head)
        onStep += line.carbonRate * a
        toStep += line.carbonRate * b
      }
      if weights.cost != 0 {
        let (a, b) = windows(grid.price.sums, grid.price.values, base + place, frame.whole, cut, head)
        onStep += line.costRate * a
        toStep += line.costRate * b
      }
      if weights.pressure != 0 {
        let at = zone * shares.stride + frame.first + place
        let (a, b) = windows(shares.sums, shares.values, at, frame.whole, cut, head)
        onStep += pressure * a
        toStep += pressure * b
      }
      if !line.isAmple {
        let closed = lane(room.closed, place)
        onStep += closed
        toStep += closed
      }
      body(place, onStep, toStep)
      place += Lane.scalarCount
    }
  }

  /// Integrals of eight runs that begin on steps, and of eight that end on steps.
  @inline(__always)
  private func windows(
    _ sums: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>, _ at: Int, _ whole: Int,
    _ cut: Double, _ head: Double
  ) -> (Lane, Lane) {
    let begin = lane(sums, at)
    let onStep = lane(sums, at + whole) + lane(values, at + whole) * cut - begin
    let toStep = lane(sums, at + whole + 1) - begin - lane(values, at) * head
    return (onStep, toStep)
  }

  /// Of the zones that reach the least score, the earliest start, then the first zone.
  private func chosen(_ least: Double, _ score: JobScore, _ frame: StartFrame) -> CandidateChoice {
    var choice = CandidateChoice()
    if least.isFinite {
      let limit = least + scoreTolerance(least)
      for zone in 0..<zoneCount where lines[zone].isUsable && lines[zone].best <= limit {
        let start = earliest(zone, limit, score, frame)
        if !choice.isFound || start < choice.start {
          choice.zone = zone
          choice.start = start
        }
      }
      choice.score = least
      _ = choice.ranking.add(choice.zone)
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
        let own = (isFull, isFull ? lines[zone].bound : lines[zone].best)
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
    // Another zone may have been looked at since.
    if !lines[zone].isAmple { _ = close(zone, score, frame) }
    let bound = Lane(repeating: limit)
    var isFound = false
    forEachBlock(zone, score, frame) { place, onStep, toStep in
      guard !isFound else { return }
      for (scores, shift) in [(onStep, 0), (toStep, grid.step - frame.cut)] where any(scores .<= bound) {
        isFound = true
        for lane in 0..<Lane.scalarCount where scores[lane] <= limit {
          start = min(start, grid.time(frame.first + place + lane) + shift)
        }
      }
    }
    return start
  }
}

typealias Lane = SIMD8<Double>

@inline(__always)
func lane(_ memory: UnsafeMutablePointer<Double>, _ at: Int) -> Lane {
  UnsafeRawPointer(memory + at).loadUnaligned(as: Lane.self)
}
