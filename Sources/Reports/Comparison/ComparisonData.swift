internal import Domain
internal import Metrics
internal import Results
internal import Runs

/// A comparison for programs: numbers are written so that they read back the same.
struct ComparisonData {
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  private static let columns = [
    "kind", "metric", "policy", "against", "n", "mean", "standard_deviation", "half_width", "low", "high",
    "bootstrap_low", "bootstrap_high", "verdict",
  ]

  /// One line a mean (`kind` mean) and a difference (`kind` difference).
  var csv: String {
    let means = comparison.estimates.map { line -> [CSVCell] in
      [.text("mean"), .text(line.metric), .text(line.subject), .text("")]
        + ComparisonData.figures(line.estimate) + [.text("")]
    }
    let differences = comparison.differences.map { line -> [CSVCell] in
      [.text("difference"), .text(line.metric), .text(line.subject), .text(line.reference)]
        + ComparisonData.figures(line.estimate) + [.text(line.verdict?.rawValue ?? "")]
    }
    return CSVText.table(ComparisonData.columns, means + differences)
  }

  func json(scenario: String, _ currency: Currency, notes: [String]) -> String {
    let means = comparison.estimates.map { line in
      ComparisonData.object(
        [("metric", JSON.text(line.metric)), ("policy", JSON.text(line.subject))], line.estimate, [])
    }
    let differences = comparison.differences.map { line in
      ComparisonData.object(
        [
          ("metric", JSON.text(line.metric)), ("policy", JSON.text(line.subject)),
          ("against", JSON.text(line.reference)),
        ], line.estimate, [("verdict", line.verdict.map { JSON.text($0.rawValue) } ?? "null")])
    }
    let list = { (items: [String]) in "[\n    " + items.joined(separator: ",\n    ") + "\n  ]" }
    return """
      {
        "scenario": \(JSON.text(scenario)),
        "currency": \(JSON.text(currency.code)),
        "replications": \(comparison.replications),
        "confidence": \(comparison.confidence),
        "notes": [\(notes.map { JSON.text($0) }.joined(separator: ", "))],
        "varied": \(comparison.variation.map { JSON.texts($0.sources.map(\.rawValue)) } ?? "null"),
        "means": \(list(means)),
        "differences": \(list(differences))
      }
      """
  }

  private static func object(
    _ head: [(String, String)], _ estimate: MeanEstimate?, _ tail: [(String, String)]
  ) -> String {
    let middle = zip(columns[4..<12], numbers(estimate)).map { ($0, $1 ?? "null") }
    return "{" + (head + middle + tail).map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  private static func numbers(_ estimate: MeanEstimate?) -> [String?] {
    figures(estimate).map { cell in
      switch cell {
      case .text(let text), .digits(let text): text
      case .number(let value): value.map { MetricsCSV.cell($0) }
      case .whole(let number): String(number)
      }
    }
  }

  /// The columns from `n` to `bootstrap_high`.
  private static func figures(_ estimate: MeanEstimate?) -> [CSVCell] {
    guard let estimate else { return [.whole(0)] + Array(repeating: .number(nil), count: 7) }
    let mean = estimate.mean
    let width = estimate.halfWidth
    let numbers: [Double?] = [
      mean, estimate.standardDeviation, width, width.map { mean - $0 }, width.map { mean + $0 },
      estimate.bootstrap?.lowerBound, estimate.bootstrap?.upperBound,
    ]
    return [.whole(estimate.count)] + numbers.map { .number($0) }
  }
}
