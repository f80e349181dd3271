internal import ArgumentParser
internal import Foundation
internal import Studies

struct SweepSubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submit the units that are not done to a batch system.",
    discussion: """
      Writes a job array to <out>/slurm and submits it. Each task runs one shard of the units, as pylon sweep run \
      --shard does, and writes one file in <out>/units; all nodes must share this folder. If the command is run again, \
      it submits the units that are missing or failed and do not belong to a queued or running task.
      """)
  @OptionGroup var options: SweepOptions
  @Flag(help: "Submit to Slurm, with sbatch.") var slurm = false
  @Option(help: "Number of shards; default: 100, or the number of units if it is smaller.")
  var arraySize: Int?
  @Option(help: "Maximum number of tasks that run at a time.") var atOnce: Int?
  @Option(help: "Cores and threads per task.") var threads = 1
  @Option(
    help: "Option for sbatch, such as --sbatch=--time=02:00:00; may be repeated.")
  var sbatch: [String] = []
  @Option(help: "Path of the program on the nodes; default: this program.") var program: String?
  @Flag(help: "Write the script without submitting it.") var dryRun = false

  func validate() throws {
    guard slurm else { throw ValidationError("found no batch system, expected --slurm") }
    for (option, value) in [("--array-size", arraySize), ("--at-once", atOnce), ("--threads", threads)] {
      if let value, !(1...1_000_000).contains(value) {
        throw ValidationError("\(option): found \(value), expected a whole number from 1 to 1,000,000")
      }
    }
    for option in sbatch where !option.hasPrefix("-") || option.contains(where: \.isNewline) {
      throw ValidationError("--sbatch: found \"\(option)\", expected an option such as --time=02:00:00")
    }
  }

  mutating func run() throws {
    let sweep = try options.open()
    var slurm = SlurmOptions(program: program ?? SweepSubmitCommand.ownPath)
    slurm.arraySize = arraySize
    slurm.atOnce = atOnce
    slurm.threads = threads
    slurm.sbatch = sbatch
    slurm.isRehearsal = dryRun
    try guarded { try say(sweep.submit(slurm)) }
  }

  private static var ownPath: String {
    #if os(Linux)
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }
}
