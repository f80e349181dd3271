internal import Domain

/// What running and planned jobs are expected to hold, zone by zone over the time to come, in buckets of equal length;
/// a job that is to hold a part of a bucket counts by that part all through it.
///
/// In the bucket that holds now, what runs is booked from the bucket's beginning, as it holds all that is left of it up to
/// its estimated end; what is over is taken out of it as a whole.
///
/// It is for planning: what may really start is decided by the free capacity of the moment. Each zone and resource has
/// a line of buckets that lie in a row, so that a scan takes eight at once; what has passed is cut off from time to
/// time. Adding and removing cost O(buckets covered).
final class CapacityTimeline {
  let zoneCount: Int
  @exclusivity(unchecked) private(set) var step: Int64
  @exclusivity(unchecked) private var phase: Int64
  /// Buckets that are kept from now on.
  private static let reach = 4096
  /// Buckets that may have passed before they are cut off.
  private static let slack = 1024
  private static let size = reach + slack + 2 * ForecastGrid.padding
  private static let resources = 3
  /// By zone, resource and bucket, in thousandths of a unit.
  private let loads: UnsafeMutablePointer<Double>
  /// By zone and resource: capacity, 1 / capacity (0 without any), and at least the largest load from now on.
  private let capacities: UnsafeMutablePointer<Double>
  private let inverses: UnsafeMutablePointer<Double>
  private let peaks: UnsafeMutablePointer<Double>
  /// ``inverses`` by resource and zone, in lines of ``WindowBounds/width(_:)``.
  private let inversesAcross: UnsafeMutablePointer<Double>
  private let width: Int
  /// The bucket of now, counted from the phase.
  @exclusivity(unchecked) private(set) var base: Int
  /// The bucket that the lines begin with.
  @exclusivity(unchecked) private var head: Int
  /// The last bucket that anything was ever added to.
  @exclusivity(unchecked) private var last: Int

  init(zones: [Zone], step: Int64, phase: Int64, now: Int64) {
    zoneCount = zones.count
    self.step = step
    self.phase = phase
    let lines = zones.count * CapacityTimeline.resources
    loads = .allocate(capacity: lines * CapacityTimeline.size)
    loads.initialize(repeating: 0, count: lines * CapacityTimeline.size)
    peaks = .allocate(capacity: lines)
    peaks.initialize(repeating: 0, count: lines)
    capacities = .allocate(capacity: lines)
    inverses = .allocate(capacity: lines)
    capacities.initialize(repeating: 0, count: lines)
    inverses.initialize(repeating: 0, count: lines)
    width = WindowBounds.width(zones.count)
    inversesAcross = .allocate(capacity: width * CapacityTimeline.resources)
    inversesAcross.initialize(repeating: 0, count: width * CapacityTimeline.resources)
    base = Int((now - phase).flooredQuotient(step))
    head = base
    last = base
    for (place, zone) in zones.enumerated() { setCapacity(place, zone.capacity) }
  }

  deinit {
    loads.deallocate()
    peaks.deallocate()
    capacities.deallocate()
    inverses.deallocate()
    inversesAcross.deallocate()
  }

  /// What a zone has from now on, as far as is known: nothing while it is out.
  func setCapacity(_ zone: Int, _ capacity: Resources) {
    let amounts = [capacity.milliCores, capacity.milliGigabytes, capacity.milliGPUs]
    for (resource, amount) in amounts.enumerated() {
      let at = zone * CapacityTimeline.resources + resource
      capacities[at] = Double(amount)
      inverses[at] = amount > 0 ? 1 / Double(amount) : 0
      inversesAcross[resource * width + zone] = inverses[at]
    }
  }

  /// Begins again, empty, with other buckets.
  func lay(step: Int64, phase: Int64, now: Int64) {
    self.step = step
    self.phase = phase
    let lines = zoneCount * CapacityTimeline.resources
    loads.update(repeating: 0, count: lines * CapacityTimeline.size)
    peaks.update(repeating: 0, count: lines)
    base = Int((now - phase).flooredQuotient(step))
    head = base
    last = base
  }

  /// The bucket of a time.
  @inline(__always)
  func bucket(_ time: Int64) -> Int { Int((time - phase).flooredQuotient(step)) }

  /// The end of the bucket that holds a time.
  func bucketEnd(_ time: Int64) -> Int64 { phase + Int64(bucket(time) + 1) * step }

  /// The beginning of the bucket that holds now.
  @inline(__always)
  var present: Int64 { phase &+ Int64(base) &* step }

  /// True if a time begins a bucket.
  func isAligned(_ time: Int64) -> Bool { (time - phase) % step == 0 }

  /// A line, so that its bucket b is at b.
  @inline(__always)
  private func line(_ zone: Int, _ resource: Int) -> UnsafeMutablePointer<Double> {
    loads + ((zone &* CapacityTimeline.resources &+ resource) &* CapacityTimeline.size &- head)
  }

