internal import Domain

/// The candidates of a job over even steps, four at once, zone by zone: now, every step, every start whose estimated
/// end falls on a step, and the latest start. Emissions over [s, s + d) come from two prefix sums and the value of the
/// step that is cut.
///
/// ``WindowBounds`` give each zone and stretch of starts a bound from below. Zones are looked at in the order of their
/// least bound, and no more once three are better than the next; of a zone, the stretches whose bound is not above what
/// was found. O(zones × stretches + starts looked at); nothing is allocated.
final class CandidateScan {
  let grid: ForecastGrid
  let timeline: CapacityTimeline
  let weights: ScoreWeights
  private let zoneCount: Int
  private let width: Int
  let lines: UnsafeMutablePointer<Line>
  private let order: UnsafeMutablePointer<Int>
  let shares: ShareTable
  private let carbonBounds: WindowBounds
  private let priceBounds: WindowBounds
  /// By zone, in whole lanes, as are all that follow: score a value × millisecond.
  let carbonRates: UnsafeMutablePointer<Double>
  let costRates: UnsafeMutablePointer<Double>
  /// What the job itself adds to its pressure term.
  let owns: UnsafeMutablePointer<Double>
  /// What all of a zone's starts have in common: what the job itself adds, and the cost where no zone's price changes.
  let bases: UnsafeMutablePointer<Double>
  /// Weight of the pressure over the job's length.
  @exclusivity(unchecked) private(set) var pressureRate = 0.0
  private let pues: UnsafeMutablePointer<Double>
  /// What no candidate's score is below; infinity for zones that cannot hold the job.
  private let floors: UnsafeMutablePointer<Double>
  /// Of candidates with room; infinity where none has or the zone was not looked at.
  private let bests: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  /// The same by stretch and zone; of stretches that were looked at, what the best on a step comes to.
  @exclusivity(unchecked) private var bounds: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private var boundSize = 0
  /// The least that any zone may ever have: who fits in it fits everywhere.
  @exclusivity(unchecked) private var smallest: Resources
  @exclusivity(unchecked) private var room = StartRoom(stretches: 32)
  /// The bucket of the expected load that the grid begins with.
  @exclusivity(unchecked) private var firstBucket = 0
  /// Of the zone that is looked at.
  @exclusivity(unchecked) var closed = ClosedStarts()

  /// What is known of a zone, and of the job that is looked at there.
  struct Line {
    /// The most that it may ever have.
    var capacity: Resources
    let hardware: HardwareModel
    var isAmple = false
    /// True if a start now has room and what its score is.
    var startsNow = false
    var now = Double.infinity
    /// The latest start, infinity without room.
    var last = Double.infinity
  }

  init(zones: [Zone], grid: ForecastGrid, timeline: CapacityTimeline, weights: ScoreWeights) {
    self.grid = grid
    self.timeline = timeline
    self.weights = weights
    zoneCount = zones.count
    width = WindowBounds.width(zones.count)
    shares = ShareTable(timeline)
    carbonBounds = grid.carbonBounds
    priceBounds = grid.priceBounds
    lines = .allocate(capacity: zones.count)
    order = .allocate(capacity: zones.count)
    func line() -> UnsafeMutablePointer<Double> {
      let line = UnsafeMutablePointer<Double>.allocate(capacity: WindowBounds.width(zones.count))
      line.initialize(repeating: 0, count: WindowBounds.width(zones.count))
      return line
    }
    (carbonRates, costRates, owns, bases, pues, floors, bests, scratch) = (
      line(), line(), line(), line(), line(), line(), line(), line()
    )
    bounds = .allocate(capacity: 1)
    smallest = .zero
    for (place, zone) in zones.enumerated() {
      (lines + place).initialize(to: Line(capacity: zone.capacity, hardware: zone.hardware))
      (order + place).initialize(to: place)
      pues[place] = zone.pue
    }
    findSmallest()
  }

  deinit {
    for line in [carbonRates, costRates, owns, bases, pues, floors, bests, scratch, bounds] { line.deallocate() }
    lines.deallocate()
    order.deallocate()
    room.deallocate()
    closed.deallocate()
  }

  func setCapacity(_ zone: ZoneIndex, _ most: Resources) {
    lines[zone].capacity = most
    findSmallest()
    shares.forget(zone)
  }

  private func findSmallest() {
    guard zoneCount > 0 else { return }
    smallest = lines[0].capacity
    for zone in 1..<zoneCount { smallest = smallest.smaller(lines[zone].capacity) }
  }

  /// What is planned or runs in a zone has changed from a time on.
  func touch(_ zone: ZoneIndex, from: Int64) { shares.touch(zone, from: from) }

  /// The expected load was laid anew.
  func forgetShares() { shares.forget() }

