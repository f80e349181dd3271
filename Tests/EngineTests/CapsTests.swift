import Domain
import Engine
import Inputs
import Policies
import Testing

/// `caps: hard`: a job starts only where its prediction keeps its caps (contract §2).
@Suite struct CapsTests {
  private func world(_ carbon: [[Double]], price: Double = 0.2, cores: Int = 8, hours: Int64 = 24) throws -> World {
    let end = Instant(milliseconds: Int64(carbon[0].count) * 3_600_000)
    return World(
      zones: carbon.indices.map { zone($0, cores: cores) },
      carbon: try carbon.map { row in
        try StepTrace(
          stamps: row.enumerated().map { (Instant(milliseconds: Int64($0) * 3_600_000), $1) }, end: end,
          extending: .hold)
      }, price: carbon.map { _ in StepTrace(constant: price) }, start: Instant(milliseconds: 0),
      duration: .hours(hours))
  }

  private func job(_ sequence: Int, hour: Int64 = 0, window: Int64 = 180) -> Job {
    Job(
      sequence: sequence, identity: UInt64(sequence), submittedAt: Instant(milliseconds: hour * 3_600_000),
      estimatedDuration: .hours(1), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
      estimatedEnergy: Energy(1), deferralWindow: .minutes(window))
  }

  private func run(_ world: World, _ jobs: [Job], _ policy: any Policy, hard: Bool = true) throws -> [JobRecord] {
    let records = Records()
    let settings = ForecastSettings(carbon: .perfect, price: .perfect, horizon: .hours(48))
    let forecaster = TraceForecaster(
      zones: world.zones, carbon: world.carbon, price: world.price, settings: settings, start: world.start, seed: 1,
      replication: 1)
    try Simulation(
      world: world, policy: policy, source: JobList(jobs.map { SubmittedJob(job: $0, actualDuration: .hours(1)) }),
      sink: records, forecaster: forecaster, capsAreHard: hard
    ).run()
    return records.all.sorted { $0.job.sequence < $1.job.sequence }
  }

  private static let makers: [@Sendable () -> any Policy] = [
    { Standard() }, { GreedyLowestCarbon() }, { GreedyLowestCarbon(backfill: true) }, { Cheapest() },
    { MixScore(backfill: true) }, { RoundRobin() },
    { PolicyCatalog.entry("random")?.make(PolicySetup()) ?? Standard() },
  ]

  /// 1 kW for an hour: 300 g now, 100 g from 01:00 on.
  @Test(arguments: makers.indices) func aCapOnEmissionsPutsTheStartOff(maker: Int) throws {
    let world = try world([[300, 100, 100]])
    var capped = job(0)
    capped.emissionsCap = Emissions(150)
    let soft = try run(world, [capped], Self.makers[maker](), hard: false)
    #expect(soft[0].start.milliseconds == 0 && abs(soft[0].emissions.value - 300) < 1e-9)
    // A job that came later and has no cap is not kept waiting.
    let hard = try run(world, [capped, job(1)], Self.makers[maker]())
    #expect(hard[0].start.milliseconds == 3_600_000 && abs(hard[0].emissions.value - 100) < 1e-9)
    #expect(hard[1].start.milliseconds == 0 && hard[1].status == .completed)
  }

  @Test(arguments: makers.indices) func whatNoStartKeepsIsRejectedAtTheLatest(maker: Int) throws {
    let world = try world([[300, 100, 100, 100]])
    var dirty = job(0)
    dirty.emissionsCap = Emissions(50)
    var dear = job(1)
    dear.costCap = Money(0.1)
    var sooner = job(2, window: 30)
    sooner.emissionsCap = Emissions(150)
    var clean = job(3)
    clean.intensityCap = CarbonIntensity(100)
    let records = try run(world, [dirty, dear, sooner, clean], Self.makers[maker]())
    for place in 0..<3 {
      #expect(records[place].status == .rejected && records[place].rejection == .capsNotMet)
      #expect(records[place].start == .never && records[place].zone == -1)
    }
    // The intensity cap holds at the start.
    #expect(records[3].status == .completed && records[3].start.milliseconds == 3_600_000)
  }

  /// 400 random runs: perfect forecasts and estimates, so no cap may be broken; every job ends in one record; only a
  /// job with caps is rejected.
  @Test func noCapIsBrokenWhereForecastsArePerfect() throws {
    var rejected = 0
    var put = 0
    for seed in UInt64(1)...400 {
      var random = TestRandom(seed: seed)
      let zones = 1 + random.below(3)
      let world = try world(
        (0..<zones).map { _ in (0..<30).map { _ in Double(random.below(40)) * 10 } }, cores: 2)
      var hour = 0
      let jobs = (0..<20).map { index in
        hour += random.below(2)
        var job = job(index, hour: Int64(hour), window: Int64(random.below(6)) * 60)
        job.homeZone = random.below(3) == 0 ? random.below(zones) : -1
        if random.below(2) == 0 { job.emissionsCap = Emissions(Double(random.below(400))) }
        if random.below(4) == 0 { job.intensityCap = CarbonIntensity(Double(random.below(400))) }
        return job
      }
      for maker in Self.makers {
        let records = try run(world, jobs, maker())
        #expect(records.map(\.job.sequence) == Array(0..<20), "seed \(seed)")
        for record in records {
          if record.status == .rejected {
            rejected += 1
            #expect(record.job.hasCaps && record.rejection == .capsNotMet, "seed \(seed)")
          } else {
            let value = world.carbon[record.zone].value(at: record.start)
            #expect(record.status == .completed && record.emissions <= record.job.emissionsCap, "seed \(seed)")
            #expect(value <= record.job.intensityCap.value, "seed \(seed)")
            if record.start > record.job.submittedAt { put += 1 }
          }
        }
      }
    }
    #expect(rejected > 100 && put > 100)
  }
}
