import Domain
import Engine
import Policies
import Testing

/// What holds of every published policy, in little room, with wrong estimates and with interruptions that cost.
@Suite struct PublishedConformanceTests {
  /// A policy of the catalogue with some of its parameters.
  struct Variant: Sendable, CustomTestStringConvertible {
    var name: String
    var parameters: [String: ParameterValue] = [:]
    var testDescription: String { name + (parameters["zones"] == .text("any") ? ", any zone" : "") }
  }

  private static let variants: [Variant] = [
    "lowest-slot", "lowest-window", "carbon-time", "wait-awhile", "ecovisor", "greenest-within-window", "carbon-cap",
  ].flatMap { name in
    ["home", "any"].map { zones in
      var parameters: [String: ParameterValue] = ["zones": .text(zones)]
      if name == "carbon-cap" { (parameters["pause"], parameters["cap"]) = (.flag(true), .number(60)) }
      return Variant(name: name, parameters: parameters)
    }
  }

  private func rules(_ random: inout TestRandom) -> InterruptionRules {
    switch random.below(4) {
    case 0: .never
    case 1: InterruptionRules()
    case 2:
      InterruptionRules(
        types: [.training], checkpoint: .minutes(2), resume: .minutes(1), checkpointEnergy: Energy(0.25),
        resumeEnergy: Energy(0.125))
    default: InterruptionRules(checkpoint: .minutes(30), resume: .minutes(20))
    }
  }

  private struct Case {
    var small: SmallCase
    var rules: InterruptionRules
    var hard: Bool
  }

  private func draw(_ seed: UInt64) throws -> Case {
    var random = TestRandom(seed: seed &* 7919)
    var small = try SmallCase(
      seed: seed, zones: 1 + random.below(3), cores: 2 + random.below(3), jobs: 5 + random.below(20), exact: false)
    if random.below(4) == 0 {
      for job in small.jobs.indices where random.below(2) == 0 {
        small.jobs[job].job.emissionsCap = Emissions(Double(random.below(600)))
      }
    }
    return Case(small: small, rules: rules(&random), hard: random.below(3) == 0)
  }

  /// 250 random cases a variant: no job lost or run twice, capacity respected, each job as long as it is to run, what
  /// it drew as a count minute by minute tells, and all of it the same again.
  @Test(arguments: variants) func keepsTheRules(_ variant: Variant) throws {
    var interruptions = 0
    var waits = 0
    for seed in UInt64(1)...250 {
      let drawn = try draw(seed)
      func run() throws -> Outcome {
        try simulate(
          drawn.small.world, drawn.small.jobs, variant.name, variant.parameters, interruption: drawn.rules,
          hard: drawn.hard)
      }
      let outcome = try run()
      let again = try run()
      #expect(outcome.records.map(\.job.sequence) == Array(drawn.small.jobs.indices), "seed \(seed)")
      for job in drawn.small.jobs.indices {
        #expect(outcome.segments(job) == again.segments(job), "seed \(seed), job \(job)")
        check(outcome, job, drawn, variant, seed)
        interruptions += max(0, outcome.segments(job).count - 1)
        if outcome.records[job].start > outcome.records[job].plannedStart { waits += 1 }
      }
      checkCapacity(outcome, drawn.small, seed)
    }
    #expect(waits > 0)
    let mayInterrupt = ["wait-awhile", "ecovisor", "carbon-cap"].contains(variant.name)
    #expect(mayInterrupt ? interruptions > 100 : interruptions == 0, "\(interruptions) interruptions")
  }

