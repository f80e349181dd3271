public import Domain
internal import Figures
internal import Foundation
package import Inputs
internal import Metrics
internal import Results
internal import Scenarios

/// The trace file that `pylon trace` works on, in any layout that ``TraceReader`` can read.
public struct TraceTools {
  private let path: String
  private let kind: TraceKind
  private let names: [String]
  private let table: TraceTable
  /// The currency of a scenario, for files that name none.
  private let currency: Currency?

  /// - Parameters:
  ///   - zones: a scenario whose zones are wanted; otherwise all series of the file by its own names.
  ///   - zone: the file's column of zones, or the only series that is wanted.
  ///   - mapping: what the file does not say of its table.
  ///   - basis: `nil` for life-cycle where the file has it.
  /// - Throws: ``BadInput``.
  public init(
    path: String, kind: TraceKind, gaps: GapRule, clip: Bool, format: TraceFormat = .auto, basis: IntensityBasis? = nil,
    zones: String? = nil, zone: String? = nil, mapping: TableMapping = TableMapping()
  ) throws(BadInput) {
    self.path = path
    self.kind = kind
    let reading = TraceReading(
      format: format, basis: basis, scope: zone.map { .series($0) } ?? .matching, mapping: mapping)
    do {
      if let zones {
        let scenario = try Scenario.load(path: zones, knownPolicies: Runner.policyNames)
        names = scenario.zones.map(\.code)
        currency = scenario.currency
        table = try TraceReader.read(
          path: path, kind: kind, zones: scenario.zones, gaps: gaps, clip: clip, reading: reading)
      } else {
        let all = try TraceReader.readAll(path: path, kind: kind, gaps: gaps, clip: clip, reading: reading)
        (names, table) = (all.names, all.table)
        currency = nil
      }
    } catch {
      throw BadInput(error)
    }
  }

  /// Traces that were read already, from `path`.
  package init(path: String, kind: TraceKind, names: [String], table: TraceTable) {
    self.path = path
    self.kind = kind
    self.names = names
    self.table = table
    currency = .gbp
  }

  /// Writes the canonical CSV: wide, or long where the series have different stamps.
  ///
  /// - Returns: what was done, for people.
  public func write(to place: String) throws(OutputError) -> String {
    do {
      let file = try WholeFile(path: place)
      let stamps = table.columns[0].steps.map(\.start)
      let isWide = table.columns.allSatisfy { column in column.steps.map(\.start) == stamps }
      if isWide { try writeWide(file, stamps) } else { try writeLong(file) }
      try file.finish()
    } catch {
      throw OutputError(description: error.description)
    }
    return ([count()] + notes()).joined(separator: "\n") + "\nwritten: \(place)"
  }

  private func writeWide(_ file: WholeFile, _ stamps: [Int64]) throws(StoreError) {
    try file.append(line: [.text("datetime")] + names.map { .text($0) })
    for (at, stamp) in stamps.enumerated() {
      let values = table.columns.map { CSVCell.number($0.steps[at].value) }
      try file.append(line: [.text(Instant(milliseconds: stamp).iso8601)] + values)
    }
  }

  private func writeLong(_ file: WholeFile) throws(StoreError) {
    let value = kind == .carbon ? "carbon_intensity" : kind.rawValue
    try file.append(line: [.text("datetime"), .text("zone"), .text(value)])
    for (name, column) in zip(names, table.columns) {
      for step in column.steps {
        let stamp = Instant(milliseconds: step.start).iso8601
        try file.append(line: [.text(stamp), .text(name), .number(step.value)])
      }
    }
  }

  private func count() -> String {
    "\(path): \(counted(names.count, "zone")), \(counted(table.columns.reduce(0) { $0 + $1.steps.count }, "step"))"
  }

