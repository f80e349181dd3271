import Domain
import Engine
import Inputs
import Policies
import Testing

/// What a change of the inputs must do to the results, whatever those are.
@Suite struct MetamorphicTests {
  private static let week: Int64 = 168 * hour
  /// A Monday, 00:00 UTC, in the second week of the traces: they wrap, so every day before it is known.
  private static let monday: Int64 = 1_736_121_600_000
  /// Choices by carbon alone, forecasts among them, and choices that carbon has no part in.
  private static let byCarbonAlone: [(name: String, parameters: [String: ParameterValue])] = [
    ("standard", [:]), ("greedy-lowest-carbon", [:]), ("greedy-lowest-carbon", ["queue": .text("backfill")]),
    ("cheapest", [:]), ("round-robin", [:]), ("random", [:]), ("lowest-slot", [:]),
    ("lowest-window", ["zones": .text("any")]), ("carbon-time", [:]), ("wait-awhile", ["zones": .text("any")]),
    ("ecovisor", [:]), ("greenest-within-window", [:]), ("deadline-aware", ["weights.carbon": .number(1)]),
    ("carbon-cap", ["cap": .number(150), "pause": .flag(true)]),
  ]
  private static let rest: [(name: String, parameters: [String: ParameterValue])] = [
    ("deadline-aware", [:]), ("mix-score", [:]), ("operator-manual", [:]),
    ("operator-manual", ["recommend": .text("deadline-aware"), "poll": .number(900)]),
  ]

  /// A scenario to be changed; times from its own Monday on, ms.
  private struct Case {
    var seed: UInt64
    var zones: [Zone] = []
    /// Half hours of a week; no two values alike.
    var carbon: [[Double]] = []
    var price: [[Double]] = []
    var jobs: [SubmittedJob] = []
    var monday = MetamorphicTests.monday
    /// Of every time.
    var scale: Int64 = 1
    var model = ForecastModel.perfect

    init(seed: UInt64, jobs count: Int = 40) {
      self.seed = seed
      var random = TestRandom(seed: seed)
      let zoneCount = 2 + random.below(3)
      zones = (0..<zoneCount).map { zone($0, cores: 4 + random.below(5), pue: 1 + Double(random.below(4)) / 4) }
      func value(_ most: Int) -> Double { Double(1000 + random.below(most * 1000)) / 1024 }
      carbon = zones.map { _ in (0..<336).map { _ in 10 + value(300) } }
      price = zones.map { _ in (0..<336).map { _ in value(400) / 1000 } }
      for sequence in 0..<count {
        let estimate = Int64(1 + random.below(6 * 3600)) * 1000
        var job = Job(
          sequence: sequence, identity: UInt64(sequence) &* 0x9E37_79B9_7F4A_7C15 &+ 1,
          submittedAt: Instant(milliseconds: monday + Int64(random.below(24 * 3600)) * 1000),
          estimatedDuration: TimeSpan(milliseconds: estimate),
          demand: Resources(milliCores: Int64(1 + random.below(4)) * 1000, milliGigabytes: 1000, milliGPUs: 0),
          estimatedEnergy: Energy(Double(1 + random.below(80)) / 4),
          deferralWindow: TimeSpan(milliseconds: Int64(random.below(12 * 3600)) * 1000),
          homeZone: random.below(zoneCount), urgency: Urgency.allCases[random.below(4)])
        if random.below(2) == 0 { job.deadline = job.submittedAt + TimeSpan(milliseconds: estimate * 3) }
        let actual = max(1000, estimate * Int64(50 + random.below(100)) / 100)
        jobs.append(SubmittedJob(job: job, actualDuration: TimeSpan(milliseconds: actual)))
      }
      jobs.sort { $0.job.submittedAt < $1.job.submittedAt }
      for place in jobs.indices { jobs[place].job.sequence = place }
    }

