public import Domain

/// Reads what operators decided: CSV with `job_id`, `decided_at`, `zone` (by id, code, name or alias) and, where it is
/// wanted, `start_at`.
public struct DecisionFile: Sendable {
  public let path: String
  public let record: DecisionRecord
  /// The line of each decision, from 1.
  private let lines: [Int]
  private let ids: [String]
  /// Faults of the file itself; decisions with a fault are not part of the record.
  private let faults: IssueList
  /// Columns that are not read.
  public let unread: [String]

  /// Keeps the faults of rows, and of a header that lacks a column or has one twice, for ``check(against:zones:)`` or
  /// ``checked()`` to tell.
  ///
  /// - Throws: ``InputError`` where it is no file of decisions.
  public init(path: String, zones: [Zone]) throws {
    var pass = try DecisionPass(path: path, zones: zones)
    pass.readRows()
    self.path = path
    faults = pass.issues
    unread = pass.unread
    record = DecisionRecord(pass.decisions)
    lines = pass.lines
    ids = pass.ids
  }

  /// The record, where nothing is known of the jobs.
  ///
  /// - Throws: ``InputError`` with every fault of the file.
  public func checked() throws -> DecisionRecord {
    try faults.throwIfAny()
    return record
  }

  /// Holds the decisions against the jobs that they are about, every decision on a job.
  ///
  /// - Returns: how many jobs have no decision, and how many decisions no job.
  /// - Throws: ``InputError`` with every fault of the file, every decision that was taken before its job's submission,
  ///   and every one for a zone that could never hold the job.
  public func check(against jobs: any JobSource, zones: [Zone]) throws -> (undecided: Int, unknown: Int) {
    var issues = self.faults
    var undecided = 0
    var isKnown = Array(repeating: false, count: lines.count)
    var faults: [(place: Int, issue: InputIssue)] = []
    while let submitted = try jobs.next() {
      let job = submitted.job
      let places = record.indices(of: job.identity)
      if places.isEmpty { undecided += 1 }
      for place in places {
        isKnown[place] = true
        faults += jobFaults(place, job, zones).map { (place, $0) }
      }
    }
    for fault in faults.sorted(by: { $0.place < $1.place }) { issues.add(fault.issue) }
    issues.sortByLine()
    try issues.throwIfAny()
    return (undecided, isKnown.count { !$0 })
  }

  /// The faults of a decision that its job shows.
  private func jobFaults(_ place: Int, _ job: Job, _ zones: [Zone]) -> [InputIssue] {
    var issues: [InputIssue] = []
    let decision = record.decisions[place]
    if decision.decidedAt < job.submittedAt {
      issues.append(
        InputIssue(
          file: path, line: lines[place], key: "decided_at", found: decision.decidedAt.iso8601,
          expected: "an instant at or after the job's submission (\(ids[place]), \(job.submittedAt.iso8601))"))
    }
    if !zones[decision.zone].capacity.holds(job.demand) {
      issues.append(
        InputIssue(
          file: path, line: lines[place], key: "zone", found: zones[decision.zone].code,
          expected: "a zone that could hold \(ids[place])"))
    }
    return issues
  }
}

/// One reading of a file of decisions.
private struct DecisionPass {
  let path: String
  let zones: [Zone]
  private let matcher: ZoneMatcher
  private let reader: CSVLineReader
  private let fields = CSVFields()
  private var columns: [String: Int] = [:]
  private var width = 0
  private struct Moment: Hashable {
    var job: UInt64
    var instant: Instant
  }
  private var firstLines: [Moment: Int] = [:]
  private(set) var issues = IssueList()
  var decisions: [RecordedDecision] = []
  var lines: [Int] = []
  var ids: [String] = []
  /// The first cell that may be a spreadsheet's date, and whether another one is none.
  private var serial: (line: Int, text: String)?
  private var hasTimes = false

  private static let required = ["job_id", "decided_at", "zone"]
  private static let known = required + ["start_at"]
  /// Other words for columns.
  private static let synonyms = [
    "start": "start_at", "starts_at": "start_at", "start_time": "start_at", "started_at": "start_at",
    "planned_start": "start_at", "scheduled_at": "start_at", "decision_time": "decided_at", "decided": "decided_at",
    "job": "job_id", "id": "job_id", "grid_zone": "zone", "zone_code": "zone", "region": "zone",
  ]
  private(set) var unread: [String] = []

