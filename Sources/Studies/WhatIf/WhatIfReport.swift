internal import Domain
internal import Foundation
internal import Metrics
public import Reports
internal import Results
internal import Runs
internal import Scenarios

/// The changes between a scenario and its variants.
public struct WhatIfReport: Sendable {
  /// A figure of both.
  struct Line: Sendable {
    var policy: String
    /// `nil`: of the whole run.
    var zone: String?
    var metric: String
    var base: Double?
    var variant: Double?
    /// Variant − base, replication by replication.
    var difference: MeanEstimate?
    /// `nil` where nothing varied that could affect the difference.
    var verdict: Verdict?
    /// True if the policy does not meet what base or variant requires of the metric.
    var missesBase = false
    var missesVariant = false

    /// True if differences are in percentage points.
    var isPercentage: Bool { metric.hasSuffix("_pct") }

    /// True if base and variant differ by more than rounding in some replication.
    var isChanged: Bool {
      guard (base == nil) == (variant == nil) else { return true }
      guard let difference else { return base != variant }
      let size = max(abs(base ?? 0), abs(variant ?? 0))
      return abs(difference.mean) > 1e-9 * size || (difference.halfWidth ?? 0) > 1e-9 * size
    }

    /// True if it changed, or meets its requirement in only one of the two.
    var isShown: Bool { isChanged || missesBase != missesVariant }
  }

  struct Change: Sendable {
    var variant: String
    /// The baseline of the base.
    var baseline = ""
    var figures: [Line] = []
    /// Policies that only the variant runs, against the baseline of the base.
    var added: [Line] = []
    var zones: [Line] = []
    var notes: [String] = []
    /// The work left undone under each policy that both run.
    var work: [WhatIfWork] = []
    /// Codes of zones that an event of base or variant names: they are listed also if nothing moved there.
    var eventZones: Set<String> = []
    /// The event that the page's maps show.
    var event: ShownEvent?
    /// The events that it adds, changes or leaves out.
    var events: [String] = []
    /// One sentence per requirement, with true if a policy stops or begins to meet it.
    var requirements: [(text: String, isChange: Bool)] = []
    /// Reasons why less capacity changed nothing.
    var reasons: [String] = []
    /// Changes by its overrides.
    var keys: [OverrideChange] = []
    /// Policies that push work past the clock in base or variant, marked with `†`.
    var late: [String] = []
    /// The meaning of the mark.
    var legend: [String] = []
  }

  let scenario: String
  let replications: Int
  let confidence: Double
  let currency: Currency
  var changes: [Change] = []
  /// Sources of the differences between the replications of base and variants.
  var variation = Variation([])
  var notes: [String]
  /// True if the user chose the metrics: others may have changed.
  var isNarrowed = false

  init(scenario: String, replications: Int, confidence: Double, currency: Currency, notes: [String]) {
    self.scenario = scenario
    self.replications = replications
    self.confidence = confidence
    self.currency = currency
    self.notes = notes + [currency.metricNote].compactMap { $0 }
  }

  /// - Parameter all: whether text and Markdown have the figures that did not change too, as CSV and JSON always do.
  public func written(as format: ResultComparison.Format, all: Bool = false) -> String {
    switch format {
    case .text:
      return page(all, prose: { $0 }, heading: { ([$0] + $1).joined(separator: "\n") }) {
        TextTable.text(TextTable.aligned($0, mark: "*"), left: $1)
      }
    case .markdown:
      let heading = { (name: String, events: [String]) in
        (["### \(MarkdownText.escaped(name))"] + events.map(MarkdownText.escaped)).joined(separator: "\n\n")
      }
      return page(all, prose: MarkdownText.escaped, heading: heading) { MarkdownTable.text($0, left: $1) }
    case .csv: return csv
    case .json: return json
    }
  }

