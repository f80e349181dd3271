internal import ArgumentParser
internal import Reports
internal import Runs

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a result as one page: verdict, comparison, map, charts and scenario.",
    discussion:
      "The page is self-contained. Markdown (for pull requests) has no figures. For a sweep's result, the page shows "
      + "all points together, or one of them with --point.")
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Option(help: "Output format: html or markdown.") var format: ResultReport.Format = .html
  @Option(name: .shortAndLong, help: "File for the page; default, or with -: standard output.") var out: String?
  @Option(help: "Confidence level of the intervals.") var confidence = 0.95
  @Option(help: "A point of a sweep's result, from 1.") var point: Int?

  private func text(of result: String) throws -> String {
    if point == nil, let sweep = try SweepReport(path: result, confidence: confidence) {
      return sweep.written(as: format)
    }
    return try ResultReport(path: result, confidence: confidence, point: point).written(as: format)
  }

  mutating func run() throws {
    if format == .html { try demandFile(out, "-o report.html") }
    try guarded {
      let path = try ResultFile.path(of: result)
      try FileIdentity.demandOther(out, than: [path])
      try (format == .html ? PageFile.html : .markdown).check(out)
      let text = try text(of: path)
      try deliver(text.hasSuffix("\n") ? text : text + "\n", to: out)
    }
  }
}
