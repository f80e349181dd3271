internal import Domain
internal import Foundation
internal import Metrics

/// The columns of the tables that `pylon run` prints: one row per run, or means per policy.
struct RunTable {
  /// A column after the policy's name.
  struct Column {
    var heading: String
    /// A name that ``RunResult/figure(_:)`` knows.
    var figure: String
    var digits: Int
    /// From the stored unit to the printed one.
    var factor = 1.0
  }

  private static let metrics: [Metric] = [
    .jobsCompleted, .carbon, .carbonSavings, .cost, .costSavings, .deadlinesMet, .waitMean, .utilizationCPU,
  ]

  let columns: [Column]

  /// Columns of jobs that ended late, were left, failed or were rejected are there if any policy has such jobs.
  ///
  /// - Parameter carbonDigits: decimals of emissions.
  init(_ result: ScenarioResult, _ currency: Currency, carbonDigits: Int) {
    let unit = EmissionUnit(fitting: result.runs.map { $0.figure(Metric.carbon.name) })
    var columns = RunTable.metrics.map { metric in
      var column = Column(
        heading: metric.definition.heading, figure: metric.name, digits: metric.definition.unit.digits)
      switch metric.definition.unit {
      case .kilograms:
        (column.heading, column.factor, column.digits) = (column.heading + " \(unit.name)", unit.factor, carbonDigits)
      case .currency: column.heading += " \(currency.code)"
      case .share: column.factor = 100
      default: break
      }
      return column
    }
    func add(_ metric: Metric, figure: String? = nil, heading: String? = nil) {
      let figure = figure ?? metric.name
      guard result.runs.contains(where: { ($0.figure(figure) ?? 0) > 0 }) else { return }
      columns.append(Column(heading: heading ?? metric.definition.heading, figure: figure, digits: 0))
    }
    add(.jobsEndedAfterClock)
    add(.jobsUnfinished, figure: RunResult.leftJobs)
    add(.jobsUnfinished, figure: RunResult.failedJobs, heading: "failed")
    add(.jobsRejected)
    self.columns = columns
  }

  var headings: [String] { ["policy"] + columns.map(\.heading) }

  /// A number with so many decimals; one that rounds to zero has no sign.
  static func text(_ value: Double, _ digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    return text.first == "-" && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
  }
}
