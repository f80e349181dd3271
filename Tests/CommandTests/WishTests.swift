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

  @Test func aFailedBaselineSaysHowToRecordIt() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + "checks: [{baseline: b.csv}]\n")
    let recorded = try workshop.run(["check", "s.yaml", "--record"])
    #expect(recorded.status == 1 && recorded.out.contains("\nexit status 1: a baseline was created or changed; "))
    let again = try workshop.run(["check", "s.yaml", "--record"])
    #expect(again.status == 0 && !again.out.contains("exit status"), "\(again.out)")
    #expect(try workshop.run(["check", "s.yaml"]).status == 0)
    // The day's outage makes the only deadline missed.
    let missed = try workshop.run(["check", "s.yaml", "--set", WishTests.out])
    #expect(missed.status == 1 && !missed.out.contains("--record"), "\(missed.out)")
    #expect(
      missed.out.contains("sla_met_pct of standard, replication 1: 100 → 0 (−100 percentage points)"), "\(missed.out)")
    try FileManager.default.moveItem(atPath: workshop.path + "/s.yaml", toPath: workshop.path + "/it's.yaml")
    try workshop.change("it's.yaml", "gpus: 2}}\ngrid", "gpus: 2}, pue: 2}\ngrid")
    let failed = try workshop.run(["check", "it's.yaml", "--markdown", "m.md"])
    let remedy = "\nIf the change is meant: pylon check 'it'\\''s.yaml' --record\n"
    #expect(failed.status == 1 && failed.out.contains(remedy), "\(failed.out)")
    #expect(try workshop.read("m.md").contains("If the change is meant: pylon check 'it"))
    // The line is what a shell takes.
    let command = remedy.split(separator: ":")[1].replacing("pylon", with: "\"$pylon\"", maxReplacements: 1)
    #expect(try workshop.shell(command.trimmingCharacters(in: .whitespacesAndNewlines)).status == 1)
    #expect(try workshop.run(["check", "it's.yaml"]).status == 0)
    // A bound that fails has nothing to record.
    try workshop.write("s.yaml", Workshop.scenario + "checks: [{metric: carbon_kg, max: 0}]\n")
    let bound = try workshop.run(["check", "s.yaml"])
    #expect(bound.status == 1 && !bound.out.contains("--record"), "\(bound.out)")
  }

  /// In NORTH alone a runs at once, b waits for it for half an hour, c waits for b for an hour.
  @Test func theJobThatWaitedTheLongest() throws {
    let workshop = try Workshop()
    let alone = "events=[{outage: {zone: SOUTH, from: 0h, duration: 24h}}]"
    #expect(try workshop.simulate("--quiet", "--set", alone).status == 0)
    let told = try workshop.run(["explain", "out/results.sqlite", "--longest-wait"])
    #expect(told.status == 0 && told.out.hasPrefix("c under standard, replication 1"), "\(told.out)\(told.error)")
    #expect(told.out.contains("\nc under greedy-lowest-carbon, replication 1"))
    #expect(told.out.contains("started 1 h after its submission"), "\(told.out)")
    let named = try workshop.run(["explain", "out/results.sqlite", "c"])
    #expect(named.out == told.out)
    let one = try workshop.run(["explain", "out/results.sqlite", "--longest-wait", "--policy", "standard"])
    #expect(one.status == 0 && !one.out.contains("greedy-lowest-carbon"))
    let wrong = try workshop.run(["explain", "out/results.sqlite", "c", "--longest-wait"])
    #expect(wrong.status == 2 && wrong.error.contains("expected either a job's job_id or --longest-wait"))
    #expect(try workshop.simulate("--quiet", "--set", "zones.*.capacity.cpu_cores=1").status == 0)
    let none = try workshop.run(["explain", "out/results.sqlite", "--longest-wait"])
    #expect(none.status == 2 && none.error.contains("found no job that started in replication 1"), "\(none.error)")
  }
}
