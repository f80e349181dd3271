import Domain
import Engine
import Inputs
import Policies
import Testing

/// Whole runs of `deadline-aware` and `wait-awhile` under a perfect forecast against the least emissions of any plan in
/// pieces, worked out by dynamic programming ten minutes at a time: everything given is a multiple of these, and so are
/// the ends of a best plan.
@Suite struct BestPlanTests {
  private static let unit: Int64 = 10 * minute

  struct Case {
    var world: World
    var job: Job
    var rules = InterruptionRules()
    /// By zone and ten minutes; the last one holds.
    var carbon: [[Double]]

    init(seed: UInt64, isFree: Bool, zones count: Int, even: Bool) throws {
      var random = TestRandom(seed: seed)
      let zones = (0..<count).map { zone($0, cores: 100, pue: 1 + Double(random.below(3)) / 4) }
      carbon = zones.map { _ in
        var row: [Double] = []
        while row.count < 120 {
          let value = Double(random.below(8)) * 25
          row += Array(repeating: value, count: even ? 3 : 1 + random.below(6))
        }
        return row
      }
      let traces = try carbon.map { row in
        try StepTrace(
          stamps: row.indices.filter { even ? $0 % 3 == 0 : $0 == 0 || row[$0] != row[$0 - 1] }.map {
            (Instant(milliseconds: Int64($0) * BestPlanTests.unit), row[$0])
          }, end: Instant(milliseconds: Int64(row.count) * BestPlanTests.unit), extending: .hold)
      }
      world = World(
        zones: zones, carbon: traces, price: zones.map { _ in StepTrace(constant: 0.1) },
        start: Instant(milliseconds: 0), duration: .hours(20))
      let at = Instant(milliseconds: Int64(random.below(12)) * BestPlanTests.unit)
      let length = Int64(1 + random.below(14)) * BestPlanTests.unit
      job = Job(
        sequence: 0, identity: 0, submittedAt: at, estimatedDuration: TimeSpan(milliseconds: length),
        demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(Double(length) / Double(hour)),
        deferralWindow: TimeSpan(milliseconds: Int64(random.below(40)) * BestPlanTests.unit))
      if random.below(2) == 0 {
        job.deadline = at + job.estimatedDuration + TimeSpan(milliseconds: Int64(random.below(30)) * BestPlanTests.unit)
      }
      guard !isFree else { return }
      rules.checkpoint = .minutes(Int64(random.below(3)) * 10)
      rules.resume = .minutes(Int64(random.below(2)) * 10)
      if random.below(2) == 0 {
        rules.checkpointEnergy = Energy(Double(random.below(4)) / 16)
        rules.resumeEnergy = Energy(Double(random.below(4)) / 16)
      }
    }

    var length: Int { Int(job.estimatedDuration.milliseconds / BestPlanTests.unit) }
    var first: Int { Int(job.submittedAt.milliseconds / BestPlanTests.unit) }
    /// The end of the job from its latest start: the window's, and the deadline at the latest.
    var last: Int { Int((job.latestStart + job.estimatedDuration).milliseconds / BestPlanTests.unit) }

    /// The least emissions in grams of 1 kW in a zone.
    ///
    /// A piece that ends, or begins, a millisecond before a step has its checkpoint, or its resumption, charged in the step
    /// before. If that is `allowed` at no price, this is a bound from below, as the millisecond must be run elsewhere; if
    /// not, one from above. Without energies of checkpoints and resumptions both are the same.
    func least(_ zone: Int, millisecondsAllowed allowed: Bool) -> Double {
      let row = carbon[zone]
      func intensity(_ time: Int) -> Double { row[min(time, row.count - 1)] }
      let delay = Int(rules.delay.milliseconds / BestPlanTests.unit)
      let offset = 120
      let blank = [Double](repeating: .infinity, count: offset + length + 1)
      var (waiting, running, idle) = (blank, blank, blank)
      waiting[offset] = 0
      var best = Double.infinity
      for time in first..<last {
        let now = intensity(time)
        let before = allowed && time > first ? min(now, intensity(time - 1)) : now
        var (nextRunning, nextIdle) = (blank, blank)
        for ran in 0..<(offset + length) {
          let resumed = idle[ran] + rules.resumeEnergy.value * before
          nextRunning[ran + 1] = min(running[ran], waiting[ran], resumed) + now / 6
          nextIdle[ran] = min(nextIdle[ran], idle[ran])
          if ran >= delay {
            nextIdle[ran - delay] = min(nextIdle[ran - delay], running[ran] + rules.checkpointEnergy.value * before)
          }
        }
        (running, idle) = (nextRunning, nextIdle)
        best = min(best, running[offset + length])
        running[offset + length] = .infinity
      }
      return best * world.zones[zone].pue
    }
  }

