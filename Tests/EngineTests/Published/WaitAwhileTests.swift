import Domain
import Policies
import Testing

@Suite struct WaitAwhileTests {
  /// 300 random cases: the cheapest minutes of the window, the earliest of equal ones.
  @Test func runsInTheCheapestMinutes() throws {
    var interruptions = 0
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed)
      let outcome = try simulate(small.world, small.jobs, "wait-awhile", interruption: InterruptionRules())
      for job in small.jobs.indices {
        let (first, length) = (small.submitted(job), small.length(job))
        let end = max(first + length, min(first + length + small.wait(job), small.deadline(job) ?? .max))
        let cheapest = (first..<end).sorted { (small.intensity(0, $0), $0) < (small.intensity(0, $1), $1) }
        #expect(outcome.minutes(job) == cheapest.prefix(length).sorted(), "seed \(seed), job \(job)")
        interruptions += outcome.segments(job).count - 1
      }
    }
    #expect(interruptions > 1000)
  }

  /// In space too: the zone whose cheapest minutes are cheapest.
  @Test func inSpaceItTakesTheCheapestZone() throws {
    for seed in UInt64(1)...100 {
      let small = try SmallCase(seed: seed, zones: 3)
      let outcome = try simulate(
        small.world, small.jobs, "wait-awhile", ["zones": .text("any")], interruption: InterruptionRules())
      for job in small.jobs.indices {
        let (first, length) = (small.submitted(job), small.length(job))
        let end = max(first + length, min(first + length + small.wait(job), small.deadline(job) ?? .max))
        let sums = (0..<3).map { zone in
          let cheapest = (first..<end).map { small.intensity(zone, $0) }.sorted().prefix(length)
          return Double(cheapest.reduce(0, +)) * small.world.zones[zone].pue
        }
        let zone = outcome.records[job].zone
        let own = outcome.minutes(job).reduce(0) { $0 + small.intensity(zone, $1) }
        #expect(Double(own) * small.world.zones[zone].pue == sums.min(), "seed \(seed), job \(job)")
      }
    }
  }

  /// Who may not be interrupted gets the window of least emissions.
  @Test func withoutInterruptionItIsTheGreenestWindow() throws {
    for seed in UInt64(1)...200 {
      let small = try SmallCase(seed: seed)
      let types = InterruptionRules(types: [.training])
      let mixed = try simulate(small.world, small.jobs, "wait-awhile", interruption: types)
      let greenest = try simulate(small.world, small.jobs, "greenest-within-window", ["zones": .text("home")])
      for job in small.jobs.indices where small.jobs[job].job.type != .training {
        #expect(mixed.interrupted[job] == nil, "seed \(seed), job \(job)")
        #expect(mixed.records[job].start == greenest.records[job].start, "seed \(seed), job \(job)")
      }
    }
  }
}
