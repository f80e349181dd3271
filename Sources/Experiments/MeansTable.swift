internal import Foundation
internal import Metrics

/// What `pylon run` ends with where there are several replications: means with the half widths of their intervals.
enum MeansTable {
  private static let columns: [(title: String, metric: String, digits: Int, factor: Double)] = [
    ("jobs", "jobs_completed", 0, 1), ("carbon kg", "carbon_kg", 2, 1), ("saved %", "carbon_savings_pct", 2, 1),
    ("cost GBP", "cost_gbp", 2, 1), ("saved %", "cost_savings_pct", 2, 1), ("SLA %", "sla_met_pct", 2, 1),
    ("mean wait s", "wait_mean_s", 1, 1), ("CPU %", "utilization_cpu", 2, 100),
  ]

  static func text(_ result: ScenarioResult, confidence: Double = 0.95) -> String {
    var lines = [["policy"] + columns.map(\.title)]
    for label in result.labels {
      lines.append(
        [label]
          + columns.map { column in
            let moments = SampleMoments(result.values(column.metric, of: label).compactMap { $0 })
            guard moments.count > 0 else { return "–" }
            let mean = String(format: "%.\(column.digits)f", moments.mean * column.factor)
            guard let width = moments.halfWidth(confidence: confidence) else { return mean }
            return mean + " ± " + String(format: "%.\(column.digits)f", width * column.factor)
          })
    }
    let percent = String(format: "%g", confidence * 100)
    return TextTable.text(lines)
      + "\nmean ± half width of the \(percent) % interval over \(result.replications) replications"
  }
}
