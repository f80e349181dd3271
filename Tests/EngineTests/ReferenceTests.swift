import Domain
import Engine
import Policies
import Testing

/// A slow and obvious simulation, step by step over every time unit, against the engine, job by job.
@Suite struct ReferenceTests {
  private static let unit: Int64 = 60_000

  private struct Small {
    var world: World
    var jobs: [SubmittedJob]
    var carbon: [[Double]]
    var price: [[Double]]
  }

  /// Times are whole minutes, so that ties are common; values are small, so that zones tie as well.
  private func draw(seed: UInt64) throws -> Small {
    var random = TestRandom(seed: seed)
    let zoneCount = 1 + random.below(4)
    let zones = (0..<zoneCount).map { zone($0, cores: 1 + random.below(4), pue: 1 + Double(random.below(3)) / 4) }
    let steps = 40
    let carbon = zones.map { _ in (0..<steps).map { _ in Double(random.below(5)) * 10 } }
    let price = zones.map { _ in (0..<steps).map { _ in Double(random.below(5)) / 10 - 0.1 } }
    func traces(_ values: [[Double]]) throws -> [StepTrace] {
      try values.map { row in
        let stamps = row.enumerated().map { (Instant(milliseconds: Int64($0) * 5 * Self.unit), $1) }
        return try StepTrace(
          stamps: stamps, end: Instant(milliseconds: Int64(steps) * 5 * Self.unit), extending: .hold)
      }
    }
    var at = 0
    let jobs = (0..<(1 + random.below(25))).map { index in
      at += random.below(3) == 0 ? 0 : random.below(8)
      let demand = Resources(
        milliCores: Int64(1 + random.below(5)) * 1000, milliGigabytes: Int64(random.below(3)) * 1000,
        milliGPUs: Int64(random.below(3)) * 1000)
      let minutes = Int64(1 + random.below(30))
      let job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: Int64(at) * Self.unit),
        estimatedDuration: .minutes(minutes), demand: demand, estimatedEnergy: Energy(Double(1 + random.below(9))),
        homeZone: random.below(3) == 0 ? -1 : random.below(zoneCount))
      return SubmittedJob(job: job, actualDuration: .minutes(max(1, minutes + Int64(random.below(7)) - 3)))
    }
    let world = World(
      zones: zones, carbon: try traces(carbon), price: try traces(price), start: Instant(milliseconds: 0),
      duration: .hours(3))
    return Small(world: world, jobs: jobs, carbon: carbon, price: price)
  }

  private struct Outcome: Equatable {
    var zone: Int
    var startMinute: Int
  }

  /// Every minute: release, submit, then look at all pending jobs by the words of contract §5.
  private func reference(_ small: Small, greedy: Bool) -> [Outcome?] {
    var free = small.world.zones.map(\.capacity)
    var outcomes: [Outcome?] = Array(repeating: nil, count: small.jobs.count)
    var waiting: [Int] = []
    var minute = 0
    while minute < 3000 {
      for (index, outcome) in outcomes.enumerated() {
        guard let outcome else { continue }
        let length = Int(small.jobs[index].actualDuration.milliseconds / Self.unit)
        if outcome.startMinute + length == minute { free[outcome.zone] += small.jobs[index].job.demand }
      }
      for (index, job) in small.jobs.enumerated()
      where job.job.submittedAt.milliseconds == Int64(minute) * Self.unit && usable(job.job, small, greedy) {
        waiting.append(index)
      }
      var blocked: Set<Int> = []
      for index in waiting {
        let job = small.jobs[index].job
        let choices = ranked(job, small, greedy, minute).filter { !blocked.contains($0) && free[$0].holds(job.demand) }
        if let zone = choices.first {
          free[zone] -= job.demand
          outcomes[index] = Outcome(zone: zone, startMinute: minute)
          waiting.removeAll { $0 == index }
        } else if greedy {
          break
        } else {
          let wanted = job.homeZone >= 0 ? [job.homeZone] : Array(free.indices)
          blocked.formUnion(wanted.filter { small.world.zones[$0].capacity.holds(job.demand) })
        }
      }
      minute += 1
    }
    return outcomes
  }

  private func usable(_ job: Job, _ small: Small, _ greedy: Bool) -> Bool {
    ranked(job, small, greedy, 0).contains { small.world.zones[$0].capacity.holds(job.demand) }
  }

  private func ranked(_ job: Job, _ small: Small, _ greedy: Bool, _ minute: Int) -> [Int] {
    let all = Array(small.world.zones.indices)
    guard greedy else { return job.homeZone >= 0 ? [job.homeZone] : all }
    let step = min(minute / 5, 39)
    return all.sorted {
      (small.carbon[$0][step], small.price[$0][step], Double($0)) < (
        small.carbon[$1][step], small.price[$1][step], Double($1)
      )
    }
  }

  @Test(arguments: [true, false])
  func engineAgreesJobByJobOnAThousandScenarios(greedy: Bool) throws {
    for seed in 1...1000 as ClosedRange<UInt64> {
      let small = try draw(seed: seed)
      let records = try simulate(small.world, small.jobs, greedy ? GreedyLowestCarbon() : Standard())
      #expect(records.count == small.jobs.count, "seed \(seed)")
      let expected = reference(small, greedy: greedy)
      for record in records {
        let index = record.job.sequence
        guard let outcome = expected[index] else {
          #expect(record.status == .rejected, "seed \(seed), job \(index)")
          continue
        }
        let start = Int(record.start.milliseconds / Self.unit)
        #expect(Outcome(zone: record.zone, startMinute: start) == outcome, "seed \(seed), job \(index)")
        let (carbon, cost) = minuteByMinute(small, index, outcome)
        #expect(abs(record.emissions.value - carbon) <= 1e-9 * max(1, carbon), "seed \(seed), job \(index)")
        #expect(abs(record.cost.value - cost) <= 1e-9 * max(1, abs(cost)), "seed \(seed), job \(index)")
      }
    }
  }

  private func minuteByMinute(_ small: Small, _ index: Int, _ outcome: Outcome) -> (Double, Double) {
    let job = small.jobs[index]
    let power = job.job.estimatedEnergy.value / (Double(job.job.estimatedDuration.milliseconds) / 3_600_000)
    let hourly = power * small.world.zones[outcome.zone].pue / 60
    var total = (0.0, 0.0)
    for minute in outcome.startMinute..<outcome.startMinute + Int(job.actualDuration.milliseconds / Self.unit) {
      total.0 += hourly * small.carbon[outcome.zone][min(minute / 5, 39)]
      total.1 += hourly * small.price[outcome.zone][min(minute / 5, 39)]
    }
    return total
  }
}
