import Domain

/// Which sort of job file it is.
public enum JobFileFormat: String, Sendable, CaseIterable {
  /// Told by the name's ending (`.swf`) and the header.
  case auto
  /// The platform's column names with `job_id`, `submitted_at` and a duration.
  case csv
  /// The Standard Workload Format.
  case swf
  /// `arrival_time,length,cpus`, as GAIA's cluster traces have it: times since the beginning, in seconds or hours. Jobs
  /// are called `gaia-` and the number of their row.
  case gaia
  /// The platform's batch upload. Jobs are called `row-` and the number of their row and are all submitted at the
  /// clock's start. GPU minutes are minutes of one GPU where there is no `required_gpus`; a job without any lasts as
  /// long as is usual for its type.
  case platform
}

/// What a GAIA file counts its times in.
public enum JobTimeUnit: String, Sendable, CaseIterable {
  case seconds = "s"
  case hours = "h"

  var milliseconds: Double { self == .seconds ? 1000 : 3_600_000 }
}

/// How the rows of a job file are to be read.
enum JobFormat: Sendable {
  case csv(JobHeader, ZoneMatcher)
  case platform(JobHeader, ZoneMatcher, submittedAt: Instant)
  case gaia(GAIAHeader)
  case swf

  var isSWF: Bool { if case .swf = self { true } else { false } }

  var idPrefix: StaticString {
    switch self {
    case .csv: ""
    case .platform: "row-"
    case .gaia: "gaia-"
    case .swf: "swf-"
    }
  }

  /// Whether jobs are called by the number of their row, for want of a name; such files have no instants either.
  var numbersRows: Bool {
    switch self {
    case .csv, .swf: false
    case .platform, .gaia: true
    }
  }

  /// Whether times are counted from a second 0.
  var countsFromZero: Bool {
    switch self {
    case .csv, .platform: false
    case .gaia, .swf: true
    }
  }

  var movesToClock: Bool { isSWF || numbersRows }

  /// Reads the header of a CSV of any sort. What is wrong with it is added to the issues, so that it hides nothing of
  /// what is wrong with the rows; of a GAIA file that lacks a column, and of what is no job file at all, it is thrown.
  init(
    header reader: CSVLineReader, told: JobFileFormat, unit: JobTimeUnit?, zones: [Zone], start: Instant,
    issues: inout IssueList
  ) throws {
    let path = reader.path
    guard let line = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    let fields = CSVFields()
    if !fields.split(line) {
      issues.add(InputIssue(file: path, line: 1, found: "text after a closing quote", expected: "CSV"))
      try issues.throwIfAny()
    }
    try fields.checkWidth(path)
    let names = (0..<fields.count).map { fields[$0].text.lowercased() }
    let isGAIA = told == .gaia || (told == .auto && GAIAHeader.names.allSatisfy(names.contains))
    if isGAIA {
      let header = GAIAHeader(names, unit: unit, path: path, line: reader.lineNumber, issues: &issues)
      if !header.isWhole { try issues.throwIfAny() }
      self = .gaia(header)
      return
    }
    let lacksAll = ["job_id", "submitted_at", "duration_s"].allSatisfy { !names.contains($0) }
    let isPlatform =
      told == .platform
      || (told == .auto && lacksAll && ["workload_name", "required_gpu_mins"].allSatisfy(names.contains))
    let header = JobHeader(
      fields, path: path, line: reader.lineNumber, isBatchUpload: isPlatform, issues: &issues)
    if lacksAll, !isPlatform { try issues.throwIfAny() }
    let matcher = ZoneMatcher(zones)
    self = isPlatform ? .platform(header, matcher, submittedAt: start) : .csv(header, matcher)
  }
}

/// Where a GAIA file has its columns.
struct GAIAHeader: Sendable {
  static let names = ["arrival_time", "length", "cpus"]

  private(set) var arrival = 0
  private(set) var length = 0
  private(set) var cpus = 0
  let count: Int
  /// Milliseconds of a written unit.
  let unit: Double
  /// Whether it has all columns.
  private(set) var isWhole = false

  init(_ names: [String], unit: JobTimeUnit?, path: String, line: Int, issues: inout IssueList) {
    count = names.count
    self.unit = unit?.milliseconds ?? 1000
    let places = GAIAHeader.names.map { name in names.firstIndex(of: name) }
    for (name, place) in zip(GAIAHeader.names, places) where place == nil {
      issues.add(InputIssue(file: path, line: line, key: name, found: "no such column", expected: "one in the header"))
    }
    if unit == nil {
      issues.add(
        InputIssue(
          file: path, line: line, found: "times without a unit", expected: "time_unit: s | h (GAIA has both)"))
    }
    if let first = places[0], let second = places[1], let third = places[2] {
      (arrival, length, cpus) = (first, second, third)
      isWhole = true
    }
  }
}

/// Memory of its own for the digits of a row's number, which a job's id points to.
final class RowDigits: @unchecked Sendable {
  // Each parser has one, and a parser is used by one thread at a time.
  private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 20)

  deinit { memory.deallocate() }

  func write(_ number: Int) -> Bytes {
    var (rest, at) = (number, 20)
    repeat {
      at -= 1
      memory[at] = UInt8(48 + rest % 10)
      rest /= 10
    } while rest > 0
    return Bytes(start: memory + at, count: 20 - at)
  }
}
