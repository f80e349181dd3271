import Domain
import Testing

@testable import Policies

@Suite struct QuadHeapTests {
  /// Against a sorted array, few and many elements, equal ones among them.
  @Test func givesTheLeastFirst() {
    var most = 0
    for seed in UInt64(1)...2000 {
      var random = TestRandom(seed: seed)
      var heap = QuadHeap<Int64>()
      var sorted: [Int64] = []
      let values = 1 + random.below(random.below(3) == 0 ? 5 : 1000)
      let grows = 1 + random.below(4)
      for _ in 0..<400 {
        if random.below(6) < grows || sorted.isEmpty {
          let value = Int64(random.below(values)) - 300
          heap.insert(value)
          sorted.insert(value, at: sorted.firstIndex { $0 > value } ?? sorted.endIndex)
        } else {
          heap.removeMin()
          sorted.removeFirst()
        }
        #expect(heap.min == sorted.first && heap.count == sorted.count, "seed \(seed)")
        most = max(most, sorted.count)
      }
      #expect(heap.unordered.sorted() == sorted, "seed \(seed)")
      heap.removeAll()
      #expect(heap.min == nil)
    }
    #expect(most > 128)
  }

  /// Plans go by start, then by sequence, whatever the calendar's age and the handle.
  @Test func plansKeepTheirOrder() {
    for seed in UInt64(1)...5000 {
      var random = TestRandom(seed: seed)
      let range = Instant.calendar
      let span = UInt64(range.upperBound.milliseconds - range.lowerBound.milliseconds)
      let starts = [
        range.lowerBound.milliseconds, range.upperBound.milliseconds, 0, -1,
        range.lowerBound.milliseconds + Int64(random.next() % span),
      ]
      func some() -> (Int64, Int, JobHandle) {
        (
          starts[random.below(starts.count)], random.below(3) == 0 ? random.below(1 << 46) : random.below(3),
          random.below(2) == 0 ? random.below(1 << 31) : random.below(3)
        )
      }
      let (a, b) = (some(), some())
      let (first, second) = (
        Plan(start: a.0, sequence: a.1, job: a.2), Plan(start: b.0, sequence: b.1, job: b.2)
      )
      #expect((first.start, first.sequence, first.job) == a, "seed \(seed)")
      #expect((first < second) == (a < b), "seed \(seed)")
    }
  }

  @Test func bookingsAreThoseThatWereSetAndNotTaken() {
    for seed in UInt64(1)...500 {
      var random = TestRandom(seed: seed)
      var bookings = Bookings()
      var expected: [JobHandle: Int64] = [:]
      for _ in 0..<300 {
        let job = random.below(1 + random.below(400))
        if random.below(2) == 0 {
          let from = Int64(random.below(1000))
          bookings.set(job, Booking(zone: Int32(random.below(4)), from: from, to: from + 1))
          expected[job] = from
        } else {
          #expect(bookings.take(job)?.from == expected.removeValue(forKey: job), "seed \(seed)")
        }
        #expect(bookings.get(job)?.from == expected[job], "seed \(seed)")
      }
      #expect(bookings.live.map(\.0) == expected.keys.sorted(), "seed \(seed)")
    }
  }
}