  /// The best candidate with room; the grid must reach to the end of the job from its latest start.
  ///
  /// - Parameter free: what is free in each zone at this moment.
  func choose(_ score: JobScore, free: UnsafePointer<Resources>) -> CandidateChoice {
    let frame = StartFrame(score, grid.times)
    room.begin(frame)
    firstBucket = timeline.bucket(grid.origin)
    if weights.pressure != 0 { shares.lay(grid) }
    let usable = prepare(score, frame)
    bound(score, frame)
    sortByFloor()
    var best = BestThree()
    for place in 0..<usable {
      let zone = order[place]
      // What is above the third best matters to nobody.
      let limit = best.scores.2 + scoreTolerance(best.scores.2)
      if floors[zone] > limit { break }
      let least = scan(zone, score, frame, limit, free)
      bests[zone] = least
      if least <= limit { best.add(least, zone) }
    }
    return chosen(best, score, frame)
  }

  /// Works out the rates of a job, as ``choose(_:free:)`` does.
  func look(_ score: JobScore) {
    if weights.pressure != 0 { shares.lay(grid) }
    _ = prepare(score, StartFrame(score, grid.times))
  }

  /// The score of one start of the job that was looked at last, in a zone that can hold it.
  func value(_ zone: Int, _ start: Int64, _ score: JobScore) -> Double {
    let run = RunSpan(start, score.length, grid.times)
    return value(zone, run, score)
  }

  private func value(_ zone: Int, _ run: RunSpan, _ score: JobScore) -> Double {
    let time = score.timeTerms(run.start)
    var value = time.delay + time.risk
    if weights.carbon != 0 { value += carbonRates[zone] * integral(grid.carbon, zone, run) }
    if weights.cost != 0 { value += costRates[zone] * integral(grid.price, zone, run) }
    if weights.pressure != 0 {
      shares.prepare(zone, run.last + 1)
      value += owns[zone] + weights.pressure * shares.mean(zone, run, score.length)
    }
    return value
  }

  /// The integral over a run in a zone.
  @inline(__always)
  func integral(_ table: ForecastGrid.Table, _ zone: Int, _ run: RunSpan) -> Double {
    run.integral(table.values + zone * grid.stride, table.sums + zone * grid.stride)
  }

  /// Works out the rates of every zone that can hold the job, and tells how many there are. Others have an infinite
  /// floor, and what was found before is forgotten.
  private func prepare(_ score: JobScore, _ frame: StartFrame) -> Int {
    let usable = draw(score.job)
    var energy = 0.0
    for zone in 0..<zoneCount { energy += carbonRates[zone] * Double(score.length) }
    // A job that draws nothing costs nothing anywhere: whatever is divided by, the terms are 0.
    if energy == 0 { energy = 1 }
    let needsCost = weights.cost != 0
    let emissions = startNow(carbonBounds, frame)
    let cost = needsCost ? startNow(priceBounds, frame) : 0
    let carbonScale = weights.carbon * Double(usable) / max(emissions, energy)
    let costScale = weights.cost * Double(usable) / max(cost, 0.001 * energy)
    if weights.pressure != 0 { timeline.ownShares(score.job.demand, times: weights.pressure, into: owns) }
    var zone = 0
    while zone < width {
      let drawn = lane(carbonRates, zone)
      put(drawn * costScale, costRates, zone)
      put(drawn * carbonScale, carbonRates, zone)
      put(Lane(repeating: .infinity), bests, zone)
      zone &+= Lane.scalarCount
    }
    return usable
  }

  /// Puts what a job draws in each zone, 0 in those that cannot hold it, by the rates of carbon; how many can.
  private func draw(_ job: Job) -> Int {
    let (rates, pues, lines) = (carbonRates, pues, lines)
    if job.estimatedEnergy.value.isNaN {
      for zone in 0..<zoneCount { rates[zone] = job.energyPerMillisecond(on: lines[zone].hardware) * pues[zone] }
    } else {
      let drawn = job.energyPerMillisecond(on: lines[0].hardware)
      for zone in 0..<zoneCount { rates[zone] = drawn * pues[zone] }
    }
    for zone in 0..<width { floors[zone] = zone < zoneCount ? 0 : .infinity }
    guard !smallest.holds(job.demand) else { return zoneCount }
    var usable = 0
    for zone in 0..<zoneCount {
      if lines[zone].capacity.holds(job.demand) {
        usable += 1
      } else {
        rates[zone] = 0
        floors[zone] = .infinity
      }
    }
    return usable
  }

