public import ArgumentParser
public import Experiments

extension ResultReport.Format: ExpressibleByArgument {}

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "One page that tells a result: verdict, comparison, map, charts, scenario.",
    discussion: "The page needs nothing from elsewhere. Markdown (for pull requests) has no pictures.")
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Option(help: "How it is written: html or markdown.") var format: ResultReport.Format = .html
  @Option(name: .shortAndLong, help: "Where the page goes; - and no file: the standard output.") var out: String?
  @Option(help: "Of the intervals.") var confidence = 0.95
  @Option(help: "A point of a sweep's results, from 1.") var point: Int?

  mutating func run() throws {
    try guarded {
      try FileIdentity.demandOther(out, than: result)
      let report = try ResultReport(path: result, confidence: confidence, point: point)
      let text = report.written(as: format)
      try deliver(text.hasSuffix("\n") ? text : text + "\n", to: out)
    }
  }
}
