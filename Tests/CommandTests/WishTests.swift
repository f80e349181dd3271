import Foundation
import Testing

/// What people asked of the commands after their first days.
@Suite struct WishTests {
  private static let out = "events=[{outage: {zone: [NORTH, SOUTH], from: 0h, duration: 8h}}]"

  /// The rows of the policies that are asked for are those of the whole question.
  @Test func whatIfTakesPolicies() throws {
    let workshop = try Workshop()
    func ask(_ more: String...) throws -> Outcome {
      try workshop.run(["whatif", "s.yaml", "--set", "zones.NORTH.pue=1.5"] + more)
    }
    let all = try ask("--format", "csv").out.split(separator: "\n")
    let one = try ask("--format", "csv", "--policy", "standard")
    #expect(one.status == 0, "\(one.error)")
    let rows = one.out.split(separator: "\n")
    #expect(rows.count > 5 && rows == all.filter { $0.hasPrefix("variant,") || $0.contains(",standard,") })
    // The baseline runs in any case, and several policies may be named.
    let other = try ask("--policy", "greedy-lowest-carbon", "--policy", "cheapest")
    #expect(other.status == 0 && other.out.contains("note: standard also runs: it is the scenario's baseline"))
    #expect(other.out.contains("cheapest") && other.out.contains("greedy-lowest-carbon"))
    let wrong = try ask("--policy", "greedy")
    #expect(wrong.status == 2 && wrong.error.contains("--policy: found greedy, expected one of "), "\(wrong.error)")
  }

  /// SOUTH neither gains nor loses: it is listed only if an event names it.
  @Test func zonesOfEventsAreListed() throws {
    let workshop = try Workshop()
    func zones(_ more: String...) throws -> [Substring] {
      let told = try workshop.run(
        ["whatif", "s.yaml", "--policy", "standard", "--set", "zones.NORTH.pue=1.5"] + more)
      #expect(told.status == 0, "\(told.error)")
      return told.out.split(separator: "\n").filter { $0.hasPrefix("standard") && $0.contains("TH ") }
    }
    let without = try zones()
    #expect(without.count == 1 && without.allSatisfy { $0.hasSuffix("gained") && $0.contains("NORTH") }, "\(without)")
    let event = try zones("--base-set", "events=[{outage: {zone: SOUTH, from: 20h, duration: 1h}}]")
    #expect(event.count == 2 && event.last?.contains("SOUTH") == true && event.last?.hasSuffix("same") == true)
    // An event of all zones names none.
    let everywhere = try zones("--base-set", "events=[{price: {from: 20h, duration: 1h, factor: 2}}]")
    #expect(everywhere.count == 1, "\(everywhere)")
  }

  /// The only deadline is met, or missed: 100 % or 0 %.
  @Test func differencesOfPercentagesAreInPoints() throws {
    let workshop = try Workshop()
    let told = try workshop.run(["whatif", "s.yaml", "--set", WishTests.out, "--metric", "sla_met_pct"])
    #expect(told.status == 0 && told.out.contains("-100 points"), "\(told.out)\(told.error)")
    #expect(!told.out.contains("-100.00"))
    let csv = try workshop.run([
      "whatif", "s.yaml", "--set", WishTests.out, "--metric", "sla_met_pct", "--format", "csv",
    ])
    #expect(csv.out.contains(",sla_met_pct,100,0,1,-100,") && !csv.out.contains("points"), "\(csv.out)")
    #expect(try workshop.simulate("--quiet").status == 0)
    let compared = try workshop.run(["compare", "out/results.sqlite", "--metric", "sla_met_pct"])
    #expect(compared.status == 0 && compared.out.contains("\nsla_met_pct, points  greedy"), "\(compared.out)")
    #expect(compared.out.contains("\nsla_met_pct  standard"))
  }
}
