import Domain
import Engine
import Inputs
import Policies
import Testing

/// The score of `deadline-aware` to the letter of the book's table, with load that others take, zones that are too small,
/// and values below the floors, against a plain account of who runs and who is planned.
@Suite struct ScoreReadingsTests {
  private final class Log: DecisionSink {
    var all: [(decision: LoggedDecision, job: Job)] = []
    func accept(_ decision: LoggedDecision, of job: Job) { all.append((decision, job)) }
  }

  private final class Nowhere: RecordSink {
    func accept(_ record: borrowing JobRecord) {}
  }

  /// What a job is expected to hold, in minutes.
  private struct Booking {
    var zone: Int
    var from: Int
    var to: Int
    var demand: Resources
    var runs: Bool
    /// When it really ends.
    var over = Int.max
  }

  private struct Case {
    var world: World
    var jobs: [SubmittedJob] = []
    var carbon: [[Double]]
    var price: [[Double]]
    let step: Int
    let weights = [0.5, 0.3, 0.2, 0.1, 0.4]

    init(seed: UInt64) throws {
      var random = TestRandom(seed: seed)
      step = random.below(2) == 0 ? 30 : 60
      func amount(_ least: Int, _ most: Int) -> Int64 { Int64(least + random.below(most - least + 1)) * 1000 }
      let zones = (0..<(3 + random.below(3))).map { place in
        Zone(
          id: place + 1, code: "Z\(place)", name: "Z", region: "R",
          coordinates: Coordinates(latitude: 52, longitude: 0),
          capacity: place == 0
            ? Resources(milliCores: 12_000, milliGigabytes: 12_000, milliGPUs: 4000)
            : Resources(
              milliCores: amount(2, 9), milliGigabytes: amount(2, 9), milliGPUs: amount(0, 2)),
          pue: 1 + Double(random.below(3)) / 4)
      }
      // Every other case is a windy night, with prices about zero.
      let (gram, pound) = seed % 2 == 0 ? (0.25, 0.0004) : (25, 0.05)
      let (step, count) = (step, 4800 / step)
      carbon = zones.map { _ in (0..<count).map { _ in Double(random.below(12)) * gram } }
      price = zones.map { _ in (0..<count).map { _ in Double(random.below(9) - 2) * pound } }
      func traces(_ rows: [[Double]]) throws -> [StepTrace] {
        try rows.map { row in
          try StepTrace(
            stamps: row.enumerated().map { (Instant(milliseconds: Int64($0 * step) * minute), $1) },
            end: Instant(milliseconds: 80 * hour), extending: .hold)
        }
      }
      world = World(
        zones: zones, carbon: try traces(carbon), price: try traces(price), start: Instant(milliseconds: 0),
        duration: .hours(12))
      for sequence in 0..<30 {
        let at = Instant(milliseconds: Int64(12 * sequence + random.below(12)) * minute)
        let estimate = 1 + random.below(200)
        var job = Job(
          sequence: sequence, identity: UInt64(sequence), submittedAt: at, estimatedDuration: .minutes(Int64(estimate)),
          demand: Resources(
            milliCores: amount(1, 4), milliGigabytes: amount(0, 4), milliGPUs: random.below(4) == 0 ? 1000 : 0),
          estimatedEnergy: Energy(Double(1 + random.below(9))),
          deferralWindow: .minutes(Int64(random.below(2) == 0 ? 0 : random.below(500))))
        if random.below(2) == 0 { job.deadline = at + job.estimatedDuration + .minutes(Int64(random.below(500))) }
        // Some end early, some later than they were estimated.
        let actual = random.below(3) == 0 ? 1 + random.below(2 * estimate) : estimate
        jobs.append(SubmittedJob(job: job, actualDuration: .minutes(Int64(actual))))
      }
    }

    func mean(_ rows: [[Double]], _ zone: Int, _ start: Int, _ length: Int) -> Double {
      (start..<start + length).reduce(0.0) { $0 + rows[zone][$1 / step] } / Double(length)
    }

