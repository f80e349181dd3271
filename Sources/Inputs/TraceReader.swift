public import Domain
import Foundation
internal import TextIO

/// Reads carbon and price traces from CSV and JSON, whose shape is told by their content (``TraceLayout``,
/// ``TraceJSON``).
public enum TraceReader {
  /// Reads what some zones need; throws ``InputError`` with all faults of the file.
  ///
  /// - Parameters:
  ///   - zones: Zones to read, found by exact id, code, name or alias (from national files also by country); what the
  ///     file has beyond them is ignored.
  ///   - clip: Whether negative intensities are set to 0 rather than refused.
  ///   - reading: What the content does not say.
  public static func read(
    path: String, kind: TraceKind, zones: [Zone], gaps: GapRule = .error, clip: Bool = false,
    reading: TraceReading = TraceReading()
  ) throws -> TraceTable {
    let (source, scope) = try rows(path, reading)
    let wanted: SeriesBook.Wanted =
      switch scope {
      case .matching: .zones(zones, ZoneMatcher(zones))
      case .series(let name): .named(name)
      case .everywhere: .only
      }
    let book = SeriesBook(path: path, kind: kind, wanted: wanted, fills: gaps != .error, clip: clip)
    var table = try finish(book, source, gaps: gaps, reading.mapping).table
    if case .matching = scope { return table }
    table.columns = zones.map { _ in table.columns[0] }
    return table
  }

  /// Reads every series of a file, the one that `reading.scope` names, or the only one if the scope is `everywhere`.
  ///
  /// - Throws: ``InputError``.
  public static func readAll(
    path: String, kind: TraceKind, gaps: GapRule = .error, clip: Bool = false, reading: TraceReading = TraceReading()
  ) throws -> NamedTraces {
    let (source, scope) = try rows(path, reading)
    let wanted: SeriesBook.Wanted =
      switch scope {
      case .series(let name): .named(name)
      case .everywhere: .only
      case .matching: .all
      }
    let book = SeriesBook(path: path, kind: kind, wanted: wanted, fills: gaps != .error, clip: clip)
    return try finish(book, source, gaps: gaps, reading.mapping)
  }

  /// True if a file contains a forecast beside its traces: JSON of the Carbon Intensity API, or a CSV with a column of
  /// that name. A wide file contains none, although reading it for a forecast would take its series for one.
  public static func hasForecast(path: String, reading: TraceReading = TraceReading()) throws -> Bool {
    if try isJSON(path, reading) || reading.mapping.forecast != nil { return true }
    return try TableSurvey(path: path, mapping: reading.mapping).names.contains {
      TraceNames.forecast.contains(squashed($0)) || TraceNames.forecast.contains(squashed(HeaderUnit($0).base))
    }
  }

  private static func isJSON(_ path: String, _ reading: TraceReading) throws -> Bool {
    try reading.format == .json || (reading.format == .auto && beginsLikeJSON(path))
  }

  /// A file's rows and the series that are wanted of it: `zone: NAME` names a column of texts, if there is one.
  private static func rows(_ path: String, _ reading: TraceReading) throws -> (any TraceRows, TraceReading.Scope) {
    if try isJSON(path, reading) { return (try TraceJSON(path: path, reading: reading), reading.scope) }
    let source = try TraceCSV(path: path, reading: reading)
    guard case .series(let name) = reading.scope, reading.mapping.zone == nil, source.hasTexts(in: name) else {
      return (source, reading.scope)
    }
    var reading = reading
    reading.scope = .matching
    reading.mapping.zone = name
    return (try TraceCSV(path: path, reading: reading), .matching)
  }

  /// True if the first character of a file is `{` or `[`, whatever the file's name.
  static func beginsLikeJSON(_ path: String) throws -> Bool {
    let file = try openText(path)
    var head = [UInt8](repeating: 0, count: 256)
    let got = try head.withUnsafeMutableBytes { room throws(InputError) in
      try file.bytes(room.baseAddress, room.count, at: 0)
    }
    let marked = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = head[0..<got].dropFirst(marked).first { $0 > 32 }
    return first == 123 || first == 91
  }

