import Domain
import Engine
import Policies
import Testing

@Suite struct LedgerTests {
  private func oneJob(kilowatts: Double, hours: Int64, intensity: Double, price: Double) throws -> JobRecord {
    let job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: 777), estimatedDuration: .hours(hours),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0),
      estimatedEnergy: Energy(kilowatts * Double(hours)))
    let world = World(
      zones: [zone(0, cores: 1)], carbon: [StepTrace(constant: intensity)], price: [StepTrace(constant: price)],
      start: Instant(milliseconds: 0), duration: .days(1))
    return try #require(
      try simulate(world, [SubmittedJob(job: job, actualDuration: .hours(hours))], Standard()).first)
  }

  /// The worked example of the Pylon domain: 1.2 MW and 0.9 MW for 4 h.
  @Test(arguments: [(1200, 0.102, 576, 489.6), (900, 0.132, 432, 475.2)] as [(Double, Double, Double, Double)])
  func workedExample(kilowatts: Double, price: Double, kilograms: Double, pounds: Double) throws {
    let record = try oneJob(kilowatts: kilowatts, hours: 4, intensity: 120, price: price)
    #expect(abs(record.emissions.value / 1000 - kilograms) <= 1e-12 * kilograms)
    #expect(abs(record.cost.value - pounds) <= 1e-12 * pounds)
  }

  @Test func pastTheEndOfATraceIsAnErrorWithBothRanges() throws {
    let short = try StepTrace(
      stamps: [(Instant(milliseconds: 0), 1)], end: Instant(milliseconds: 3_600_000))
    let job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: 1_800_000), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
    let world = World(
      zones: [zone(0, cores: 1)], carbon: [short], price: [short], start: Instant(milliseconds: 0), duration: .hours(1))
    let submitted = [SubmittedJob(job: job, actualDuration: .hours(1))]
    let error = #expect(throws: SimulationError.self) { try simulate(world, submitted, Standard()) }
    #expect(
      error?.description
        == "the carbon trace of zone Z0 covers 1970-01-01T00:00:00.000Z to 1970-01-01T01:00:00.000Z, but a job runs from "
        + "1970-01-01T00:30:00.000Z to 1970-01-01T01:30:00.000Z; expected a longer trace, or extend: hold | wrap")
  }

  @Test func withoutDrainWhatIsLeftIsUnfinished() throws {
    let flat = [StepTrace(constant: 1)]
    let world = World(
      zones: [zone(0, cores: 1)], carbon: flat, price: flat, start: Instant(milliseconds: 0), duration: .hours(1),
      drains: false)
    let jobs = (0..<2).map { index in
      SubmittedJob(
        job: Job(
          sequence: index, identity: 0, submittedAt: Instant(milliseconds: 1_800_000), estimatedDuration: .hours(1),
          demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(2)),
        actualDuration: .hours(1))
    }
    let records = try simulate(world, jobs, Standard())
    #expect(records.map(\.status) == [.running, .pending])
    #expect(abs(records[0].energy.value - 1) < 1e-12)
  }

  /// The order of events within a class (contract §3): those that complete at one instant are recorded, and told to the
  /// policy, by their sequence, whatever the order in which they started.
  @Test func completionsOfOneInstantComeBySequence() throws {
    let flat = [StepTrace(constant: 1)]
    let world = World(
      zones: [zone(0, cores: 100)], carbon: flat, price: flat, start: Instant(milliseconds: 0), duration: .days(1))
    // All end at 10:00, the jobs of the seven submissions at other times mixed among them.
    let end = Instant(milliseconds: 36_000_000)
    let jobs = (0..<64).map { index in
      let submitted = Instant(milliseconds: Int64(index / 8) * 3_600_000)
      let duration = index % 5 == 4 ? TimeSpan.minutes(5) : end - submitted
      return SubmittedJob(
        job: Job(
          sequence: index, identity: 0, submittedAt: submitted, estimatedDuration: duration,
          demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0)), actualDuration: duration)
    }
    let together = try simulate(world, jobs, Standard()).filter { $0.end == end }.map(\.job.sequence)
    #expect(together == (0..<64).filter { $0 % 5 != 4 })
  }

  private final class Rogue: Policy {
    let act: (JobID, PolicyContext) -> Void
    init(_ act: @escaping (JobID, PolicyContext) -> Void) { self.act = act }
    func submitted(_ job: JobID, _ context: PolicyContext) { act(job, context) }
    func dispatch(_ context: PolicyContext) {}
  }

  @Test func misbehaviourIsCaught() throws {
    let flat = [StepTrace(constant: 1)]
    let world = World(
      zones: [zone(0, cores: 1)], carbon: flat, price: flat, start: Instant(milliseconds: 0), duration: .hours(1))
    let job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: 0), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0))
    let jobs = [SubmittedJob(job: job, actualDuration: .hours(1))]
    func fault(_ act: @escaping (JobID, PolicyContext) -> Void) -> PolicyFault.Kind? {
      do { _ = try simulate(world, jobs, Rogue(act)) } catch { return (error as? PolicyFault)?.kind }
      return nil
    }
    #expect(fault { $1.start($0, in: 7) } == .unknownZone(7))
    #expect(fault { $1.start(JobID(slot: $0.slot + 5), in: 0) } == .notPending)
    #expect(fault { ($1.start($0, in: 0), $1.start($0, in: 0)).1 } == .notPending)
    #expect(fault { _, _ in } == .lostJobs(1))
  }
}
