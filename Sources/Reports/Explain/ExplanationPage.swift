internal import Domain
internal import ResultReading
internal import Runs

/// An explanation in words: sections of sentences, and a table.
struct ExplanationPage {
  private let explanation: JobExplanation
  private let words: ExplanationWords

  init(_ explanation: JobExplanation) {
    self.explanation = explanation
    words = ExplanationWords(explanation)
  }

  private var title: String {
    "\(explanation.job.jobId) under \(explanation.policy), replication \(explanation.replication) "
      + "(run \(explanation.runId) of \(explanation.scenario))"
  }

  private var sections: [(heading: String, lines: [String])] {
    [
      ("The job", words.job), ("Outcome", words.outcome), ("Why", words.reasons),
      ("Waiting", words.waiting),
      ("Forecast and reality", words.forecast),
    ]
  }

  private static let tableHeading = "Alternatives, with the actual trace"

  var text: String {
    var lines = [title]
    for section in sections where !section.lines.isEmpty {
      lines.append("\n\(section.heading)")
      lines += section.lines.map { "  \($0)" }
    }
    if !words.table.isEmpty {
      lines.append("\n\(ExplanationPage.tableHeading)")
      lines += TextTable.text(words.table).split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
    lines += words.hindsight.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  var markdown: String {
    var lines = ["## \(MarkdownText.escaped(title))"]
    for section in sections where !section.lines.isEmpty {
      lines += ["", "### \(section.heading)", ""]
      // A line that is set in belongs to the one before it.
      lines += section.lines.map {
        $0.hasPrefix("  ")
          ? "  - \(MarkdownText.escaped(String($0.dropFirst(2))))" : "- \(MarkdownText.escaped($0))"
      }
    }
    if let head = words.table.first {
      lines += [
        "", "### \(ExplanationPage.tableHeading)", "", row(head),
        row(head.enumerated().map { $0.offset == 0 ? "---" : "--:" }),
      ]
      lines += words.table.dropFirst().map { row($0) }
    }
    if !words.hindsight.isEmpty { lines.append("") }
    lines += words.hindsight.map { "- \(MarkdownText.escaped($0))" }
    return lines.joined(separator: "\n")
  }

  private func row(_ cells: [String]) -> String {
    "| " + cells.map(MarkdownTable.cell).joined(separator: " | ") + " |"
  }
}
