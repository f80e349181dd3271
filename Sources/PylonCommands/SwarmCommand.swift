internal import ArgumentParser
internal import Foundation
internal import Runs
internal import Swarm

struct SwarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swarm", abstract: "Run random scenarios and check every result by independent code.",
    discussion: """
      Each scenario is run with one thread and with several. The results are audited, and their files are compared. A \
      scenario that fails is kept and reduced. Exits with 0 if every check passed, 1 if one failed.
      """)
  @Option(help: "Seed of the scenarios; default: random.") var seed: UInt64?
  @Option(help: "Number of scenarios; default: 100, if --minutes is not given.") var runs: Int?
  @Option(help: "Running time in minutes, instead of --runs.") var minutes: Double?
  @Option(help: "Number of the first scenario.") var from = 1
  @Option(help: "Policy to draw from, instead of all policies; may be repeated.") var policy: [String] = []
  @Option(help: "Number of scenarios at a time; default: one per core.") var threads: Int?
  @Option(help: "Time limit for a scenario, in seconds.") var timeout = 600.0

  func validate() throws {
    if runs != nil, minutes != nil { throw ValidationError("found --runs and --minutes, expected one of them") }
    if let runs, runs < 1 { throw ValidationError("--runs: found \(runs), expected a whole number ≥ 1") }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes: found \(minutes), expected a number > 0")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a whole number from 1 to 1024")
    }
    guard timeout > 0, timeout <= 1e9 else {
      throw ValidationError("--timeout: found \(timeout), expected seconds > 0")
    }
    guard (1...1_000_000_000).contains(from) else {
      throw ValidationError("--from: found \(from), expected a whole number from 1 to 1000000000")
    }
    for name in policy where !Runner.policyNames.contains(name) {
      throw ValidationError("--policy: found \(name), expected one of \(Runner.policyNames.joined(separator: ", "))")
    }
  }

  mutating func run() throws {
    let seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pylon-swarm-\(seed)-\(ProcessInfo.processInfo.processIdentifier)").path
    let search = SwarmSearch(
      seed: seed, first: from, policies: policy.isEmpty ? Runner.policyNames : policy, folder: folder)
    let limit = minutes.map { SwarmSearch.Limit.seconds($0 * 60) } ?? .scenarios(runs ?? 100)
    let report = try guarded {
      Interruption.makesMany.withLock { $0 = true }
      Interruption.legacy.withLock { $0 = "the swarm is not finished" }
      // Told first: whoever is stopped knows what to ask for again.
      try say("seed \(seed), scenarios in \(folder)")
      let watch = SwarmWatch(seconds: timeout) { text in
        // Whatever hangs cannot be asked to stop.
        try? say(text)
        _exit(1)
      }
      let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
      let report = try search.run(limit, workers: workers, watch: watch)
      try say(report.text)
      return report
    }
    if !report.passed { throw ExitCode(1) }
  }
}

extension SwarmCommand: StatusDescribing {
  static let statuses = [1: "a check failed, or a scenario exceeded its time limit"]
}
