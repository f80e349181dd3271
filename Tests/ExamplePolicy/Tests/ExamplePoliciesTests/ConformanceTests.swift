import ExamplePolicies
import Policies
import PolicyConformance
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: [TwoChoices.entry, CheapestStart.entry, BelowMean.entry, ShortestFirst.entry])
  func conforms(_ policy: PolicyCatalog.Entry) {
    let report = ConformanceKit(policy, seed: 1, scenarios: 200).check()
    #expect(report.passed, "\(report)")
    #expect(report.started > 1000)
  }
}
