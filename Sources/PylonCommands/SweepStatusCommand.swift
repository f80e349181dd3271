internal import ArgumentParser

struct SweepStatusCommand: ParsableCommand {
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
