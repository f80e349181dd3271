import Domain
import Engine
import Inputs
import Policies
import Testing

@Suite struct DeadlineAwareTests {
  /// Steps of half an hour or uneven ones; whole values, so that ties are common.
  private func world(
    _ random: inout TestRandom, cores: Int, even: Bool, pues: Bool = true, zones count: Int = 5, leastPrice: Double = 0
  ) throws -> World {
    let zones = (0..<(1 + random.below(count))).map {
      zone($0, cores: cores, pue: pues ? 1 + Double(random.below(3)) / 4 : 1)
    }
    var stamps: [Int64] = [0]
    while stamps[stamps.count - 1] < 200 * hour {
      stamps.append(stamps[stamps.count - 1] + (even ? 30 : Int64(1 + random.below(90))) * minute)
    }
    func traces(_ spread: Int, _ unit: Double, from least: Double = 0) throws -> [StepTrace] {
      try zones.map { _ in
        let values = stamps.dropLast().map { (Instant(milliseconds: $0), least + Double(random.below(spread)) * unit) }
        return try StepTrace(stamps: values, end: Instant(milliseconds: stamps[stamps.count - 1]), extending: .hold)
      }
    }
    return World(
      zones: zones, carbon: try traces(12, 25), price: try traces(9, 0.05, from: leastPrice),
      start: Instant(milliseconds: 0),
      duration: .hours(72))
  }

  private func jobs(_ random: inout TestRandom, _ count: Int, unit: Int64 = 1000) -> [SubmittedJob] {
    var at: Int64 = 0
    return (0..<count).map { index in
      at += Int64(random.below(Int(4 * hour / Int64(count) / unit) + 1)) * unit * 10
      var job = Job(
        sequence: index, identity: UInt64(index), submittedAt: Instant(milliseconds: at),
        estimatedDuration: TimeSpan(milliseconds: Int64(1 + random.below(20_000)) * unit),
        demand: Resources(
          milliCores: Int64(1 + random.below(4)) * 1000, milliGigabytes: Int64(random.below(4)) * 1000,
          milliGPUs: Int64(random.below(2)) * 1000),
        estimatedEnergy: Energy(Double(1 + random.below(9))),
        deferralWindow: TimeSpan(milliseconds: Int64(random.below(25)) * hour))
      if random.below(2) == 0 {
        job.deadline = job.submittedAt + job.estimatedDuration + .hours(Int64(random.below(20)))
      }
      job.urgency = Urgency.allCases[random.below(4)]
      let early = random.below(3) == 0 ? job.estimatedDuration.milliseconds / 2 + 1 : 0
      return SubmittedJob(
        job: job, actualDuration: TimeSpan(milliseconds: job.estimatedDuration.milliseconds - early))
    }
  }

  /// A trace as plain lists, for a walk that shares nothing with the engine's sums.
  private struct Steps {
    var stamps: [Int64] = []
    var values: [Double] = []

    init(_ trace: StepTrace) {
      for step in 0..<trace.stepCount {
        stamps.append(trace.step(step).start.milliseconds)
        values.append(trace.step(step).value)
      }
    }

    func integral(_ from: Int64, _ to: Int64) -> Double {
      // A guess that is early enough, from steps of at most an hour and a half.
      var step = max(0, min(stamps.count - 1, Int(from / (90 * minute))))
      while step + 1 < stamps.count, stamps[step + 1] <= from { step += 1 }
      var sum = 0.0
      while step < stamps.count, stamps[step] < to {
        let next = step + 1 < stamps.count ? stamps[step + 1] : Int64.max
        sum += values[step] * Double(min(to, next) - max(from, stamps[step]))
        step += 1
      }
      return sum
    }
  }

  /// The least emissions of a job over every zone and all steps, all ends on steps, and many instants between.
  private func leastEmissions(_ job: Job, _ zones: [Zone], _ steps: [Steps]) -> Double {
    var least = Double.infinity
    let from = job.submittedAt.milliseconds
    let latest = job.latestStart.milliseconds
    let length = job.estimatedDuration.milliseconds
    for (index, zone) in zones.enumerated() where zone.capacity.holds(job.demand) {
      var starts: [Int64] = [from, latest]
      for stamp in steps[index].stamps where stamp >= from && stamp <= latest + length {
        starts += [stamp, stamp - length]
      }
      for part in 0...50 { starts.append(from + (latest - from) * Int64(part) / 50) }
      let power = job.estimatedEnergy.value / Double(length) * zone.pue
      for start in starts where start >= from && start <= latest {
        least = min(least, power * steps[index].integral(start, start + length))
      }
    }
    return least
  }

