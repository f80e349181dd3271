internal import ArgumentParser
internal import Runs

struct WorkloadImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Convert any job file to the canonical CSV, in order of submission.")
  @OptionGroup var options: WorkloadOptions
  @Option(help: "CSV file to write.") var out: String
  @Option(help: "Time span to stretch submissions to, such as 21d.") var fitTo: String?
  @Option(help: "Home zones: round-robin (zones in turn, by order of submission) or none (as recorded).")
  var homeZones = HomeZones.none

  enum HomeZones: String, CaseIterable, ExpressibleByArgument {
    case roundRobin = "round-robin"
    case none
  }

  func run() throws {
    try guarded { try FileIdentity.demandOther(out, than: options.files) }
    let tools = try options.open()
    try guarded { try say(tools.write(to: out, fit: fitTo, homesInTurn: homeZones == .roundRobin)) }
  }
}
