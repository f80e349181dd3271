import Foundation
import Policies
import Scenarios
import Testing

@testable import Swarm

/// `pylon validate --resolved`: the same scenario with nothing left unsaid.
@Suite struct ResolvedTests {
  private let names = PolicyCatalog.entries.map(\.name)

  /// Scenarios of every form that the swarm draws: resolved they read back as they were, and resolved again as the same
  /// text.
  @Test func resolvedTextsAreFixedPoints() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for number in 1...150 {
      var drawing = SwarmDrawing(seed: 3, number: number)
      let path = try drawing.scenario(policies: names).write(into: folder)
      try expectSame(try ScenarioDocument(path: path), path, "swarm scenario \(number)")
    }
  }

  @Test(arguments: ["gb-week", "hpc-month", "two-zones"]) func scenariosOfTheRepository(name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let path = "\(root)/Scenarios/\(name).yaml"
    try expectSame(try ScenarioDocument(path: path), path, name)
  }

  private func expectSame(_ document: ScenarioDocument, _ path: String, _ place: String) throws {
    let text = try document.resolved(knownPolicies: names)
    let again = try ScenarioDocument(text: text, path: path)
    #expect(try again.resolved(knownPolicies: names) == text, "\(place)")
    let (a, b) = (try document.scenario(knownPolicies: names), try again.scenario(knownPolicies: names))
    #expect(a.name == b.name && a.seed == b.seed && a.start == b.start && a.duration == b.duration, "\(place)")
    #expect(a.zones == b.zones && a.grid == b.grid && a.workload == b.workload, "\(place): \(text)")
    #expect(a.policies.map(\.name) == b.policies.map(\.name) && a.policies.map(\.label) == b.policies.map(\.label))
    #expect(a.baseline == b.baseline && a.replications == b.replications && a.windows == b.windows, "\(place)")
    #expect(a.until == b.until && a.warmUp == b.warmUp && a.requirements == b.requirements, "\(place)")
    #expect(a.drain == b.drain && a.caps == b.caps && a.interruption == b.interruption, "\(place)")
    #expect(a.events == b.events && a.outputs == b.outputs && a.currency == b.currency, "\(place): \(text)")
    #expect(a.checks.count == b.checks.count && a.sweep?.points.count == b.sweep?.points.count, "\(place)")
  }
}