  /// Contract §5: weight on carbon alone, a perfect forecast and ample capacity give each job its exact minimum. 10,000
  /// random jobs over even steps (the scan) and uneven ones (the list).
  @Test(arguments: [true, false]) func carbonAloneIsTheExactMinimum(even: Bool) throws {
    for seed in UInt64(1)...100 {
      var random = TestRandom(seed: seed)
      let world = try world(&random, cores: 100_000, even: even)
      let jobs = jobs(&random, 50).map { SubmittedJob(job: $0.job, actualDuration: $0.job.estimatedDuration) }
      let records = try simulate(world, jobs, policy("deadline-aware", ["weights.carbon": .number(1)]))
      let steps = world.carbon.map { Steps($0) }
      for record in records {
        let least = leastEmissions(record.job, world.zones, steps)
        #expect(
          abs(record.emissions.value - least) <= 1e-9 * max(1, least),
          "seed \(seed), job \(record.job.sequence): \(record.emissions.value) g, the least is \(least)")
        #expect(record.start <= record.job.latestStart && record.start >= record.job.submittedAt)
      }
    }
  }

  /// Of equal candidates the earlier start wins, then the scenario's order: with the same intensity everywhere every
  /// job starts at once in the first zone.
  @Test func tiesGoToTheEarlierStartThenTheFirstZone() throws {
    let zones = (0..<3).map { zone($0, cores: 1000) }
    let world = World(
      zones: zones, carbon: zones.map { _ in StepTrace(constant: 100) },
      price: zones.map { _ in StepTrace(constant: 0.2) }, start: Instant(milliseconds: 0), duration: .days(1))
    var random = TestRandom(seed: 3)
    for record in try simulate(world, jobs(&random, 40), policy("deadline-aware", ["weights.carbon": .number(1)])) {
      #expect(record.start == record.job.submittedAt && record.zone == 0)
      #expect(record.recommendations == Recommendations(0, 1, 2))
    }
  }

  /// Whatever the weights, caps, load and estimates: every job in one record, capacity kept, nobody lost; the scan of
  /// even steps and the list of candidates agree (a cap that binds nobody sends every job through the list).
  @Test func theScanAndTheListChooseAlike() throws {
    var deferred = 0
    for seed in UInt64(1)...200 {
      var random = TestRandom(seed: seed)
      // Pressure is summed in another order here and there; its ties are not compared.
      let weights: [String: ParameterValue] = [
        "weights.carbon": .number(Double(random.below(3))), "weights.cost": .number(Double(random.below(2))),
        "weights.delay": .number(Double(random.below(3)) / 4), "weights.risk": .number(Double(random.below(2)) / 2),
        "weights.pressure": .number(0),
      ]
      let world = try world(&random, cores: 4 + random.below(12), even: true)
      deferred += try checkScanAndList(world, jobs(&random, 30), weights, "seed \(seed)")
    }
    #expect(deferred > 1000)
  }

  /// Many zones, runs of days that reach past the forecast's horizon, and prices below 0, where less of a step is more.
  @Test func theScanAndTheListChooseAlikeAtLength() throws {
    var deferred = 0
    for seed in UInt64(1)...100 {
      var random = TestRandom(seed: seed)
      let weights: [String: ParameterValue] = [
        "weights.carbon": .number(Double(random.below(2))), "weights.cost": .number(1),
        "weights.delay": .number(Double(random.below(3)) / 4), "weights.pressure": .number(0),
      ]
      let world = try world(
        &random, cores: 4 + random.below(12), even: true, zones: 11, leastPrice: -0.05 * Double(random.below(9)))
      var jobs = jobs(&random, 12, unit: 500 << random.below(5))
      // All at once and of one length, so that one forecast is asked for more and more of the same.
      for place in jobs.indices where seed % 2 == 0 {
        jobs[place].job.submittedAt = Instant(milliseconds: 0)
        jobs[place].job.estimatedDuration = jobs[0].job.estimatedDuration
        jobs[place].actualDuration = jobs[0].actualDuration
        jobs[place].job.deferralWindow = .hours(Int64(20 + random.below(60)))
        jobs[place].job.deadline = .never
      }
      deferred += try checkScanAndList(world, jobs, weights, "seed \(seed)")
    }
    #expect(deferred > 200)
  }

  /// Runs jobs without caps, and with caps that nothing breaks, which are looked at candidate by candidate; how many
  /// jobs waited.
  private func checkScanAndList(
    _ world: World, _ jobs: [SubmittedJob], _ weights: [String: ParameterValue], _ told: String
  ) throws -> Int {
    let scanned = try simulate(world, jobs, policy("deadline-aware", weights))
    let listed = try simulate(
      world,
      jobs.map { submitted in
        var other = submitted
        other.job.emissionsCap = Emissions(1e12)
        return other
      }, policy("deadline-aware", weights))
    #expect(scanned.map(\.job.sequence) == Array(0..<jobs.count), "\(told)")
    for (a, b) in zip(scanned, listed) {
      #expect(a.zone == b.zone && a.start == b.start, "\(told), job \(a.job.sequence)")
    }
    check(scanned, world, told)
    return scanned.count { $0.start > $0.job.submittedAt }
  }

  /// A job that draws nothing has no carbon and no cost to weigh; it starts like any other, with caps and without.
  @Test func aJobThatDrawsNothingStarts() throws {
    var random = TestRandom(seed: 11)
    for even in [true, false] {
      var jobs = jobs(&random, 12)
      for place in jobs.indices {
        jobs[place].job.estimatedEnergy = .zero
        if place % 2 == 0 { jobs[place].job.emissionsCap = .zero }
      }
      let world = try world(&random, cores: 9, even: even)
      for hard in [true, false] {
        let records = try simulate(world, jobs, try policy("deadline-aware"), capsAreHard: hard)
        #expect(records.allSatisfy { $0.status == .completed }, "even \(even), hard \(hard)")
        check(records, world, "even \(even), hard \(hard)")
      }
    }
  }

  /// Capacity at every start, statuses, recommendations distinct and large enough.
  private func check(_ records: [JobRecord], _ world: World, _ label: String) {
    for record in records where record.start != .never {
      let running = records.filter { $0.start <= record.start && $0.end > record.start && $0.zone == record.zone }
      let used = running.reduce(Resources.zero) { $0 + $1.job.demand }
      #expect(world.zones[record.zone].capacity.holds(used), "\(label), job \(record.job.sequence)")
      let ranked = [record.recommendations.first, record.recommendations.second, record.recommendations.third]
        .filter { $0 >= 0 }
      #expect(Set(ranked).count == ranked.count && !ranked.isEmpty, "\(label), job \(record.job.sequence)")
      #expect(ranked.allSatisfy { world.zones[Int($0)].capacity.holds(record.job.demand) }, "\(label)")
    }
  }

  /// A full zone at the planned start: the job is planned again. A job past its latest start goes as soon as it fits.
  @Test func aFullZoneIsPlannedAround() throws {
    let zones = [zone(0, cores: 1)]
    let carbon = try StepTrace(
      stamps: [(0, 300.0), (2, 100), (4, 200)].map { (Instant(milliseconds: $0 * hour), $1) },
      end: Instant(milliseconds: 8 * hour), extending: .hold)
    let world = World(
      zones: zones, carbon: [carbon], price: [StepTrace(constant: 0.1)], start: Instant(milliseconds: 0),
      duration: .hours(8))
    func job(_ sequence: Int, _ minutes: Int64, actual: Int64, window: Int64) -> SubmittedJob {
      let job = Job(
        sequence: sequence, identity: UInt64(sequence), submittedAt: Instant(milliseconds: 0),
        estimatedDuration: .minutes(minutes), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(1), deferralWindow: .minutes(window))
      return SubmittedJob(job: job, actualDuration: .minutes(actual))
    }
    // The first takes 02:00 to 03:00 by its estimate, and an hour more in truth; the second is planned behind it, finds
    // the zone full at 03:00 and goes when it is free.
    let records = try simulate(
      world, [job(0, 60, actual: 120, window: 180), job(1, 60, actual: 60, window: 180)],
      policy("deadline-aware", ["weights.carbon": .number(1)]))
    #expect(records[0].start.milliseconds == 2 * hour)
    #expect(records[1].start.milliseconds == 4 * hour)
  }

  /// A plan takes no capacity: a job without a window starts at once in a zone that is free, though another is planned
  /// there, which is planned again.
  @Test func aJobWithoutAWindowDoesNotWaitForPlans() throws {
    let carbon = try StepTrace(
      stamps: [(0, 300.0), (2, 100), (4, 200)].map { (Instant(milliseconds: $0 * hour), $1) },
      end: Instant(milliseconds: 8 * hour), extending: .hold)
    let world = World(
      zones: [zone(0, cores: 1)], carbon: [carbon], price: [StepTrace(constant: 0.1)], start: Instant(milliseconds: 0),
      duration: .hours(8))
    func job(_ sequence: Int, at minutes: Int64, window: Int64) -> SubmittedJob {
      let job = Job(
        sequence: sequence, identity: UInt64(sequence), submittedAt: Instant(milliseconds: minutes * minute),
        estimatedDuration: .hours(1), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(1), deferralWindow: .minutes(window))
      return SubmittedJob(job: job, actualDuration: .hours(1))
    }
    let records = try simulate(
      world, [job(0, at: 0, window: 180), job(1, at: 90, window: 0)],
      policy("deadline-aware", ["weights.carbon": .number(1)]))
    #expect(records[1].start.milliseconds == 90 * minute)
    #expect(records[0].start.milliseconds == 150 * minute)
  }
}
