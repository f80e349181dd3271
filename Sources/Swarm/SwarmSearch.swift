internal import Foundation
internal import Policies

/// Draws scenario after scenario from a seed, runs each through the whole pipeline and looks at what came out.
public struct SwarmSearch: Sendable {
  public enum Limit: Sendable {
    case scenarios(Int)
    /// Begins no scenario after so many seconds.
    case seconds(Double)
  }

  /// What was found, for people.
  public struct Report: Sendable {
    public var passed: Bool
    public var text: String
  }

  private let seed: UInt64
  private let first: Int
  private let policies: [String]
  private let folder: String
  var tamper: (@Sendable (String) throws -> Void)?

  /// - Parameters:
  ///   - first: the number of the first scenario, from 1; each is drawn from seed and number alone.
  ///   - policies: names to draw from; not empty.
  ///   - folder: scratch space, which goes where everything passes.
  public init(seed: UInt64, first: Int = 1, policies: [String], folder: String) {
    precondition(!policies.isEmpty, "no policies to draw from")
    self.seed = seed
    self.first = first
    self.policies = policies
    self.folder = folder
  }

  /// - Throws: what the file system says.
  public func run(_ limit: Limit) throws -> Report {
    let began = Date()
    var counts = SwarmCounts()
    var number = first
    while isWithin(limit, number, began) {
      var drawing = SwarmDrawing(seed: seed, number: number)
      let scenario = drawing.scenario(policies: policies)
      do {
        counts += try trial(scenario, number, "scenario-\(number)")
      } catch let failure as SwarmFailure {
        return Report(passed: false, text: try tell(failure, scenario, number))
      }
      try? FileManager.default.removeItem(atPath: "\(folder)/scenario-\(number)")
      number += 1
    }
    try? FileManager.default.removeItem(atPath: folder)
    return Report(passed: true, text: passed(counts))
  }

  private func isWithin(_ limit: Limit, _ number: Int, _ began: Date) -> Bool {
    switch limit {
    case .scenarios(let count): number - first < count
    case .seconds(let seconds): -began.timeIntervalSinceNow < seconds
    }
  }

  private func trial(_ scenario: SwarmScenario, _ number: Int, _ name: String) throws -> SwarmCounts {
    try SwarmTrial(scenario: scenario, folder: "\(folder)/\(name)", threads: 2 + number % 3, tamper: tamper).run()
  }

  private func tell(_ failure: SwarmFailure, _ scenario: SwarmScenario, _ number: Int) throws -> String {
    let name = "shrunk-\(number)"
    var shrinking = SwarmShrinking(scenario, failure) { _ = try trial($0, number, name) }
    try shrinking.shrink()
    // What stands in the folder is the last attempt.
    do { _ = try trial(shrinking.scenario, number, name) } catch is SwarmFailure {}
    let isWhole = policies == PolicyCatalog.entries.map(\.name)
    let only = isWhole ? "" : policies.map { " --policy \($0)" }.joined()
    return """
      FAILED in scenario \(number): broken is that \(failure.rule.rawValue)
      \(SwarmSearch.cut(failure.found))
      kept: \(folder)/scenario-\(number)/scenario.yaml (\(scenario.size)) and both results
      shrunk: \(folder)/\(name)/scenario.yaml (\(shrinking.scenario.size))
      \(SwarmSearch.cut(shrinking.failure.found))
      again: pylon swarm --seed \(seed) --from \(number) --runs 1\(only)
      """
  }

  private static func cut(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let rest = lines.count > 8 ? ["… and \(lines.count - 8) lines more"] : []
    return (lines.prefix(8).map { String($0.prefix(400)) } + rest).map { "  " + $0 }.joined(separator: "\n")
  }

  private func passed(_ counts: SwarmCounts) -> String {
    let by = counts.policies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "PASSED: "
      + [
        SwarmText.count(counts.scenarios, "scenario"), SwarmText.count(counts.runs, "run"),
        SwarmText.count(counts.jobs, "job record"), SwarmText.count(counts.cells, "CSV cell"),
        SwarmText.count(counts.figures, "figure"),
      ].joined(separator: ", ") + " (runs by policy: \(by))"
  }
}
