import Policies
import Testing

@Suite struct GreenestWithinWindowTests {
  /// 300 random cases: the least of all minutes and zones up to the latest start.
  @Test func isTheExactMinimumOverAllStarts() throws {
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed, zones: 2)
      let outcome = try simulate(small.world, small.jobs, "greenest-within-window")
      for job in small.jobs.indices {
        var sums: [(Double, Int, Int)] = []
        for zone in 0..<2 {
          var sum = small.sum(zone, small.submitted(job), small.length(job))
          for start in small.submitted(job)...small.latestStart(job) {
            sums.append((Double(sum) * small.world.zones[zone].pue, start, zone))
            sum += small.intensity(zone, start + small.length(job)) - small.intensity(zone, start)
          }
        }
        let best = sums.min { $0 < $1 }
        #expect(outcome.startMinute(job) == best?.1, "seed \(seed), job \(job)")
        #expect(outcome.records[job].zone == best?.2, "seed \(seed), job \(job)")
      }
    }
  }

  /// A full zone: planned starts are first come, first served, and nobody is lost.
  @Test func aFullZoneIsWaitedFor() throws {
    var small = try SmallCase(seed: 1, cores: 1, jobs: 3)
    small.world.carbon = [.init(constant: 100)]
    for job in small.jobs.indices {
      small.jobs[job].job.submittedAt = SmallCase.instant(job)
      small.jobs[job].job.demand.milliCores = 1000
      small.jobs[job].job.estimatedDuration = .minutes(10)
      small.jobs[job].job.deadline = .never
      small.jobs[job].actualDuration = .minutes(10)
    }
    let outcome = try simulate(small.world, small.jobs, "greenest-within-window")
    #expect((0..<3).map { outcome.startMinute($0) } == [0, 10, 20])
  }
}