    private func share(_ demand: Resources, _ zone: Int, times factor: Double) -> [Double] {
      let capacity = world.zones[zone].capacity
      func share(_ amount: Int64, _ all: Int64) -> Double { all > 0 ? factor * Double(amount) / Double(all) : 0 }
      return [
        share(demand.milliCores, capacity.milliCores), share(demand.milliGigabytes, capacity.milliGigabytes),
        share(demand.milliGPUs, capacity.milliGPUs),
      ]
    }

    /// The share of the scarcest resource in a step that is expected to be taken: jobs count by the part of the step that
    /// they are to hold, of the present step those that run from its beginning on.
    private func load(_ others: [Booking], _ zone: Int, _ place: Int, now: Int) -> Double {
      var sums = [0.0, 0, 0]
      for other in others where other.zone == zone {
        let from = max(other.runs && place == now / step ? place * step : other.from, place * step)
        let part = Double(max(0, min(other.to, (place + 1) * step) - from)) / Double(step)
        sums = zip(sums, share(other.demand, zone, times: part)).map { $0 + $1 }
      }
      return sums.max() ?? 0
    }

    func terms(_ job: Job, _ zone: Int, _ start: Int, now: Int, _ others: [Booking]) -> [Double] {
      let length = Int(job.estimatedDuration.milliseconds / minute)
      // The energy at the meter.
      func energy(_ zone: Int) -> Double { job.estimatedEnergy.value * world.zones[zone].pue }
      let allowed = world.zones.indices.filter { world.zones[$0].capacity.holds(job.demand) }
      func mean(_ value: (Int) -> Double) -> Double { allowed.reduce(0) { $0 + value($1) } / Double(allowed.count) }
      let emissions = max(mean { energy($0) * self.mean(carbon, $0, now, length) }, mean { energy($0) * 1 })
      let cost = max(mean { abs(energy($0) * self.mean(price, $0, now, length)) }, mean { energy($0) * 0.001 })
      let (submitted, latest) = (Int(job.submittedAt.milliseconds / minute), Int(job.latestStart.milliseconds / minute))
      var risk = 0.0
      if job.deadline != .never {
        let slack = Double(Int(job.deadline.milliseconds / minute) - start - length)
        risk = min(1, max(0, (0.5 * Double(length) - slack) / (0.5 * Double(length))))
      }
      let taken = (start..<start + length).reduce(0.0) { $0 + load(others, zone, $1 / step, now: now) } / Double(length)
      let own = share(job.demand, zone, times: 1).max() ?? 0
      return [
        weights[0] * energy(zone) * self.mean(carbon, zone, start, length) / emissions,
        weights[1] * energy(zone) * self.mean(price, zone, start, length) / cost,
        latest > submitted ? weights[2] * Double(start - submitted) / Double(latest - submitted) : 0,
        weights[3] * risk, weights[4] * (taken + own),
      ]
    }
  }

  /// The bookings that count when a job is looked at: those of jobs that run, and of plans to come. Plans for this very
  /// instant are acted on in order of submission, before anything new; one that finds no room is none any more.
  private func counted(_ bookings: [Int: Booking], _ job: Int, now: Int) -> [Booking] {
    let isDue = bookings[job].map { !$0.runs && $0.from == now } ?? false
    return bookings.sorted { $0.key < $1.key }.filter { other, booking in
      guard other != job, booking.over > now else { return false }
      return booking.runs || booking.from > now || (booking.from == now && isDue && other > job)
    }.map(\.value)
  }

