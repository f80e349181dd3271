import Foundation
import Policies
import Scenarios
import Testing

@testable import Swarm

/// The swarm draws whatever a scenario may say: each key, and each word of those that a value may be.
@Suite struct DrawnKeysTests {
  @Test func everyKeyThatTheDecoderKnowsIsDrawn() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = PolicyCatalog.entries.map(\.name)
    var seen: [String: Set<String>] = [:]
    for number in 1...600 {
      var drawing = SwarmDrawing(seed: 1, number: number)
      let path = try drawing.scenario(policies: names).write(into: folder)
      let keys = try ScenarioDocument(path: path).keys(knownPolicies: names)
      for (allowed, told) in keys { seen[allowed, default: []].formUnion(told) }
    }
    // Those that no decoder was even asked about are drawn nowhere either: the parts of the document are all here.
    #expect(seen.count > 60)
    for name in names where PolicyCatalog.entry(name)?.parameters.isEmpty == false {
      #expect(seen.keys.contains { $0.hasPrefix("of \(name), ") }, "no parameter of \(name)")
    }
    let undrawn = seen.sorted { $0.key < $1.key }.flatMap { allowed, told in
      allowed.components(separatedBy: ", ").filter { !told.contains($0) }.map { "\($0), of \(allowed)" }
    }
    for key in undrawn { Issue.record("never drawn: \(key)") }
  }
}
