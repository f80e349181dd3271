public import Domain
import Foundation

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
    let wanted: SeriesBook.Wanted =
      switch reading.scope {
      case .matching: .zones(zones, ZoneMatcher(zones))
      case .series(let name): .named(name)
      case .everywhere: .only
      }
    let book = SeriesBook(path: path, kind: kind, wanted: wanted, fills: gaps != .error, clip: clip)
    var table = try finish(book, rows(path, reading), gaps: gaps).table
    if case .matching = reading.scope { return table }
    table.columns = zones.map { _ in table.columns[0] }
    return table
  }

  /// Reads every series of a file.
  ///
  /// - Throws: ``InputError``.
  public static func readAll(
    path: String, kind: TraceKind, gaps: GapRule = .error, clip: Bool = false, reading: TraceReading = TraceReading()
  ) throws -> NamedTraces {
    let book = SeriesBook(path: path, kind: kind, wanted: .all, fills: gaps != .error, clip: clip)
    return try finish(book, rows(path, reading), gaps: gaps)
  }

  /// Whether a file tells a forecast beside its traces: JSON of the Carbon Intensity API, or a CSV with a column of the
  /// name. A wide file tells none, though read for one it would be taken for its own.
  public static func hasForecast(path: String, reading: TraceReading = TraceReading()) throws -> Bool {
    try isJSON(path, reading) || VintageReader.header(path).contains { TraceLayout.forecast.contains(squashed($0)) }
  }

  private static func isJSON(_ path: String, _ reading: TraceReading) throws -> Bool {
    try reading.format == .json || (reading.format == .auto && beginsLikeJSON(path))
  }

  private static func rows(_ path: String, _ reading: TraceReading) throws -> any TraceRows {
    try isJSON(path, reading) ? try TraceJSON(path: path) : TraceCSV(path: path, basis: reading.basis)
  }

  /// Whether its first character is `{` or `[`, whatever its name.
  static func beginsLikeJSON(_ path: String) throws -> Bool {
    let descriptor = try openFile(path)
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 256)
    let got = try head.withUnsafeMutableBytes { room in
      try retrying(path) { Foundation.read(descriptor, room.baseAddress, room.count) }
    }
    let marked = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = head[0..<got].dropFirst(marked).first { $0 > 32 }
    return first == 123 || first == 91
  }

  private static func finish(_ unread: SeriesBook, _ source: any TraceRows, gaps: GapRule) throws -> NamedTraces {
    var (book, rows) = (unread, source)
    try rows.walk(&book)
    var faults: [StampFault] = []
    var columns: [TraceColumn] = []
    for series in book.names.indices {
      var builder = ColumnBuilder(zone: series, steps: book.takeSteps(series), gaps: gaps)
      if builder.steps.isEmpty, book.issues.isEmpty {
        let there = book.foreign.isEmpty ? "" : "; the zones are \(list(book.foreign))"
        book.report(book.names[series], 0, "no rows for this zone\(there)", "its \(book.kind.rawValue)")
      }
      var column = builder.build()
      if column.steps.count == 1 {
        let stamp = column.steps[0].start
        faults.append(StampFault(zone: series, stamp: stamp, found: { _ in "a single step" }, expected: "two or more"))
      }
      column.clipped = book.clipped[series]
      columns.append(column)
      if faults.count <= IssueList.limit { faults += builder.faults }
    }
    if book.names.isEmpty, book.issues.isEmpty { book.report("", 0, "no rows", "values of a zone") }
    if case .only = book.wanted, !book.foreign.isEmpty {
      book.report("", 0, "the zones \(list(book.names + book.foreign))", "a single one, for all zones")
    }
    try tell(faults, &book, &rows)
    try book.issues.throwIfAny()
    let table = TraceTable(
      columns: columns, sentinels: book.sentinels, notes: book.notes, currency: book.currency)
    return NamedTraces(names: book.names, table: table)
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
}