    private func traces(_ values: [[Double]]) throws -> [StepTrace] {
      let begin = MetamorphicTests.monday - MetamorphicTests.week
      func at(_ step: Int) -> Instant {
        Instant(
          milliseconds: MetamorphicTests.monday + (begin - MetamorphicTests.monday + Int64(step) * hour / 2) * scale)
      }
      return try values.map { row in
        try StepTrace(
          stamps: row.enumerated().map { (start: at($0.offset), value: $0.element) }, end: at(row.count),
          extending: .wrap)
      }
    }

    func run(_ choice: (name: String, parameters: [String: ParameterValue])) throws -> Outcome {
      let world = World(
        zones: zones, carbon: try traces(carbon), price: try traces(price), start: Instant(milliseconds: monday),
        duration: TimeSpan(milliseconds: 24 * hour * scale))
      let own = try policy(choice.name, choice.parameters, seed: seed)
      let sink = SegmentRecords()
      let records = try simulate(
        world, jobs, own, model: model, horizon: TimeSpan(milliseconds: 96 * hour * scale),
        interruption: InterruptionRules(), into: sink)
      return Outcome(records: records, runs: sink.runs)
    }
  }

  /// What became of the jobs.
  private struct Outcome {
    var records: [JobRecord]
    var runs: [SegmentRecords.Run]

    /// Where and when every job ran, from an instant on and in units of time.
    func placements(from origin: Int64 = 0, unit: Int64 = 1, zone: (Int) -> Int = { $0 }) -> [[Int64]] {
      runs.map { run in
        [Int64(run.job), Int64(zone(run.zone)), (run.start - origin) / unit, (run.end - origin) / unit]
      }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    var emissions: Double { records.reduce(0) { $0 + $1.emissions.value } }
    var waits: [Int64] { records.map { ($0.start - $0.job.submittedAt).milliseconds } }
  }

  @Test(arguments: 1...6)
  func doublingEveryIntensityDoublesEmissionsAndMovesNobody(seed: Int) throws {
    for model in [ForecastModel.perfect, .persistence] {
      var plain = Case(seed: UInt64(seed))
      plain.model = model
      var doubled = plain
      doubled.carbon = plain.carbon.map { $0.map { 2 * $0 } }
      for choice in Self.byCarbonAlone {
        var other = choice
        if case .number(let cap)? = choice.parameters["cap"] { other.parameters["cap"] = .number(2 * cap) }
        let (a, b) = (try plain.run(choice), try doubled.run(other))
        #expect(a.placements() == b.placements(), "\(choice), seed \(seed), \(model)")
        // Twice a number is exact.
        #expect(a.records.map { 2 * $0.emissions.value } == b.records.map(\.emissions.value), "\(choice), seed \(seed)")
        #expect(a.emissions > 0 && a.records.map(\.cost) == b.records.map(\.cost))
      }
    }
  }

  @Test(arguments: 1...6)
  func turningTheZonesRoundOnlyRenamesThem(seed: Int) throws {
    let plain = Case(seed: UInt64(seed))
    let last = plain.zones.count - 1
    var turned = plain
    turned.zones = plain.zones.reversed()
    turned.carbon.reverse()
    turned.price.reverse()
    for place in turned.jobs.indices { turned.jobs[place].job.homeZone = last - turned.jobs[place].job.homeZone }
    // Turns and chances go by the zones' order.
    let byOrder = ["round-robin", "random", "mix-score"]
    for choice in Self.byCarbonAlone + Self.rest where !byOrder.contains(choice.name) {
      let (a, b) = (try plain.run(choice), try turned.run(choice))
      #expect(a.placements() == b.placements { last - $0 }, "\(choice), seed \(seed)")
      #expect(a.records.map(\.emissions) == b.records.map(\.emissions), "\(choice), seed \(seed)")
    }
  }