  private func amounts(_ demand: Resources) -> (Double, Double, Double) {
    (Double(demand.milliCores), Double(demand.milliGigabytes), Double(demand.milliGPUs))
  }

  /// The end of what is kept of an interval.
  func clipped(_ end: Int64) -> Int64 { min(end, phase + Int64(base + CapacityTimeline.reach - 1) * step) }

  /// Moves on to now.
  func advance(to now: Int64) {
    // Asked at every event: the division is slow.
    guard now >= phase + Int64(base + 1) * step else { return }
    let bucket = bucket(now)
    base = bucket
    last = max(last, bucket)
    if base - head > CapacityTimeline.slack { cut() }
    for zone in 0..<zoneCount {
      for resource in 0..<CapacityTimeline.resources {
        // Past the last bucket there is nothing, and room for a block.
        let line = line(zone, resource)
        var peak = Lane(repeating: 0)
        var coming = base
        while coming <= last {
          peak = larger(peak, lane(line, coming))
          coming &+= Lane.scalarCount
        }
        peaks[zone * CapacityTimeline.resources + resource] = peak.most
      }
    }
  }

  /// Cuts off what has passed.
  private func cut() {
    let passed = base - head
    let kept = max(0, min(CapacityTimeline.size - passed, last + 1 - base))
    for place in 0..<(zoneCount * CapacityTimeline.resources) {
      let line = loads + place * CapacityTimeline.size
      if kept > 0 { line.update(from: line + passed, count: kept) }
      (line + kept).update(repeating: 0, count: CapacityTimeline.size - kept)
    }
    head = base
  }

  /// Adds a demand over [from, to); `to` is at most what ``clipped(_:)`` allows. A negative sign takes it away.
  func add(_ demand: Resources, _ zone: Int, from: Int64, to: Int64, sign: Double = 1) {
    let first = max(bucket(from), base)
    guard to > from, to > phase + Int64(base) * step else { return }
    let final = bucket(to - 1)
    precondition(final < base + CapacityTimeline.reach, "a load past the end of the timeline")
    let (cores, memory, gpus) = amounts(demand)
    let lines = (line(zone, 0), line(zone, 1), line(zone, 2))
    let peak = peaks + zone * CapacityTimeline.resources
    var begin = phase + Int64(first) * step
    for bucket in first...final {
      let covered = min(to, begin + step) - max(from, begin)
      let share = covered == step ? sign : sign * Double(covered) / Double(step)
      begin += step
      lines.0[bucket] += share * cores
      lines.1[bucket] += share * memory
      lines.2[bucket] += share * gpus
      if sign > 0 {
        peak[0] = max(peak[0], lines.0[bucket])
        peak[1] = max(peak[1], lines.1[bucket])
        peak[2] = max(peak[2], lines.2[bucket])
      }
    }
    last = max(last, final)
  }

  /// True if a demand fits in a zone at every time to come.
  @inline(__always)
  func isAmple(_ zone: Int, _ demand: Resources) -> Bool {
    let at = zone * CapacityTimeline.resources
    return peaks[at] + Double(demand.milliCores) <= capacities[at]
      && peaks[at + 1] + Double(demand.milliGigabytes) <= capacities[at + 1]
      && peaks[at + 2] + Double(demand.milliGPUs) <= capacities[at + 2]
  }

  /// What a zone's lines may hold for a demand to fit, to within rounding.
  @inline(__always)
  private func limits(_ zone: Int, _ demand: Resources) -> (Double, Double, Double) {
    let at = zone &* CapacityTimeline.resources
    let amounts = amounts(demand)
    return (
      capacities[at] * 1.000_000_001 - amounts.0, capacities[at + 1] * 1.000_000_001 - amounts.1,
      capacities[at + 2] * 1.000_000_001 - amounts.2
    )
  }

  /// True if a demand fits in a zone all over [from, to). O(buckets covered).
  func holds(_ demand: Resources, _ zone: Int, from: Int64, to: Int64) -> Bool {
    let limits = limits(zone, demand)
    let lines = (line(zone, 0), line(zone, 1), line(zone, 2))
    let end = min(bucket(to - 1), last)
    var at = max(bucket(from), base)
    while at <= end {
      if lines.0[at] > limits.0 || lines.1[at] > limits.1 || lines.2[at] > limits.2 { return false }
      at += 1
    }
    return true
  }

