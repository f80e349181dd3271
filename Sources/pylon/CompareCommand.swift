public import ArgumentParser
public import Experiments

extension ResultComparison.Format: ExpressibleByArgument {}

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Means, paired differences between policies and a verdict, from a result.",
    discussion: """
      Policies have the same jobs in a replication, so they are compared replication by replication: the interval is \
      Student's, of the differences; the bootstrap's stands beside it. A verdict says that the interval leaves out 0.
      """)
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Option(help: "How it is written: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "A figure that is wanted, or all; may be repeated.") var metric: [String] = []
  @Option(help: "Of the intervals.") var confidence = 0.95

  @Option(help: "A point of a sweep's results, from 1.") var point: Int?

  mutating func run() throws {
    let comparison = try guarded {
      try ResultComparison(path: result, metrics: metric, confidence: confidence, point: point)
    }
    let text = comparison.written(as: format)
    try guarded { try format == .text ? say(text) : sayDocument(text) }
  }
}
