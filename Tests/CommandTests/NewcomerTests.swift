import Foundation
import Testing

/// What people ran into in their first half hour.
@Suite struct NewcomerTests {
  @Test func aPointOfASweepThatIsNoScenarioIsNoValidScenario() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + "sweep: {grid: {zones.NORTH.pue: [1.2, 0.5]}}\n")
    let wrong = try workshop.run(["validate", "s.yaml"])
    #expect(wrong.status == 2 && wrong.error.contains("point 2: ") && wrong.error.contains("pue: found 0.5"))
    try workshop.write("s.yaml", Workshop.scenario + "sweep: {grid: {zones.NORTH.pue: [1.2, 1.5]}}\n")
    #expect(try workshop.run(["validate", "s.yaml"]).status == 0)
  }

  @Test func aChangedScenarioIsNoBaseline() throws {
    let workshop = try Workshop()
    try workshop.write("s.yaml", Workshop.scenario + "checks: [{baseline: b.csv}]\n")
    let refused = try workshop.run(["check", "s.yaml", "--record", "--set", "zones.NORTH.pue=1.5"])
    #expect(refused.status == 2 && refused.error.contains("--record with --set"))
    #expect(try !workshop.names().contains("b.csv"))
  }

  @Test func aPolicyThatMayNotSuspendIsNoted() throws {
    let workshop = try Workshop()
    let note = "wait-awhile: the published policy suspends jobs; here it only delays their start"
    let told = try workshop.run(["validate", "s.yaml", "--set", "policies=[standard,wait-awhile]"])
    #expect(told.status == 0 && told.out.contains(note), "\(told.out)")
    let free = try workshop.run([
      "validate", "s.yaml", "--set", "policies=[standard,wait-awhile]", "--set", "interruption.allowed=true",
    ])
    #expect(free.status == 0 && !free.out.contains(note), "\(free.error)")
  }
}
