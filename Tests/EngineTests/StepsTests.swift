import Domain
import Engine
import Policies
import Testing

/// A run in steps over thousands of small worlds with outages, other capacities and interruptions.
@Suite struct StepsTests {
  private func records(_ small: EventWorld, _ policy: any Policy, cuts: [Instant]?) throws -> [[Int64]] {
    let records = Records()
    let simulation = Simulation(
      world: small.world, policy: policy, source: JobList(small.jobs), sink: records, interruption: small.rules)
    if let cuts {
      try simulation.begin()
      for cut in cuts { try simulation.advance(through: cut) }
      try simulation.finish()
    } else {
      try simulation.run()
    }
    return records.all.map { record in
      let segments = records.segments[record.job.sequence] ?? []
      return [
        Int64(record.job.sequence), Int64(record.status.rawValue), Int64(record.zone), record.start.milliseconds,
        record.end.milliseconds, Int64(bitPattern: record.energy.value.bitPattern),
        Int64(bitPattern: record.emissions.value.bitPattern), Int64(bitPattern: record.cost.value.bitPattern),
      ] + segments.flatMap { [Int64($0.zone), $0.start.milliseconds, $0.end.milliseconds] }
    }
  }

  @Test(arguments: EventReferenceTests.Queue.allCases)
  func anyStepsGiveTheSameRecords(queue: EventReferenceTests.Queue) throws {
    for seed in 1...1500 as ClosedRange<UInt64> {
      let small = try EventWorld(seed: seed)
      var random = TestRandom(seed: seed)
      let cuts = (0..<random.below(20)).map { _ in
        Instant(milliseconds: Int64(random.below(120)) * 60_000 + (random.below(3) == 0 ? 1 : 0))
      }
      let whole = try records(small, queue.policy, cuts: nil)
      #expect(try records(small, queue.policy, cuts: cuts.sorted { $0 < $1 }) == whole, "seed \(seed)")
    }
  }
}
