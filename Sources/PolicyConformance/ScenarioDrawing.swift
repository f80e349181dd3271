internal import Domain
internal import Engine
internal import Inputs
internal import Policies
internal import Randomness

/// Draws scenarios: few zones with little room, short clocks, many ties, and extremes more often than life has them.
struct ScenarioDrawing: ~Copyable {
  private var random: RandomStream
  private var zoneCount = 1
  private var start = Instant(milliseconds: 0)
  private var duration = TimeSpan.zero
  /// Times are whole multiples of this.
  private var grain: Int64 = 1
  private let seed: UInt64
  private let number: Int

  init(seed: UInt64, number: Int) {
    self.seed = seed
    self.number = number
    random = RandomStream(seed: seed, replication: number, name: "conformance")
  }

  mutating func scenario(_ parameters: [PolicyParameter]) -> ConformanceScenario {
    zoneCount = random.chance(0.08) ? 14 : 1 + random.below(4)
    grain = random.chance(0.6) ? 60_000 : random.chance(0.5) ? 1000 : 1
    // An hour of 2025, or some minutes past it.
    start = Instant(milliseconds: 1_735_689_600_000 + Int64(random.below(8700)) * 3_600_000)
    if random.chance(0.2) { start = start + .minutes(Int64(random.below(60))) }
    duration = [.hours(3), .hours(12), .days(1), .days(3)][random.below(4)]
    let zones = (0..<zoneCount).map { zone($0) }
    let extending: TraceExtension = random.chance(0.5) ? .hold : .wrap
    let carbon = traces(extending, isPrice: false)
    let price = traces(extending, isPrice: true)
    let quiet = World(
      zones: zones, carbon: carbon, price: price, start: start, duration: duration, drains: random.chance(0.7))
    var events = EventDrawing(quiet, seed: seed, number: number, grain: grain)
    let world = events.drawn()
    let hasCaps = random.chance(0.3)
    return ConformanceScenario(
      seed: seed, number: number, world: world, jobs: jobs(zones, hasCaps: hasCaps), forecast: forecast(),
      recorded: carbon.map { recorded($0) }, interruption: interruption(),
      capsAreHard: hasCaps && random.chance(0.6),
      parameters: number % 2 == 0 ? PolicyParameters() : ParameterDrawing.draw(parameters, &random))
  }

  private mutating func zone(_ index: Int) -> Zone {
    var capacity = Resources(
      milliCores: Int64(1 + random.below(8)) * 1000, milliGigabytes: Int64(random.below(5)) * 8000,
      milliGPUs: random.chance(0.4) ? 0 : Int64(random.below(5)) * 1000)
    if random.chance(0.05) { capacity.milliCores = 0 }
    if capacity == .zero { capacity.milliGigabytes = 4000 }
    return Zone(
      id: index + 1, code: "Z\(index + 1)", name: "Zone \(index + 1)", region: "R\(index + 1)",
      coordinates: Coordinates(latitude: 50 + Double(index), longitude: -2), capacity: capacity,
      pue: 1 + Double(random.below(4)) / 5,
      hardware: HardwareModel(cpuCoreWatts: Double(5 + random.below(10)), gpuWatts: Double(random.below(400))))
  }

  /// A trace a zone. One that repeats begins days before the clock, so that nothing looks back past its beginning into
  /// what is still to come.
  private mutating func traces(_ extending: TraceExtension, isPrice: Bool) -> [StepTrace] {
    let step: Int64? = random.chance(0.8) ? [5, 15, 30, 60][random.below(4)] * 60_000 : nil
    let lead: TimeSpan = extending == .wrap ? .hours(50) : [.zero, .hours(26), .hours(50)][random.below(3)]
    let isFlat = random.chance(0.08)
    let levels = 1 + random.below(30)
    return (0..<zoneCount).map { _ in
      var stamps: [(start: Instant, value: Double)] = []
      var at = start - lead
      let last = start + TimeSpan(milliseconds: duration.milliseconds * Int64(2 + random.below(5)) / 4)
      let flat = value(isPrice, levels)
      while at < last {
        stamps.append((at, isFlat ? flat : value(isPrice, levels)))
        at = at + TimeSpan(milliseconds: step ?? Int64([1, 7, 30, 90][random.below(4)]) * 60_000)
      }
      return trace(stamps, end: at, extending)
    }
  }

  private mutating func value(_ isPrice: Bool, _ levels: Int) -> Double {
    let level = Double(random.below(levels))
    return isPrice ? (level - 6) / 50 : level * 12
  }

  private func trace(_ stamps: [(start: Instant, value: Double)], end: Instant, _ extending: TraceExtension)
    -> StepTrace
  {
    guard let trace = try? StepTrace(stamps: stamps, end: end, extending: extending) else {
      preconditionFailure("a drawn trace that is not valid")
    }
    return trace
  }

