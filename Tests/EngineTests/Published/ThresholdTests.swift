import Domain
import Policies
import Testing

/// `ecovisor` and `carbon-cap` against a walk minute by minute.
@Suite struct ThresholdTests {
  /// The minutes in which a job runs below its threshold until its wait is used up.
  private func walk(_ small: SmallCase, _ job: Int, pauses: Bool, isLow: (Int) -> Bool) -> [Int] {
    var minutes: [Int] = []
    var waited = 0
    var isForced = false
    var now = small.submitted(job)
    while minutes.count < small.length(job) {
      let left = small.length(job) - minutes.count
      let mustRun = isForced || waited >= small.wait(job) || small.deadline(job).map { now >= $0 - left } ?? false
      if isLow(small.intensity(0, now)) || (!pauses && !minutes.isEmpty) {
        minutes.append(now)
      } else if mustRun {
        isForced = true
        minutes.append(now)
      } else {
        waited += 1
      }
      now += 1
    }
    return minutes
  }

  @Test func ecovisorRunsBelowTheQuantileOfItsDay() throws {
    var interruptions = 0
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed)
      for pauses in [true, false] {
        let outcome = try simulate(
          small.world, small.jobs, "ecovisor", ["slot": .number(60)],
          interruption: pauses ? InterruptionRules() : .never)
        for job in small.jobs.indices {
          let day = (0..<1440).map { small.intensity(0, small.submitted(job) + $0) }.sorted()
          let place = 0.3 * 1439.0
          let low = Double(day[Int(place)])
          let quantile = low + (Double(day[Int(place) + 1]) - low) * (place - place.rounded(.down))
          let expected = walk(small, job, pauses: pauses) { Double($0) < quantile }
          #expect(outcome.minutes(job) == expected, "seed \(seed), job \(job), pauses \(pauses)")
          interruptions += outcome.segments(job).count - 1
        }
      }
    }
    #expect(interruptions > 300)
  }

  @Test func carbonCapRunsAtOrBelowItsCap() throws {
    var interruptions = 0
    for seed in UInt64(1)...300 {
      var small = try SmallCase(seed: seed)
      let cap = Int(seed % 20) * 10
      small.jobs[0].job.intensityCap = CarbonIntensity(Double(cap / 2))
      for pauses in [true, false] {
        let outcome = try simulate(
          small.world, small.jobs, "carbon-cap", ["cap": .number(Double(cap)), "pause": .flag(pauses)],
          interruption: InterruptionRules())
        for job in small.jobs.indices {
          let expected = walk(small, job, pauses: pauses) { $0 <= (job == 0 ? cap / 2 : cap) }
          #expect(outcome.minutes(job) == expected, "seed \(seed), job \(job), pauses \(pauses)")
          interruptions += outcome.segments(job).count - 1
        }
      }
    }
    #expect(interruptions > 300)
  }
}
