package import Domain
package import Metrics

/// A metric as pages show it: its title with the unit, and numbers in that unit.
package struct ReportColumn {
  package let metric: Metric
  package let title: String
  /// The unit behind a number, with its space; empty for numbers of jobs, and for times, which have their own.
  private let unit: String
  /// From the stored unit to the shown one.
  private let factor: Double

  /// - Parameters:
  ///   - emissions: the unit of kilograms on this page.
  ///   - currency: the code of the costs.
  ///   - isDifference: percentages differ by points.
  package init(_ metric: Metric, emissions: EmissionUnit, currency: String, isDifference: Bool = false) {
    let definition = metric.definition
    self.metric = metric
    let unit: String?
    switch definition.unit {
    case .kilograms: (unit, factor) = ("\(emissions.name)CO₂", emissions.factor)
    case .currency: (unit, factor) = (currency, 1)
    case .percent: (unit, factor) = (isDifference ? "points" : "%", 1)
    case .share: (unit, factor) = (isDifference ? "points" : "%", 100)
    // Spans of time have a unit of their own in every cell.
    case .seconds, .jobs: (unit, factor) = (nil, 1)
    case .grams, .kilowattHours, .jobsPerHour: (unit, factor) = (definition.unit.symbol(.gbp), 1)
    }
    let name = definition.title.replacing(" %", with: "\u{A0}%")
    title = name + (unit.map { ", \($0)" } ?? "")
    self.unit = unit.map { "\u{A0}\($0)" } ?? ""
  }

  /// A stored value in the column's unit.
  package func text(_ value: Double, plusMinus width: Double?) -> String {
    let (value, width) = (value * factor, width.map { $0 * factor })
    switch metric.definition.unit {
    case .seconds: return ReportNumber.span(seconds: value, plusMinus: width)
    case .percent, .share: return ReportNumber.percent(value, plusMinus: width)
    default: return ReportNumber.text(value, plusMinus: width)
    }
  }

  /// A stored value with the unit, for sentences: `3.51 kgCO₂`.
  package func amount(_ value: Double, plusMinus width: Double? = nil) -> String {
    text(value, plusMinus: width) + unit
  }
}
