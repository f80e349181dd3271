internal import Foundation
internal import Policies

/// Draws scenario after scenario from a seed, runs each through the whole pipeline and looks at what came out.
public struct SwarmSearch: Sendable {
  public enum Limit: Sendable {
    case scenarios(Int)
    /// Begins no scenario after so many seconds.
    case seconds(Double)
  }

  /// Result of a search, for people.
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

  /// - Parameters:
  ///   - workers: how many scenarios are looked at at once; what each finds knows nothing of it.
  ///   - watch: sees that no scenario goes on for ever.
  /// - Throws: what the file system says.
  public func run(_ limit: Limit, workers: Int = 1, watch: SwarmWatch? = nil) throws -> Report {
    let desk = SwarmDesk(first: first, limit: limit)
    let watching = watch.map { $0.begin(seed, folder, only) }
    defer { watching?.end() }
    let work = { @Sendable in
      while let number = desk.next() {
        do {
          watching?.note(number)
          defer { watching?.note(nil) }
          var drawing = SwarmDrawing(seed: seed, number: number)
          let scenario = drawing.scenario(policies: policies)
          desk.take(try trial(scenario, number, "scenario-\(number)"))
          try? FileManager.default.removeItem(atPath: "\(folder)/scenario-\(number)")
        } catch {
          desk.fail(number, error)
        }
      }
    }
    if workers > 1 { SwarmSearch.together(workers, work) } else { work() }
    guard let (number, error) = desk.failure else {
      try? FileManager.default.removeItem(atPath: folder)
      return Report(passed: true, text: SwarmSearch.passed(desk.counts))
    }
    guard let failure = error as? SwarmFailure else { throw error }
    return Report(passed: false, text: try tell(failure, number, watching))
  }

  /// On threads of their own, until all are done.
  private static func together(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    let group = DispatchGroup()
    for _ in 0..<count {
      group.enter()
      let thread = Thread {
        work()
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }

  private func trial(_ scenario: SwarmScenario, _ number: Int, _ name: String) throws -> SwarmCounts {
    try SwarmTrial(scenario: scenario, folder: "\(folder)/\(name)", threads: 2 + number % 3, tamper: tamper).run()
  }

  /// Policy options of the command that repeats a scenario.
  private var only: String {
    policies == PolicyCatalog.entries.map(\.name) ? "" : policies.map { " --policy \($0)" }.joined()
  }

  private func tell(_ failure: SwarmFailure, _ number: Int, _ watching: SwarmWatching?) throws -> String {
    var drawing = SwarmDrawing(seed: seed, number: number)
    let scenario = drawing.scenario(policies: policies)
    let name = "shrunk-\(number)"
    var shrinking = SwarmShrinking(scenario, failure) {
      watching?.note(number, "\(failure.rule.rawValue), during shrinking")
      defer { watching?.note(nil) }
      _ = try trial($0, number, name)
    }
    try shrinking.shrink()
    // What stands in the folder is the last attempt.
    do { _ = try trial(shrinking.scenario, number, name) } catch is SwarmFailure {}
    return """
      FAILED in scenario \(number): broken rule: \(failure.rule.rawValue)
      \(SwarmSearch.cut(failure.found))
      kept: \(folder)/scenario-\(number)/scenario.yaml (\(scenario.size)) and both results
      shrunk: \(folder)/\(name)/scenario.yaml (\(shrinking.scenario.size))
      \(SwarmSearch.cut(shrinking.failure.found))
      again: pylon swarm --seed \(seed) --from \(number) --runs 1\(only)
      """
  }

  private static func cut(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let rest = lines.count > 8 ? ["… and \(lines.count - 8) more lines"] : []
    return (lines.prefix(8).map { String($0.prefix(400)) } + rest).map { "  " + $0 }.joined(separator: "\n")
  }

  private static func passed(_ counts: SwarmCounts) -> String {
    let by = counts.policies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "PASSED: "
      + [
        SwarmText.count(counts.scenarios, "scenario"), SwarmText.count(counts.runs, "run"),
        SwarmText.count(counts.jobs, "job record"), SwarmText.count(counts.cells, "CSV cell"),
        SwarmText.count(counts.figures, "figure"),
        SwarmText.count(counts.recomputed, "job recomputed", "jobs recomputed"),
        SwarmText.count(counts.decisions, "decision"),
        "\(SwarmText.count(counts.futures)) of them compared under another future",
        "\(String(format: "%.1f", CPUTime.seconds)) s of CPU",
      ].joined(separator: ", ") + " (runs by policy: \(by))"
  }
}

/// Hands numbers out and keeps what came of them.
private final class SwarmDesk: @unchecked Sendable {
  // Unchecked: every variable is read and written under the lock.
  private let lock = NSLock()
  private let first: Int
  private let limit: SwarmSearch.Limit
  private let began = Date()
  private var following: Int
  private var all = SwarmCounts()
  private var failed: (number: Int, error: any Error)?

  init(first: Int, limit: SwarmSearch.Limit) {
    self.first = first
    self.limit = limit
    following = first
  }

  var counts: SwarmCounts { lock.withLock { all } }
  /// The failure with the least number: the one that a single worker would have found.
  var failure: (number: Int, error: any Error)? { lock.withLock { failed } }

  /// The next number; `nil` where there is no more to do.
  func next() -> Int? {
    lock.withLock {
      let isWithin =
        switch limit {
        case .scenarios(let count): following - first < count
        case .seconds(let seconds): -began.timeIntervalSinceNow < seconds
        }
      guard failed == nil, isWithin else { return nil }
      defer { following += 1 }
      return following
    }
  }

  func take(_ counts: SwarmCounts) { lock.withLock { all += counts } }

  func fail(_ number: Int, _ error: any Error) {
    lock.withLock { if failed.map({ number < $0.number }) ?? true { failed = (number, error) } }
  }
}
