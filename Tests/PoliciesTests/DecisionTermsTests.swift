import Domain
import Engine
import Inputs
import Policies
import Testing

/// What `deadline-aware` says of its scores, against its formulas worked out again minute by minute.
@Suite struct DecisionTermsTests {
  private final class Log: DecisionSink {
    var all: [(decision: LoggedDecision, job: Job)] = []
    func accept(_ decision: LoggedDecision, of job: Job) { all.append((decision, job)) }
  }

  private final class Nowhere: RecordSink {
    func accept(_ record: borrowing JobRecord) {}
  }

  /// Whole minutes and half-hourly steps, with room for everybody: what is expected to run elsewhere matters nothing.
  private struct Case {
    var world: World
    var jobs: [SubmittedJob] = []
    /// Sums by zone and minute.
    var carbon: [[Double]]
    var price: [[Double]]

    init(seed: UInt64) throws {
      var random = TestRandom(seed: seed)
      let zones = (0..<(2 + random.below(4))).map { zone($0, cores: 1_000_000, pue: 1 + Double(random.below(3)) / 4) }
      let carbon = zones.map { _ in (0..<160).map { _ in Double(random.below(12)) * 25 } }
      let price = zones.map { _ in (0..<160).map { _ in Double(random.below(9)) * 0.05 - 0.05 } }
      func traces(_ rows: [[Double]]) throws -> [StepTrace] {
        try rows.map { row in
          try StepTrace(
            stamps: row.enumerated().map { (Instant(milliseconds: Int64($0) * 30 * minute), $1) },
            end: Instant(milliseconds: 80 * hour), extending: .hold)
        }
      }
      world = World(
        zones: zones, carbon: try traces(carbon), price: try traces(price), start: Instant(milliseconds: 0),
        duration: .hours(12))
      self.carbon = Case.sums(carbon)
      self.price = Case.sums(price)
      for sequence in 0..<6 {
        let at = Instant(milliseconds: Int64(60 * sequence + random.below(60)) * minute)
        var job = Job(
          sequence: sequence, identity: UInt64(sequence), submittedAt: at,
          estimatedDuration: .minutes(Int64(1 + random.below(300))),
          demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
          estimatedEnergy: Energy(Double(1 + random.below(9))),
          deferralWindow: .minutes(Int64(random.below(700))), urgency: Urgency.allCases[random.below(4)])
        if random.below(2) == 0 { job.deadline = at + job.estimatedDuration + .minutes(Int64(random.below(700))) }
        jobs.append(SubmittedJob(job: job, actualDuration: job.estimatedDuration))
      }
    }

    /// Value × minutes up to each minute.
    private static func sums(_ rows: [[Double]]) -> [[Double]] {
      rows.map { row in
        var sums = [0.0]
        for minute in 0..<2400 { sums.append(sums[minute] + row[min(minute / 30, 159)]) }
        return sums
      }
    }

    /// Value × hours of a run.
    func sum(_ sums: [[Double]], _ zone: Int, _ start: Int, _ length: Int) -> Double {
      (sums[zone][start + length] - sums[zone][start]) / 60
    }

    /// The weighted terms of the book's table, for weights 0.5, 0.1, 0.2, 0.1 and 0.
    func terms(_ job: Job, _ zone: Int, _ start: Int, now: Int) -> [Double] {
      let length = Int(job.estimatedDuration.milliseconds / minute)
      func drawn(_ zone: Int) -> Double { job.estimatedEnergy.value / (Double(length) / 60) * world.zones[zone].pue }
      let zones = world.zones.indices
      let count = Double(zones.count)
      let energy = zones.reduce(0.0) { $0 + drawn($1) * Double(length) / 60 }
      let emissions = zones.reduce(0.0) { $0 + drawn($1) * sum(carbon, $1, now, length) }
      let cost = zones.reduce(0.0) { $0 + abs(drawn($1) * sum(price, $1, now, length)) }
      let latest = Int(job.latestStart.milliseconds / minute)
      let submitted = Int(job.submittedAt.milliseconds / minute)
      let priority = [0.6, 1, 1.4, 1.8][Int(job.urgency.rawValue)]
      var risk = 0.0
      if job.deadline != .never {
        let slack = Double(Int(job.deadline.milliseconds / minute) - start - length)
        risk = min(1, max(0, (0.5 * Double(length) - slack) / (0.5 * Double(length))))
      }
      return [
        0.5 * drawn(zone) * sum(carbon, zone, start, length) / (max(emissions, energy) / count),
        0.1 * drawn(zone) * sum(price, zone, start, length) / (max(cost, 0.001 * energy) / count),
        latest > submitted ? 0.2 * priority * Double(start - submitted) / Double(latest - submitted) : 0,
        0.1 * risk, 0,
      ]
    }
  }

  @Test func termsAreThoseOfTheFormulasAndTheOptionsTheBest() throws {
    let names = ["carbon", "cost", "delay", "risk", "pressure"]
    let weights: [String: ParameterValue] = [
      "weights.carbon": .number(0.5), "weights.cost": .number(0.1), "weights.delay": .number(0.2),
      "weights.risk": .number(0.1), "weights.pressure": .number(0),
    ]
    var checked = 0
    for seed in UInt64(1)...20 {
      let small = try Case(seed: seed)
      let log = Log()
      let forecaster = TraceForecaster(
        zones: small.world.zones, carbon: small.world.carbon, price: small.world.price,
        settings: ForecastSettings(carbon: .perfect, price: .perfect, horizon: .hours(96)), start: small.world.start,
        seed: 1, replication: 1)
      try Simulation(
        world: small.world, policy: policy("deadline-aware", weights), source: JobList(small.jobs), sink: Nowhere(),
        forecaster: forecaster, decisionLog: log
      ).run()
      #expect(log.all.count { $0.decision.kind == .start } == 6, "seed \(seed)")
      for (decision, job) in log.all where decision.rankedBy != "its plan" {
        let place = Comment(rawValue: "seed \(seed), job \(job.sequence), \(decision.kind)")
        let now = Int(decision.at.milliseconds / minute)
        #expect(decision.chosen == decision.ranking.first && decision.candidates >= small.world.zones.count, place)
        #expect(decision.ranking.count == min(3, small.world.zones.count), place)
        for option in decision.ranking {
          let start = Int(option.ranked.start.milliseconds / minute)
          let expected = small.terms(job, option.ranked.zone, start, now: now)
          #expect(option.ranked.terms.map(\.name) == names, place)
          for (term, value) in zip(option.ranked.terms, expected) { #expect(abs(term.value - value) < 1e-9, place) }
          #expect(abs(option.ranked.score - expected.reduce(0, +)) < 1e-9, place)
          let latest = max(now, Int(job.latestStart.milliseconds / minute))
          let least = (now...latest).map { minute in
            small.terms(job, option.ranked.zone, minute, now: now).reduce(0, +)
          }.min()
          #expect(option.ranked.score <= (least ?? 0) + 1e-9, place)
          let energy = job.estimatedEnergy.value * small.world.zones[option.ranked.zone].pue
          #expect(abs(option.emissions.value - energy * option.intensity.value) < 1e-9 * max(1, energy * 300), place)
          checked += 1
        }
        #expect(
          zip(decision.ranking, decision.ranking.dropFirst()).allSatisfy { $0.ranked.score <= $1.ranked.score + 1e-9 },
          place)
      }
    }
    #expect(checked > 500)
  }
}
