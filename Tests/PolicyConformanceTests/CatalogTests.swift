import Domain
import Foundation
import Policies
import PolicyConformance
import Testing

/// Every policy of the catalogue passes the kit, a new one by being in it.
///
/// `PYLON_CONFORMANCE=2000` says how many scenarios a policy, `PYLON_CONFORMANCE_SEED` which ones.
@Suite struct CatalogTests {
  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test(arguments: PolicyCatalog.entries.map(\.name)) func conforms(_ name: String) throws {
    let entry = try #require(PolicyCatalog.entry(name))
    let scenarios = Int(CatalogTests.setting("PYLON_CONFORMANCE") ?? 60)
    let kit = ConformanceKit(entry, seed: CatalogTests.setting("PYLON_CONFORMANCE_SEED") ?? 1, scenarios: scenarios)
    let report = kit.check()
    for failure in report.failures.prefix(5) { Issue.record("\(failure)") }
    #expect(report.passed, "\(report.failures.count) failures")
    // The kit has looked at something.
    #expect(report.scenarios == scenarios && report.futures > scenarios && report.decisionsCompared > 10 * scenarios)
    #expect(report.started > 5 * scenarios && report.delayed > scenarios / 2)
    let interrupts = ["wait-awhile", "ecovisor", "carbon-cap", "deadline-aware"].contains(name)
    if scenarios >= 60, interrupts { #expect(report.interrupted > scenarios / 30) }
    if scenarios > 100 { print(report) }
  }

  /// Seed and number alone make a scenario, whatever was drawn before.
  @Test func aScenarioComesAgain() throws {
    let entry = try #require(PolicyCatalog.entry("deadline-aware"))
    let one = ConformanceKit(entry, seed: 9).scenario(41)
    let two = ConformanceKit(entry, seed: 9, scenarios: 3).scenario(41)
    #expect(one.description == two.description && one.jobs.map(\.actualDuration) == two.jobs.map(\.actualDuration))
    #expect(one.description != ConformanceKit(entry, seed: 10).scenario(41).description)
  }

  /// A thousand scenarios hold what the kit says that they hold.
  @Test func scenariosAreVaried() throws {
    let kit = ConformanceKit(try #require(PolicyCatalog.entry("lowest-window")))
    let all = (1...1000).map { kit.scenario($0) }
    let jobs = all.flatMap(\.jobs)
    func share(_ isSo: (ConformanceScenario) -> Bool) -> Double { Double(all.count(where: isSo)) / 1000 }
    func part(_ isSo: (SubmittedJob) -> Bool) -> Double {
      Double(jobs.count(where: isSo)) / Double(jobs.count)
    }
    for rate in [
      share { $0.world.drains }, share { $0.capsAreHard }, share { $0.forecastIsBlind },
      share { !$0.interruption.types.isEmpty },
      share { !$0.parameters.values.isEmpty }, share { $0.world.carbon[0].isEndless },
      share { $0.world.zones.count > 4 },
      share { scenario in scenario.world.changes.contains { $0.outage == .fail } },
      share { scenario in scenario.world.changes.contains { $0.outage == .suspend } && scenario.interruption != .never
      },
      share { scenario in scenario.world.changes.contains { !$0.isOut && $0.capacity.milliCores == 0 } },
      share { scenario in scenario.world.changes.contains { $0.at >= scenario.world.end } },
      share { scenario in
        scenario.world.price.contains { trace in (0..<trace.stepCount).contains { trace.step($0).value < 0 } }
      },
      share { scenario in
        scenario.world.carbon.contains { trace in (0..<trace.stepCount).contains { trace.step($0).value == 0 } }
      },
      part { $0.job.homeZone < 0 }, part { $0.job.deadline != .never }, part { $0.job.hasCaps },
      part { $0.job.demand.milliGPUs > 0 },
      part { $0.actualDuration > $0.job.estimatedDuration }, part { $0.job.deferralWindow == .zero },
    ] {
      #expect(rate > 0.02 && rate <= 1)
    }
  }
}
