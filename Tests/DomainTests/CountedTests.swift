import Domain
import Testing

@Suite struct CountedTests {
  @Test func oneAndMany() {
    #expect(counted(1, "job") == "1 job" && counted(0, "job") == "0 jobs" && counted(2, "step") == "2 steps")
    #expect(counted(2, "policy") == "2 policies" && counted(2, "day") == "2 days")
    #expect(counted(3, "chassis", plural: "chassis") == "3 chassis")
  }
}
