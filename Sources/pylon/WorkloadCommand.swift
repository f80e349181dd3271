internal import ArgumentParser
internal import Experiments

struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload", abstract: "Job files: convert them, look at them, draw them.",
    subcommands: [WorkloadImport.self, WorkloadDescribe.self, WorkloadGenerate.self])
}

/// What job file it is.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: "CSV with the platform's columns, its batch upload, SWF, or GAIA's arrival_time,length,cpus.")
  var input: String
  @Option(help: "auto, csv, swf, gaia or platform.") var format = "auto"
  @Option(help: "s or h: what a GAIA file counts in.") var timeUnit: String?
  @Option(help: "A scenario, for its zones and its start.") var zones: String?
  @Option(help: "Where the first submission goes (SWF, GAIA: second 0; a batch upload: every job).")
  var start: String?
  @Option(help: "GB of a job whose row tells no memory.") var memoryGbPerCore = 0.0

  func validate() throws {
    try expect(format, "--format", WorkloadTools.formats)
    if let timeUnit { try expect(timeUnit, "--time-unit", WorkloadTools.timeUnits) }
    guard memoryGbPerCore >= 0, memoryGbPerCore.isFinite else {
      throw ValidationError("--memory-gb-per-core: found \(memoryGbPerCore), expected a number ≥ 0")
    }
  }

  func open() throws -> WorkloadTools {
    try guarded {
      try WorkloadTools(
        path: input, format: format, timeUnit: timeUnit, zones: zones, start: start, memoryPerCore: memoryGbPerCore)
    }
  }
}

struct WorkloadImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Convert any job file to the canonical CSV, in order of submission.")
  @OptionGroup var options: WorkloadOptions
  @Option(help: "Where the CSV goes.") var out: String
  @Option(help: "A span such as 21d that submissions are stretched to.") var fitTo: String?
  @Option(help: "round-robin (the n-th job at the n-th zone, round and round) or none (as recorded).")
  var homeZones = "none"

  func validate() throws { try expect(homeZones, "--home-zones", ["round-robin", "none"]) }

  func run() throws {
    let tools = try options.open()
    try guarded { try say(tools.write(to: out, fit: fitTo, homesInTurn: homeZones == "round-robin")) }
  }
}

struct WorkloadDescribe: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "describe", abstract: "Tell a job file in figures.")
  @OptionGroup var options: WorkloadOptions

  func run() throws {
    let tools = try options.open()
    try guarded { try say(tools.describe()) }
  }
}
