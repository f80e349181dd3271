internal import Domain
internal import Inputs
internal import Scenarios

/// A trace file that was read, and the zones whose columns it gave, in their order.
struct TraceFile {
  var path: String
  var zones: [Zone]
  var table: TraceTable
}

/// The files of a quantity that give each zone its trace: one for all, or one for each.
struct TraceFiles {
  let kind: TraceKind
  let files: [TraceFile]
  let extend: TraceExtension
  let gaps: GapRule

  /// A trace that wraps has no end: so many steps of it at most over what is looked at.
  private static let mostRepeated = 1e7

  /// The zones' traces, with notes on what their readers decided.
  ///
  /// - Throws: ``BadInput`` if some do not cover the clock.
  func traces(_ scenario: Scenario, _ notes: inout [String]) throws -> [StepTrace] {
    notes += readerNotes + currencyNotes(scenario) + countNotes
    let clocks = scenario.allWindows
    var short: [String] = []
    var traces: [StepTrace] = []
    for file in files {
      for (zone, column) in zip(file.zones, file.table.columns) {
        let trace = try column.trace(extending: extend)
        if let fault = fault(of: trace, steps: column.steps.count, scenario) {
          short.append("\(file.path): zone \(zone.code): \(fault)")
        }
        traces.append(trace)
      }
    }
    guard short.isEmpty else { throw BadInput(description: short.joined(separator: "\n")) }
    if kind != .forecast {
      notes += TraceCoverage.notes(
        kind.rawValue, zip(scenario.zones.map(\.code), traces), clocks,
        windows: scenario.windows == nil ? 1 : scenario.replicationsAtMost)
    }
    return traces
  }

  private func fault(of trace: StepTrace, steps: Int, _ scenario: Scenario) -> String? {
    let clocks = scenario.allWindows
    if !trace.covers(from: clocks.lowerBound, to: clocks.upperBound) {
      return "found \(trace.start.iso8601) to \(trace.end.iso8601), expected at least "
        + "\(WindowFit.clocks(scenario)), or extend: hold | wrap"
        + WindowFit.remedy(scenario, within: trace.start..<trace.end)
    }
    let needed = max(scenario.duration, scenario.grid.forecast.horizon)
    guard extend == .wrap,
      trace.steps(from: scenario.start, to: scenario.start + needed) > TraceFiles.mostRepeated
    else { return nil }
    return "found \(counted(steps, "step")) of \(trace.start.iso8601) to \(trace.end.iso8601), expected at most "
      + "10000000 steps over the clock, and over the forecast's horizon, with extend: wrap"
  }

  /// The readers' notes; a note that does not apply to every file names its zones.
  private var readerNotes: [String] {
    var zones: [String: [String]] = [:]
    var texts: [String] = []
    for file in files {
      // The scenario's currency and the file's are noted once, in ``currencyNotes``.
      let told = file.table.currency.map { "prices are in \($0); the currency is not converted" } ?? ""
      for text in file.table.notes where told.isEmpty || !text.hasSuffix(told) {
        if zones[text] == nil { texts.append(text) }
        zones[text, default: []].append(file.zones.first?.code ?? "")
      }
    }
    return texts.map { text in
      let own = zones[text] ?? []
      let subject = own.count == files.count ? "" : "\(own.joined(separator: ", ")): "
      return "\(kind.rawValue): \(subject)\(text)"
    }
  }

  private func currencyNotes(_ scenario: Scenario) -> [String] {
    guard kind == .price else { return [] }
    return files.compactMap { file in
      guard let named = file.table.currency, named != scenario.currency.code else { return nil }
      return "price: file \(file.path) is in \(named), the scenario says \(scenario.currency.code): numbers are not "
        + "converted; set currency: \(named)"
    }
  }

  private var countNotes: [String] {
    func sum(_ count: (TraceTable) -> Int) -> Int { files.reduce(0) { $0 + count($1.table) } }
    var notes: [String] = []
    let sentinels = sum(\.sentinels)
    if sentinels > 0 {
      notes.append("\(kind.rawValue): \(counted(sentinels, "national zero")) treated as missing (\(gaps))")
    }
    for (count, noun, rest) in [
      (sum(\.gapsFilled), "missing step", "filled (\(gaps))"), (sum(\.clipped), "negative intensity", "set to 0"),
      (sum(\.duplicates), "repeated value", "left out"),
    ] where count > 0 {
      notes.append("\(kind.rawValue): \(counted(count, noun)) \(rest)")
    }
    return notes
  }
}
