import Domain
import Engine
import Testing

@testable import Policies

@Suite struct PlansTests {
  /// Plans go by start, then by sequence, then by handle, up to the last number that each has room for: a window
  /// without end reaches far past the calendar.
  @Test func plansKeepTheirOrder() {
    for seed in UInt64(1)...5000 {
      var random = TestRandom(seed: seed)
      let starts = [.min, .max, 0, -1, 1 << 49, Int64(truncatingIfNeeded: random.next())]
      let sequences = [0, 1, 1 << 34 - 1, random.below(1 << 34)]
      let jobs = [0, 1, 1 << 30 - 1, random.below(1 << 30)].map { JobID(slot: $0) }
      func some() -> (Int64, Int, JobID) {
        (
          starts[random.below(starts.count)], sequences[random.below(sequences.count)],
          jobs[random.below(jobs.count)]
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
      var expected: [JobID: [Int64]] = [:]
      func figures(_ booking: Booking?) -> [Int64]? { booking.map { [Int64($0.zone), $0.from, $0.to] } }
      for _ in 0..<300 {
        let job = JobID(slot: random.below(1 + random.below(400)))
        if random.below(2) == 0 {
          let booking = Booking(
            zone: Int32(random.below(4)), from: Int64(random.below(1000)), to: Int64(1000 + random.below(1000)))
          bookings.set(job, booking)
          expected[job] = figures(booking)
        } else {
          #expect(figures(bookings.take(job)) == expected.removeValue(forKey: job), "seed \(seed)")
        }
        #expect(figures(bookings.get(job)) == expected[job], "seed \(seed)")
      }
      #expect(bookings.live.map(\.0) == expected.keys.sorted(), "seed \(seed)")
    }
  }
}
