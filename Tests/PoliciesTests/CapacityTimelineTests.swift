import Domain
import Testing

@testable import Policies

@Suite struct CapacityTimelineTests {
  /// Many buckets looked at at once are those that are full one by one, at exactly the limit too: where a zone lost its
  /// GPUs, those that have none left to run there take nothing from a job without GPUs.
  @Test func manyBucketsAreFullAsEachIs() {
    var (full, open, atLimit) = (0, 0, 0)
    for seed in UInt64(1)...400 {
      var random = TestRandom(seed: seed)
      let zones = (0..<2).map { zone($0, cores: 8) }
      let timeline = CapacityTimeline(zones: zones, step: 1000, phase: 0, now: 0)
      func amount(_ most: Int) -> Int64 { Int64(random.below(most)) * 1000 }
      for _ in 0..<40 {
        let from = Int64(random.below(150)) * 1000
        timeline.add(
          Resources(milliCores: amount(3), milliGigabytes: amount(3), milliGPUs: amount(2)), random.below(2),
          from: from, to: from + 1000 + Int64(random.below(30_000)))
      }
      let capacity = Resources(milliCores: amount(9), milliGigabytes: amount(9), milliGPUs: amount(2))
      timeline.setCapacity(1, capacity)
      let demand = Resources(milliCores: amount(4), milliGigabytes: amount(3), milliGPUs: amount(2))
      let (first, from) = (random.below(9), random.below(9))
      let until = from + 1 + random.below(170)
      var words = [UInt64](repeating: 0, count: 4)
      words.withUnsafeMutableBufferPointer { words in
        guard let base = words.baseAddress else { return }
        timeline.markFull(demand, 1, first: first, places: from..<until, into: base)
      }
      for place in 0..<256 {
        let isMarked = words[place >> 6] >> UInt64(place & 63) & 1 == 1
        let start = Int64(first + place) * 1000
        let isFull =
          (from..<until).contains(place) && !timeline.holds(demand, 1, from: start, to: start + 1000)
        #expect(isMarked == isFull, "seed \(seed), place \(place)")
        if isFull { full += 1 } else if (from..<until).contains(place) { open += 1 }
      }
      if capacity.milliGPUs == 0, demand.milliGPUs == 0 { atLimit += 1 }
    }
    #expect(full > 1000 && open > 1000 && atLimit > 50, "\(full) full, \(open) open, \(atLimit) at the limit")
  }
}