  init(path: String, zones: [Zone]) throws {
    self.path = path
    self.zones = zones
    matcher = ZoneMatcher(zones)
    reader = try CSVLineReader(path: path)
    guard let header = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    fields.separator = reader.namedSeparator ?? 44
    if !fields.split(header) {
      report("", "text after a closing quote", "CSV")
      try issues.throwIfAny()
    }
    try fields.checkWidth(path)
    width = fields.count
    let names = (0..<fields.count).map { fields[$0].text }
    for (field, name) in names.enumerated() {
      let lower = name.lowercased()
      guard DecisionPass.known.contains(lower) else {
        unread.append(name)
        continue
      }
      if columns[lower] != nil { report(lower, "two columns with this name", "one") }
      columns[lower] = field
    }
    let suggested = refuseNearMisses()
    for name in DecisionPass.required where columns[name] == nil && !suggested.contains(name) {
      report(name, "the columns \(list(names))", "a column \(name)")
    }
    // A file of another sort tells of its header alone, a header that lacks something hides none of the rows' faults.
    if columns.isEmpty { try issues.throwIfAny() }
  }

  /// Refuses columns that are called almost as one that is absent, or by another word for it.
  ///
  /// - Returns: the absent columns that were suggested.
  private mutating func refuseNearMisses() -> Set<String> {
    var suggested: Set<String> = []
    let absent = DecisionPass.known.filter { columns[$0] == nil }
    for name in unread {
      let word = name.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
      let near = DecisionPass.synonyms[word] ?? nearest(to: word, among: DecisionPass.known)
      // A file of another sort is told by what it lacks.
      guard let near, absent.contains(near), !columns.isEmpty else { continue }
      suggested.insert(near)
      report(name, "an unknown column", "a known one, or no such column", suggestion: near)
    }
    return suggested
  }

  mutating func readRows() {
    while let line = issues.nextLine(reader) {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line) else {
        report("", "text after a closing quote", "a comma")
        continue
      }
      guard fields.count == width else {
        report("", "\(fields.count) fields", "\(width), as in the header")
        continue
      }
      row()
    }
    guard let serial, !hasTimes else { return }
    issues.add(
      InputIssue(
        file: path, line: serial.line, key: "decided_at", found: serial.text, expected: StampText.serialExpected))
  }

  private func field(_ name: String) -> Bytes? { columns[name].map { fields[$0] } }

  private mutating func row() {
    let id = field("job_id")
    if let id, id.isEmpty { report("job_id", "nothing", "a job's id") }
    let (decided, name) = (field("decided_at"), field("zone"))
    let instant = decided.flatMap { self.instant("decided_at", $0, "an ISO 8601 time or epoch seconds") }
    var isRepeated = false
    if let id, !id.isEmpty, let instant {
      let moment = Moment(job: id.stableHash, instant: instant)
      if let first = firstLines[moment] {
        isRepeated = true
        report(
          "decided_at", "\(instant.iso8601) for \(id.quoted) on lines \(first) and \(reader.lineNumber)",
          "decisions about the same job at different instants")
      } else {
        firstLines[moment] = reader.lineNumber
      }
    }
    let zone = name.flatMap { matcher.place(of: $0) }
    if let name, zone == nil {
      report(
        "zone", name.quoted, "one of \(list(zones.map(\.code)))",
        suggestion: nearest(to: name.text, among: zones.map(\.code)))
    }
    var start: Instant?
    if let text = field("start_at"), !text.isEmpty {
      start = self.instant("start_at", text, "an ISO 8601 time, epoch seconds or nothing")
    }
    if let start, let instant, start < instant {
      report("start_at", start.iso8601, "an instant at or after decided_at")
    }
    guard let id, !id.isEmpty, let instant, let zone, !isRepeated else { return }
    decisions.append(RecordedDecision(job: id.stableHash, decidedAt: instant, zone: zone, startAt: start))
    lines.append(reader.lineNumber)
    ids.append(id.quoted)
  }

  /// The instant of a cell; `nil` after reporting that it is none.
  private mutating func instant(_ key: String, _ cell: Bytes, _ expected: String) -> Instant? {
    guard let instant = Instant(utf8: cell) else {
      report(key, cell.quoted, expected)
      return nil
    }
    if serial == nil, cell.number.map(StampText.mayBeSerial) ?? false { serial = (reader.lineNumber, cell.quoted) }
    if !(cell.number.map(StampText.mayBeSerial) ?? false) { hasTimes = true }
    return instant
  }

  private mutating func report(_ key: String, _ found: String, _ expected: String, suggestion: String? = nil) {
    issues.add(
      InputIssue(
        file: path, line: reader.lineNumber, key: key, found: found, expected: expected, suggestion: suggestion))
  }
}
