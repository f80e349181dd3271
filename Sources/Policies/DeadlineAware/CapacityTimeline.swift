internal import Domain

/// What running and planned jobs are expected to hold, zone by zone over the time to come, in buckets of equal length;
/// a job that covers a part of a bucket counts by that part.
///
/// It is for planning: what may really start is decided by the free capacity of the moment. A ring of buckets: those
/// that have passed serve again. Adding and removing cost O(buckets covered).
final class CapacityTimeline {
  let zoneCount: Int
  let step: Int64
  private let phase: Int64
  private let ringSize: Int
  /// By zone, resource and place in the ring, in thousandths of a unit.
  private let loads: UnsafeMutablePointer<Double>
  /// By zone and resource.
  private let capacities: [Double]
  /// At least the largest load of a zone and resource from now on.
  private let peaks: UnsafeMutablePointer<Double>
  /// The bucket of now, counted from the phase.
  private(set) var base: Int
  /// The last bucket that anything was ever added to.
  private var last: Int
  private static let resources = 3

  /// - Parameter ringSize: a power of two.
  init(zones: [Zone], step: Int64, phase: Int64, now: Int64, ringSize: Int = 4096) {
    zoneCount = zones.count
    self.step = step
    self.phase = phase
    self.ringSize = ringSize
    capacities = zones.flatMap {
      [Double($0.capacity.milliCores), Double($0.capacity.milliGigabytes), Double($0.capacity.milliGPUs)]
    }
    let lines = zones.count * CapacityTimeline.resources
    loads = .allocate(capacity: lines * ringSize)
    loads.initialize(repeating: 0, count: lines * ringSize)
    peaks = .allocate(capacity: lines)
    peaks.initialize(repeating: 0, count: lines)
    base = Int((now - phase).flooredQuotient(step))
    last = base
  }

  deinit {
    loads.deallocate()
    peaks.deallocate()
  }

  /// The bucket of a time.
  @inline(__always)
  func bucket(_ time: Int64) -> Int { Int((time - phase).flooredQuotient(step)) }

  /// Whether a time begins a bucket.
  func isAligned(_ time: Int64) -> Bool { (time - phase) % step == 0 }

  @inline(__always)
  private func line(_ zone: Int, _ resource: Int) -> UnsafeMutablePointer<Double> {
    loads + (zone * CapacityTimeline.resources + resource) * ringSize
  }

  private func amounts(_ demand: Resources) -> (Double, Double, Double) {
    (Double(demand.milliCores), Double(demand.milliGigabytes), Double(demand.milliGPUs))
  }

  /// The end of what is kept of an interval: the ring holds no more.
  func clipped(_ end: Int64) -> Int64 { min(end, phase + Int64(base + ringSize - 1) * step) }

  /// Moves on to now: buckets that have passed are emptied.
  func advance(to now: Int64) {
    let bucket = bucket(now)
    guard bucket > base else { return }
    for line in 0..<(zoneCount * CapacityTimeline.resources) {
      let ring = loads + line * ringSize
      for old in base..<min(bucket, base + ringSize) { ring[old & (ringSize - 1)] = 0 }
      var peak = 0.0
      for coming in bucket...max(bucket, last) { peak = max(peak, ring[coming & (ringSize - 1)]) }
      peaks[line] = peak
    }
    base = bucket
    last = max(last, bucket)
  }

  /// Adds a demand over [from, to); `to` is at most what ``clipped(_:)`` allows. A negative sign takes it away.
  func add(_ demand: Resources, _ zone: Int, from: Int64, to: Int64, sign: Double = 1) {
    let first = max(bucket(from), base)
    guard to > from, to > phase + Int64(base) * step else { return }
    let final = bucket(to - 1)
    let (cores, memory, gpus) = amounts(demand)
    let lines = (line(zone, 0), line(zone, 1), line(zone, 2))
    let peak = peaks + zone * CapacityTimeline.resources
    for bucket in first...final {
      let begin = phase + Int64(bucket) * step
      let covered = min(to, begin + step) - max(from, begin)
      let share = sign * Double(covered) / Double(step)
      let place = bucket & (ringSize - 1)
      lines.0[place] += share * cores
      lines.1[place] += share * memory
      lines.2[place] += share * gpus
      if sign > 0 {
        peak[0] = max(peak[0], lines.0[place])
        peak[1] = max(peak[1], lines.1[place])
        peak[2] = max(peak[2], lines.2[place])
      }
    }
    last = max(last, final)
  }

