import Domain
import Engine
import Inputs
import Policies
import Testing

@Suite struct ReplanTests {
  /// One job is planned for the hour that was best yesterday. Nothing happens until an hour comes that nobody foresaw:
  /// the policy is to be awake at its issue, and only where plans follow forecasts.
  @Test(arguments: ["update", "never"]) func aPlanFollowsAnIssueThatNothingElseWakesFor(_ replan: String) throws {
    let values = (0..<96).map { at in at == 30 ? 50.0 : at % 24 == 20 ? 100 : 300 }
    let carbon = try StepTrace(
      stamps: values.enumerated().map { (Instant(milliseconds: Int64($0.offset) * hour), $0.element) },
      end: Instant(milliseconds: 96 * hour), extending: .hold)
    let world = World(
      zones: [zone(0, cores: 4)], carbon: [carbon], price: [StepTrace(constant: 0.2)], start: Instant(milliseconds: 0),
      duration: .hours(72))
    let job = Job(
      sequence: 0, identity: 0, submittedAt: Instant(milliseconds: 26 * hour), estimatedDuration: .hours(1),
      demand: Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), estimatedEnergy: Energy(1),
      deferralWindow: .hours(24))
    let records = try simulate(
      world, [SubmittedJob(job: job, actualDuration: .hours(1))],
      policy("deadline-aware", ["weights.carbon": .number(1), "replan": .text(replan)]), model: .persistence,
      horizon: .hours(48))
    #expect(records.map(\.start.milliseconds) == [(replan == "update" ? 30 : 44) * hour])
  }
}
