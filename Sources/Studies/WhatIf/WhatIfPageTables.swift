internal import Domain
internal import Metrics
internal import Reports
internal import Runs

/// The page's tables and sentences: titles and units as in a report, where text, CSV and JSON have the metrics' names.
extension WhatIfReport {
  /// One unit of emissions for the whole page, so that its numbers can be compared.
  private var emissions: EmissionUnit {
    let lines = changes.flatMap { $0.figures + $0.added }.filter { $0.metric == Metric.carbon.name }
    return EmissionUnit(fitting: lines.flatMap { [$0.base, $0.variant] })
  }

  func column(_ metric: Metric, isDifference: Bool = false) -> ReportColumn {
    ReportColumn(metric, emissions: emissions, currency: currency.code, isDifference: isDifference)
  }

  /// Figures of base and variant, the heading first.
  func pageFigures(_ change: Change, _ lines: [Line], base: String = "base") -> [[String]] {
    let head = ["policy", "metric", base, "variant", "difference", "%", "verdict"]
    let rows = lines.compactMap { line -> [String]? in
      guard let metric = Metric(rawValue: line.metric) else { return nil }
      let (column, difference) = (column(metric), column(metric, isDifference: true))
      func text(_ value: Double?, _ isMissed: Bool) -> String {
        (value.map { column.text($0, plusMinus: nil) } ?? "–") + (isMissed ? "*" : "")
      }
      let isOfPoints = [.percent, .share].contains(metric.definition.unit)
      let more = line.difference.map { own in
        (own.mean > 0 ? "+" : "") + difference.text(own.mean, plusMinus: own.halfWidth)
          + (isOfPoints ? "\u{A0}points" : "")
      }
      let share = isOfPoints ? "–" : WhatIfReport.share(line).replacing("-", with: "−")
      return [
        change.marked(line.policy), column.title, text(line.base, line.missesBase),
        text(line.variant, line.missesVariant), more ?? "–", share,
        line.verdict?.rawValue ?? "–",
      ]
    }
    return TextTable.withoutEmptyColumns([head] + rows, names: ["%", "verdict"])
  }

  /// Zones that gained or lost work, and those of events, the heading first.
  ///
  /// - Parameter names: of the zones, by code.
  func pageZones(_ change: Change, names: [String: String]) -> [[String]] {
    let head = ["policy", "zone", "jobs", "variant jobs", "more jobs", "more kWh", WhatIfReport.workHeading]
    return [head]
      + zoneLines(change).map { jobs, energy, word in
        let code = jobs.zone ?? ""
        let name = names[code].flatMap { $0.isEmpty || $0 == code ? nil : " (\($0))" } ?? ""
        let counts = [jobs.base, jobs.variant].map { $0.map { ReportNumber.count(mean: $0) } ?? "–" }
        let more = [jobs, energy].map { line in
          line.difference.map { ReportNumber.text($0.mean, plusMinus: $0.halfWidth) } ?? "–"
        }
        return [jobs.policy, code + name] + counts + more + [word]
      }
  }

  /// Metrics that did not change, with their values.
  func pageSentences(_ change: Change) -> [String] {
    sentences(change) { line in
      guard let metric = Metric(rawValue: line.metric) else { return WhatIfReport.value(line) }
      let value = line.base.map { column(metric).amount($0) } ?? "without a value"
      return "\(metric.definition.title) \(value)"
    }
  }
}
