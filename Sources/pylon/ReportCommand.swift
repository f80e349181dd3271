public import ArgumentParser
public import Experiments

extension ResultReport.Format: ExpressibleByArgument {}

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "One page that tells a result: verdict, comparison, map, charts, scenario.",
    discussion:
      "The page needs nothing from elsewhere. Markdown (for pull requests) has no pictures. Of a sweep's result it "
      + "shows all points together, or with --point one of them.")
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Option(help: "How it is written: html or markdown.") var format: ResultReport.Format = .html
  @Option(name: .shortAndLong, help: "Where the page goes; - and no file: the standard output.") var out: String?
  @Option(help: "Of the intervals.") var confidence = 0.95
  @Option(help: "A point of a sweep's results, from 1.") var point: Int?

  private func text() throws -> String {
    if point == nil, let sweep = try SweepReport(path: result, confidence: confidence) {
      return sweep.written(as: format)
    }
    return try ResultReport(path: result, confidence: confidence, point: point).written(as: format)
  }

  mutating func run() throws {
    try guarded {
      try FileIdentity.demandOther(out, than: result)
      let text = try text()
      try deliver(text.hasSuffix("\n") ? text : text + "\n", to: out)
    }
  }
}
