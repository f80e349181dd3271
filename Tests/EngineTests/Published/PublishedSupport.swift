import Domain
import Engine
import Inputs
import Policies
import Testing

/// What a run of a policy gave, in order of submission.
struct Outcome {
  var records: [JobRecord]
  /// Of the jobs that were interrupted, by their sequence.
  var interrupted: [Int: [RunSegment]]

  /// Where and when a job ran.
  func segments(_ sequence: Int) -> [RunSegment] {
    if let segments = interrupted[sequence] { return segments }
    let record = records[sequence]
    return record.start == .never ? [] : [RunSegment(zone: record.zone, start: record.start, end: record.end)]
  }

  var emissions: Double { records.reduce(0) { $0 + $1.emissions.value } }
}

/// Runs a policy of the catalogue under a perfect forecast.
func simulate(
  _ world: World, _ jobs: [SubmittedJob], _ name: String, _ parameters: [String: ParameterValue] = [:],
  interruption: InterruptionRules = .never, horizon: TimeSpan = .days(40), hard: Bool = false
) throws -> Outcome {
  let entry = try #require(PolicyCatalog.entry(name))
  let records = Records()
  let forecaster = TraceForecaster(
    zones: world.zones, carbon: world.carbon, price: world.price,
    settings: ForecastSettings(
      carbon: .perfect, price: .perfect, horizon: horizon),
    start: world.start, seed: 1,
    replication: 1)
  try Simulation(
    world: world, policy: entry.make(PolicySetup(parameters: PolicyParameters(parameters))), source: JobList(jobs),
    sink: records, forecaster: forecaster, capsAreHard: hard, interruption: interruption
  ).run()
  return Outcome(
    records: records.all.sorted { $0.job.sequence < $1.job.sequence }, interrupted: records.segments)
}

/// A small random world in whole minutes and whole grams, so that a count minute by minute is exact.
struct SmallCase {
  static let minute: Int64 = 60_000
  static let step = 30
  var world: World
  var jobs: [SubmittedJob]
  /// By zone and step; the last one holds.
  var carbon: [[Int]]

  static func instant(_ minute: Int) -> Instant { Instant(milliseconds: Int64(minute) * Self.minute) }

  func intensity(_ zone: Int, _ minute: Int) -> Int { carbon[zone][min(minute / Self.step, carbon[zone].count - 1)] }

  func sum(_ zone: Int, _ from: Int, _ length: Int) -> Int {
    (from..<from + length).reduce(0) { $0 + intensity(zone, $1) }
  }

  /// - Parameters:
  ///   - cores: a zone's; few make jobs wait for room.
  ///   - exact: whether estimates are true.
  init(seed: UInt64, zones count: Int = 1, cores: Int = 1_000_000, jobs jobCount: Int = 8, exact: Bool = true) throws {
    var random = TestRandom(seed: seed)
    let zones = (0..<count).map { zone($0, cores: cores, pue: 1 + Double(random.below(3)) / 4) }
    let levels = 2 + random.below(30)
    carbon = zones.map { _ in (0..<160).map { _ in random.below(levels) * 10 } }
    let traces = try carbon.map { row in
      try StepTrace(
        stamps: row.enumerated().map { (SmallCase.instant($0 * SmallCase.step), Double($1)) },
        end: SmallCase.instant(row.count * SmallCase.step), extending: .hold)
    }
    world = World(
      zones: zones, carbon: traces, price: zones.map { _ in StepTrace(constant: 0.1) }, start: SmallCase.instant(0),
      duration: .hours(60))
    var at = 0
    jobs = (0..<jobCount).map { index in
      at += random.below(3) == 0 ? 0 : random.below(90)
      let estimate = 1 + random.below(random.below(3) == 0 ? 300 : 60)
      var job = Job(
        sequence: index, identity: UInt64(index), submittedAt: SmallCase.instant(at),
        estimatedDuration: .minutes(Int64(estimate)),
        demand: Resources(milliCores: Int64(1 + random.below(3)) * 1000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(Double(1 + random.below(4))),
        deferralWindow: .minutes(Int64(random.below(3) == 0 ? 0 : random.below(500))),
        homeZone: random.below(4) == 0 ? -1 : random.below(count),
        type: random.below(2) == 0 ? .training : .batch)
      if random.below(3) == 0 { job.deadline = SmallCase.instant(at + random.below(700)) }
      let actual = exact ? estimate : max(1, estimate + random.below(2 * estimate) - estimate)
      return SubmittedJob(job: job, actualDuration: .minutes(Int64(actual)))
    }
  }

  func submitted(_ job: Int) -> Int { Int(jobs[job].job.submittedAt.milliseconds / Self.minute) }
  func length(_ job: Int) -> Int { Int(jobs[job].job.estimatedDuration.milliseconds / Self.minute) }
  func wait(_ job: Int) -> Int { Int(jobs[job].job.deferralWindow.milliseconds / Self.minute) }
  func deadline(_ job: Int) -> Int? {
    jobs[job].job.deadline == .never ? nil : Int(jobs[job].job.deadline.milliseconds / Self.minute)
  }
  func latestStart(_ job: Int) -> Int {
    let deferred = submitted(job) + wait(job)
    return max(submitted(job), min(deferred, (deadline(job) ?? .max) - length(job)))
  }
}

extension Outcome {
  /// The minutes in which a job ran.
  func minutes(_ job: Int) -> [Int] {
    segments(job).flatMap {
      Int($0.start.milliseconds / SmallCase.minute)..<Int($0.end.milliseconds / SmallCase.minute)
    }
  }

  func startMinute(_ job: Int) -> Int { Int(records[job].start.milliseconds / SmallCase.minute) }
}
