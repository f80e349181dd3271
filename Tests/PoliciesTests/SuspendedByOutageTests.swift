import Domain
import Engine
import Policies
import Testing

/// Jobs that an outage suspended go on in the order of their suspension, each as soon as its zone holds it, whatever
/// the policy.
@Suite struct SuspendedByOutageTests {
  private func at(_ hours: Int64) -> Instant { Instant(milliseconds: hours * hour) }

  private func cores(_ count: Int64) -> Resources {
    Resources(milliCores: count * 1000, milliGigabytes: 0, milliGPUs: 0)
  }

  private func job(_ sequence: Int, _ submitted: Int64, cores count: Int64, hours: Int64) -> SubmittedJob {
    SubmittedJob(
      job: Job(
        sequence: sequence, identity: UInt64(sequence), submittedAt: at(submitted), estimatedDuration: .hours(hours),
        demand: cores(count), estimatedEnergy: Energy(1), homeZone: 0, type: .training), actualDuration: .hours(hours))
  }

  private func world(_ capacities: [(at: Int64, cores: Int64?)]) -> World {
    let changes = capacities.map { change in
      change.cores.map { CapacityChange(at: at(change.at), zone: 0, capacity: cores($0)) }
        ?? CapacityChange(at: at(change.at), zone: 0, capacity: .zero, isOut: true, outage: .suspend)
    }
    return World(
      zones: [zone(0, cores: 8)], carbon: [StepTrace(constant: 100)], price: [StepTrace(constant: 0.1)], start: at(0),
      duration: .hours(24), changes: changes)
  }

  /// Policies that start a job as soon as it fits under a constant intensity; `ecovisor` waits for a lower one.
  private static let automatic = PolicyCatalog.entries.map(\.name).filter {
    !["operator-manual", "ecovisor"].contains($0)
  }

  /// Of 8 cores 4 are left until 06:00. The large job (6) cannot go on before; the small one (2), suspended after it,
  /// goes on at 02:00; a later one (2) starts at 03:00 beside it.
  @Test(arguments: automatic)
  func oneThatDoesNotFitHoldsBackNobody(name: String) throws {
    let world = world([(1, nil), (2, 4), (6, 8)])
    let jobs = [job(0, 0, cores: 6, hours: 2), job(1, 0, cores: 2, hours: 2), job(2, 3, cores: 2, hours: 2)]
    let sink = SegmentRecords()
    let records = try simulate(
      world, jobs, policy(name), interruption: InterruptionRules(types: [.training]), into: sink)
    #expect(records.map(\.start) == [at(0), at(0), at(3)])
    #expect(records.map(\.end) == [at(7), at(3), at(5)])
    #expect(sink.runs.filter { $0.job == 0 }.map(\.start) == [0, 6 * hour])
    #expect(sink.runs.filter { $0.job == 1 }.map(\.start) == [0, 2 * hour])
  }

  /// At 02:00 the zone holds 6 cores again. A job that has waited since the outage (4) comes after both that were
  /// suspended (3 and 2): no policy lets it start before 03:00.
  @Test(arguments: automatic)
  func theyComeBeforeJobsThatHaveNotStarted(name: String) throws {
    let world = world([(1, nil), (2, 6)])
    let jobs = [job(0, 0, cores: 3, hours: 2), job(1, 0, cores: 2, hours: 2), job(2, 1, cores: 4, hours: 2)]
    let records = try simulate(world, jobs, policy(name), interruption: InterruptionRules(types: [.training]))
    #expect(records.map(\.end) == [at(3), at(3), at(5)], "\(name)")
    #expect(records[2].start == at(3))
  }

  /// The zone could have held both at 04:00, when a change for good takes it from the large one: it had waited
  /// suspended since 01:00, its end.
  @Test(arguments: automatic)
  func oneThatCanNeverGoOnFailsWithItsSuspension(name: String) throws {
    let world = world([(1, nil), (2, 5), (3, 4), (4, 6), (5, 3)])
    let jobs = [
      job(0, 0, cores: 6, hours: 2), job(1, 0, cores: 2, hours: 4), job(2, 6, cores: 3, hours: 1),
    ]
    let sink = SegmentRecords()
    let records = try simulate(
      world, jobs, policy(name), interruption: InterruptionRules(types: [.training]), into: sink)
    #expect(records.map(\.status) == [.failed, .completed, .completed])
    #expect(records.map(\.end) == [at(1), at(5), at(7)])
    // An hour of its kilowatt-hour in two.
    #expect(abs(records[0].energy.value - 0.5 * world.zones[0].pue) < 1e-12 && records[0].zone == 0)
    #expect(sink.runs.filter { $0.job == 0 }.map(\.end) == [hour])
  }
}