  @Test func theTermsAreThoseOfThePlainScore() throws {
    let names = ["carbon", "cost", "delay", "risk", "pressure"]
    var (checked, loaded) = (0, 0)
    for seed in UInt64(1)...40 {
      let small = try Case(seed: seed)
      let log = Log()
      let forecaster = TraceForecaster(
        zones: small.world.zones, carbon: small.world.carbon, price: small.world.price,
        settings: ForecastSettings(carbon: .perfect, price: .perfect, horizon: .hours(60)), start: small.world.start,
        seed: 1, replication: 1)
      let weights = Dictionary(
        uniqueKeysWithValues: zip(names, small.weights).map { ("weights.\($0)", ParameterValue.number($1)) })
      try Simulation(
        world: small.world, policy: policy("deadline-aware", weights), source: JobList(small.jobs), sink: Nowhere(),
        forecaster: forecaster, decisionLog: log
      ).run()
      var bookings: [Int: Booking] = [:]
      for (decision, job) in log.all {
        let place = Comment(rawValue: "seed \(seed), job \(job.sequence), \(decision.kind) at \(decision.at)")
        let now = Int(decision.at.milliseconds / minute)
        let others = counted(bookings, job.sequence, now: now)
        if decision.rankedBy != "its plan" {
          for option in decision.ranking {
            let start = Int(option.ranked.start.milliseconds / minute)
            let expected = small.terms(job, option.ranked.zone, start, now: now, others)
            for (term, value) in zip(option.ranked.terms, expected) {
              #expect(abs(term.value - value) < 1e-9, "\(place): \(term.name) is \(term.value), not \(value)")
            }
            checked += 1
            let own = small.terms(job, option.ranked.zone, start, now: now, [])[4]
            if expected[4] > own + 1e-9 { loaded += 1 }
          }
        }
        guard let chosen = decision.chosen?.ranked, [.start, .plan, .replan].contains(decision.kind) else { continue }
        let start = Int(chosen.start.milliseconds / minute)
        let runs = decision.kind == .start
        let actual = Int(small.jobs[job.sequence].actualDuration.milliseconds / minute)
        bookings[job.sequence] = Booking(
          zone: chosen.zone, from: start, to: start + Int(job.estimatedDuration.milliseconds / minute),
          demand: job.demand, runs: runs, over: runs ? start + actual : .max)
      }
    }
    #expect(checked > 2000 && loaded > 500, "\(checked) checked, \(loaded) with load")
  }

  /// A job that is over takes nothing of the step that it ended in: of two empty zones the cleaner one is chosen.
  @Test func jobsThatAreOverArePressureNoMore() throws {
    let carbon = [100.0, 101].map { StepTrace(constant: $0) }
    let hourly = try carbon.map { trace in
      try StepTrace(
        stamps: (0..<11).map { (Instant(milliseconds: Int64($0) * hour), trace.step(0).value) },
        end: Instant(milliseconds: 11 * hour), extending: .hold)
    }
    let world = World(
      zones: [zone(0, cores: 8), zone(1, cores: 8)], carbon: hourly,
      price: [StepTrace(constant: 0.1), StepTrace(constant: 0.1)], start: Instant(milliseconds: 0),
      duration: .hours(24))
    func job(_ sequence: Int, at: Int64, cores: Int64, minutes: Int64, actual: Int64) -> SubmittedJob {
      SubmittedJob(
        job: Job(
          sequence: sequence, identity: UInt64(sequence), submittedAt: Instant(milliseconds: at * minute),
          estimatedDuration: .minutes(minutes),
          demand: Resources(milliCores: cores * 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(1)),
        actualDuration: .minutes(actual))
    }
    // It ends as estimated, or early.
    for estimate in [Int64(20), 200] {
      let records = try simulate(
        world,
        [
          job(0, at: 0, cores: 8, minutes: estimate, actual: 20), job(1, at: 30, cores: 1, minutes: 10, actual: 10),
        ], policy("deadline-aware"), horizon: .hours(12))
      #expect(records.map(\.zone) == [0, 0], "estimate \(estimate)")
    }
    // What runs on does count, as all that is left of the step.
    let records = try simulate(
      world, [job(0, at: 20, cores: 4, minutes: 100, actual: 100), job(1, at: 30, cores: 1, minutes: 10, actual: 10)],
      policy("deadline-aware"), horizon: .hours(12))
    #expect(records.map(\.zone) == [0, 1])
  }
}
