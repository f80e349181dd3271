public import Domain

/// What a missing step of a trace becomes.
public enum GapRule: String, Sendable {
  case error, hold, interpolate
}

/// What a trace file holds.
public enum TraceKind: String, Sendable {
  case carbon, price
}

/// One trace a zone, with what was mended.
public struct TraceTable: Sendable {
  public var traces: [StepTrace]
  public var gapsFilled = 0
  public var clipped = 0
}

/// Reads wide CSV files: `datetime` (or `Time`) and a column a zone, known by id, code, name or alias. Rows may come
/// in any order. Holds the file in memory.
public struct TraceFile {
  let table: CSVTable
  let zones: [Zone]
  let kind: TraceKind

  public init(path: String, kind: TraceKind, zones: [Zone]) throws {
    table = try CSVTable(file: path)
    self.zones = zones
    self.kind = kind
  }

  /// - Throws: ``InputError`` with every fault: a zone without a column, cells that are no number, a negative
  ///   intensity (unless `clip`), a stamp given twice, a missing step (unless `gaps` fills it).
  public func read(extending: TraceExtension, gaps: GapRule, clip: Bool) throws -> TraceTable {
    guard ["datetime", "time"].contains(table.header[0].lowercased()) else {
      throw InputError(issues: [issue(1, table.header[0], "\"\(table.header[0])\"", "datetime as the first column")])
    }
    var issues: [InputIssue] = []
    var columns: [Int] = []
    for zone in zones {
      let names = [String(zone.id), zone.code, zone.name] + zone.aliases
      if let column = table.header.indices.dropFirst().first(where: { names.contains(table.header[$0]) }) {
        columns.append(column)
      } else {
        let known = table.header.dropFirst().joined(separator: ", ")
        issues.append(issue(1, zone.code, "the columns \(known)", "a column for zone \(zone.code)"))
      }
    }
    guard issues.isEmpty else { throw InputError(issues: issues) }
    var (stamps, clipped) = readRows(columns, clip: clip, &issues)
    guard issues.isEmpty else { throw InputError(issues: issues) }
    stamps.sort { $0.start < $1.start }
    for (earlier, later) in zip(stamps, stamps.dropFirst()) where earlier.start == later.start {
      issues.append(issue(later.line, table.header[0], "\(later.start.iso8601) a second time", "each instant once"))
    }
    guard issues.isEmpty else { throw InputError(issues: issues) }
    let (whole, filled) = try fill(stamps, gaps)
    let end = whole[whole.count - 1].start + lastStep(whole)
    let traces = try zones.indices.map { zone in
      try StepTrace(stamps: whole.map { ($0.start, $0.values[zone]) }, end: end, extending: extending)
    }
    return TraceTable(traces: traces, gapsFilled: filled, clipped: clipped)
  }

  private typealias Row = (start: Instant, line: Int, values: [Double])

  private func readRows(_ columns: [Int], clip: Bool, _ issues: inout [InputIssue]) -> ([Row], Int) {
    var rows: [Row] = []
    var clipped = 0
    for row in table.rows {
      guard let start = Instant(text: row.cells[0]) else {
        issues.append(issue(row.line, table.header[0], "\"\(row.cells[0])\"", "an instant (ISO 8601 or epoch seconds)"))
        continue
      }
      var values: [Double] = []
      for column in columns {
        let cell = row.cells[column]
        guard let value = Double(cell), value.isFinite else {
          issues.append(issue(row.line, table.header[column], "\"\(cell)\"", "a number"))
          continue
        }
        if kind == .carbon && value < 0 && !clip {
          issues.append(issue(row.line, table.header[column], cell, "an intensity ≥ 0, or clip: true"))
        }
        if kind == .carbon && value < 0 { clipped += 1 }
        values.append(kind == .carbon ? max(0, value) : value)
      }
      rows.append((start, row.line, values))
    }
    if table.rows.isEmpty { issues.append(issue(0, "", "a header alone", "rows")) }
    return (rows, clipped)
  }

  /// The most common difference between stamps, where it makes nine of ten; `nil` for an irregular trace.
  private func regularStep(_ rows: [Row]) -> Int64? {
    let differences = zip(rows, rows.dropFirst()).map { ($1.start - $0.start).milliseconds }.sorted()
    guard !differences.isEmpty else { return nil }
    let middle = differences[differences.count / 2]
    return differences.count { $0 == middle } * 10 >= differences.count * 9 ? middle : nil
  }

  private func lastStep(_ rows: [Row]) -> TimeSpan {
    if let step = regularStep(rows) { return TimeSpan(milliseconds: step) }
    return rows.count > 1 ? rows[rows.count - 1].start - rows[rows.count - 2].start : .minutes(30)
  }

  private func fill(_ rows: [Row], _ rule: GapRule) throws -> ([Row], Int) {
    guard let step = regularStep(rows) else { return (rows, 0) }
    var whole: [Row] = [rows[0]]
    var issues: [InputIssue] = []
    for row in rows.dropFirst() {
      let before = whole[whole.count - 1]
      let missing = ((row.start - before.start).milliseconds - 1) / step
      if missing > 0, rule == .error {
        let names = zones.map(\.code).joined(separator: ", ")
        issues.append(
          issue(
            row.line, names, "nothing between \(before.start.iso8601) and \(row.start.iso8601)",
            "a step every \(step / 60_000) minutes, or gaps: hold | interpolate"))
      } else if missing > 0 {
        for place in 1...missing {
          let share = rule == .hold ? 0 : Double(place) / Double(missing + 1)
          let values = zip(before.values, row.values).map { $0 + ($1 - $0) * share }
          whole.append((before.start + TimeSpan(milliseconds: step * place), row.line, values))
        }
      }
      whole.append(row)
    }
    guard issues.isEmpty else { throw InputError(issues: issues) }
    return (whole, whole.count - rows.count)
  }

  private func issue(_ line: Int, _ column: String, _ found: String, _ expected: String) -> InputIssue {
    InputIssue(file: table.file, line: line, column: column, found: found, expected: expected)
  }
}