  /// What the starts now come to in all zones together, in magnitude.
  private func startNow(_ table: WindowBounds, _ frame: StartFrame) -> Double {
    let run = frame.now
    let (first, last) = (run.first * width, run.last * width)
    var zone = 0
    while zone < width {
      let before = lane(table.sums, first + zone) + lane(table.values, first + zone) * run.head
      let after = lane(table.sums, last + zone) + lane(table.values, last + zone) * run.tail
      put((after - before) * lane(carbonRates, zone), scratch, zone)
      zone &+= Lane.scalarCount
    }
    var sum = 0.0
    for zone in 0..<zoneCount { sum += scratch[zone].magnitude }
    return sum
  }

  /// Works out the bounds of every stretch and zone.
  private func bound(_ score: JobScore, _ frame: StartFrame) {
    let stretches = frame.last - frame.first + 1
    if stretches * (width + 1) > boundSize {
      boundSize = 2 * stretches * (width + 1)
      bounds.deallocate()
      bounds = .allocate(capacity: boundSize)
    }
    let (bounds, width) = (bounds, width)
    let times = bounds + stretches * width
    for stretch in 0..<stretches {
      let first = grid.time((frame.first &+ stretch) &* WindowBounds.stretch)
      let time = score.timeTerms(max(score.now, first))
      times[stretch] = time.delay + time.risk
    }
    let part = Double(frame.cut) / Double(grid.step)
    // A price that stays is a price that makes no start better than another.
    let isFlat = weights.cost == 0 || grid.pricesAreFlat
    pressureRate = weights.pressure / Double(score.length)
    let carbon = carbonBounds.least(frame, part)
    let price = isFlat ? carbon : priceBounds.least(frame, part)
    var zone = 0
    while zone < width {
      let (carbonRate, costRate) = (lane(carbonRates, zone), lane(costRates, zone))
      var base = lane(floors, zone)
      if weights.pressure != 0 { base += lane(owns, zone) }
      if isFlat, weights.cost != 0 {
        base += costRate * lane(priceBounds.values, frame.now.first * width + zone) * Double(score.length)
      }
      put(base, bases, zone)
      var floor = Lane(repeating: .infinity)
      var stretch = 0
      while stretch < stretches {
        var bound = base + times[stretch]
        bound += carbon.at(stretch, zone) * carbonRate
        if !isFlat { bound += price.at(stretch, zone) * costRate }
        put(bound, bounds, stretch &* width &+ zone)
        floor = lesser(floor, bound)
        stretch &+= 1
      }
      put(floor, floors, zone)
      zone &+= Lane.scalarCount
    }
  }

  /// Puts the zones in the order of their floors, which is much that of the job before.
  @inline(__always)
  private func sortByFloor() {
    let (order, floors) = (order, floors)
    var place = 1
    while place < zoneCount {
      let zone = order[place]
      let floor = floors[zone]
      var at = place
      while at > 0, floors[order[at &- 1]] > floor {
        order[at] = order[at &- 1]
        at &-= 1
      }
      order[at] = zone
      place &+= 1
    }
  }

  /// Finds a zone's least score; one above the limit may be another that is above it, too.
  private func scan(
    _ zone: Int, _ score: JobScore, _ frame: StartFrame, _ limit: Double, _ free: UnsafePointer<Resources>
  ) -> Double {
    let line = lines + zone
    line.pointee.isAmple = timeline.isAmple(zone, score.job.demand)
    line.pointee.startsNow = false
    line.pointee.last = .infinity
    // A start now or at the latest needs all that one on its step does.
    guard line.pointee.isAmple || close(zone, score, frame) else { return .infinity }
    let first = frame.first &* WindowBounds.stretch
    let bounds = bounds + zone
    let (nowBound, finalBound) = (bounds[0], bounds[(frame.last &- frame.first) &* width])
    var best = Double.infinity
    if score.latest > score.now {
      best = leastOfSteps(zone, score, frame, limit)
      if finalBound <= min(limit, best), line.pointee.isAmple || closed.isOpen(frame.latest.first &- first) {
        let last = value(zone, frame.latest, score)
        if last <= min(limit, best), holds(zone, score.latest, score) {
          line.pointee.last = last
          best = last
        }
      }
    }
    // What is as good matters here: it is earlier.
    let most = min(limit, best + scoreTolerance(best))
    if nowBound <= most, line.pointee.isAmple || closed.isOpen(frame.now.first &- first),
      free[zone].holds(score.job.demand)
    {
      line.pointee.now = value(zone, frame.now, score)
      line.pointee.startsNow = line.pointee.now <= most && holds(zone, score.now, score)
      if line.pointee.startsNow { best = min(best, line.pointee.now) }
    }
    return best
  }

