import Domain

extension JobTimeUnit {
  var milliseconds: Double { self == .seconds ? 1000 : 3_600_000 }
}

/// How the rows of a job file are to be read.
enum JobFormat: Sendable {
  case csv(JobHeader, ZoneMatcher)
  case platform(JobHeader, ZoneMatcher, submittedAt: Instant)
  case gaia(GAIAHeader)
  case sacct(SacctHeader)
  case swf

  var isSWF: Bool { if case .swf = self { true } else { false } }
  var isSacct: Bool { if case .sacct = self { true } else { false } }

  /// True if a `"` begins a field that may contain line feeds.
  var hasQuotes: Bool {
    switch self {
    case .csv, .platform, .gaia: true
    case .sacct, .swf: false
    }
  }

  var separator: UInt8 {
    switch self {
    case .csv(let header, _), .platform(let header, _, _): header.separator
    case .gaia(let header): header.dialect.separator
    case .sacct(let header): header.separator
    case .swf: 44
    }
  }

  /// Lines before the first row.
  var headerLines: Int {
    switch self {
    case .csv(let header, _), .platform(let header, _, _): header.isNumbered ? 0 : 1
    case .gaia, .sacct: 1
    case .swf: 0
    }
  }

  /// True if rows say how long their jobs may wait.
  var hasWindows: Bool { header?.isReadable(.deferral) ?? false }

  /// True if rows may have deadlines.
  var hasDeadlines: Bool { header?.isReadable(.deadline) ?? false }

  private var header: JobHeader? {
    switch self {
    case .csv(let header, _), .platform(let header, _, _): header
    case .gaia, .sacct, .swf: nil
    }
  }

  /// The file's columns that are not read.
  var unread: [String] {
    switch self {
    case .csv(let header, _), .platform(let header, _, _): header.unread
    case .gaia(let header): header.unread
    case .sacct(let header): header.unread
    case .swf: []
    }
  }

  var idPrefix: StaticString {
    switch self {
    case .csv, .sacct: ""
    case .platform: "row-"
    case .gaia: "gaia-"
    case .swf: "swf-"
    }
  }

  /// True if jobs are named by the number of their row, because they have no name; such files have no instants either.
  var numbersRows: Bool {
    switch self {
    case .csv, .sacct, .swf: false
    case .platform, .gaia: true
    }
  }

  /// True if times are counted from a second 0.
  var countsFromZero: Bool {
    switch self {
    case .csv, .sacct, .platform: false
    case .gaia, .swf: true
    }
  }

  var movesToClock: Bool { isSWF || numbersRows }

  /// Reads the header of a CSV of any sort. What is wrong with it is added to the issues, so that it hides nothing of
  /// what is wrong with the rows; of a GAIA file that lacks a column, and of what is no job file at all, it is thrown.
  init(
    header reader: CSVLineReader, told: JobFileFormat, unit: JobTimeUnit?, zones: [Zone], start: Instant,
    reading: JobReading, issues: inout IssueList
  ) throws {
    let header = try JobHeaderLine(reader, reading, &issues)
    header.refuseUnknownIgnored(reading, &issues)
    let names = header.keys
    let isMapped = !reading.columns.isEmpty
    let looks = told == .auto && !isMapped
    if told == .sacct || (looks && SacctHeader.recognises(names, separator: header.dialect.separator)) {
      if isMapped { header.refuseMapping(.sacct, &issues) }
      self = .sacct(SacctHeader(header, reading: reading, issues: &issues))
      try issues.throwIfAny()
      return
    }
    if told == .gaia || (looks && GAIAHeader.names.allSatisfy(names.contains)) {
      if isMapped { header.refuseMapping(.gaia, &issues) }
      let gaia = GAIAHeader(header, unit: unit, reading: reading, issues: &issues)
      if !gaia.isWhole { try issues.throwIfAny() }
      self = .gaia(gaia)
      return
    }
    let lacksAll =
      !isMapped && ["job_id", "submitted_at", "duration_s"].allSatisfy { !names.contains($0) }
    let isPlatform =
      told == .platform
      || (told == .auto && lacksAll && ["workload_name", "required_gpu_mins"].allSatisfy(names.contains))
    let columns = JobHeader(header, reading: reading, isBatchUpload: isPlatform, issues: &issues)
    if lacksAll, !isPlatform { try issues.throwIfAny() }
    let matcher = ZoneMatcher(zones)
    self = isPlatform ? .platform(columns, matcher, submittedAt: start) : .csv(columns, matcher)
  }
}

extension JobHeaderLine {
  /// Reads the names of a file's columns, or counts its columns if they have none.
  init(_ reader: CSVLineReader, _ reading: JobReading, _ issues: inout IssueList) throws {
    let path = reader.path
    func refuse(_ found: String, _ expected: String) {
      issues.add(InputIssue(file: path, line: max(reader.lineNumber, 1), found: found, expected: expected))
    }
    guard let line = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    if reading.columns.isEmpty, SacctHeader.isFixedWidth(Bytes(line)) {
      refuse("sacct's fixed-width output, which truncates values", "its output with -P: \(SacctHeader.command)")
      try issues.throwIfAny()
    }
    var dialect = CSVDialect(header: Bytes(line))
    if let separator = reading.separator ?? reader.namedSeparator { dialect.separator = separator }
    dialect.hasDecimalCommas = reading.hasDecimalCommas ?? false
    let fields = CSVFields()
    fields.separator = dialect.separator
    if !fields.split(line) {
      refuse("text after a closing quote", "CSV")
      try issues.throwIfAny()
    }
    try fields.checkWidth(path)
    let names = (0..<fields.count).map { reading.header == .none ? "\($0 + 1)" : fields[$0].text }
    let first = Bytes(line)
    self.init(names, path: path, line: reader.lineNumber, dialect: dialect)
    let rows = CSVLineReader(reader.file, quotes: true)
    if (try? rows.next()) != nil, let row = try? rows.next(), fields.split(row) {
      firstRow = (0..<fields.count).map { fields[$0].trimmed.text }
    }
    refuseAbsentSeparator(reading.separator, first, &issues)
    try issues.throwIfAny()
  }

  func refuseMapping(_ format: JobFileFormat, _ issues: inout IssueList) {
    refuse("columns", "column names for \(format.rawValue)", "none, as its columns are known, or format: csv", &issues)
  }
}

/// Positions of the columns in a GAIA file.
struct GAIAHeader: Sendable {
  static let names = ["arrival_time", "length", "cpus"]

  private(set) var arrival = 0
  private(set) var length = 0
  private(set) var cpus = 0
  let count: Int
  let dialect: CSVDialect
  let unread: [String]
  /// Milliseconds of a written unit.
  let unit: Double
  /// True if the file has all columns.
  private(set) var isWhole = false

  init(_ header: JobHeaderLine, unit: JobTimeUnit?, reading: JobReading, issues: inout IssueList) {
    count = header.names.count
    dialect = header.dialect
    self.unit = unit?.milliseconds ?? 1000
    let places = GAIAHeader.names.map { name in header.keys.firstIndex(of: name) }
    unread =
      reading.ignoresOthers
      ? []
      : header.names.indices.filter { !places.contains($0) && !header.isIgnored($0, reading) }.map { header.names[$0] }
    for (name, place) in zip(GAIAHeader.names, places) where place == nil {
      header.refuse(name, "no such column", "one in the header", &issues)
    }
    if unit == nil { header.refuse("", "times without a unit", "time_unit: s | h (GAIA has both)", &issues) }
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
