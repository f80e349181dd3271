import PolicyConformance
import Testing
import TwoChoices

@Suite struct TwoChoicesTests {
  @Test func conforms() {
    let report = ConformanceKit(TwoChoices.entry, seed: 1, scenarios: 200).check()
    #expect(report.passed, "\(report)")
    #expect(report.started > 1000)
  }
}
