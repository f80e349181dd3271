import Foundation
import Testing

/// What people asked of the commands after their first days.
@Suite struct WishTests {
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
}
