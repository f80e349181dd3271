internal import ArgumentParser
internal import Foundation
internal import Reports
internal import Studies

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Search the weights of a policy for the best objective under constraints.",
    discussion: """
      Every point is run on the same jobs. The best weights are then compared with the scenario's weights on jobs of \
      another seed. Exits with 1 if no point satisfies the constraints, or if the best one violates them on those jobs.
      """)
  @Argument(help: "Scenario file.") var scenario: String
  @OptionGroup var changes: OverrideOptions
  @Option(help: "Policy to tune; it must have weights.") var policy = "deadline-aware"
  @Option(help: "Metric to optimise; min:NAME or max:NAME if the metric has no better direction.")
  var objective = "carbon_kg"
  @Option(name: .customLong("subject-to"), help: "Constraint such as 'sla_met_pct >= 99'; may be repeated.")
  var constraints: [String] = []
  @Option(help: "Maximum number of points to evaluate.") var budget = 60
  @Option(help: "Seed of the random numbers.") var seed: UInt64?
  @Option(help: "Replications per point; default: the scenario's, or five if it has one.") var replications: Int?
  @Option(help: "Output format: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "Confidence level of the intervals.") var confidence = 0.95
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

extension TuneCommand: StatusDescribing {
  static let statuses = [
    1: "no point satisfies the constraints, or the best one violates them on the jobs of another seed"
  ]
}
