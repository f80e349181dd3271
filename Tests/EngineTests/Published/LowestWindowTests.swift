import Policies
import Testing

@Suite struct LowestWindowTests {
  /// 300 random cases: the first of the hourly candidates with the least sum, minute by minute.
  @Test func equalsBruteForceOverItsCandidates() throws {
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed)
      let outcome = try simulate(small.world, small.jobs, "lowest-window")
      for job in small.jobs.indices {
        let candidates = stride(from: small.submitted(job), through: small.latestStart(job), by: 60)
        let sums = candidates.map { (small.sum(0, $0, small.length(job)), $0) }
        #expect(outcome.startMinute(job) == sums.min { $0 < $1 }?.1, "seed \(seed), job \(job)")
      }
    }
  }

  /// In space too: the zone's PUE counts; ties go to the earlier start, then to the scenario's order.
  @Test func inSpaceTooEqualsBruteForce() throws {
    for seed in UInt64(1)...200 {
      let small = try SmallCase(seed: seed, zones: 3)
      let outcome = try simulate(
        small.world, small.jobs, "lowest-window", ["zones": .text("any"), "spacing": .number(1200)])
      for job in small.jobs.indices {
        var sums: [(Double, Int, Int)] = []
        for zone in 0..<3 {
          for start in stride(from: small.submitted(job), through: small.latestStart(job), by: 20) {
            sums.append((Double(small.sum(zone, start, small.length(job))) * small.world.zones[zone].pue, start, zone))
          }
        }
        let best = sums.min { $0 < $1 }
        #expect(outcome.startMinute(job) == best?.1, "seed \(seed), job \(job)")
        #expect(outcome.records[job].zone == best?.2, "seed \(seed), job \(job)")
      }
    }
  }

  /// The class's length is planned for, the true one run.
  @Test func plansForTheLengthOfItsClass() throws {
    for seed in UInt64(1)...100 {
      let small = try SmallCase(seed: seed)
      let outcome = try simulate(
        small.world, small.jobs, "lowest-window",
        [
          "wait.short": .number(7200), "wait.long": .number(14_400), "wait.threshold": .number(3600),
          "expected.short": .number(1800), "expected.long": .number(9000),
        ])
      for job in small.jobs.indices {
        let isShort = small.length(job) < 60
        let latest = min(
          small.submitted(job) + (isShort ? 120 : 240), (small.deadline(job) ?? .max) - small.length(job))
        let candidates = stride(from: small.submitted(job), through: max(latest, small.submitted(job)), by: 60)
        let sums = candidates.map { (small.sum(0, $0, isShort ? 30 : 150), $0) }
        #expect(outcome.startMinute(job) == sums.min { $0 < $1 }?.1, "seed \(seed), job \(job)")
      }
    }
  }
}
