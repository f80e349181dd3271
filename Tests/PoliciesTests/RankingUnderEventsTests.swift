import Domain
import Engine
import Policies
import Testing

/// What operators are recommended follows capacities.
@Suite struct RankingUnderEventsTests {
  private static let monday = Instant(milliseconds: 1_578_268_800_000)

  private func job(_ sequence: Int, hour: Int64) -> SubmittedJob {
    SubmittedJob(
      job: Job(
        sequence: sequence, identity: UInt64(sequence + 1), submittedAt: RankingUnderEventsTests.monday + .hours(hour),
        estimatedDuration: .hours(1), demand: Resources(milliCores: 2000, milliGigabytes: 0, milliGPUs: 0),
        estimatedEnergy: Energy(1), deferralWindow: .hours(3)), actualDuration: .hours(1))
  }

  /// The ranking of the last job submitted.
  private func ranking(_ hours: [Int64], _ changes: [CapacityChange]) throws -> Recommendations {
    let zones = (0..<4).map { zone($0, cores: 8) }
    let world = World(
      zones: zones, carbon: [10, 100, 200, 300].map { StepTrace(constant: $0) },
      price: zones.map { _ in StepTrace(constant: 0.2) }, start: RankingUnderEventsTests.monday, duration: .days(2),
      changes: changes)
    let entry = try #require(PolicyCatalog.entry("operator-manual"))
    let parameters = PolicyParameters(["recommend": .text("deadline-aware"), "poll": .number(10)])
    let policy = entry.make(PolicySetup(parameters: parameters, zones: zones))
    let jobs = hours.enumerated().map { job($0, hour: $1) }
    return try #require(try simulate(world, jobs, policy).last).recommendations
  }

  private func change(_ hour: Int64, cores: Int64) -> CapacityChange {
    CapacityChange(
      at: RankingUnderEventsTests.monday + .hours(hour), zone: 0,
      capacity: Resources(milliCores: cores * 1000, milliGigabytes: 64_000, milliGPUs: 0))
  }

  /// The best zone shrinks for good: it had taken one of three places in which it could not be recommended.
  @Test func whoHasBecomeTooSmallTakesNoPlace() throws {
    let found = try ranking([1, 10], [change(5, cores: 1)])
    #expect(found == Recommendations(1, 2, 3))
  }
}
