/// Settings for reading a table of jobs: which columns it has and how its cells are written.
///
/// A value of the default initializer reads Pylon's own job table.
public struct JobReading: Hashable, Sendable {
  /// A column of Pylon's job table and the columns of a file that give its values.
  public struct Column: Hashable, Sendable {
    /// One of ``JobReading/columnNames``.
    public var name: String
    /// The file's column; with ``from``, the column of the later instant.
    public var source: String
    /// The column of the earlier instant, if the value is the time between two.
    public var from: String?
    /// A column that the value is multiplied by, such as GPUs per node by nodes.
    public var times: String?
    /// A column with the instant that the value is counted from; of an instant that is written as a length of time.
    public var after: String?
    /// The factor from the file's unit to Pylon's; of an instant: seconds per unit. `nil` if none is specified.
    public var scale: Double?

    public init(
      name: String, source: String, from: String? = nil, times: String? = nil, after: String? = nil,
      scale: Double? = nil
    ) {
      self.name = name
      self.source = source
      self.from = from
      self.times = times
      self.after = after
      self.scale = scale
    }
  }

  public enum BadRows: String, Hashable, Sendable, CaseIterable {
    /// Refuses a file with a row that cannot be used.
    case error
    /// Leaves such rows out and counts them by reason.
    case skip
  }

  public enum Header: String, Hashable, Sendable, CaseIterable {
    /// The first line names the columns.
    case line
    /// The first line is a row; columns are called by their number from 1.
    case none
  }

  /// The quantities that columns hold, which decide the units that they may have.
  public enum Quantity: Sendable {
    case text, count, instant, duration, memory, energy
  }

  /// Columns that are read under other names, in the order of the file that specifies them.
  public var columns: [Column]
  /// The byte between two fields; `nil` for the one that the header shows.
  public var separator: UInt8?
  /// True if numbers have a decimal comma, false for a decimal point; `nil`: as each cell shows if the separator is not
  /// a comma, else a point.
  public var hasDecimalCommas: Bool?
  /// The time zone (IANA) of times without an offset; `nil` for UTC.
  public var timeZone: String?
  /// Texts of cells that count as empty.
  public var nulls: [String]
  /// Columns of the file that are not read and not reported.
  public var ignored: [String]
  /// True if columns that are not read are not reported either.
  public var ignoresOthers: Bool
  public var badRows: BadRows
  public var header: Header
  /// True if home zones are left out, with a note, when the zones that they may name are not known.
  public var leavesHomesOut = false

  public init(
    columns: [Column] = [], separator: UInt8? = nil, hasDecimalCommas: Bool? = nil, timeZone: String? = nil,
    nulls: [String] = [], ignored: [String] = [], ignoresOthers: Bool = false, badRows: BadRows = .error,
    header: Header = .line
  ) {
    self.columns = columns
    self.separator = separator
    self.hasDecimalCommas = hasDecimalCommas
    self.timeZone = timeZone
    self.nulls = nulls
    self.ignored = ignored
    self.ignoresOthers = ignoresOthers
    self.badRows = badRows
    self.header = header
  }

  /// The columns of Pylon's job table.
  public static let columnNames = [
    "job_id", "submitted_at", "workload_name", "workload_type", "urgency", "user_id", "required_cpu_cores",
    "required_memory_gb", "required_gpus", "required_gpu_mins", "duration_s", "actual_duration_s",
    "estimated_energy_kwh", "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp",
    "deferral_window_mins", "deadline", "home_zone",
  ]

  /// The quantity that a column of ``columnNames`` holds.
  public static func quantity(of name: String) -> Quantity {
    switch name {
    case "submitted_at", "deadline": .instant
    case "required_gpu_mins", "duration_s", "actual_duration_s", "deferral_window_mins": .duration
    case "required_memory_gb": .memory
    case "estimated_energy_kwh": .energy
    case "required_cpu_cores", "required_gpus", "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp":
      .count
    default: .text
    }
  }

  /// The units that a column of ``columnNames`` may be given in, with the factor to its own unit.
  public static func units(of name: String) -> [(unit: String, factor: Double)] {
    switch quantity(of: name) {
    case .text: []
    case .count: [("milli", 0.001), ("1", 1), ("percent", 0.01)]
    case .instant: time
    case .duration: name.hasSuffix("_mins") ? time.map { ($0.unit, $0.factor / 60) } : time
    // Powers of 1024, as schedulers count memory.
    case .memory:
      [
        ("B", 0x1p-30), ("KB", 0x1p-20), ("KiB", 0x1p-20), ("MB", 0x1p-10), ("MiB", 0x1p-10), ("GB", 1), ("GiB", 1),
        ("TB", 1024), ("TiB", 1024),
      ]
    case .energy:
      [
        ("J", 1 / 3.6e6), ("kJ", 1 / 3600.0), ("MJ", 1 / 3.6), ("Wh", 0.001), ("kWh", 1), ("MWh", 1000),
      ]
    }
  }

  /// The unit that a file's name for a column ends with, if it is another than the column's own: `MB` of `mem_mb`.
  public static func unit(in source: String, for name: String) -> String? {
    let words = source.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    guard words.count > 1, let last = words.last else { return nil }
    let own = units(of: name)
    let word = plainUnits.first { $0.words.contains(last) }?.unit ?? last
    let unit = own.first { $0.unit.lowercased() == word.lowercased() }
    return unit.flatMap { $0.factor == 1 ? nil : $0.unit }
  }

  /// The unit of time that a file's name for a column ends with: `s` of `deadline_s`.
  package static func timeUnit(in source: String) -> String? {
    let words = source.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    guard words.count > 1, let last = words.last else { return nil }
    let word = plainUnits.first { $0.words.contains(last) }?.unit ?? last
    return time.first { $0.unit == word }?.unit
  }

  /// The unit of a column that a word such as `hours` means.
  package static func unit(word: String, for name: String) -> String? {
    guard let unit = plainUnits.first(where: { $0.words.contains(word.lowercased()) })?.unit else { return nil }
    return units(of: name).contains { $0.unit == unit } ? unit : nil
  }

  private static let plainUnits: [(unit: String, words: [String])] = [
    ("s", ["sec", "secs", "second", "seconds"]), ("min", ["mins", "minute", "minutes"]),
    ("h", ["hr", "hrs", "hour", "hours"]), ("d", ["day", "days"]), ("ms", ["millis", "msec", "milliseconds"]),
    ("us", ["usec", "micros", "microseconds"]), ("ns", ["nsec", "nanos", "nanoseconds"]),
    ("B", ["bytes", "byte"]), ("KB", ["k"]), ("MB", ["m", "megabytes"]), ("GB", ["g"]), ("TB", ["t"]),
    ("J", ["joule", "joules"]), ("milli", ["millicores", "millis", "m"]), ("percent", ["pct"]),
  ]

  private static let time: [(unit: String, factor: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("ms", 0.001), ("s", 1), ("min", 60), ("h", 3600), ("d", 86_400),
  ]
}

/// Instants at which the submissions of a job log are placed.
public enum JobStart: String, Hashable, Sendable, CaseIterable {
  /// The first submission is at the clock's start; of logs that count from a second 0 (SWF, GAIA), that second.
  case clock
  /// Submissions keep their recorded instants.
  case recorded
  /// The first submission is at the clock's start, whatever the log counts from.
  case first
}
