internal import ArgumentParser
internal import Experiments

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Carbon and price traces: convert them, look at them, draw or fetch them.",
    subcommands: [TraceImport.self, TraceDescribe.self, TraceGenerate.self, TraceFetchCommand.self])
}

/// What trace file it is.
struct TraceOptions: ParsableArguments {
  @Argument(help: "CSV (wide, long, Electricity Maps, NESO, Elexon) or JSON of the GB Carbon Intensity API.")
  var input: String
  @Option(help: "carbon, price or forecast.") var kind = "carbon"
  @Flag(help: "Set negative intensities to 0 instead of refusing them.") var clip = false
  @Option(help: "auto, csv or json.") var format = "auto"
  @Option(help: "lifecycle or direct, of an Electricity Maps export.") var basis: String?
  @Option(help: "A scenario whose zones are wanted; otherwise every series, by the file's names.") var zones: String?

  func validate() throws {
    try expect(kind, "--kind", TraceTools.kinds)
    try expect(format, "--format", TraceTools.formats)
    if let basis { try expect(basis, "--basis", TraceTools.bases) }
  }

  func open(gaps: String) throws -> TraceTools {
    try guarded {
      try TraceTools(path: input, kind: kind, gaps: gaps, clip: clip, format: format, basis: basis, zones: zones)
    }
  }
}

/// Refuses an option that has none of the legal values.
func expect(_ value: String, _ option: String, _ legal: [String]) throws {
  guard legal.contains(value) else {
    throw ValidationError("\(option): found \"\(value)\", expected one of \(legal.joined(separator: ", "))")
  }
}

struct TraceImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Convert any trace file to the canonical CSV (GBP/kWh, gCO2/kWh, UTC).")
  @OptionGroup var options: TraceOptions
  @Option(help: "Where the CSV goes.") var out: String
  @Option(help: "error, hold or interpolate: what a missing step is.") var gaps = "error"

  func validate() throws { try expect(gaps, "--gaps", TraceTools.gapRules) }

  func run() throws {
    let tools = try options.open(gaps: gaps)
    try guarded { try say(tools.write(to: out)) }
  }
}

struct TraceDescribe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tell span, step, quantiles and autocorrelation of every series (missing steps filled).")
  @OptionGroup var options: TraceOptions
  @Option(help: "hold or interpolate; error refuses a file with missing steps.") var gaps = "hold"
  @Option(help: "Draws the series, over time and by hour of the day, to this file.") var svg: String?
  @Option(help: "light or dark: of the drawing.") var theme = "light"

  func validate() throws {
    try expect(gaps, "--gaps", TraceTools.gapRules)
    try expect(theme, "--theme", Plot.themes)
  }

  func run() throws {
    let tools = try options.open(gaps: gaps)
    try guarded {
      try say(tools.describe())
      guard let svg else { return }
      try tools.draw(to: svg, theme: theme)
      try say("written: \(svg)")
    }
  }
}