  private static func finish(
    _ unread: SeriesBook, _ source: any TraceRows, gaps: GapRule, _ mapping: TableMapping
  ) throws -> NamedTraces {
    var (book, rows) = (unread, source)
    book.take(mapping)
    try rows.walk(&book)
    var faults: [StampFault] = []
    var columns: [TraceColumn] = []
    var resolved = 0
    var outerBlanks = 0
    let common = UsualStep.common(book.steps)
    var ends: [(name: String, end: AssumedEnd)] = []
    var (missing, repeated): ([Int64], [Int64]) = ([], [])
    for series in book.names.indices {
      var stamps = StampRules(steps: book.takeSteps(series), blanks: book.takeBlanks(series))
      stamps.resolve(book.duplicateRule)
      if book.endStamps { stamps.moveToStarts() }
      resolved += stamps.resolved
      var builder = ColumnBuilder(zone: series, steps: stamps.steps, blanks: stamps.blanks, gaps: gaps)
      builder.following = CalendarSteps.following(
        stamps.steps.map(\.start) + stamps.blanks, clock: book.clock)
      builder.common = common
      if builder.steps.isEmpty, book.issues.isEmpty {
        let there = book.foreign.isEmpty ? "" : "; the zones are \(list(book.foreign))"
        book.report(book.names[series], 0, "no rows for this zone\(there)", "rows with its \(book.kind.rawValue)")
      }
      var column = builder.build()
      if let end = stamps.end {
        if column.steps.count > 1 { column.end = end }
      } else if let end = builder.assumedEnd {
        ends.append((book.names[series], end))
      }
      missing += builder.afterMissingHours.map { stamps.written($0) }
      repeated += stamps.repeated + builder.repeated.map { stamps.written($0) }
      outerBlanks += builder.outerBlanks
      if column.steps.count == 1 {
        let stamp = column.steps[0].start
        faults.append(StampFault(zone: series, stamp: stamp, found: { _ in "a single step" }, expected: "two or more"))
      }
      column.clipped = book.clipped[series]
      columns.append(column)
      guard faults.count <= IssueList.limit else { continue }
      faults += builder.faults.map { fault in
        var fault = fault
        fault.stamp = stamps.written(fault.stamp)
        return fault
      }
    }
    if book.names.isEmpty, book.issues.isEmpty { book.report("", 0, "no rows", "values of a zone") }
    if case .only = book.wanted, !book.foreign.isEmpty {
      book.report("", 0, "the zones \(list(book.names + book.foreign))", singleSeries)
    }
    ClockChanges.explain(&faults, &book, mapping)
    if let remedy = book.tellingApart {
      for at in faults.indices where faults[at].kind == .conflict { faults[at].expected = remedy }
    }
    try tell(faults, &book, &rows)
    try book.issues.throwIfAny()
    if resolved > 0 {
      book.note(
        "\(counted(resolved, "timestamp")) with several values (duplicates: \(book.duplicateRule))")
    }
    ClockChanges.note(missing: missing, repeated: repeated, &book, mapping)
    book.noteCountries()
    Plausibility.note(columns, mapping, &book)
    AssumedEnd.note(ends, &book)
    noteOuterBlanks(outerBlanks, &book)
    if book.clip, book.kind == .price { book.note("clip has no effect on prices, which may be negative") }
    let table = TraceTable(
      columns: columns, sentinels: book.sentinels, notes: book.notes, currency: book.currency, basis: book.basis)
    return NamedTraces(names: book.names, table: table)
  }

  private static func noteOuterBlanks(_ count: Int, _ book: inout SeriesBook) {
    guard count > 0 else { return }
    let rows = count == 1 ? "1 row" : "\(count) rows"
    book.note("left out \(rows) without a value before a zone's first value or after its last")
  }

  /// Looks for the lines of the faults by reading the file again.
  private static func tell(_ faults: [StampFault], _ book: inout SeriesBook, _ rows: inout any TraceRows) throws {
    guard !faults.isEmpty else { return }
    var lines: [StampKey: [Int]] = [:]
    for fault in faults { lines[StampKey(series: fault.zone, stamp: fault.stamp)] = [] }
    book.lines = lines
    try rows.walk(&book)
    let found = book.lines ?? [:]
    book.lines = nil
    for fault in faults {
      let lines = found[StampKey(series: fault.zone, stamp: fault.stamp)] ?? []
      book.report(book.names[fault.zone], lines.last ?? 0, fault.found(lines), fault.expected)
    }
  }
}

/// A fault at a stamp of a zone; its line is looked for only when it must be told.
struct StampFault {
  var zone: Int
  var stamp: Int64
  var found: (_ lines: [Int]) -> String
  var expected: String
  /// Several values of the stamp, or steps missing before it.
  var kind = Kind.other

  enum Kind {
    case conflict, gap, other
  }
}
