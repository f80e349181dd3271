internal import ArgumentParser
internal import Reports
internal import Runs

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare the policies of a result: means, paired differences and verdicts.",
    discussion: """
      All policies have the same jobs in a replication, so they are compared replication by replication. Intervals are \
      Student's, of the paired differences; bootstrap intervals stand beside them. A verdict of better or worse means \
      that the interval excludes 0.
      """)
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Option(help: "Output format: text, csv, json or markdown.") var format: ResultComparison.Format = .text
  @Option(help: "A metric to print, or all; may be repeated.") var metric: [String] = []
  @Option(help: "Confidence level of the intervals.") var confidence = 0.95

  @Option(help: "A point of a sweep's result, from 1.") var point: Int?

  mutating func run() throws {
    let comparison = try guarded {
      try ResultComparison(
        path: ResultFile.path(of: result), metrics: metric, confidence: confidence, point: point)
    }
    let text = comparison.written(as: format)
    try guarded { try format == .text ? say(text) : sayDocument(text) }
  }
}
