import Domain
import Testing

@Suite struct CountedTests {
  @Test func oneAndMany() {
    #expect(counted(1, "job") == "1 job" && counted(0, "job") == "0 jobs" && counted(2, "step") == "2 steps")
    #expect(counted(2, "policy") == "2 policies" && counted(2, "day") == "2 days")
    #expect(counted(3, "chassis", plural: "chassis") == "3 chassis")
  }
}

@Suite struct NumberTextTests {
  @Test func numbersAreWrittenAsPeopleDo() {
    let numbers = [0, 0.5, 12, 999, 1000, -1500, 1_000_000, 1e12, 2.25]
    #expect(
      numbers.map(numberText) == ["0", "0.5", "12", "999", "1,000", "-1,500", "1,000,000", "1,000,000,000,000", "2.25"])
  }
}