  @Test(arguments: 1...6)
  func aWeekLaterInAWeeklyTraceEverythingIsTheSame(seed: Int) throws {
    for model in [ForecastModel.perfect, .persistence] {
      var plain = Case(seed: UInt64(seed))
      plain.model = model
      var later = plain
      later.monday += Self.week
      for place in later.jobs.indices {
        let job = later.jobs[place].job
        later.jobs[place].job.submittedAt = job.submittedAt + TimeSpan(milliseconds: Self.week)
        if job.deadline != .never { later.jobs[place].job.deadline = job.deadline + TimeSpan(milliseconds: Self.week) }
      }
      for choice in Self.byCarbonAlone + Self.rest {
        let (a, b) = (try plain.run(choice), try later.run(choice))
        #expect(
          a.placements(from: plain.monday) == b.placements(from: later.monday), "\(choice), seed \(seed), \(model)")
        #expect(abs(a.emissions - b.emissions) <= 1e-12 * a.emissions, "\(choice), seed \(seed)")
      }
    }
  }

  /// One that could hold nobody, where zones are full; one that could hold everybody, where the others have room.
  @Test(arguments: 1...6)
  func aWorstZoneThatNobodyNeedsChangesNoGreedyChoice(seed: Int) throws {
    for isRoomy in [false, true] {
      var plain = Case(seed: UInt64(seed))
      if isRoomy { plain.zones = plain.zones.indices.map { zone($0, cores: 1000) } }
      var more = plain
      let worst = more.zones.count
      more.zones.append(zone(worst, cores: 1000))
      if !isRoomy { more.zones[worst].capacity.milliCores = 999 }
      more.carbon.append(Array(repeating: 1000, count: 336))
      more.price.append(Array(repeating: 10, count: 336))
      for choice in Self.byCarbonAlone where ["greedy-lowest-carbon", "cheapest"].contains(choice.name) {
        let (a, b) = (try plain.run(choice), try more.run(choice))
        #expect(a.placements() == b.placements(), "\(choice), seed \(seed), roomy \(isRoomy)")
        // The case is worth something: there are waits where zones are full.
        #expect(isRoomy || a.waits.contains { $0 > 0 }, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 1...6)
  func slowerTimeScalesWaits(seed: Int) throws {
    let plain = Case(seed: UInt64(seed))
    for scale in [Int64(2), 3] {
      var slow = plain
      slow.scale = scale
      for place in slow.jobs.indices {
        func scaled(_ at: Instant) -> Instant {
          Instant(milliseconds: plain.monday + (at.milliseconds - plain.monday) * scale)
        }
        func scaled(_ span: TimeSpan) -> TimeSpan { TimeSpan(milliseconds: span.milliseconds * scale) }
        var job = slow.jobs[place].job
        job.submittedAt = scaled(job.submittedAt)
        if job.deadline != .never { job.deadline = scaled(job.deadline) }
        job.estimatedDuration = scaled(job.estimatedDuration)
        job.deferralWindow = scaled(job.deferralWindow)
        // The same power.
        job.estimatedEnergy = Energy(job.estimatedEnergy.value * Double(scale))
        slow.jobs[place] = SubmittedJob(job: job, actualDuration: scaled(slow.jobs[place].actualDuration))
      }
      // Spans of their own, such as a quantile's day, stay as they are in the others.
      let free = [
        "standard", "greedy-lowest-carbon", "cheapest", "round-robin", "random", "mix-score", "wait-awhile",
        "greenest-within-window", "lowest-slot",
      ]
      for choice in Self.byCarbonAlone + Self.rest where free.contains(choice.name) {
        let (a, b) = (try plain.run(choice), try slow.run(choice))
        #expect(a.waits.map { $0 * scale } == b.waits, "\(choice), seed \(seed), \(scale)")
        #expect(
          a.placements(from: plain.monday) == b.placements(from: plain.monday, unit: scale), "\(choice), seed \(seed)")
        #expect(abs(b.emissions - Double(scale) * a.emissions) <= 1e-12 * b.emissions, "\(choice), seed \(seed)")
      }
    }
  }
}
