public import Domain

/// Reads carbon and price traces from CSV: wide (a column a zone) or long (a row a zone and stamp), told by the header.
public enum TraceReader {
  /// Reads a file; throws ``InputError`` with all its faults.
  ///
  /// - Parameters:
  ///   - zones: Zones to read, found by exact id, code, name or alias; other columns and rows are ignored.
  ///   - clip: Whether negative intensities are set to 0 rather than refused.
  public static func read(
    path: String, kind: TraceKind, zones: [Zone], gaps: GapRule = .error, clip: Bool = false
  ) throws -> TraceTable {
    var pass = try TracePass(path: path, kind: kind, zones: zones, fills: gaps != .error, clip: clip)
    try pass.readRows()
    return try pass.finish(gaps: gaps)
  }
}

/// Where the columns of a trace file are.
struct TraceLayout {
  var time = -1
  /// Long: the columns of the zone and the value.
  var zone = -1
  var value = -1
  /// Wide: the zone of each field, -1 for none.
  var zoneOfField: [Int] = []
  var names: [String] = []

  var isLong: Bool { zone >= 0 && value >= 0 }

  init(header: CSVFields, path: String, line: Int, kind: TraceKind, zones: [Zone], issues: inout IssueList) {
    names = (0..<header.count).map { header[$0].text }
    let lower = names.map { $0.lowercased() }
    guard let time = lower.firstIndex(where: { $0 == "datetime" || $0 == "time" }) else {
      issues.add(InputIssue(file: path, line: line, found: list(names), expected: "a column datetime or Time"))
      return
    }
    self.time = time
    if let zone = lower.firstIndex(of: "zone"), lower.contains(where: { TraceLayout.longNames.contains($0) }) {
      self.zone = zone
      value = lower.firstIndex(of: kind.longColumn) ?? -1
      if value < 0 {
        issues.add(
          InputIssue(
            file: path, line: line, key: kind.longColumn, found: "the columns \(list(names))",
            expected: "a column \(kind.longColumn)"))
      }
      return
    }
    matchColumns(header, path: path, line: line, zones: zones, issues: &issues)
  }

  private static let longNames = ["carbon_intensity", "price", "forecast"]

  private mutating func matchColumns(
    _ header: CSVFields, path: String, line: Int, zones: [Zone], issues: inout IssueList
  ) {
    let matcher = ZoneMatcher(zones)
    var fieldOfZone = [Int](repeating: -1, count: zones.count)
    zoneOfField = [Int](repeating: -1, count: header.count)
    for field in 0..<header.count where field != time {
      guard let zone = matcher.place(of: header[field]) else { continue }
      if fieldOfZone[zone] >= 0 {
        let both = "the columns \(names[fieldOfZone[zone]]) and \(names[field])"
        issues.add(
          InputIssue(file: path, line: line, key: zones[zone].code, found: both, expected: "one column a zone"))
      }
      fieldOfZone[zone] = field
      zoneOfField[field] = zone
    }
    for (place, zone) in zones.enumerated() where fieldOfZone[place] < 0 {
      let others = names.indices.filter { $0 != time }.map { names[$0] }
      issues.add(
        InputIssue(
          file: path, line: line, key: zone.code, found: "no column for this zone; the columns are \(list(others))",
          expected: "a column named \(zone.name == zone.code ? "" : zone.name + ", ")\(zone.code), its id or an alias"))
    }
  }
}

/// At most thirty names, with commas.
func list(_ names: [String]) -> String {
  if names.isEmpty { return "none" }
  let shown = names.prefix(30).joined(separator: ", ")
  return names.count > 30 ? shown + " and \(names.count - 30) more" : shown
}

/// A fault at a stamp of a zone; its line is looked for only when it must be told.
struct StampFault {
  var zone: Int
  var stamp: Int64
  var found: (_ lines: [Int]) -> String
  var expected: String
}

/// One reading of a trace file.
struct TracePass {
  let path: String
  let kind: TraceKind
  let zones: [Zone]
  /// Whether a blank cell is a missing step that will be filled, rather than a fault.
  let fills: Bool
  let clip: Bool
  private let matcher: ZoneMatcher
  private let reader: CSVLineReader
  private let fields = CSVFields()
  private var layout: TraceLayout
  private var steps: [[(start: Int64, value: Double)]]
  private var clipped: [Int]
  private var foreign: [UInt64: String] = [:]
  var issues = IssueList()

  init(path: String, kind: TraceKind, zones: [Zone], fills: Bool, clip: Bool) throws {
    self.path = path
    self.kind = kind
    self.zones = zones
    self.fills = fills
    self.clip = clip
    matcher = ZoneMatcher(zones)
    reader = try CSVLineReader(path: path)
    steps = [[(start: Int64, value: Double)]](repeating: [], count: zones.count)
    clipped = [Int](repeating: 0, count: zones.count)
    guard let header = try reader.next() else {
      throw InputError(issues: [InputIssue(file: path, line: 0, found: "an empty file", expected: "a header line")])
    }
    var issues = IssueList()
    if !fields.split(header) {
      issues.add(InputIssue(file: path, line: 1, found: "text after a closing quote", expected: "CSV"))
    }
    layout = TraceLayout(
      header: fields, path: path, line: reader.lineNumber, kind: kind, zones: zones, issues: &issues)
    try issues.throwIfAny()
  }

