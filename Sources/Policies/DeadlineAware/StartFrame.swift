internal import Domain

/// The part of a grid in which a job may start, the same for all zones.
struct StartFrame {
  /// The bucket of now, and buckets from there on that may hold a start.
  let first: Int
  let count: Int
  /// The job's length in whole buckets and what is left over.
  let whole: Int
  let cut: Int64
  /// The runs that begin now and at the latest start.
  let now: RunSpan
  let latest: RunSpan

  init(_ score: JobScore, _ grid: ForecastGrid) {
    first = grid.bucket(score.now)
    count = grid.bucket(score.latest) - first + 1
    whole = Int(score.length / grid.step)
    cut = score.length - Int64(whole) * grid.step
    now = RunSpan(score.now, score.length, grid)
    latest = RunSpan(score.latest, score.length, grid)
  }
}

/// A run on a grid: the buckets that it begins and ends in, and the milliseconds from each one's beginning.
struct RunSpan {
  let first: Int
  let head: Double
  let last: Int
  let tail: Double
  let start: Int64

  init(_ start: Int64, _ length: Int64, _ grid: ForecastGrid) {
    self.start = start
    first = grid.bucket(start)
    head = Double(start - grid.time(first))
    last = grid.bucket(start + length)
    tail = Double(start + length - grid.time(last))
  }

  /// The integral of a line of values, with the sums up to each bucket's beginning.
  @inline(__always)
  func integral(_ values: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>) -> Double {
    (sums[last] + values[last] * tail) - (sums[first] + values[first] * head)
  }
}

/// Room for what the starts of a frame have in common: the terms of time of those on steps and of those that end on
/// steps, infinity where there is no such start, and which have no room.
struct StartRoom {
  private(set) var onStep: UnsafeMutablePointer<Double>
  private(set) var toStep: UnsafeMutablePointer<Double>
  private(set) var closed: UnsafeMutablePointer<Double>
  private var size: Int

  init(_ size: Int) {
    self.size = size
    onStep = .allocate(capacity: size)
    toStep = .allocate(capacity: size)
    closed = .allocate(capacity: size)
    closed.initialize(repeating: 0, count: size)
  }

  func deallocate() {
    onStep.deallocate()
    toStep.deallocate()
    closed.deallocate()
  }

  mutating func fill(_ score: JobScore, _ frame: StartFrame, _ grid: ForecastGrid) {
    if frame.count + ForecastGrid.padding > size {
      deallocate()
      self = StartRoom(2 * (frame.count + ForecastGrid.padding))
    }
    score.fillTimeTerms(
      onStep, count: frame.count, first: grid.time(frame.first), step: grid.step, padding: ForecastGrid.padding)
    // A job of whole steps ends on a step wherever it begins on one.
    let head = frame.cut > 0 ? grid.step - frame.cut : grid.step * Int64(frame.count + 1)
    score.fillTimeTerms(
      toStep, count: frame.count, first: grid.time(frame.first) + head, step: grid.step,
      padding: ForecastGrid.padding)
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
  @exclusivity(unchecked) private var issuedAt = Instant(milliseconds: .min)
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
    guard issuedAt != grid.issuedAt || stride != needed else { return }
    issuedAt = grid.issuedAt
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
