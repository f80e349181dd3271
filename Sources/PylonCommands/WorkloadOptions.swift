internal import ArgumentParser
internal import Domain
internal import Runs

/// The job file to read and how to read it.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: "Job file: a table, the platform's batch upload, SWF, sacct -P, or GAIA's arrival_time,length,cpus.")
  var input: String
  @Option(help: "File format: auto, csv, swf, gaia, platform or sacct.") var format = JobFileFormat.auto
  @Option(help: "Unit of the times in a GAIA file: s or h.") var timeUnit: JobTimeUnit?
  @Option(help: "Scenario whose zones and clock to use.") var zones: String?
  @Option(
    help: ArgumentHelp(
      "Instant of the first submission (SWF, GAIA: second 0; a batch upload: all), or recorded, clock, first.",
      discussion: "clock and first need --zones. By default, submissions keep their dates, if the file has dates."))
  var start: String?
  @Option(help: "GB per core of a job whose row has no memory.") var memoryGbPerCore = 0.0
  @Option(
    help: ArgumentHelp(
      "Name of a column in the file: --column duration_s=runtime. May be repeated.",
      discussion: "With a unit: 'duration_s={column: runtime, unit: h}'; between two instants: "
        + "'duration_s={from: start, to: end}'.", valueName: "ours=theirs"))
  var column: [String] = []
  @Option(help: "Field separator: , ; tab or |. Default: as in the header.") var separator: String?
  @Option(help: "Decimal mark: . or a comma.") var decimal: String?
  @Option(help: "Time zone of times without an offset, such as Europe/Berlin. Default: UTC.") var timeZone: String?
  @Option(parsing: .unconditionalSingleValue, help: "Text that stands for an empty cell. May be repeated.")
  var null: [String] = []
  @Option(help: "Column to ignore without a note, or all. May be repeated.") var ignore: [String] = []
  @Option(help: "Rows that are not jobs: error (reject the file) or skip (leave them out and count them).")
  var badRows: String?
  @Option(help: "Header: line (the first line names the columns) or none (columns are 1, 2, 3, …).")
  var header: String?

  func validate() throws {
    guard memoryGbPerCore >= 0, memoryGbPerCore.isFinite else {
      throw ValidationError("--memory-gb-per-core: found \(memoryGbPerCore), expected a number ≥ 0")
    }
  }

  /// Files that are read.
  var files: [String] { [input] + (zones.map { [$0] } ?? []) }

  /// - Parameter leavesHomesOut: for a description, which home zones change nothing of.
  func open(leavesHomesOut: Bool = false) throws -> WorkloadTools {
    try guarded {
      try WorkloadTools(
        path: input, format: format, timeUnit: timeUnit, zones: zones, start: start, memoryPerCore: memoryGbPerCore,
        reading: reading, leavesHomesOut: leavesHomesOut)
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
