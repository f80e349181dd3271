internal import ArgumentParser
internal import Domain
internal import Runs

struct TraceDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Print span, step, quantiles and autocorrelation of every series (missing steps filled).",
    discussion: TraceOptions.formats)
  @OptionGroup var options: TraceOptions
  @Option(help: "How to fill missing steps: hold, interpolate or error (reject the file).") var gaps = GapRule.hold
  @Option(
    help: "Draw the series, over time and by hour of the day, to this file: .svg, .pdf or .png (as pylon plot -o).")
  var svg: String?
  @Option(help: "Colour theme of the figure: light or dark.") var theme = ThemeName.light

  func run() throws {
    try guarded {
      try FileIdentity.demandOther(svg, than: options.files, option: "--svg")
      if let svg { try FigureFile.check(svg, option: "--svg") }
    }
    let tools = try options.open(gaps: gaps)
    try guarded {
      try say(tools.describe())
      guard let svg else { return }
      try tools.draw(to: svg, theme: theme)
      try say("written: \(svg)")
    }
  }
}