  /// Sets the bits of those buckets, counted from `first` on, in which a demand does not fit. O(buckets).
  @inline(__always)
  func markFull(
    _ demand: Resources, _ zone: Int, first: Int, places: Range<Int>, into words: UnsafeMutablePointer<UInt64>
  ) {
    let until = min(places.upperBound, last &+ 1 &- first)
    guard places.lowerBound < until else { return }
    let places = Range(uncheckedBounds: (places.lowerBound, until))
    let limits = limits(zone, demand)
    // Mostly one resource is short, and two lines need not be read.
    let peaks = peaks + zone &* CapacityTimeline.resources
    if peaks[0] > limits.0 { mark(words, places, line(zone, 0) + first, above: limits.0) }
    if peaks[1] > limits.1 { mark(words, places, line(zone, 1) + first, above: limits.1) }
    if peaks[2] > limits.2 { mark(words, places, line(zone, 2) + first, above: limits.2) }
  }

  /// Sets the bits of the places where a line is above a limit.
  private func mark(
    _ words: UnsafeMutablePointer<UInt64>, _ places: Range<Int>, _ line: UnsafeMutablePointer<Double>,
    above limit: Double
  ) {
    var place = places.lowerBound
    while place < places.upperBound {
      let word = place >> 6
      let end = min(places.upperBound, (word &+ 1) << 6)
      words[word] |= bits(line + place, end &- place, above: limit) &<< UInt64(truncatingIfNeeded: place)
      place = end
    }
  }

  /// A bit each for 1 to 64 values in a row, set where one is above a limit; reads up to three values further.
  @inline(__always)
  private func bits(_ line: UnsafeMutablePointer<Double>, _ count: Int, above limit: Double) -> UInt64 {
    // What is not above the limit is below the next number: their difference has a sign. Places of even and of odd
    // number come in at the top of a word each, and move down.
    let next = Lane.Half(repeating: limit.nextUp)
    let sign = SIMD2<UInt64>(repeating: 1 << 63)
    var fits = SIMD2<UInt64>.zero
    var place = 0
    while place < count {
      let values = lane(line, place)
      let first = unsafeBitCast(values.low - next, to: SIMD2<UInt64>.self) & sign
      let second = unsafeBitCast(values.high - next, to: SIMD2<UInt64>.self) & sign
      fits = (fits &>> 4) | (first &>> 2) | second
      place &+= Lane.scalarCount
    }
    let all = (fits[0] &>> 1 | fits[1]) &>> UInt64(truncatingIfNeeded: 64 &- place)
    return ~all & (.max &>> UInt64(truncatingIfNeeded: 64 &- count))
  }

  /// The share of a zone's scarcest resource that is taken, for many buckets in a row, 0...1 and beyond; 0 in those
  /// that have passed. The result must have room for a block more.
  func shares(_ zone: Int, first: Int, count: Int, into result: UnsafeMutablePointer<Double>) {
    let at = zone * CapacityTimeline.resources
    let lines = (line(zone, 0), line(zone, 1), line(zone, 2))
    var place = 0
    while place < count {
      let bucket = first + place
      if bucket < base || bucket > last {
        result[place] = 0
        place += 1
        continue
      }
      var share = lane(lines.0, bucket) * inverses[at]
      let memory = lane(lines.1, bucket) * inverses[at + 1]
      share = larger(share, memory)
      let gpus = lane(lines.2, bucket) * inverses[at + 2]
      share = larger(share, gpus)
      put(share, result, place)
      place += Lane.scalarCount
    }
  }

  /// The share of a zone's scarcest resource that a demand takes.
  func ownShare(_ demand: Resources, _ zone: Int) -> Double {
    let at = zone * CapacityTimeline.resources
    let amounts = amounts(demand)
    return max(amounts.0 * inverses[at], amounts.1 * inverses[at + 1], amounts.2 * inverses[at + 2])
  }

  /// ``ownShare(_:_:)`` of all zones, times a factor; the result must have room for whole lanes.
  func ownShares(_ demand: Resources, times factor: Double, into result: UnsafeMutablePointer<Double>) {
    let amounts = amounts(demand)
    var zone = 0
    while zone < width {
      var share = lane(inversesAcross, zone) * amounts.0
      let memory = lane(inversesAcross, width + zone) * amounts.1
      share = larger(share, memory)
      let gpus = lane(inversesAcross, 2 * width + zone) * amounts.2
      share = larger(share, gpus)
      put(share * factor, result, zone)
      zone += Lane.scalarCount
    }
  }

  /// The mean share of a zone's scarcest resource that is taken over [from, to), by time. O(buckets covered).
  func meanShare(_ zone: Int, from: Int64, to: Int64) -> Double {
    var sum = 0.0
    let first = max(bucket(from), base)
    let final = min(bucket(to - 1), last)
    guard to > from, first <= final else { return 0 }
    let at = zone * CapacityTimeline.resources
    let lines = (line(zone, 0), line(zone, 1), line(zone, 2))
    for bucket in first...final {
      let begin = phase + Int64(bucket) * step
      let share = max(
        lines.0[bucket] * inverses[at], lines.1[bucket] * inverses[at + 1], lines.2[bucket] * inverses[at + 2])
      sum += share * Double(min(to, begin + step) - max(from, begin))
    }
    return sum / Double(to - from)
  }
}
