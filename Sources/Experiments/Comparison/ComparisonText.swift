internal import Foundation
internal import Metrics

/// A comparison for people.
struct ComparisonText {
  private let comparison: Comparison
  private let title: String
  private let subject: String

  /// - Parameter subject: what is compared, as the heading of a column.
  init(_ comparison: Comparison, title: String, subject: String = "policy") {
    self.comparison = comparison
    self.title = title
    self.subject = subject
  }

  private var percent: String { String(format: "%g", comparison.confidence * 100) }

  var text: String {
    var parts = ["\(title), \(percent) % intervals", TextTable.text(means, left: 2)]
    if !comparison.differences.isEmpty {
      parts += [
        "differences, \(subject) − against, replication by replication", TextTable.text(differences, left: 3),
      ]
    }
    return parts.joined(separator: "\n\n")
  }

  var markdown: String {
    var parts = ["### \(MarkdownText.escaped(title))", "\(percent) % intervals.", MarkdownTable.text(means, left: 2)]
    if !comparison.differences.isEmpty {
      parts += ["Differences, replication by replication:", MarkdownTable.text(differences, left: 3)]
    }
    return parts.joined(separator: "\n\n")
  }

  private var means: [[String]] {
    [["metric", subject, "n", "mean", "± half width", "sd", "bootstrap"]]
      + comparison.estimates.map { line in
        [line.metric, line.subject] + ComparisonText.cells(line.estimate)
      }
  }

  private var differences: [[String]] {
    [["metric", subject, "against", "n", "mean", "± half width", "sd", "bootstrap", "verdict"]]
      + comparison.differences.map { line in
        [line.metric, line.subject, line.reference] + ComparisonText.cells(line.estimate) + [line.verdict.rawValue]
      }
  }

  private static func cells(_ estimate: MeanEstimate?) -> [String] {
    guard let estimate else { return ["0", "–", "–", "–", "–"] }
    let bootstrap = estimate.bootstrap.map { "\(number($0.lowerBound)) … \(number($0.upperBound))" }
    return [
      String(estimate.count), number(estimate.mean), estimate.halfWidth.map { "± " + number($0, digits: 3) } ?? "–",
      estimate.standardDeviation.map { number($0, digits: 4) } ?? "–", bootstrap ?? "–",
    ]
  }

  /// So many significant digits, and never fewer than those before the point.
  static func number(_ value: Double, digits: Int = 6) -> String {
    guard value != 0, abs(value) >= 1e-5, abs(value) < 1e12 else { return String(format: "%.\(digits)g", value) }
    let decimals = max(0, digits - 1 - Int(log10(abs(value)).rounded(.down)))
    return String(format: "%.\(decimals)f", value)
  }
}

/// Columns for a page: texts to the left, numbers to the right.
enum MarkdownTable {
  static func text(_ lines: [[String]], left: Int = 1) -> String {
    guard let heading = lines.first else { return "" }
    let rule = heading.indices.map { $0 < left ? "---" : "--:" }
    return ([heading, rule] + lines.dropFirst()).map { line in
      "| " + line.map(cell).joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  /// Names of metrics and policies stay as they are; what would end a line or begin a tag does not.
  static func cell(_ text: String) -> String {
    text.unicodeScalars.contains { "&<>\n\r`[]".unicodeScalars.contains($0) || !PageText.isWritable($0) }
      ? MarkdownText.escaped(text) : text.replacing("|", with: "\\|")
  }
}
