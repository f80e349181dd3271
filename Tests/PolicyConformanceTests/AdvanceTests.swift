import Domain
import Engine
import Foundation
import Policies
import Testing

@testable import PolicyConformance

/// A run in steps: no division of the time into advances changes anything.
///
/// `PYLON_CONFORMANCE=2000` says how many scenarios a policy.
@Suite struct AdvanceTests {
  /// Everything that a run gives away, in the order in which it does, each as a hash: texts take minutes.
  private final class Story: RecordSink, DecisionSink {
    var lines: [Int] = []

    func note(_ values: (any Hashable)?...) {
      var hasher = Hasher()
      for value in values { if let value { hasher.combine(value) } }
      lines.append(hasher.finalize())
    }

    func accept(_ record: borrowing JobRecord) { accept(record, segments: []) }

    func accept(_ record: borrowing JobRecord, segments: [RunSegment]) {
      note(
        record.job.sequence, record.status, record.rejection, record.zone, record.recommendations, record.start,
        record.end, record.energy.value, record.emissions.value, record.cost.value, segments)
    }

    func accept(_ decision: LoggedDecision, of job: Job) { note(decision, job.sequence) }
  }

  /// Looks every `step`, and sees the same in a run in steps.
  private final class Looks: Probe {
    var next: Instant
    private let step: TimeSpan
    private let end: Instant
    private let story: Story

    init(_ world: World, step: TimeSpan, _ story: Story) {
      next = world.start + step
      end = world.end
      self.step = step
      self.story = story
    }

    func look(at simulation: Simulation) {
      story.note(simulation.now, simulation.pendingCount)
      for (zone, drawn) in simulation.drawnByRunning().enumerated() {
        story.note(
          simulation.runningCount(zone), simulation.scheduledCount(zone), simulation.suspendedCount(zone),
          simulation.allocated(zone), simulation.intensity(zone)?.value, simulation.price(zone)?.value,
          drawn.energy.value, drawn.emissions.value)
      }
      next = next + step > end ? .never : next + step
    }
  }

  /// One scenario, whole or in steps that end at `cuts`.
  private func story(
    _ scenario: ConformanceScenario, _ entry: PolicyCatalog.Entry, looks: TimeSpan, cuts: [Instant]?
  ) -> (lines: [Int], events: Simulation.EventCounts) {
    let story = Story()
    let simulation = Simulation(
      world: scenario.world, policy: entry.make(scenario.setup), source: JobList(scenario.jobs), sink: story,
      probe: Looks(scenario.world, step: looks, story), forecaster: scenario.forecaster(),
      capsAreHard: scenario.capsAreHard, interruption: scenario.interruption,
      decisionLog: scenario.number % 4 == 0 ? story : nil)
    do {
      guard let cuts else {
        try simulation.run()
        return (story.lines, simulation.events)
      }
      try simulation.begin()
      for cut in cuts {
        let before = simulation.now
        try simulation.advance(through: cut)
        let last = scenario.world.drains ? cut : min(cut, scenario.world.end)
        #expect(simulation.now == max(before, last))
      }
      try simulation.finish()
    } catch {
      story.note("\(type(of: error))")
    }
    return (story.lines, simulation.events)
  }

  /// Instants of every kind: where things happen, between, at the very ends, now and then one that has passed.
  private func cuts(_ scenario: ConformanceScenario, _ random: inout TestRandom) -> [Instant] {
    let world = scenario.world
    let spread = 2 * Int(world.duration.milliseconds)
    var cuts = (0..<random.below(30)).map { _ in
      switch random.below(4) {
      case 0: world.start + TimeSpan(milliseconds: Int64(random.below(spread)))
      case 1: world.start + .minutes(Int64(random.below(spread / 60_000)))
      case 2: scenario.jobs.isEmpty ? world.start : scenario.jobs[random.below(scenario.jobs.count)].job.submittedAt
      default: world.changes.isEmpty ? world.end : world.changes[random.below(world.changes.count)].at
      }
    }
    cuts.sort { $0 < $1 }
    if random.below(3) == 0 { cuts.insert(world.start, at: 0) }
    if random.below(5) == 0, let early = cuts.first { cuts.append(early) }
    return cuts
  }

  @Test(arguments: PolicyCatalog.entries.map(\.name)) func anyStepsGiveTheSameRun(_ name: String) throws {
    let entry = try #require(PolicyCatalog.entry(name))
    let kit = ConformanceKit(entry, seed: 77)
    var random = TestRandom(state: 77)
    var told = 0
    // A search of plans in pieces takes up to a second in a debug build.
    let usual = name == "deadline-aware" ? 8 : 200
    let scenarios = ProcessInfo.processInfo.environment["PYLON_CONFORMANCE"].flatMap { Int($0) } ?? usual
    for number in 1...scenarios {
      let scenario = kit.scenario(number)
      let looks = TimeSpan.minutes(Int64(20 + random.below(400)))
      let whole = story(scenario, entry, looks: looks, cuts: nil)
      let steps = cuts(scenario, &random)
      let divided = story(scenario, entry, looks: looks, cuts: steps)
      told += whole.lines.count
      guard whole.lines != divided.lines || whole.events != divided.events else { continue }
      let place = zip(whole.lines, divided.lines).enumerated().first { $1.0 != $1.1 }?.offset ?? -1
      Issue.record("\(name), scenario \(number), steps \(steps.map(\.iso8601)): line \(place) differs; \(scenario)")
      return
    }
    #expect(told > 5 * scenarios)
  }
}

/// SplitMix64.
private struct TestRandom {
  var state: UInt64

  mutating func below(_ n: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(n))
  }
}
