internal import ArgumentParser
internal import Experiments
internal import Foundation

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run a scenario at many points.",
    subcommands: [SweepRun.self, SweepSubmit.self, SweepStatus.self, SweepCollect.self])
}

struct SweepOptions: ParsableArguments {
  @Argument(help: "The scenario file; it has a key sweep.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "Where units and table go; default Results/<name>/sweep.") var out: String?

  func open() throws -> Sweep {
    let pairs = try changes.pairs()
    return try guarded { try Sweep(path: scenario, overrides: pairs, folder: out) }
  }
}

struct SweepRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Do the units that are not done yet.",
    discussion: """
      A unit is a replication of a point. What is done stays done, however the program ends: run it again to go on. \
      With --shard several machines share the work by a folder that they share.
      """)
  @OptionGroup var options: SweepOptions
  @OptionGroup var parallel: ParallelOptions
  @Option(help: "i/n: the i-th of n parts of the units.") var shard: String?
  @Flag(help: "Print nothing but errors.") var quiet = false

  mutating func run() throws {
    let part = try shard.map { text in
      guard let part = Shard(text: text) else {
        throw ValidationError("--shard: found \(text), expected i/n with i from 1 to n, such as 3/8")
      }
      return part
    }
    let sweep = try options.open()
    Interruption.legacy.withLock { $0 = "finished units are kept; run it again to go on" }
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let text = try guarded {
      defer { bar?.clear() }
      return try sweep.run(shard: part, threads: parallel.threads, progress: bar.map { bar in { bar.show($0) } })
    }
    if !quiet { try guarded { try say(text) } }
  }
}

struct SweepStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell which units are done, missing or failed, and what Slurm is at.")
  @OptionGroup var options: SweepOptions
  @Flag(help: "Name every unit that is not done, not just the first ten.") var all = false

  mutating func run() throws {
    let sweep = try options.open()
    let all = all
    try guarded { try say(([sweep.status(all: all)] + sweep.slurmStatus()).joined(separator: "\n")) }
  }
}

struct SweepCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Make the tables of all units.",
    discussion: "Exit status 3 where units are missing or failed, which are named.")
  @OptionGroup var options: SweepOptions

  mutating func run() throws {
    let sweep = try options.open()
    try guarded { try say(sweep.collect()) }
  }
}
