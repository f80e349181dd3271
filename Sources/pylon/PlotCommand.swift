internal import ArgumentParser
internal import Experiments

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw a chart of a result, from its figures alone.")
  @Argument(help: "A results.sqlite; it is only read.") var result: String
  @Option(help: "Which chart; --list tells them.") var chart: String?
  @Option(help: "A point of a sweep's results, from 1.") var point: Int?
  @Option(help: "light or dark.") var theme = "light"
  @Option(name: .shortAndLong, help: "Where the SVG goes; - and no file: the standard output.") var out: String?
  @Flag(help: "List the charts that the result has something for.") var list = false

  func validate() throws {
    try expect(theme, "--theme", Plot.themes)
    if let chart { try expect(chart, "--chart", Plot.charts.map(\.name)) }
    guard list != (chart != nil) else {
      throw ValidationError("expected either --chart NAME or --list")
    }
  }

  mutating func run() throws {
    let plot = try guarded {
      try FileIdentity.demandOther(out, than: result)
      return try Plot(path: result, point: point)
    }
    guard let chart else {
      let available = plot.available
      let lines = Plot.charts.map { chart in
        "\(chart.name): \(chart.summary)" + (available.contains(chart.name) ? "" : " (not in this result)")
      }
      return try guarded { try say(lines.joined(separator: "\n")) }
    }
    try guarded {
      let svg = try plot.svg(chart, theme: theme)
      try deliver(svg, to: out)
    }
  }
}