  private func page(
    _ all: Bool, prose: (String) -> String, heading: (_ name: String, _ events: [String]) -> String,
    table: ([[String]], Int) -> String
  ) -> String {
    var parts = [prose(title)]
    parts += (notes + [certaintyNote].compactMap { $0 }).map { prose("note: \($0)") }
    for change in changes {
      parts.append(heading("variant \(change.variant)", change.events))
      // A saving of work that was not done is none: that comes first.
      parts += change.work.compactMap(\.sentence).map(prose)
      parts += change.requirements.map { prose($0.text) }
      parts += change.notes.map { prose("note: \($0)") }
      let shown = change.figures.filter { all || $0.isShown }
      let figures = figureTable(change, shown)
      if figures.count > 1 {
        parts.append(table(figures, 2))
        parts += (change.requirementLegend(shown) + change.legend(of: figures)).map(prose)
      }
      if let heading = change.addedHeading {
        parts.append(prose("\(heading):"))
        let figures = figureTable(change, change.added, base: "\(change.baseline), base")
        parts.append(table(figures, 2))
        parts += (change.requirementLegend(change.added) + change.legend(of: figures)).map(prose)
      }
      parts += (sentences(change, all) + change.reasons).map(prose)
      let moved = zoneTable(change)
      if moved.count > 1 { parts.append(table(moved, 2)) }
    }
    return parts.joined(separator: "\n\n")
  }

  var title: String {
    let count = counted(replications, "replication")
    let percent = String(format: "%g", confidence * 100)
    let varied = variation.heading(replications: replications)
    let intervals = replications > 1 && !variation.isEmpty ? ", \(percent) % intervals" : ""
    let basis = replications > 1 ? "; \(variation.affectsAll ? "intervals " : "")\(varied)" : ""
    return "\(scenario), \(count)\(intervals); differences are variant − base\(basis)"
  }

  /// Figures of base and variant, the heading first.
  private func figureTable(_ change: Change, _ shown: [Line], base: String = "base") -> [[String]] {
    let units = EmissionUnit.units(shown.map { ($0.metric, [$0.base, $0.variant]) })
    return TextTable.withoutEmptyColumns(
      [["policy", "metric", base, "variant", "difference", "± half width", "%", "verdict"]]
        + shown.map { line in
          let unit = units[line.metric] ?? .kilograms
          var cells = WhatIfReport.cells(line, times: unit.factor)
          // A percentage of a percentage is easily taken for one of the two.
          if line.isPercentage, line.difference != nil { cells[2] += " points" }
          if line.missesBase { cells[0] += "*" }
          if line.missesVariant { cells[1] += "*" }
          return [change.marked(line.policy), unit.title(of: line.metric)] + cells + [
            WhatIfReport.share(line), line.verdict?.rawValue ?? "–",
          ]
        }, names: ["± half width", "%", "verdict"])
  }

  /// Metrics that did not change, with their values.
  ///
  /// - Parameter value: a metric with the value of both.
  func sentences(
    _ change: Change, _ all: Bool = false, value: (Line) -> String = WhatIfReport.value
  ) -> [String] {
    var lines: [String] = []
    let policies = change.figures.reduce(into: [String]()) { if !$0.contains($1.policy) { $0.append($1.policy) } }
    for policy in all ? [] : policies {
      let own = change.figures.filter { $0.policy == policy }
      let same = own.filter { !$0.isShown }.map { value($0) + ($0.missesVariant ? "*" : "") }
      guard !same.isEmpty else { continue }
      lines.append(
        same.count == own.count && !isNarrowed
          ? "\(policy): nothing changed (\(same.joined(separator: ", ")))"
          : "\(policy): unchanged: \(same.joined(separator: ", "))")
    }
    let hasMoved = change.zones.contains { jobs in
      guard jobs.metric == "jobs_started", let energy = WhatIfReport.energy(of: jobs, change) else { return false }
      return WhatIfReport.word(jobs, energy) != nil
    }
    if !hasMoved, !change.figures.isEmpty { lines.append(noZoneMoved(change)) }
    return lines
  }

