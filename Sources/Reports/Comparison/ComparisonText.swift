internal import Domain
internal import Foundation
package import Metrics
internal import Runs

/// A comparison for people.
package struct ComparisonText {
  private let comparison: Comparison
  private let title: String
  private let subject: String
  private let note: String?

  /// - Parameter subject: what is compared, as the heading of a column.
  package init(_ comparison: Comparison, title: String, subject: String = "policy", note: String? = nil) {
    self.note = note
    self.comparison = comparison
    self.title = title
    self.subject = subject
    units = EmissionUnit.units(comparison.estimates.map { ($0.metric, [$0.estimate?.mean]) })
  }

  /// Units of the metrics in kg, by metric.
  private let units: [String: EmissionUnit]

  private var percent: String { String(format: "%g", comparison.confidence * 100) }

  /// Basis of the intervals.
  private var basis: String {
    guard comparison.replications > 1 else { return "no intervals" }
    guard let variation = comparison.variation else { return "\(percent) % intervals" }
    let heading = variation.heading(replications: comparison.replications)
    return variation.isEmpty ? heading : "\(percent) % intervals\(variation.affectsAll ? " " : ", ")\(heading)"
  }

  /// Why there are no verdicts, and how there could be some.
  private var remedy: [String] {
    guard !comparison.differences.isEmpty else { return [] }
    let isOneOutcome = comparison.variation?.isEmpty == true
    if comparison.replications > 1 { return isOneOutcome ? ["note: \(Variation.remedy)"] : [] }
    if isOneOutcome { return [] }
    return ["note: one replication gives no intervals and no verdicts; replications: 10 in the scenario gives both"]
  }

  package var text: String {
    var parts = ["\(title), \(basis)", TextTable.text(means, left: 2)]
    if !comparison.differences.isEmpty {
      parts += [
        "differences, \(subject) − against, replication by replication", TextTable.text(differences, left: 3),
      ]
    }
    if let note { parts.append("note: \(note)") }
    return (parts + remedy).joined(separator: "\n\n")
  }

  package var markdown: String {
    var parts = ["### \(MarkdownText.escaped(title))", "\(basis).", MarkdownTable.text(means, left: 2)]
    if !comparison.differences.isEmpty {
      parts += ["Differences, replication by replication:", MarkdownTable.text(differences, left: 3)]
    }
    if let note { parts.append("note: \(note)") }
    return (parts + remedy).joined(separator: "\n\n")
  }

  private var means: [[String]] {
    TextTable.withoutEmptyColumns(
      [["metric", subject, "n", "mean", "± half width", "sd", "bootstrap"]]
        + comparison.estimates.map { line in
          let unit = units[line.metric] ?? .kilograms
          return [unit.title(of: line.metric), line.subject] + ComparisonText.cells(line.estimate, times: unit.factor)
        })
  }

  private var differences: [[String]] {
    TextTable.withoutEmptyColumns(
      [["metric", subject, "against", "n", "mean", "± half width", "sd", "bootstrap", "verdict"]]
        + comparison.differences.map { line in
          let unit = units[line.metric] ?? .kilograms
          let points = line.metric.hasSuffix("_pct") ? ", points" : ""
          return [unit.title(of: line.metric) + points, line.subject, line.reference]
            + ComparisonText.cells(line.estimate, times: unit.factor) + [line.verdict?.rawValue ?? "–"]
        }, names: ["± half width", "sd", "bootstrap", "verdict"])
  }

  private static func cells(_ estimate: MeanEstimate?, times factor: Double) -> [String] {
    guard let estimate else { return ["0", "–", "–", "–", "–"] }
    let bootstrap = estimate.bootstrap.map {
      "\(number($0.lowerBound * factor)) … \(number($0.upperBound * factor))"
    }
    return [
      String(estimate.count), number(estimate.mean * factor),
      estimate.halfWidth.map { "± " + number($0 * factor, digits: 3) } ?? "–",
      estimate.standardDeviation.map { number($0 * factor, digits: 4) } ?? "–", bootstrap ?? "–",
    ]
  }

  /// So many significant digits, and never fewer than those before the point.
  package static func number(_ value: Double, digits: Int = 6) -> String {
    guard value != 0, abs(value) >= 1e-5, abs(value) < 1e12 else { return String(format: "%.\(digits)g", value) }
    let decimals = max(0, digits - 1 - Int(log10(abs(value)).rounded(.down)))
    return String(format: "%.\(decimals)f", value)
  }
}

/// Columns for a page: texts to the left, numbers to the right.
package enum MarkdownTable {
  package static func text(_ lines: [[String]], left: Int = 1) -> String {
    escaped(lines.map { $0.map(cell) }, left: left)
  }

  /// Lays out cells that are Markdown already.
  package static func escaped(_ lines: [[String]], left: Int = 1) -> String {
    guard let heading = lines.first else { return "" }
    let rule = heading.indices.map { $0 < left ? "---" : "--:" }
    return ([heading, rule] + lines.dropFirst()).map { line in
      "| " + line.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  /// Names of metrics and policies stay as they are; texts with anything that Markdown could take for markup do not.
  package static func cell(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || " _-.,;:()%+±−–…/='".unicodeScalars.contains($0)
    }
    return isPlain && !text.hasPrefix("_") && !text.contains(" _") ? text : MarkdownText.escaped(text)
  }
}