  private func check(_ name: String, _ parameters: [String: ParameterValue], isFree: Bool) throws {
    var (interrupted, exact) = (0, 0)
    for seed in UInt64(1)...1500 {
      let own = try Case(seed: seed, isFree: isFree, zones: 1 + Int(seed % 2), even: seed % 3 != 0)
      let sink = SegmentRecords()
      let submitted = SubmittedJob(job: own.job, actualDuration: own.job.estimatedDuration)
      let record = try simulate(
        own.world, [submitted], policy(name, parameters), interruption: own.rules, into: sink)[0]
      let bounds = [true, false].map { allowed in
        own.world.zones.indices.map { own.least($0, millisecondsAllowed: allowed) }.min() ?? 0
      }
      #expect(
        record.emissions.value >= bounds[0] - 1e-3 && record.emissions.value <= bounds[1] + 1e-6,
        "seed \(seed): \(record.emissions.value), between \(bounds)")
      if bounds[1] - bounds[0] < 1e-9 { exact += 1 }
      #expect(record.end <= own.job.latestStart + own.job.estimatedDuration, "seed \(seed)")
      if own.job.deadline != .never { #expect(record.end <= own.job.deadline, "seed \(seed)") }
      interrupted += sink.runs.count - 1
    }
    #expect(interrupted > 300 && exact > 700, "\(interrupted) pauses, \(exact) of one value")
  }

  @Test(arguments: [true, false]) func deadlineAwareEmitsTheLeast(isFree: Bool) throws {
    try check("deadline-aware", ["weights.carbon": .number(1), "gain": .number(0)], isFree: isFree)
  }

  @Test(arguments: [true, false]) func waitAwhileEmitsTheLeast(isFree: Bool) throws {
    try check("wait-awhile", ["zones": .text("any")], isFree: isFree)
  }

  /// Two parts of steps make up the cheapest plan: 00:15 to 01:00 and 03:00 to 03:45.
  @Test(arguments: ["deadline-aware", "wait-awhile"]) func partsOfStepsCombine(_ name: String) throws {
    let run = try hourly(
      name, [10, 500, 500, 10, 500, 500, 500, 500], at: 15, minutes: 90, window: 120, rules: InterruptionRules())
    #expect(run.runs.map(\.start) == [15 * minute, 180 * minute] && run.runs.map(\.end) == [hour, 225 * minute])
    #expect(abs(run.all[0].emissions.value - 15) < 1e-9)
  }

  /// A deadline binds a plan in pieces, with the time that its pauses take.
  @Test(arguments: ["wait-awhile", "ecovisor", "carbon-cap", "deadline-aware"])
  func pausesLeaveRoomForTheDeadline(_ name: String) throws {
    let run = try hourly(
      name, [10, 500, 10, 500, 10, 500, 500, 500, 500, 500, 500], at: 0, minutes: 180, window: 120,
      deadline: 5 * hour, rules: InterruptionRules(checkpoint: .seconds(30), resume: .seconds(60)))
    #expect(run.all[0].end.milliseconds <= 5 * hour)
    if name == "wait-awhile" {
      // Of two pauses of an hour each, 90 s apiece are run at 500 g; the best plan pauses 57 and 60 minutes.
      #expect(run.runs.count == 3 && abs(run.all[0].emissions.value - 55) < 1e-6, "\(run.all[0].emissions.value)")
    }
  }

  /// A pause that takes more time than the deadline leaves is none: 90 s of 60.
  @Test(arguments: ["wait-awhile", "ecovisor", "carbon-cap", "deadline-aware"])
  func aPauseThatWouldMissTheDeadlineIsNotTaken(_ name: String) throws {
    let run = try hourly(
      name, [10, 500, 10, 500, 10, 500, 500, 500, 500, 500, 500], at: 0, minutes: 120, window: 120,
      deadline: 2 * hour + minute, rules: InterruptionRules(checkpoint: .seconds(30), resume: .seconds(60)))
    #expect(run.runs.count == 1 && run.all[0].end.milliseconds <= 2 * hour + minute)
  }

  private func hourly(
    _ name: String, _ values: [Double], at: Int64, minutes: Int64, window: Int64, deadline: Int64? = nil,
    rules: InterruptionRules
  ) throws -> SegmentRecords {
    let carbon = try StepTrace(
      stamps: values.enumerated().map { (Instant(milliseconds: Int64($0) * hour), $1) },
      end: Instant(milliseconds: Int64(values.count) * hour), extending: .hold)
    let world = World(
      zones: [zone(0, cores: 8)], carbon: [carbon], price: [StepTrace(constant: 0.1)],
      start: Instant(milliseconds: 0), duration: .hours(24))
    var job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: at * minute),
      estimatedDuration: .minutes(minutes), demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
      estimatedEnergy: Energy(Double(minutes) / 60), deferralWindow: .minutes(window))
    if let deadline { job.deadline = Instant(milliseconds: deadline) }
    let parameters: [String: ParameterValue] =
      name == "deadline-aware"
      ? ["weights.carbon": .number(1)] : name == "carbon-cap" ? ["pause": .flag(true)] : [:]
    let sink = SegmentRecords()
    _ = try simulate(
      world, [SubmittedJob(job: job, actualDuration: job.estimatedDuration)], policy(name, parameters),
      horizon: .hours(12), interruption: rules, into: sink)
    return sink
  }
}