  /// Draws a recorded forecast of a trace: other values at the same stamps.
  private mutating func recorded(_ trace: StepTrace) -> StepTrace {
    let stamps = (0..<trace.stepCount).map { index -> (start: Instant, value: Double) in
      let step = trace.step(index)
      return (step.start, Double(random.below(360)))
    }
    return self.trace(stamps, end: trace.end, .hold)
  }

  private mutating func forecast() -> ForecastSettings {
    let horizon: TimeSpan = [.hours(1), .hours(6), .hours(24), .hours(96)][random.below(4)]
    let update: TimeSpan? = random.chance(0.6) ? nil : [.minutes(30), .hours(1), .hours(7)][random.below(3)]
    let error = [0, 0.6, 2][random.below(3)]
    if random.chance(0.65) {
      return ForecastSettings(
        carbon: random.chance(0.8) ? .persistence : .recorded, price: .persistence, horizon: horizon, update: update)
    }
    let carbon = ForecastModel.allCases[random.below(4)]
    let price: ForecastModel = [.perfect, .persistence, .noisy][random.below(3)]
    return ForecastSettings(carbon: carbon, price: price, horizon: horizon, update: update, error: error)
  }

  private mutating func interruption() -> InterruptionRules {
    switch random.below(4) {
    case 0: .never
    case 1: InterruptionRules()
    case 2:
      InterruptionRules(
        types: [.training, .batch], checkpoint: .minutes(2), resume: .minutes(1), checkpointEnergy: Energy(0.25),
        resumeEnergy: Energy(0.125))
    default: InterruptionRules(checkpoint: .minutes(30), resume: .minutes(20))
    }
  }

  private mutating func span(upTo minutes: Int) -> TimeSpan {
    TimeSpan(milliseconds: Int64(random.uniform() * Double(minutes) * 60_000 / Double(grain)) * grain)
  }

  private mutating func jobs(_ zones: [Zone], hasCaps: Bool) -> [SubmittedJob] {
    let most = 1 + random.below(24)
    let gap = 1 + random.below(random.chance(0.3) ? 400 : 60)
    var jobs: [SubmittedJob] = []
    var at = start
    while jobs.count < most {
      if !random.chance(0.3) { at = at + span(upTo: gap) }
      guard at < start + duration else { break }
      jobs.append(job(jobs.count, at, zones, hasCaps: hasCaps))
    }
    return jobs
  }

  mutating func job(_ sequence: Int, _ at: Instant, _ zones: [Zone], hasCaps: Bool) -> SubmittedJob {
    let estimate = max(TimeSpan(milliseconds: grain), span(upTo: random.chance(0.2) ? 600 : 90))
    var job = Job(
      sequence: sequence, identity: UInt64(sequence) &* 0x9E37_79B9_7F4A_7C15 &+ 1, submittedAt: at,
      estimatedDuration: estimate, demand: demand(zones), deferralWindow: .zero,
      homeZone: random.chance(0.3) ? -1 : random.below(zones.count),
      urgency: Urgency.allCases[random.below(4)], type: WorkloadType.allCases[random.below(9)])
    if random.chance(0.7) { job.estimatedEnergy = Energy(Double(random.below(20)) / 4) }
    if random.chance(0.75) { job.deferralWindow = span(upTo: random.chance(0.3) ? 1500 : 240) }
    if random.chance(0.4) { job.deadline = at + span(upTo: 900) }
    if hasCaps, random.chance(0.6) {
      if random.chance(0.5) { job.intensityCap = CarbonIntensity(Double(random.below(300))) }
      if random.chance(0.4) { job.emissionsCap = Emissions(Double(random.below(600))) }
      if random.chance(0.3) { job.costCap = Money(Double(random.below(50)) / 50) }
    }
    let actual =
      random.chance(0.4)
      ? estimate
      : TimeSpan(
        milliseconds: max(grain, Int64(Double(estimate.milliseconds) * random.uniform() * 3) / grain * grain))
    return SubmittedJob(job: job, actualDuration: actual)
  }

  /// Usually a part of some zone; now and then nothing at all, or more than there is anywhere.
  private mutating func demand(_ zones: [Zone]) -> Resources {
    let capacity = zones[random.below(zones.count)].capacity
    if random.chance(0.03) { return .zero }
    if random.chance(0.03) { return Resources(milliCores: 9500, milliGigabytes: 0, milliGPUs: 0) }
    func part(_ most: Int64, _ random: inout RandomStream) -> Int64 {
      random.chance(0.2) ? most : Int64(random.uniform() * Double(most / 500)) * 500
    }
    return Resources(
      milliCores: part(capacity.milliCores, &random), milliGigabytes: part(capacity.milliGigabytes, &random),
      milliGPUs: random.chance(0.6) ? 0 : part(capacity.milliGPUs, &random))
  }
}
