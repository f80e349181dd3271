internal import ArgumentParser
internal import Domain
internal import Experiments

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Convert, describe, generate or fetch carbon and price traces.",
    discussion: TraceOptions.formats,
    subcommands: [TraceImport.self, TraceDescribe.self, TraceGenerate.self, TraceFetchCommand.self])
}

/// What trace file it is.
struct TraceOptions: ParsableArguments {
  /// For the help of the commands that read traces.
  static let formats = """
    Formats that are recognised, by their content and compressed with gzip or not:
    CSV, separated by commas, semicolons, tabs or |: wide (datetime and one column per zone), long (datetime, zone, \
    value), a single series; Electricity Maps, WattTime, NESO, Elexon, Octopus Agile, ENTSO-E, Ember, SMARD, Open \
    Power System Data, AEMO, gridstatus.
    JSON of the GB Carbon Intensity API, Electricity Maps, WattTime, the Carbon Aware SDK, Octopus Energy, \
    gridstatus.io, energy-charts.info.
    Any other table by --time, --zone, --value and the options below them.
    """
  @Argument(help: "Trace file: CSV or JSON, possibly compressed with gzip.")
  var input: String
  @Option(help: "Quantity: carbon, price or forecast.") var kind = TraceKind.carbon
  @Flag(help: "Set negative intensities to 0 instead of refusing them.") var clip = false
  @Option(help: "File format: auto, csv or json.") var format = TraceFormat.auto
  @Option(help: "Basis of an Electricity Maps export: lifecycle or direct.") var basis: IntensityBasis?
  @Option(help: "Scenario whose zones to read; default: every series, by its name in the file.") var zones: String?
  @OptionGroup(title: "Mapping of a table") var table: TableOptions

  func validate() throws {
    if kind != .forecast, table.mapping.forecast != nil {
      throw ValidationError("--column forecast=: found --kind \(kind.rawValue), expected --kind forecast")
    }
  }

  /// What is read.
  var files: [String] { [input] + (zones.map { [$0] } ?? []) }

  func open(gaps: GapRule) throws -> TraceTools {
    try guarded {
      try TraceTools(
        path: input, kind: kind, gaps: gaps, clip: clip, format: format, basis: basis, zones: zones, zone: table.zone,
        mapping: table.mapping)
    }
  }
}

/// The columns and the cells of a CSV, where its header does not say them.
struct TableOptions: ParsableArguments {
  @Option(help: "Column of the time.") var time: String?
  @Option(help: "Column that names the zone, or the only series to read.") var zone: String?
  @Option(help: "Column of the value.") var value: String?
  @Option(help: "Name of a column in the file: time=, zone=, value= or forecast=; may be repeated.")
  var column: [String] =
    []
  @Option(help: "Field separator: a character such as \";\", or tab. Default: as in the header.")
  var separator: String?
  @Option(help: "Decimal mark: . or a comma.") var decimal: TableMapping.Decimal?
  @Option(help: "Time zone of times without an offset, such as Europe/Berlin. Default: UTC.") var timeZone: String?
  @Option(help: "Time stamps mark the start or end of an interval. Default: start, unless the header says otherwise.")
  var stamps: TableMapping.Stamps?
  @Option(help: "Value of a repeated time stamp: error, first, last or mean.")
  var duplicates = TableMapping.Duplicates.error
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Text that stands for a missing value, besides NaN, NA, null and the like; may be repeated.")
  var null: [String] = []
  @Option(help: "Factor to multiply values by, instead of the one from the header's unit.") var scale: Double?
  @Option(help: "Order of dates such as 03/04/2025: day-first or month-first.") var dateOrder: TableMapping.DateOrder?

  func validate() throws {
    if let separator, TableMapping.separator(separator) == nil {
      throw ValidationError("--separator: found \"\(separator)\", expected a character such as \",\" or \";\", or tab")
    }
    if let scale, !(scale > 0 && scale <= 1e12) {
      throw ValidationError("--scale: found \(scale), expected a number above 0 and up to 1e12")
    }
    for text in column {
      guard let mark = text.firstIndex(of: "="), text.index(after: mark) < text.endIndex else {
        throw ValidationError("--column: found \"\(text)\", expected ours=theirs")
      }
      try expect(String(text[..<mark]), "--column", ["time", "zone", "value", "forecast"])
    }
  }

  var mapping: TableMapping {
    var mapping = TableMapping()
    (mapping.time, mapping.value) = (time, value)
    for text in column {
      guard let mark = text.firstIndex(of: "=") else { continue }
      let theirs = String(text[text.index(after: mark)...])
      switch text[..<mark] {
      case "time": mapping.time = theirs
      case "zone": mapping.zone = theirs
      case "value": mapping.value = theirs
      default: mapping.forecast = theirs
      }
    }
    mapping.separator = separator.flatMap { TableMapping.separator($0) }
    mapping.decimal = decimal
    mapping.timeZone = timeZone
    mapping.stamps = stamps
    mapping.duplicates = duplicates
    mapping.null = null.isEmpty ? nil : null
    mapping.scale = scale
    mapping.dateOrder = dateOrder
    return mapping
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
    commandName: "import", abstract: "Convert any trace file to the canonical CSV (gCO2/kWh, price per kWh, UTC).",
    discussion: TraceOptions.formats)
  @OptionGroup var options: TraceOptions
  @Option(help: "CSV file to write.") var out: String
  @Option(help: "How to fill missing steps: error (reject the file), hold or interpolate.")
  var gaps = GapRule.error

  func run() throws {
    try guarded { try FileIdentity.demandOther(out, than: options.files) }
    let tools = try options.open(gaps: gaps)
    try guarded { try say(tools.write(to: out)) }
  }
}

struct TraceDescribe: ParsableCommand {
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
