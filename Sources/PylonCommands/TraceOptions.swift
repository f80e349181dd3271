internal import ArgumentParser
internal import Domain
internal import Runs

/// The trace file to read and how to read it.
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

  /// Files that are read.
  var files: [String] { [input] + (zones.map { [$0] } ?? []) }

  func open(gaps: GapRule) throws -> TraceTools {
    try guarded {
      try TraceTools(
        path: input, kind: kind, gaps: gaps, clip: clip, format: format, basis: basis, zones: zones, zone: table.zone,
        mapping: table.mapping)
    }
  }
}
