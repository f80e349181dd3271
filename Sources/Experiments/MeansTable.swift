internal import Domain
internal import Foundation
internal import Metrics

/// What `pylon run` ends with where there are several replications: means with the half widths of their intervals.
enum MeansTable {
  private static let columns: [(title: String, metric: String, digits: Int, factor: Double)] = [
    ("done", "jobs_completed", 0, 1), ("carbon", "carbon_kg", 2, 1), ("carbon saved %", "carbon_savings_pct", 2, 1),
    ("cost", "cost_gbp", 2, 1), ("cost saved %", "cost_savings_pct", 2, 1), ("SLA %", "sla_met_pct", 2, 1),
    ("mean wait s", "wait_mean_s", 1, 1), ("CPU %", "utilization_cpu", 2, 100),
  ]

  static func text(_ result: ScenarioResult, _ currency: Currency, confidence: Double = 0.95) -> String {
    let hasLate = result.runs.contains { ($0.figure("jobs_ended_after_clock") ?? 0) > 0 }
    let hasLeft = result.runs.contains { ($0.left ?? 0) > 0 }
    let hasFailed = result.runs.contains { $0.failed > 0 }
    let unit = EmissionUnit(fitting: result.runs.map { $0.figure("carbon_kg") })
    var columns =
      columns + (hasLate ? [("after clock", "jobs_ended_after_clock", 0, 1)] : [])
      + (hasLeft ? [("unfinished", RunResult.leftJobs, 0, 1)] : [])
      + (hasFailed ? [("failed", "jobs_failed", 0, 1)] : [])
      + (result.hasRejected ? [("rejected", "jobs_rejected", 0, 1)] : [])
    for place in columns.indices {
      switch columns[place].metric {
      case "carbon_kg":
        columns[place].title += " \(unit.name)"
        columns[place].factor = unit.factor
      case "cost_gbp": columns[place].title += " \(currency.code)"
      default: continue
      }
    }
    let standings = result.standings
    let variation = result.effectiveVariation
    var lines = [["policy"] + columns.map(\.title)]
    for label in result.labels {
      lines.append(
        [label + standings.marks(label)]
          + columns.map { column in
            let values = result.values(column.metric, of: label).compactMap { $0 }
            guard !values.isEmpty else { return "–" }
            let estimate = MeanEstimate(values, confidence: confidence)
            let mean = text(estimate.mean * column.factor, column.digits)
            let mark = standings.figureMark(column.metric, label)
            // A figure that is the same in every replication has no interval.
            guard !variation.isEmpty, let width = estimate.halfWidth else { return mean + mark }
            return mean + " ± " + MeansTable.width(width * column.factor, column.digits) + mark
          })
    }
    let heading = variation.heading(replications: result.replications)
    let percent = String(format: "%g", confidence * 100)
    return TextTable.text(TextTable.aligned(lines, mark: "‡")) + "\n"
      + (variation.affectsAll
        ? "mean ± half width of the \(percent) % interval \(heading)"
        : heading + (variation.isEmpty ? "" : " (half width of the \(percent) % interval)"))
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    // What rounds to nothing has no sign.
    return text.first == "-" && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
  }

  /// A half width that rounds to nothing is one all the same: `<0.01`.
  private static func width(_ value: Double, _ digits: Int) -> String {
    let text = text(value, digits)
    if text.contains(where: { "123456789".contains($0) }) { return text }
    return digits == 0 ? "<1" : "<0." + String(repeating: "0", count: digits - 1) + "1"
  }
}
