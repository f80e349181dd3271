internal import ArgumentParser
internal import Foundation
internal import Studies

struct SweepRunCommand: ParsableCommand {
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

extension SweepRunCommand: StatusDescribing {
  static let statuses = [2: "bad input or usage, or units that failed; the others are done and kept"]
}