  private func check(_ outcome: Outcome, _ job: Int, _ drawn: Case, _ variant: Variant, _ seed: UInt64) {
    let record = outcome.records[job]
    let place = Comment(rawValue: "seed \(seed), job \(job)")
    let home = record.job.homeZone
    let zones = drawn.small.world.zones
    if record.status == .rejected {
      let isTooLarge = zones.indices.allSatisfy {
        !zones[$0].capacity.holds(record.job.demand)
          || (variant.parameters["zones"] == .text("home") && home >= 0 && home != $0)
      }
      #expect(record.rejection == .tooLarge ? isTooLarge : drawn.hard && record.job.hasCaps, place)
      return
    }
    let segments = outcome.segments(job)
    #expect(record.status == .completed && record.start >= record.job.submittedAt, place)
    #expect(segments.first?.start == record.start && segments.last?.end == record.end, place)
    #expect(zip(segments, segments.dropFirst()).allSatisfy { $0.end <= $1.start }, place)
    #expect(segments.allSatisfy { $0.start < $0.end && $0.zone == record.zone }, place)
    if variant.parameters["zones"] == .text("home"), home >= 0 { #expect(record.zone == home, place) }
    if !drawn.rules.types.contains(record.job.type) { #expect(segments.count == 1, place) }
    let ran = segments.reduce(TimeSpan.zero) { $0 + ($1.end - $1.start) }
    let added = Int64(segments.count - 1) * drawn.rules.delay.milliseconds
    #expect(ran.milliseconds == record.actualDuration.milliseconds + added, place)
    let grams = emissions(outcome, job, drawn)
    #expect(abs(record.emissions.value - grams) <= 1e-9 * max(1, grams), place)
    #expect(
      Set([record.recommendations.first, record.recommendations.second]).count == 2 || zones.count == 1 || home >= 0,
      place)
    #expect(record.recommendations.first >= 0, place)
  }

  /// Minute by minute, and the checkpoints and resumptions at their instants.
  private func emissions(_ outcome: Outcome, _ job: Int, _ drawn: Case) -> Double {
    let record = outcome.records[job]
    let pue = drawn.small.world.zones[record.zone].pue
    let hourly = record.job.estimatedEnergy.value / record.job.estimatedDuration.inHours
    func intensity(_ minute: Int) -> Double { Double(drawn.small.intensity(record.zone, minute)) }
    var grams = outcome.minutes(job).reduce(0.0) { $0 + hourly / 60 * intensity($1) }
    for (before, after) in zip(outcome.segments(job), outcome.segments(job).dropFirst()) {
      grams += drawn.rules.checkpointEnergy.value * intensity(Int(before.end.milliseconds / SmallCase.minute))
      grams += drawn.rules.resumeEnergy.value * intensity(Int(after.start.milliseconds / SmallCase.minute))
    }
    return grams * pue
  }

  /// Releases come before starts at one instant.
  private func checkCapacity(_ outcome: Outcome, _ small: SmallCase, _ seed: UInt64) {
    var changes: [(at: Int64, cores: Int64, zone: Int)] = []
    for job in small.jobs.indices {
      for segment in outcome.segments(job) {
        let cores = small.jobs[job].job.demand.milliCores
        changes.append((segment.start.milliseconds, cores, segment.zone))
        changes.append((segment.end.milliseconds, -cores, segment.zone))
      }
    }
    changes.sort { ($0.at, $0.cores) < ($1.at, $1.cores) }
    var held = small.world.zones.map { _ in Int64(0) }
    for change in changes {
      held[change.zone] += change.cores
      let most = small.world.zones[change.zone].capacity.milliCores
      #expect(held[change.zone] <= most && held[change.zone] >= 0, "seed \(seed), zone \(change.zone)")
    }
  }

  /// The future of the trace, the true durations and later submissions change no plan that was made before: under a
  /// persistence forecast, jobs that were submitted in the first hours start where and when they did.
  @Test(arguments: variants) func doesNotPeek(_ variant: Variant) throws {
    for seed in UInt64(1)...100 {
      let small = try SmallCase(seed: seed, zones: 2, jobs: 12)
      let cut = 600
      var other = small
      let changed = try small.carbon.map { row in
        try StepTrace(
          stamps: row.enumerated().map { step, value in
            (SmallCase.instant(step * SmallCase.step), Double(step * SmallCase.step < cut ? value : 300 - value))
          }, end: SmallCase.instant(row.count * SmallCase.step), extending: .hold)
      }
      other.world.carbon = changed
      for job in other.jobs.indices where other.submitted(job) >= cut / 2 {
        other.jobs[job].job.submittedAt = SmallCase.instant(cut)
      }
      for job in other.jobs.indices { other.jobs[job].actualDuration = .minutes(Int64(cut + 60)) }
      let (one, two) = (
        try simulate(small.world, small.jobs, variant.name, variant.parameters, blind: true),
        try simulate(other.world, other.jobs, variant.name, variant.parameters, blind: true)
      )
      for job in small.jobs.indices where small.submitted(job) < cut / 2 {
        let starts = [one, two].map { $0.records[job].start.milliseconds / SmallCase.minute }
        guard starts.contains(where: { $0 < cut }) else { continue }
        #expect(starts[0] == starts[1] && one.records[job].zone == two.records[job].zone, "seed \(seed), job \(job)")
      }
    }
  }
}
