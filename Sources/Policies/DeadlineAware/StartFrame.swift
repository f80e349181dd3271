internal import Domain

/// The part of a grid in which a job may start, the same for all zones, in stretches of ``WindowBounds/stretch`` starts.
struct StartFrame {
  /// The stretch of now and the one of the latest start, counted from the grid's beginning.
  let first: Int
  let last: Int
  /// The job's length in whole buckets and what is left over.
  let whole: Int
  let cut: Int64
  /// The runs that begin now and at the latest start.
  let now: RunSpan
  let latest: RunSpan

  init(_ score: JobScore, _ grid: GridTimes) {
    whole = Int(score.length / grid.step)
    cut = score.length - Int64(whole) * grid.step
    now = RunSpan(score.now, whole, cut, grid)
    latest = score.latest > score.now ? RunSpan(score.latest, whole, cut, grid) : now
    first = now.first / WindowBounds.stretch
    last = latest.first / WindowBounds.stretch
  }
}

/// A run on a grid: the buckets that it begins and ends in, and the milliseconds from each one's beginning.
struct RunSpan {
  let first: Int
  let head: Double
  let last: Int
  let tail: Double
  let start: Int64

  @inline(__always)
  init(_ start: Int64, _ length: Int64, _ grid: GridTimes) {
    self.start = start
    first = grid.bucket(start)
    head = Double(start - grid.time(first))
    last = grid.bucket(start + length)
    tail = Double(start + length - grid.time(last))
  }

  /// A run of `whole` buckets and a part of one: of the divisions, which are slow, one is left.
  @inline(__always)
  init(_ start: Int64, _ whole: Int, _ cut: Int64, _ grid: GridTimes) {
    self.start = start
    first = grid.bucket(start)
    let before = start - grid.time(first)
    let after = before + cut
    head = Double(before)
    last = first + whole + (after >= grid.step ? 1 : 0)
    tail = Double(after >= grid.step ? after - grid.step : after)
  }

  /// The integral of a line of values, with the sums up to each bucket's beginning.
  @inline(__always)
  func integral(_ values: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>) -> Double {
    (sums[last] + values[last] * tail) - (sums[first] + values[first] * head)
  }
}

/// What the starts of a frame have in common, a stretch at a time as it is asked for: the terms of time of those on steps
/// and of those that end on steps, infinity where there is no such start.
struct StartRoom {
  private(set) var onStep: UnsafeMutablePointer<Double>
  private(set) var toStep: UnsafeMutablePointer<Double>
  private var isMade: UnsafeMutablePointer<Bool>
  private var stretches: Int

  init(stretches: Int) {
    self.stretches = stretches
    let count = stretches * WindowBounds.stretch
    onStep = .allocate(capacity: count)
    toStep = .allocate(capacity: count)
    isMade = .allocate(capacity: stretches)
  }

  func deallocate() {
    onStep.deallocate()
    toStep.deallocate()
    isMade.deallocate()
  }

  /// Begins another job.
  mutating func begin(_ frame: StartFrame) {
    let needed = frame.last - frame.first + 1
    if needed > stretches {
      deallocate()
      self = StartRoom(stretches: 2 * needed)
    }
    isMade.update(repeating: false, count: needed)
  }

  /// Makes a stretch of the frame, counted from its first.
  @inline(__always)
  func prepare(_ stretch: Int, _ score: JobScore, _ frame: StartFrame, _ grid: ForecastGrid) {
    if !isMade[stretch] { make(stretch, score, frame, grid) }
  }

  @inline(never)
  private func make(_ stretch: Int, _ score: JobScore, _ frame: StartFrame, _ grid: ForecastGrid) {
    isMade[stretch] = true
    let count = WindowBounds.stretch
    let first = grid.time((frame.first + stretch) * count)
    if first > score.now, first + Int64(count) * grid.step <= score.latest {
      score.fillStretch(onStep + stretch * count, first: first, step: grid.step)
      if frame.cut > 0 {
        score.fillStretch(toStep + stretch * count, first: first + grid.step - frame.cut, step: grid.step)
      } else {
        put(Lane(repeating: .infinity), toStep, stretch * count)
        put(Lane(repeating: .infinity), toStep, stretch * count + Lane.scalarCount)
      }
      return
    }
    score.fillTimeTerms(onStep + stretch * count, count: count, first: first, step: grid.step)
    // A job of whole steps ends on a step wherever it begins on one.
    guard frame.cut > 0 else {
      return (toStep + stretch * count).update(repeating: .infinity, count: count)
    }
    score.fillTimeTerms(
      toStep + stretch * count, count: count, first: first + grid.step - frame.cut, step: grid.step)
  }
}

/// The expected load of each zone as a quantity of the grid: the share of its scarcest resource by bucket, with prefix
/// sums. A zone's line is made anew where its load has changed and somebody asks.
final class ShareTable {
  private let timeline: CapacityTimeline
  @exclusivity(unchecked) private(set) var values: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private(set) var sums: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private(set) var stride = 0
  @exclusivity(unchecked) private var size = 1
  /// How many buckets of each zone are made.
  private let made: UnsafeMutablePointer<Int>
  @exclusivity(unchecked) private var origin = Int64.min
  @exclusivity(unchecked) private var length: Int64 = 0
  @exclusivity(unchecked) private var first = 0
  @exclusivity(unchecked) private var step = 0.0

  init(_ timeline: CapacityTimeline) {
    self.timeline = timeline
    values = .allocate(capacity: 1)
    sums = .allocate(capacity: 1)
    made = .allocate(capacity: timeline.zoneCount)
    made.initialize(repeating: 0, count: timeline.zoneCount)
  }

  deinit {
    values.deallocate()
    sums.deallocate()
    made.deallocate()
  }

  /// A zone's load has changed from a time on.
  func touch(_ zone: Int, from: Int64) { made[zone] = min(made[zone], max(0, timeline.bucket(from) - first)) }

  /// Makes a zone's line anew at the next look.
  func forget(_ zone: Int) { made[zone] = 0 }

  /// Makes everything anew at the next look.
  func forget() { stride = 0 }

  /// Follows the grid, which may have moved on.
  func lay(_ grid: ForecastGrid) {
    // A block may be written past the last bucket, but not into the next zone's first.
    let needed = grid.stride + Lane.scalarCount
    guard origin != grid.origin || stride != needed || length != grid.step else { return }
    origin = grid.origin
    length = grid.step
    stride = needed
    first = timeline.bucket(grid.origin)
    step = Double(grid.step)
    made.update(repeating: 0, count: timeline.zoneCount)
    guard timeline.zoneCount * stride > size else { return }
    size = timeline.zoneCount * stride
    values.deallocate()
    sums.deallocate()
    values = .allocate(capacity: size)
    sums = .allocate(capacity: size)
  }

  /// Makes a zone's first `count` buckets, at least.
  func prepare(_ zone: Int, _ count: Int) {
    let from = made[zone]
    guard from < count else { return }
    made[zone] = count
    let values = values + zone * stride
    let sums = sums + zone * stride
    timeline.shares(zone, first: first + from, count: count - from, into: values + from)
    var sum = from > 0 ? sums[from - 1] + values[from - 1] * step : 0
    for bucket in from..<count {
      sums[bucket] = sum
      sum += values[bucket] * step
    }
  }

  /// The mean share of a prepared zone over a run.
  @inline(__always)
  func mean(_ zone: Int, _ run: RunSpan, _ length: Int64) -> Double {
    run.integral(values + zone * stride, sums + zone * stride) / Double(length)
  }
}
