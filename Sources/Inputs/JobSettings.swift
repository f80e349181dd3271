import Domain

/// Settings that do nothing to a file.
extension JobFileReader {
  /// Refuses settings that have no effect on files of a format.
  static func refuseMeaningless(
    _ reading: JobReading, _ timing: JobTiming, _ unit: JobTimeUnit?, of format: JobFormat, path: String,
    _ issues: inout IssueList
  ) {
    func refuse(_ key: String, _ found: String, _ expected: String) {
      issues.add(InputIssue(file: path, line: 0, key: key, found: found, expected: expected))
    }
    if let zone = reading.timeZone, LocalClock(name: zone) == nil {
      refuse("time_zone", "\"\(zone)\"", LocalClock.expected(for: zone))
    }
    let isSet: [String: Bool] = [
      "columns": !reading.columns.isEmpty, "separator": reading.separator != nil,
      "decimal": reading.hasDecimalCommas != nil, "time_zone": reading.timeZone != nil, "null": !reading.nulls.isEmpty,
      "ignore": !reading.ignored.isEmpty || reading.ignoresOthers, "header": reading.header == .none,
    ]
    let (keys, reason) = meaningless(format)
    for key in keys where isSet[key] ?? false { refuse(key, "a setting for tables", "none, as \(reason)") }
    if unit != nil, !format.isGAIA {
      refuse(
        "time_unit", "a setting for GAIA's files",
        format.isTable ? "columns: {duration_s: {column: …, unit: h}} for a unit of a table's column" : "none")
    }
    if case .platform = format, timing.scale != 1 {
      refuse("time_scale", "a batch upload, whose jobs are all submitted at one instant", "none")
    }
    let needed = reading.ignored.first { GAIAHeader.names.contains(JobHeaderLine.key($0)) }
    if case .gaia = format, let name = needed {
      refuse("ignore", name.printable(), "columns that the format GAIA does not need")
    }
  }

  /// The keys for tables that do nothing to a format, and why.
  private static func meaningless(_ format: JobFormat) -> (keys: [String], reason: String) {
    switch format {
    case .swf:
      let keys = ["columns", "separator", "decimal", "time_zone", "null", "ignore", "header"]
      return (keys, "the standard defines the format SWF")
    case .sacct:
      let reason = "the values of sacct are known (format: csv with columns: takes it)"
      return (["decimal", "null", "header"], reason)
    case .gaia: return (["time_zone", "null", "header"], "GAIA's files have three columns of numbers")
    case .csv, .platform: return ([], "")
    }
  }
}

extension JobFormat {
  fileprivate var isGAIA: Bool { if case .gaia = self { true } else { false } }
  /// True if columns can be added, or others mapped to Pylon's.
  var isTable: Bool {
    switch self {
    case .csv, .platform: true
    case .gaia, .sacct, .swf: false
    }
  }
}

extension JobHeaderLine {
  /// Refuses columns under `ignore` that the header lacks.
  func refuseUnknownIgnored(_ reading: JobReading, _ issues: inout IssueList) {
    for name in reading.ignored where !keys.contains(JobHeaderLine.key(name)) {
      let near = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      let known = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      refuse("ignore", "no column \"\(name)\" in the header", "one of \(known)\(near)", &issues)
    }
  }

  /// Refuses a separator that the header does not have, if it has another.
  func refuseAbsentSeparator(_ told: UInt8?, _ line: Bytes, _ issues: inout IssueList) {
    guard let told, names.count == 1, !line.contains(told) else { return }
    let shown = CSVDialect(header: line).separator
    guard shown != told, line.contains(shown) else { return }
    func text(_ byte: UInt8) -> String { byte == 9 ? "tab" : "\"\(Character(Unicode.Scalar(byte)))\"" }
    refuse("separator", "a header without \(text(told))", "separator: \(text(shown)), as in the header", &issues)
  }
}
