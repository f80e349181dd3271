import Testing

@Suite struct LowestSlotTests {
  /// 300 random cases: the first minute of least intensity up to the latest start.
  @Test func startsAtTheFirstLowestMinute() throws {
    for seed in UInt64(1)...300 {
      let small = try SmallCase(seed: seed)
      let outcome = try simulate(small.world, small.jobs, "lowest-slot")
      for job in small.jobs.indices {
        let minutes = small.submitted(job)...small.latestStart(job)
        let lowest = minutes.map { small.intensity(0, $0) }.min()
        let expected = minutes.first { small.intensity(0, $0) == lowest }
        #expect(outcome.startMinute(job) == expected, "seed \(seed), job \(job)")
      }
    }
  }
}
