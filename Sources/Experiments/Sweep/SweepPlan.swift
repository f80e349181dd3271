internal import Foundation
internal import Engine
internal import Scenarios
internal import Store

/// The units of a sweep: every replication of every point, in that order.
struct SweepPlan: Sendable {
  struct Unit: Sendable {
    /// Of the point, from 0.
    var point: Int
    var replication: Int
    /// The same for the same scenario, point and replication, wherever it stands in the sweep.
    var id: String
  }

  let name: String
  let spec: SweepSpec
  let scenarios: [Scenario]
  let units: [Unit]

  /// Reads the scenario at every point, so that nothing is run where one of them is not valid.
  ///
  /// - Throws: ``BadInput`` with the faults of the first faulty points.
  init(path: String, overrides: [(key: String, value: String)]) throws(BadInput) {
    let base = try SweepPlan.load(path, overrides, "")
    guard let spec = base.sweep else {
      throw BadInput(description: "\(path): sweep: found no such key, expected grid, list or latin_hypercube")
    }
    var scenarios: [Scenario] = []
    var faults: [String] = []
    for (place, point) in spec.points.enumerated() where faults.count < 20 {
      do { scenarios.append(try SweepPlan.load(path, overrides + point.overrides, "point \(place + 1): ")) } catch {
        faults.append(error.description)
      }
    }
    guard faults.isEmpty else { throw BadInput(description: faults.joined(separator: "\n")) }
    name = base.name
    self.spec = spec
    self.scenarios = scenarios
    // What a unit gives depends on the text of the scenario, but for the sweep's own part, and on the event order.
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let common =
      SweepPlan.withoutSweep(text) + overrides.map { "\n\($0.key)=\($0.value)" }.joined()
      + "\nevent order \(Simulation.eventOrderVersion)"
    var units: [Unit] = []
    for (place, point) in spec.points.enumerated() {
      let own = common + point.overrides.map { "\n\($0.key)=\($0.value)" }.joined()
      let hash = SweepPlan.hash(own)
      for replication in 1...scenarios[place].replications {
        units.append(Unit(point: place, replication: replication, id: "\(hash)-r\(replication)"))
      }
    }
    self.units = units
  }

  private static func load(
    _ path: String, _ overrides: [(key: String, value: String)], _ prefix: String
  ) throws(BadInput) -> Scenario {
    do { return try Scenario.load(path: path, overrides: overrides, knownPolicies: Runner.policyNames) } catch {
      throw BadInput(description: prefix + error.description)
    }
  }

  /// The lines of a scenario without those of the top-level key `sweep`: a sweep may grow and keep its units.
  private static func withoutSweep(_ text: String) -> String {
    var kept: [Substring] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.first, first != " ", first != "#", first != "-", first != "}", first != "]" {
        isInside = line.hasPrefix("sweep:")
      }
      if !isInside { kept.append(line) }
    }
    return kept.joined(separator: "\n")
  }

  /// FNV-1a of 128 bits: among a million units two share one in a chance of 10⁻²⁷.
  static func hash(_ text: String) -> String {
    let prime: UInt128 = 1 << 88 | 0x13B
    let basis: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    let value = text.utf8.reduce(basis) { ($0 ^ UInt128($1)) &* prime }
    let hex = String(value, radix: 16)
    return String(repeating: "0", count: 32 - hex.count) + hex
  }
}
