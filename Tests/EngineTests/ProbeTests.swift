import Domain
import Engine
import Policies
import Testing

/// What a look at a running simulation sees.
@Suite struct ProbeTests {
  private final class Looks: Probe {
    private var times: [Instant]
    var seen: [(pending: Int, running: Int, drawn: DrawnSoFar)] = []

    init(_ times: [Instant]) { self.times = times }

    var next: Instant { times.first ?? .never }

    func look(at simulation: Simulation) {
      times.removeFirst()
      seen.append((simulation.pendingCount, simulation.runningCount(0), simulation.drawnByRunning()[0]))
    }
  }

  /// By hand: one core, jobs of two hours at 1 kW submitted at 0:00, 0:00, 0:00 and 5:00, a PUE of 1.5; 100 g until
  /// 1:00, then 300 g.
  @Test func looksByHand() throws {
    func at(_ minutes: Int64) -> Instant { Instant(milliseconds: minutes * 60_000) }
    let carbon = try StepTrace(stamps: [(at(0), 100), (at(60), 300)], end: at(120), extending: .hold)
    let world = World(
      zones: [zone(0, cores: 1, pue: 1.5)], carbon: [carbon], price: [StepTrace(constant: 0.2)], start: at(0),
      duration: .days(1))
    let jobs = [0, 0, 0, 300].enumerated().map { index, minutes in
      SubmittedJob(
        job: Job(
          sequence: index, identity: 0, submittedAt: at(Int64(minutes)), estimatedDuration: .hours(2),
          demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(2)),
        actualDuration: .hours(2))
    }
    // The job that comes at 5:00 is no one's business before; at 6:30 nothing waits and the last but one has half an
    // hour behind it, at 12:00 all is over.
    let looks = Looks([at(90), at(330), at(390), at(720)])
    try Simulation(
      world: world, policy: Standard(), source: JobList(jobs), sink: Records(), probe: looks
    ).run()
    #expect(looks.seen.map(\.pending) == [2, 1, 0, 0])
    #expect(looks.seen.map(\.running) == [1, 1, 1, 0])
    for (look, energy, emissions) in [(0, 2.25, 375.0), (1, 2.25, 675), (2, 0.75, 225), (3, 0, 0)] {
      #expect(abs(looks.seen[look].drawn.energy.value - energy) < 1e-12)
      #expect(abs(looks.seen[look].drawn.emissions.value - emissions) < 1e-9)
    }
  }
}