  /// `sla_met_pct 91`, the value of both.
  static func value(_ line: Line) -> String {
    guard let base = line.base else { return "\(line.metric) none" }
    let unit = EmissionUnit.units([(line.metric, [base])])[line.metric] ?? .kilograms
    return "\(unit.title(of: line.metric)) \(cells(line, times: unit.factor)[0])"
  }

  /// Zones may differ by less than their intervals.
  private func noZoneMoved(_ change: Change) -> String {
    guard change.zones.contains(where: \.isChanged) else { return "no zone gained or lost work" }
    let percent = String(format: "%g", confidence * 100)
    return "no zone certainly gained or lost work: the \(percent) % interval of every difference includes 0"
  }

  private static func energy(of jobs: Line, _ change: Change) -> Line? {
    change.zones.first { $0.metric == "energy_kwh" && $0.zone == jobs.zone && $0.policy == jobs.policy }
  }

  /// The heading of the column that says which zones gained or lost work. More jobs may be less work.
  static let workHeading = "work by kWh"

  /// Zones whose part in the work changed, and those of events.
  func zoneLines(_ change: Change) -> [(jobs: Line, energy: Line, word: String)] {
    change.zones.filter { $0.metric == "jobs_started" }.compactMap { jobs in
      guard let energy = WhatIfReport.energy(of: jobs, change) else { return nil }
      let isOfEvent = change.eventZones.contains(jobs.zone ?? "")
      let word = WhatIfReport.word(jobs, energy) ?? (isOfEvent ? WhatIfReport.unmoved(jobs, energy) : nil)
      return word.map { (jobs, energy, $0) }
    }
  }

  private func zoneTable(_ change: Change) -> [[String]] {
    let heading = [
      "policy", "zone", "jobs", "variant jobs", "more jobs", "± jobs", "more kWh", "± kWh", WhatIfReport.workHeading,
    ]
    let lines = zoneLines(change).map { jobs, energy, word in
      [jobs.policy, jobs.zone ?? ""] + WhatIfReport.cells(jobs) + WhatIfReport.cells(energy).suffix(2) + [word]
    }
    return TextTable.withoutEmptyColumns([heading] + lines, names: ["± jobs", "± kWh"])
  }

  /// `gained` or `lost`, by a zone's energy or else its jobs; `nil` if neither differs by more than its interval. With a
  /// single replication there is no interval, and any difference counts.
  private static func word(_ jobs: Line, _ energy: Line) -> String? {
    for line in [energy, jobs] {
      let size = max(abs(line.base ?? 0), abs(line.variant ?? 0))
      // What is lost in rounding is no work.
      guard let difference = line.difference, abs(difference.mean) > 1e-9 * size else { continue }
      if let width = difference.halfWidth, abs(difference.mean) <= width { continue }
      return difference.mean > 0 ? "gained" : "lost"
    }
    return nil
  }

  /// Word for a zone that neither gained nor lost: `same` if nothing changed, else `can't tell`.
  private static func unmoved(_ jobs: Line, _ energy: Line) -> String {
    jobs.isChanged || energy.isChanged ? "can't tell" : "same"
  }

  private static func cells(_ line: Line, times factor: Double = 1) -> [String] {
    func text(_ value: Double?, _ digits: Int = 6) -> String {
      guard let value = value.map({ $0 * factor }) else { return "–" }
      // Counts are whole.
      return value == value.rounded() && abs(value) < 1e9
        ? "\(Int64(value))" : ComparisonText.number(value, digits: digits)
    }
    return [
      text(line.base), text(line.variant), text(line.difference?.mean, 5),
      line.difference?.halfWidth.map { "± " + ComparisonText.number($0 * factor, digits: 3) } ?? "–",
    ]
  }

  /// The difference in percent of the base.
  static func share(_ line: Line) -> String {
    guard !line.isPercentage, let base = line.base, base != 0, let difference = line.difference else { return "–" }
    return String(format: "%+.2f", 100 * difference.mean / abs(base))
  }
}