  /// The least score of a zone's starts that begin or end on a step and have room, as ``scan(_:_:_:_:_:)`` tells it.
  @inline(__always)
  private func leastOfSteps(_ zone: Int, _ score: JobScore, _ frame: StartFrame, _ limit: Double) -> Double {
    let (bounds, width, closed) = (bounds + zone, width, closed)
    let isAmple = lines[zone].isAmple
    let count = frame.last &- frame.first &+ 1
    // The stretch with the least bound first: what it gives spares the others.
    var first = 0
    var least = Double.infinity
    var stretch = 0
    while stretch < count {
      if isAmple || closed.hasOpen(stretch) {
        let bound = bounds[stretch &* width]
        if bound < least { (first, least) = (stretch, bound) }
      } else {
        bounds[stretch &* width] = .infinity
      }
      stretch &+= 1
    }
    guard least <= limit else { return .infinity }
    let runs = ZoneRuns(self, zone, score, frame)
    var best = Double.infinity
    var next = 0
    stretch = first
    while true {
      open(runs, stretch, score, frame)
      var lane = Lane(repeating: .infinity)
      var place = 0
      while place < WindowBounds.stretch {
        let (onStep, toStep) = runs.scores(stretch, place, room, closed)
        lane = lesser(lane, lesser(onStep, toStep))
        place &+= Lane.scalarCount
      }
      let found = lane.least
      // A better bound for who looks again.
      bounds[stretch &* width] = found
      best = min(best, found)
      let most = min(limit, best)
      while next < count, next == first || bounds[next &* width] > most { next &+= 1 }
      guard next < count else { return best }
      stretch = next
      next &+= 1
    }
  }

  /// Finds the starts without room in a zone; whether any has.
  private func close(_ zone: Int, _ score: JobScore, _ frame: StartFrame) -> Bool {
    let length = max(1, frame.whole &+ (frame.cut > 0 ? 1 : 0))
    let first = frame.first &* WindowBounds.stretch
    // What has passed is no start.
    let from = frame.now.first &- first
    let starts = Range(uncheckedBounds: (from, frame.latest.first &- first &+ 1))
    closed.begin(starts.upperBound &+ length)
    timeline.markFull(
      score.job.demand, zone, first: firstBucket &+ first,
      places: Range(uncheckedBounds: (from, starts.upperBound &+ length &- 1)), into: closed.words)
    return closed.close(starts, length)
  }

  @inline(__always)
  private func holds(_ zone: Int, _ start: Int64, _ score: JobScore) -> Bool {
    lines[zone].isAmple || timeline.holds(score.job.demand, zone, from: start, to: start + score.length)
  }

  /// Makes ready what a stretch's scores are made of.
  @inline(__always)
  private func open(_ runs: ZoneRuns, _ stretch: Int, _ score: JobScore, _ frame: StartFrame) {
    room.prepare(stretch, score, frame, grid)
    let first = (frame.first &+ stretch) &* WindowBounds.stretch
    // As far as the last block reads.
    if weights.pressure != 0 { shares.prepare(runs.zone, first &+ WindowBounds.stretch &+ frame.whole &+ 1) }
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
        for zone in 0..<zoneCount where bests[zone] <= limit {
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
    rank(&choice, score, frame)
    return choice
  }

  /// Behind the chosen zone those with the next best scores; zones without room, by the score of a start now, last.
  private func rank(_ choice: inout CandidateChoice, _ score: JobScore, _ frame: StartFrame) {
    var taken = (choice.zone, -1)
    for place in (choice.isFound ? 1 : 0)..<3 {
      var best = -1
      var bestScore = (true, Double.infinity)
      for zone in 0..<zoneCount where zone != taken.0 && zone != taken.1 {
        guard lines[zone].capacity.holds(score.job.demand) else { continue }
        let isFull = !bests[zone].isFinite
        if isFull, best >= 0, !bestScore.0 { continue }
        let own = (isFull, isFull ? value(zone, frame.now, score) : bests[zone])
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
    let last = lines[zone].last <= limit ? score.latest : Int64.max
    guard score.latest > score.now else { return last }
    let runs = ZoneRuns(self, zone, score, frame)
    // Another zone may have been looked at since.
    guard runs.isAmple || close(zone, score, frame) else { return last }
    // Bounds are rounded otherwise than scores.
    let most = limit + scoreTolerance(limit)
    for stretch in 0...(frame.last - frame.first) where bounds[stretch * width + zone] <= most {
      guard runs.isAmple || closed.hasOpen(stretch) else { continue }
      open(runs, stretch, score, frame)
      let first = (frame.first + stretch) * WindowBounds.stretch
      var start = Int64.max
      for block in 0..<(WindowBounds.stretch / Lane.scalarCount) {
        let (onStep, toStep) = runs.scores(stretch, block * Lane.scalarCount, room, closed)
        for lane in 0..<Lane.scalarCount {
          let time = grid.time(first + block * Lane.scalarCount + lane)
          if onStep[lane] <= limit { start = min(start, time) }
          if toStep[lane] <= limit { start = min(start, time + grid.step - frame.cut) }
        }
        if start < .max { return min(start, last) }
      }
    }
    return last
  }
}