  mutating func readRows() throws {
    while let line = try reader.next() {
      if Bytes(line).trimmed.isEmpty { continue }
      guard fields.split(line) else {
        report("", "text after a closing quote", "a comma")
        continue
      }
      guard fields.count == layout.names.count else {
        report("", "\(fields.count) fields", "\(layout.names.count), as in the header")
        continue
      }
      guard let stamp = Instant(utf8: fields[layout.time]) else {
        report(layout.names[layout.time], fields[layout.time].quoted, "an ISO 8601 time or epoch seconds")
        continue
      }
      if layout.isLong { longRow(stamp.milliseconds) } else { wideRow(stamp.milliseconds) }
    }
  }

  private mutating func wideRow(_ stamp: Int64) {
    for field in 0..<fields.count where layout.zoneOfField[field] >= 0 {
      add(zone: layout.zoneOfField[field], stamp: stamp, field: field)
    }
  }

  private mutating func longRow(_ stamp: Int64) {
    let name = fields[layout.zone]
    guard let zone = matcher.place(of: name) else {
      if foreign.count < 40, foreign[name.stableHash] == nil { foreign[name.stableHash] = name.text }
      return
    }
    add(zone: zone, stamp: stamp, field: layout.value)
  }

  private mutating func add(zone: Int, stamp: Int64, field: Int) {
    if fields[field].isEmpty, fills { return }
    guard var value = fields[field].number else {
      let expected = fields[field].isEmpty ? "a number, or gaps: hold | interpolate" : "a number"
      report(layout.names[field], fields[field].quoted, expected)
      // It keeps its place, so that the fault is not told again as a missing step.
      steps[zone].append((stamp, .nan))
      return
    }
    if value < 0, !kind.mayBeNegative {
      guard clip else {
        report(layout.names[field], fields[field].quoted, "an intensity of at least 0, or clip: true")
        steps[zone].append((stamp, .nan))
        return
      }
      value = 0
      clipped[zone] += 1
    }
    steps[zone].append((stamp, value))
  }

  private mutating func report(_ key: String, _ found: String, _ expected: String) {
    issues.add(InputIssue(file: path, line: reader.lineNumber, key: key, found: found, expected: expected))
  }

  mutating func finish(gaps: GapRule) throws -> TraceTable {
    var faults: [StampFault] = []
    var columns: [TraceColumn] = []
    for zone in zones.indices {
      var builder = ColumnBuilder(zone: zone, steps: steps[zone], gaps: gaps)
      steps[zone] = []
      if builder.steps.isEmpty, issues.isEmpty {
        let there = layout.isLong ? "; the zones are \(list(foreign.values.sorted()))" : ""
        issues.add(
          InputIssue(
            file: path, line: 0, key: zones[zone].code, found: "no rows for this zone\(there)",
            expected: "its \(kind.rawValue)"))
      }
      var column = builder.build()
      if column.steps.count == 1 {
        faults.append(
          StampFault(
            zone: zone, stamp: column.steps[0].start, found: { _ in "a single step" }, expected: "two or more"))
      }
      column.clipped = clipped[zone]
      columns.append(column)
      if faults.count <= IssueList.limit { faults += builder.faults }
    }
    try tell(faults)
    try issues.throwIfAny()
    return TraceTable(columns: columns)
  }

  /// Looks for the lines of the faults by reading the file again.
  private mutating func tell(_ faults: [StampFault]) throws {
    guard !faults.isEmpty else { return }
    struct Key: Hashable {
      var zone: Int
      var stamp: Int64
    }
    var lines: [Key: [Int]] = [:]
    for fault in faults { lines[Key(zone: layout.isLong ? fault.zone : -1, stamp: fault.stamp)] = [] }
    let again = try CSVLineReader(path: path)
    _ = try again.next()
    while let line = try again.next() {
      guard fields.split(line), fields.count == layout.names.count, let stamp = Instant(utf8: fields[layout.time])
      else { continue }
      let zone = layout.isLong ? matcher.place(of: fields[layout.zone]) ?? -2 : -1
      lines[Key(zone: zone, stamp: stamp.milliseconds)]?.append(again.lineNumber)
    }
    for fault in faults {
      let found = lines[Key(zone: layout.isLong ? fault.zone : -1, stamp: fault.stamp)] ?? []
      issues.add(
        InputIssue(
          file: path, line: found.last ?? 0, key: zones[fault.zone].code, found: fault.found(found),
          expected: fault.expected))
    }
  }
}
