import Domain
import Engine
import Policies
import Testing

/// What jobs of the published policies draw, in little room, with wrong estimates and with interruptions that cost. (What
/// every policy must keep to is the conformance kit's to check.)
@Suite struct SegmentLedgerTests {
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

  /// 120 random cases a variant: what each job drew is what a count step by step tells.
  @Test(arguments: variants) func drawsWhatEachMinuteTells(_ variant: Variant) throws {
    var interruptions = 0
    var waits = 0
    for seed in UInt64(1)...120 {
      let drawn = try draw(seed)
      let outcome = try simulate(
        drawn.small.world, drawn.small.jobs, variant.name, variant.parameters, interruption: drawn.rules,
        hard: drawn.hard)
      for job in drawn.small.jobs.indices where outcome.records[job].start != .never {
        let record = outcome.records[job]
        let grams = emissions(outcome, job, drawn)
        #expect(abs(record.emissions.value - grams) <= 1e-9 * max(1, grams), "seed \(seed), job \(job)")
        interruptions += outcome.segments(job).count - 1
        if record.start > record.plannedStart { waits += 1 }
      }
    }
    #expect(waits > 0)
    let mayInterrupt = ["wait-awhile", "ecovisor", "carbon-cap"].contains(variant.name)
    #expect(mayInterrupt ? interruptions > 50 : interruptions == 0, "\(interruptions) interruptions")
  }

  /// Step by step, by the millisecond, and the checkpoints and resumptions at their instants.
  private func emissions(_ outcome: Outcome, _ job: Int, _ drawn: Case) -> Double {
    let record = outcome.records[job]
    let pue = drawn.small.world.zones[record.zone].pue
    let power = record.job.estimatedEnergy.value / Double(record.job.estimatedDuration.milliseconds)
    let step = Int64(SmallCase.step) * SmallCase.minute
    func intensity(_ time: Int64) -> Double {
      Double(drawn.small.intensity(record.zone, Int(time / SmallCase.minute)))
    }
    var grams = 0.0
    for segment in outcome.segments(job) {
      var time = segment.start.milliseconds
      while time < segment.end.milliseconds {
        let next = min(segment.end.milliseconds, (time / step + 1) * step)
        grams += power * Double(next - time) * intensity(time)
        time = next
      }
    }
    for (before, after) in zip(outcome.segments(job), outcome.segments(job).dropFirst()) {
      grams += drawn.rules.checkpointEnergy.value * intensity(before.end.milliseconds)
      grams += drawn.rules.resumeEnergy.value * intensity(after.start.milliseconds)
    }
    return grams * pue
  }
}
