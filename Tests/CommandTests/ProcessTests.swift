import Foundation
import Testing

/// What processes, each with its own seed for hashing, make of the same input.
@Suite struct ProcessTests {
  @Test func theBytesAreTheSameInEveryProcess() throws {
    let workshop = try Workshop()
    let line = """
      for n in 1 2 3 4; do $pylon run s.yaml --out r$n --threads $n --set outputs.decisions=all \
        --set 'policies=[standard, random, deadline-aware, operator-manual]' > /dev/null || exit 9; \
        $pylon audit r$n/results.sqlite --quiet || exit 8; \
        sqlite3 r$n/results.sqlite 'UPDATE runs SET wall_clock_simulation_s = 0, wall_clock_decision_p50_ns = 0, \
        wall_clock_decision_p99_ns = 0' && \
        sqlite3 r$n/results.sqlite .dump > r$n/rows.sql && rm r$n/results.sqlite; done
      for n in 2 3 4; do diff -r r1 r$n || exit 1; done; wc -l < r1/decisions.csv
      """
    let outcome = try workshop.shell(line)
    #expect(outcome.status == 0, "\(outcome.out)\(outcome.error)")
    let lines = Int(outcome.out.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    let figures = try workshop.names("r4/plots").count
    #expect(lines > 12 && figures > 5, "\(lines) lines, \(figures) figures")
  }

  @Test func anAuditThatFailsLeavesWithOne() throws {
    let workshop = try Workshop()
    #expect(try workshop.simulate().status == 0)
    let change = "UPDATE run_metrics SET value = value + 1 WHERE run_id = 2 AND metric = ''carbon_kg''"
    let audit =
      "sqlite3 out/results.sqlite \"\(change.replacing("''", with: "'"))\" && exec $pylon audit out/results.sqlite"
    let outcome = try workshop.shell(audit)
    #expect(outcome.status == 1 && outcome.out.contains("carbon_kg"), "\(outcome.out)")
  }

  @Test func theSwarmTellsItsSeedFirst() throws {
    let workshop = try Workshop()
    let swarm = ["swarm", "--seed", "7", "--from", "3", "--runs", "1", "--policy", "standard"]
    let outcome = try workshop.run(swarm)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.out)\(outcome.error)")
    let lines = outcome.out.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("seed 7, ") && lines[1].hasPrefix("PASSED: 1 scenario, "))
    func counts(_ lines: [Substring]) -> [Substring] {
      (lines.last ?? "").split(separator: ", ").filter { !$0.contains("s of CPU") }
    }
    #expect(counts(lines).count > 4)
    #expect(counts(try workshop.run(swarm).out.split(separator: "\n")) == counts(lines), "but for the CPU time taken")
    for wrong in [["--runs", "0"], ["--minutes", "-1"], ["--runs", "1", "--minutes", "1"], ["--policy", "none"]] {
      #expect(try workshop.run(["swarm"] + wrong).status == 2, "\(wrong)")
    }
  }
}
