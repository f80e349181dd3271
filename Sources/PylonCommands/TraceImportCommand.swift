internal import ArgumentParser
internal import Domain
internal import Runs

struct TraceImportCommand: ParsableCommand {
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
