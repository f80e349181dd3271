internal import ArgumentParser
internal import Experiments
internal import Foundation

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run a scenario at many points.",
    subcommands: [SweepRun.self, SweepSubmit.self, SweepStatus.self, SweepCollect.self])
}

struct SweepOptions: ParsableArguments {
  @Argument(help: "Scenario file with a sweep key.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "Folder for units and tables; default: Results/<name>/sweep.") var out: String?

  func open() throws -> Sweep {
    let pairs = try changes.pairs()
    return try guarded { try Sweep(path: scenario, overrides: pairs, folder: out) }
  }
}

struct SweepRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the units that are not done yet.",
    discussion: """
      A unit is one replication of one point. Finished units are kept, however the program ends; run the command again \
      to continue. With --shard, several machines divide the work and share the output folder.
      """)
  @OptionGroup var options: SweepOptions
  @OptionGroup var parallel: ParallelOptions
  @Option(help: "Part of the units to run: i/n, the i-th of n parts.") var shard: String?
  @Flag(help: "Print errors only.") var quiet = false

  mutating func run() throws {
    let part = try shard.map { text in
      guard let part = Shard(text: text) else {
        throw ValidationError("--shard: found \(text), expected i/n with i from 1 to n, such as 3/8")
      }
      return part
    }
    let sweep = try options.open()
    Interruption.legacy.withLock { $0 = "finished units are kept; run the command again to continue" }
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
    commandName: "status", abstract: "Print which units are done, missing or failed, and the state of Slurm tasks.")
  @OptionGroup var options: SweepOptions
  @Flag(help: "List every unit that is not done, not only the first ten.") var all = false

  mutating func run() throws {
    let sweep = try options.open()
    let all = all
    try guarded { try say(([sweep.status(all: all)] + sweep.slurmStatus()).joined(separator: "\n")) }
  }
}

struct SweepCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Collect the tables of all units.",
    discussion: "Exits with 3 if units are missing or failed, and lists them.")
  @OptionGroup var options: SweepOptions

  mutating func run() throws {
    let sweep = try options.open()
    try guarded { try say(sweep.collect()) }
  }
}
