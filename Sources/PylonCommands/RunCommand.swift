internal import ArgumentParser
internal import Foundation

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Simulate a scenario.")
  @OptionGroup var options: ScenarioOptions
  @Option(help: "Folder for the tables; default: Results/<name>.") var out: String?
  @Option(help: "Number of replications (or windows), instead of the scenario's.") var replications: Int?
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Print errors only.") var quiet = false

  func validate() throws {
    if let replications, !(1...1_000_000).contains(replications) {
      throw ValidationError("--replications: found \(replications), expected a whole number from 1 to 1,000,000")
    }
  }

  mutating func run() throws {
    let opened = try options.open(replications: replications)
    let folder = out ?? "Results/\(opened.name)"
    let figures = out.map { $0 + "/plots" } ?? "Plots/\(opened.name)"
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let text = try guarded {
      defer { bar?.clear() }
      return try opened.run(
        into: folder, figures: figures, threads: parallel.threads, progress: bar.map { bar in { bar.show($0) } })
    }
    if !quiet { try guarded { try say(text) } }
  }
}