  /// Whether a demand fits in a zone at every time to come.
  @inline(__always)
  func isAmple(_ zone: Int, _ demand: Resources) -> Bool {
    let at = zone * CapacityTimeline.resources
    return peaks[at] + Double(demand.milliCores) <= capacities[at]
      && peaks[at + 1] + Double(demand.milliGigabytes) <= capacities[at + 1]
      && peaks[at + 2] + Double(demand.milliGPUs) <= capacities[at + 2]
  }

  /// Whether a demand fits in a zone in one bucket, to within rounding.
  @inline(__always)
  private func fits(_ zone: Int, _ amounts: (Double, Double, Double), _ bucket: Int) -> Bool {
    let at = zone * CapacityTimeline.resources
    let place = bucket & (ringSize - 1)
    return line(zone, 0)[place] + amounts.0 <= capacities[at] * 1.000_000_001
      && line(zone, 1)[place] + amounts.1 <= capacities[at + 1] * 1.000_000_001
      && line(zone, 2)[place] + amounts.2 <= capacities[at + 2] * 1.000_000_001
  }

  /// Whether a demand fits in a zone all over [from, to). O(buckets covered).
  func holds(_ demand: Resources, _ zone: Int, from: Int64, to: Int64) -> Bool {
    if isAmple(zone, demand) { return true }
    let amounts = amounts(demand)
    let end = min(bucket(to - 1), last)
    var at = max(bucket(from), base)
    while at <= end {
      if !fits(zone, amounts, at) { return false }
      at += 1
    }
    return true
  }

  /// For each of `count` buckets from `first` on, 0 where a run of `length` buckets that begins there fits, else
  /// infinity. O(count + length).
  func penalties(
    _ demand: Resources, _ zone: Int, first: Int, count: Int, length: Int, into result: UnsafeMutablePointer<Double>
  ) {
    let amounts = amounts(demand)
    // From the end: how many buckets from here on fit in a row.
    var run = length
    var at = first + count - 1 + length - 1
    if at > last { at = last }
    for place in stride(from: count - 1, through: 0, by: -1) where first + place > last { result[place] = 0 }
    while at >= first {
      run = fits(zone, amounts, at) ? run + 1 : 0
      if at - first < count { result[at - first] = run >= length ? 0 : .infinity }
      at -= 1
    }
  }

  /// The dominant share of a zone that is taken in a bucket, 0...1 and beyond.
  @inline(__always)
  func share(_ zone: Int, _ bucket: Int) -> Double {
    let at = zone * CapacityTimeline.resources
    let place = bucket & (ringSize - 1)
    var share = 0.0
    for resource in 0..<CapacityTimeline.resources where capacities[at + resource] > 0 {
      share = max(share, line(zone, resource)[place] / capacities[at + resource])
    }
    return share
  }

  /// The same, quickly 0 where nothing is expected.
  @inline(__always)
  func expectedShare(_ zone: Int, _ bucket: Int) -> Double { bucket > last ? 0 : share(zone, bucket) }

  /// The dominant share of a zone that a demand takes.
  func ownShare(_ demand: Resources, _ zone: Int) -> Double {
    let at = zone * CapacityTimeline.resources
    let amounts = amounts(demand)
    var share = 0.0
    if capacities[at] > 0 { share = max(share, amounts.0 / capacities[at]) }
    if capacities[at + 1] > 0 { share = max(share, amounts.1 / capacities[at + 1]) }
    if capacities[at + 2] > 0 { share = max(share, amounts.2 / capacities[at + 2]) }
    return share
  }

  /// The mean dominant share over [from, to), by time. O(buckets covered).
  func meanShare(_ zone: Int, from: Int64, to: Int64) -> Double {
    var sum = 0.0
    let first = max(bucket(from), base)
    let final = min(bucket(to - 1), last)
    guard to > from, first <= final else { return 0 }
    for bucket in first...final {
      let begin = phase + Int64(bucket) * step
      sum += share(zone, bucket) * Double(min(to, begin + step) - max(from, begin))
    }
    return sum / Double(to - from)
  }
}
