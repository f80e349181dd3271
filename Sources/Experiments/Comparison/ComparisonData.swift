internal import Metrics
internal import Store

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
    var lines = [ComparisonData.columns.joined(separator: ",")]
    for line in comparison.estimates {
      let cells = ComparisonData.numbers(line.estimate).map { $0 ?? "" }
      lines.append(
        (["mean", TextTable.cell(line.metric), TextTable.cell(line.subject), ""] + cells + [""]).joined(separator: ","))
    }
    for line in comparison.differences {
      let cells = ComparisonData.numbers(line.estimate).map { $0 ?? "" }
      let verdict = line.verdict.rawValue
      lines.append(
        (["difference", line.metric, line.subject, line.reference].map(TextTable.cell) + cells + [verdict]).joined(
          separator: ","))
    }
    return lines.joined(separator: "\n")
  }

  func json(scenario: String) -> String {
    let means = comparison.estimates.map { line in
      ComparisonData.object(
        [("metric", JSON.text(line.metric)), ("policy", JSON.text(line.subject))], line.estimate, [])
    }
    let differences = comparison.differences.map { line in
      ComparisonData.object(
        [
          ("metric", JSON.text(line.metric)), ("policy", JSON.text(line.subject)),
          ("against", JSON.text(line.reference)),
        ], line.estimate, [("verdict", JSON.text(line.verdict.rawValue))])
    }
    let list = { (items: [String]) in "[\n    " + items.joined(separator: ",\n    ") + "\n  ]" }
    return """
      {
        "scenario": \(JSON.text(scenario)),
        "replications": \(comparison.replications),
        "confidence": \(comparison.confidence),
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

  /// What stands from `n` to `bootstrap_high`.
  private static func numbers(_ estimate: MeanEstimate?) -> [String?] {
    guard let estimate else { return ["0"] + Array(repeating: nil, count: 7) }
    let mean = estimate.mean
    let width = estimate.halfWidth
    let numbers: [Double?] = [
      mean, estimate.standardDeviation, width, width.map { mean - $0 }, width.map { mean + $0 },
      estimate.bootstrap?.lowerBound, estimate.bootstrap?.upperBound,
    ]
    return [String(estimate.count)] + numbers.map { $0.map { MetricsCSV.cell($0) } }
  }
}

enum JSON {
  /// A text in quotes (RFC 8259 §7).
  static func text(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": written += "\\\(scalar)"
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        written += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written + "\""
  }
}
