package import Domain
internal import Foundation
internal import Metrics

/// The table that `pylon run` prints last if there are several replications: means with the half widths of their
/// intervals.
package enum MeansTable {
  package static func text(_ result: ScenarioResult, _ currency: Currency, confidence: Double = 0.95) -> String {
    let table = RunTable(result, currency, carbonDigits: 2)
    let standings = result.standings
    let variation = result.effectiveVariation
    var lines = [table.headings]
    for label in result.labels {
      lines.append(
        [label + standings.marks(label)]
          + table.columns.map { column in
            let values = result.values(column.figure, of: label).compactMap { $0 }
            guard !values.isEmpty else { return "–" }
            let estimate = MeanEstimate(values, confidence: confidence)
            let mean = RunTable.text(estimate.mean * column.factor, column.digits)
            let mark = standings.figureMark(column.figure, label)
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

  /// A half width that rounds to nothing is one all the same: `<0.01`.
  private static func width(_ value: Double, _ digits: Int) -> String {
    let text = RunTable.text(value, digits)
    if text.contains(where: { "123456789".contains($0) }) { return text }
    return digits == 0 ? "<1" : "<0." + String(repeating: "0", count: digits - 1) + "1"
  }
}
