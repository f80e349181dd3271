internal import ArgumentParser
internal import Domain
internal import Reports
internal import Runs

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw a chart from a result.")
  @Argument(help: "A results.sqlite file, or the folder that holds it; it is opened read-only.") var result: String
  @Option(help: "Name of the chart; --list prints all names.") var chart: PlotChart?
  @Option(help: "A point of a sweep's result, from 1; response and heat show all points without it.") var point: Int?
  @Option(help: "Colour theme: light or dark.") var theme = ThemeName.light
  @Option(
    help: ArgumentHelp("Policies to draw, separated by commas; may be repeated.", valueName: "A,B"))
  var policies: [String] = []
  @Option(help: "Width of the figure in px, 96 to the inch.") var width = 960
  @Option(help: "Height of the figure in px; default: chosen for the chart.") var height: Int?
  @Option(help: "Font size of the legend in px; all other text scales with it.") var fontSize = 12.0
  @Option(help: "Pixels per inch of a PNG: at 300, 320 px (8.5 cm) are 1000 pixels.") var dpi = FigureFile.standardDPI
  @Flag(help: "Leave out the title and the subtitle, for a figure with a caption.") var noTitle = false
  @Option(
    name: .shortAndLong,
    help: "Output file: .svg, .pdf or .png (the last two need rsvg-convert); default: SVG to standard output."
  )
  var out: String?
  @Flag(help: "List all charts; those that the result has no data for are marked.") var list = false

  func validate() throws {
    guard list != (chart != nil) else {
      throw ValidationError("expected either --chart NAME or --list")
    }
    guard (36...2400).contains(dpi) else {
      throw ValidationError("--dpi: found \(dpi), expected a number from 36 to 2400")
    }
    guard (6...60).contains(fontSize) else {
      throw ValidationError("--font-size: found \(fontSize), expected a number from 6 to 60")
    }
    let least = Int(Plot.Layout.leastWidth(fontSize).rounded(.up))
    guard (least...10_000).contains(width) else {
      throw ValidationError("--width: found \(width), expected a number from \(least) to 10000 at this font size")
    }
    guard height.map({ (1...10_000).contains($0) }) ?? true else {
      throw ValidationError("--height: found \(height ?? 0), expected a number from 1 to 10000")
    }
  }

  mutating func run() throws {
    let plot = try guarded {
      let path = try ResultFile.path(of: result)
      try FileIdentity.demandOther(out, than: [path])
      if let out, out != "-" { try FigureFile.check(out) }
      return try Plot(path: path, point: point)
    }
    guard let chart else {
      return try guarded { try say(plot.list.joined(separator: "\n")) }
    }
    try guarded {
      let svg = try plot.svg(chart, theme: theme, layout: layout)
      guard let out, out != "-" else { return try sayDocument(String(svg.dropLast())) }
      try FigureFile.write(svg, to: out, dpi: dpi)
      try say("written: \(out)")
    }
  }

  private var layout: Plot.Layout {
    var layout = Plot.Layout()
    (layout.width, layout.height, layout.fontSize) = (Double(width), height.map(Double.init), fontSize)
    (layout.hasTitle, layout.policies) = (!noTitle, policies)
    return layout
  }
}
