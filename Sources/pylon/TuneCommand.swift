internal import ArgumentParser
internal import Experiments
internal import Foundation

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Search the weights of a policy for the best objective under constraints.",
    discussion: """
      Every point is run on the same jobs. What is found is checked against the weights that there were on jobs of \
      another seed. Leaves with 1 where nothing keeps the constraints, or what is found does not there.
      """)
  @Argument(help: "The scenario file.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "A policy that has weights.") var policy = "deadline-aware"
  @Option(help: "The figure to better; min:NAME or max:NAME for one that is neither good nor bad.")
  var objective = "carbon_kg"
  @Option(name: .customLong("subject-to"), help: "A bound such as 'sla_met_pct >= 99'; may be repeated.")
  var constraints: [String] = []
  @Option(help: "How many points are looked at, at most.") var budget = 60
  @Option(help: "The seed.") var seed: UInt64?
  @Option(help: "Of each point; else as the scenario says, five where it says one.") var replications: Int?
  @Option(help: "How it is written: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "Of the intervals.") var confidence = 0.95
  @OptionGroup var parallel: ParallelOptions
  @Flag(help: "Show no progress.") var quiet = false

  mutating func run() throws {
    let pairs = try changes.pairs()
    let bar = !quiet && isatty(2) == 1 ? ProgressLine() : nil
    let report = try guarded {
      defer { bar?.clear() }
      let tune = try Tune(
        path: scenario, overrides: pairs, policy: policy, objective: objective, constraints: constraints,
        budget: budget, seed: seed, replications: replications, confidence: confidence)
      return try tune.run(threads: parallel.threads, progress: bar.map { bar in { bar.show($0) } })
    }
    let text = report.written(as: format)
    try guarded { try format == .text ? say(text) : sayDocument(text) }
    if !report.isFeasible { throw ExitCode(1) }
  }
}
