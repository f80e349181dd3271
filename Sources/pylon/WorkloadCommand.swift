internal import ArgumentParser
internal import Experiments

struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload", abstract: "Job files: convert them, look at them, draw them.",
    subcommands: [WorkloadImport.self, WorkloadDescribe.self, WorkloadGenerate.self])
}

/// What job file it is.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: "A table of jobs, the platform's batch upload, SWF, sacct -P, or GAIA's arrival_time,length,cpus.")
  var input: String
  @Option(help: "auto, csv, swf, gaia, platform or sacct.") var format = "auto"
  @Option(help: "s or h: the unit of a GAIA file's times.") var timeUnit: String?
  @Option(help: "A scenario, for its zones and its clock.") var zones: String?
  @Option(
    help: ArgumentHelp(
      "Instant of the first submission (SWF, GAIA: second 0; a batch upload: all), or recorded, clock, first.",
      discussion: "clock and first need --zones. By default submissions keep their calendar, if the file has one."))
  var start: String?
  @Option(help: "GB of a job whose row has no memory.") var memoryGbPerCore = 0.0
  @Option(
    help: ArgumentHelp(
      "The file's name of a column: --column duration_s=runtime. May be repeated.",
      discussion: "With a unit: 'duration_s={column: runtime, unit: h}'; between two instants: "
        + "'duration_s={from: start, to: end}'.", valueName: "ours=theirs"))
  var column: [String] = []
  @Option(help: "What separates fields: , ; tab or |. By default what the header shows.") var separator: String?
  @Option(help: "The decimal mark: . or ,") var decimal: String?
  @Option(help: "Time zone of times without an offset, such as Europe/Berlin. By default UTC.") var timeZone: String?
  @Option(parsing: .unconditionalSingleValue, help: "A text that stands for an empty cell. May be repeated.")
  var null: [String] = []
  @Option(help: "A column that is not read and not reported, or all. May be repeated.") var ignore: [String] = []
  @Option(help: "error or skip: whether rows that are no jobs are refused, or left out and counted.")
  var badRows: String?
  @Option(help: "line or none: whether the first line names the columns; otherwise they are 1, 2, 3, ….")
  var header: String?

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
        path: input, format: format, timeUnit: timeUnit, zones: zones, start: start, memoryPerCore: memoryGbPerCore,
        reading: reading)
    }
  }

  private var reading: JobTableOptions {
    let single = [
      ("separator", separator), ("decimal", decimal), ("time_zone", timeZone), ("bad_rows", badRows),
      ("header", header),
    ]
    var settings = single.compactMap { key, value in value.map { (key: key, value: $0) } }
    if ignore == ["all"] {
      settings.append(("ignore", "all"))
    } else if !ignore.isEmpty {
      settings.append(("ignore", WorkloadTools.list(ignore)))
    }
    if !null.isEmpty { settings.append(("null", WorkloadTools.list(null))) }
    return JobTableOptions(columns: column, settings: settings)
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
