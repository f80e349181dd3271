internal import ArgumentParser
internal import Experiments
internal import Foundation

struct SweepSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Hand the units that are not done to a batch system.",
    discussion: """
      Writes a job array into <out>/slurm and submits it; each task does a shard of the units, as pylon sweep run \
      --shard does, into a file of its own in <out>/units, which all nodes must share. Run again, it takes up what is \
      missing or failed and not with a task that is queued or running.
      """)
  @OptionGroup var options: SweepOptions
  @Flag(help: "To Slurm, by sbatch.") var slurm = false
  @Option(help: "Into how many shards the units are divided; default 100, or as many as there are units.")
  var arraySize: Int?
  @Option(help: "How many tasks may run at one time.") var atOnce: Int?
  @Option(help: "Cores and threads of a task.") var threads = 1
  @Option(
    help: "A further option of sbatch, such as --sbatch=--time=02:00:00; may be repeated.")
  var sbatch: [String] = []
  @Option(help: "The program, where the tasks run; default this one.") var program: String?
  @Flag(help: "Write the script, do not submit it.") var dryRun = false

  func validate() throws {
    guard slurm else { throw ValidationError("found no batch system, expected --slurm") }
    for (option, value) in [("--array-size", arraySize), ("--at-once", atOnce), ("--threads", threads)] {
      if let value, !(1...1_000_000).contains(value) {
        throw ValidationError("\(option): found \(value), expected a whole number from 1 to 1000000")
      }
    }
    for option in sbatch where !option.hasPrefix("-") || option.contains(where: \.isNewline) {
      throw ValidationError("--sbatch: found \"\(option)\", expected an option such as --time=02:00:00")
    }
  }

  mutating func run() throws {
    let sweep = try options.open()
    var slurm = SlurmOptions(program: program ?? SweepSubmit.ownPath)
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