  private func notes() -> [String] {
    var notes = table.notes.map { "note: \($0)" }
    if let basis = table.basis {
      let name = basis == .direct ? "direct" : "life-cycle"
      notes.append("note: values are \(name) intensities (basis: \(basis.rawValue))")
    }
    if table.gapsFilled > 0 { notes.append("note: \(counted(table.gapsFilled, "missing step")) filled") }
    if table.sentinels > 0 { notes.append("note: \(counted(table.sentinels, "national zero")) treated as missing") }
    if table.clipped > 0 { notes.append("note: \(counted(table.clipped, "negative intensity")) set to 0") }
    if table.duplicates > 0 { notes.append("note: \(counted(table.duplicates, "repeated value")) left out") }
    return notes
  }

  /// A table with a row a series.
  public func describe() -> String {
    let head = [
      "zone", "from", "to", "step min", "steps", "filled", "mean", "min", "p5", "p25", "p50", "p75", "p95", "max",
      "zero %", "< 0 %", "ac step", "ac 24 h", "ac 7 d",
    ]
    let digits = kind == .price ? 4 : 1
    let lines = zip(names, table.columns).map { name, column in
      let own = TraceSummary(column)
      func text(_ value: Double?, _ digits: Int) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "–" }
      return [name, own.start.readable, own.end.readable]
        + [text(own.step.map { $0.inSeconds / 60 }, 0), "\(own.count)", "\(column.gapsFilled)", text(own.mean, digits)]
        + own.quantiles.map { text($0, digits) } + [own.zeros, own.negatives].map { text($0 * 100, 2) }
        + [own.autocorrelation.step, own.autocorrelation.day, own.autocorrelation.week].map { text($0, 3) }
    }
    return ([TextTable.text([head] + lines)] + cadenceNotes() + notes()).joined(separator: "\n")
  }

  /// Says why a series has no step and no autocorrelation, and what its steps are.
  private func cadenceNotes() -> [String] {
    let uneven = zip(names, table.columns).filter { TraceSummary($0.1).step == nil }
    guard let (name, column) = uneven.first else { return [] }
    let stamps = column.steps.map(\.start) + [column.end]
    let lengths = Dictionary(grouping: zip(stamps, stamps.dropFirst()).map { $1 - $0 }) { $0 }.mapValues(\.count)
    let most = lengths.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = most.prefix(4).map { length, count in
      "\(TraceCoverage.text(TimeSpan(milliseconds: length))) (\(counted(count, "step")))"
    }
    let more = most.count > 4 ? " and \(most.count - 4) more" : ""
    let others = uneven.count > 1 ? " and \(counted(uneven.count - 1, "other zone"))" : ""
    return [
      "note: the steps of \(name)\(others) differ in length, so there is no step length and no autocorrelation; "
        + "\(name) has steps of \(shown.joined(separator: ", "))\(more)"
    ]
  }

  /// Draws every series over time and by hour of the day.
  ///
  public func draw(to place: String, theme: ThemeName = .light) throws {
    let series = zip(names, table.columns).map { name, column in
      let stamps = column.steps.dropFirst().map(\.start) + [column.end]
      let steps = zip(column.steps, stamps).map { step, end in
        ChartData.Step(
          start: Instant(milliseconds: step.start), end: Instant(milliseconds: end), value: step.value)
      }
      return TraceFigure.Series(name: name, steps: steps)
    }
    // A file that names no currency is in that of the scenario; without one nobody knows.
    let currency = (table.currency ?? self.currency?.code).map { "\($0)/kWh" } ?? "per kWh"
    let (quantity, unit) = kind == .price ? ("price", currency) : ("carbon intensity", "gCO₂/kWh")
    let title = URL(fileURLWithPath: path).lastPathComponent
    let figure = TraceFigure.figure(
      series, title: "\(kind == .forecast ? "forecast " : "")\(quantity): \(title)", quantity: quantity, unit: unit)
    try FigureFile.write(figure.svg(.named(theme)), to: place)
  }
}
