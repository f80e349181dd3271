import Policies
import Testing

@Suite struct CarbonTimeTests {
  /// 300 random cases: the first candidate of the greatest saving an hour, in whole numbers.
  @Test func equalsBruteForceOverItsCandidates() throws {
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed)
      let outcome = try simulate(small.world, small.jobs, "carbon-time")
      for job in small.jobs.indices {
        let (first, length) = (small.submitted(job), small.length(job))
        let atOnce = small.sum(0, first, length)
        var best = (saved: 0, delay: 0)
        for delay in stride(from: 60, through: small.latestStart(job) - first, by: 60) {
          let saved = atOnce - small.sum(0, first + delay, length)
          if saved * (best.delay + length) > best.saved * (delay + length) { best = (saved, delay) }
        }
        #expect(outcome.startMinute(job) == first + best.delay, "seed \(seed), job \(job)")
      }
    }
  }

  /// Two zones of 100 and 40 g: the second saves at once, and waiting for nothing saves no more.
  @Test func inSpaceItSavesAtOnce() throws {
    var small = try SmallCase(seed: 1, zones: 2, jobs: 1)
    small.world.carbon = [.init(constant: 100), .init(constant: 40)]
    small.jobs[0].job.homeZone = 0
    small.jobs[0].job.deferralWindow = .hours(6)
    let home = try simulate(small.world, small.jobs, "carbon-time")
    let any = try simulate(small.world, small.jobs, "carbon-time", ["zones": .text("any")])
    #expect(home.records[0].zone == 0 && any.records[0].zone == 1)
    #expect(any.records[0].start == small.jobs[0].job.submittedAt)
  }
}
