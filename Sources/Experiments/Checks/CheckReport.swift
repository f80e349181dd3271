internal import Domain
internal import Foundation

/// What the checks of some scenarios found.
public struct CheckReport: Sendable {
  /// One scenario's.
  struct Part: Sendable {
    var path: String
    var outcomes: [CheckOutcome] = []
    /// What a reader of the figures should know.
    var notes: [String] = []
    /// Baselines that were written anew.
    var recorded: [String] = []
    /// Why it could not be checked.
    var fault: String?
    var seconds = 0.0

    var text: String {
      if let fault { return "\(path): not checked\n\(fault)" }
      let head = outcomes.isEmpty ? "\(path): no checks" : "\(path): \(String(format: "%.1f", seconds)) s"
      let lines = outcomes.flatMap { outcome in
        outcome.passed
          ? ["  ok      \(outcome.name): \(outcome.found)"]
          : ["  FAILED  \(outcome.name)"] + outcome.failures.map { "          \($0)" }
      }
      return ([head] + notes.map { "  note    \($0)" } + recorded.map { "  RECORDED  \($0)" } + lines).joined(
        separator: "\n")
    }
  }

  var parts: [Part] = []
  /// Files of a folder that are no scenarios, with why.
  var skipped: [String] = []

  private var outcomes: [CheckOutcome] { parts.flatMap(\.outcomes) }
  private var recorded: [String] { parts.flatMap(\.recorded) }

  /// 0: all passed; 1: a check failed, or a baseline is another one now; 2: something could not be checked, or there
  /// was nothing to check.
  public var status: Int32 {
    if parts.contains(where: { $0.fault != nil }) || outcomes.isEmpty { return 2 }
    return outcomes.allSatisfy(\.passed) && recorded.isEmpty ? 0 : 1
  }

  /// The last line.
  public var verdict: String {
    let failed = outcomes.count { !$0.passed }
    let faulty = parts.count { $0.fault != nil }
    var text = "\(outcomes.count - failed) of \(counted(outcomes.count, "check")) passed"
    if faulty > 0 { text += ", \(counted(faulty, "scenario")) could not be checked" }
    if outcomes.isEmpty, faulty == 0 { text = "found no checks, expected a scenario with the key checks" }
    if !recorded.isEmpty { text += "; recorded: \(recorded.joined(separator: ", "))" }
    return text
  }

  /// For a page of a merge request.
  public var markdown: String {
    var lines = [["scenario", "check", "result", "found"]]
    for part in parts {
      if let fault = part.fault {
        lines.append([MarkdownTable.cell(part.path), "", "**not checked**", CheckReport.lines(fault)])
      }
      for outcome in part.outcomes {
        lines.append([
          MarkdownTable.cell(part.path), MarkdownTable.cell(outcome.name), outcome.passed ? "ok" : "**failed**",
          CheckReport.lines(outcome.passed ? outcome.found : outcome.failures.joined(separator: "\n")),
        ])
      }
    }
    let notes =
      parts.flatMap { part in part.notes.map { MarkdownText.escaped("\(part.path): note: \($0)") } }
      + skipped.map { "- " + MarkdownText.escaped($0) }
    let blocks = [
      "### pylon check: \(MarkdownText.escaped(verdict))", MarkdownTable.escaped(lines, left: 4),
    ]
    return (blocks + notes).joined(separator: "\n\n") + "\n"
  }

  /// A text of several lines as a cell.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { MarkdownTable.cell(String($0)) }
      .joined(separator: "<br>")
  }

  /// As JUnit's readers take it: one suite per scenario with its notes, one case per check.
  public var junit: String {
    let suites = parts.map { part in
      let cases = part.outcomes.map { outcome in
        let body = outcome.failures.isEmpty ? "" : failure(outcome)
        return "    <testcase \(name(part, outcome.name)) \(time(part, of: outcome))>\(body)</testcase>"
      }
      let fault = part.fault.map {
        "    <testcase \(name(part, "scenario")) time=\"\(String(format: "%.3f", part.seconds))\">"
          + "<error message=\"not checked\">\(xml($0))</error></testcase>"
      }
      let failed = part.outcomes.count { !$0.passed }
      let all = cases + (fault.map { [$0] } ?? [])
      let head = "  <testsuite name=\"\(xml(part.path))\" tests=\"\(all.count)\" failures=\"\(failed)\""
      let rest = " errors=\"\(fault == nil ? 0 : 1)\" time=\"\(String(format: "%.3f", part.seconds))\">"
      let notes = part.notes.map { "note: \(xml($0))" }.joined(separator: "\n")
      let told = notes.isEmpty ? [] : ["    <system-out>\(notes)</system-out>"]
      return ([head + rest] + all + told + ["  </testsuite>"]).joined(separator: "\n")
    }
    let text = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"pylon check\">"]
    return (text + suites + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private func name(_ part: Part, _ name: String) -> String {
    "classname=\"\(xml(part.path))\" name=\"\(xml(name))\""
  }

  /// All checks of a scenario look at one run of it: each has an equal share of its time, so that they add up to it.
  private func time(_ part: Part, of outcome: CheckOutcome) -> String {
    "time=\"\(String(format: "%.3f", part.seconds / Double(max(1, part.outcomes.count))))\""
  }

  private func failure(_ outcome: CheckOutcome) -> String {
    let text = outcome.failures.joined(separator: "\n")
    return "<failure message=\"\(xml(outcome.failures.first ?? ""))\">\(xml(text))</failure>"
  }

  private func xml(_ text: String) -> String {
    var written = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": written += "&amp;"
      case "<": written += "&lt;"
      case ">": written += "&gt;"
      case "\"": written += "&quot;"
      // XML 1.0 has no other control characters.
      case _ where scalar.value < 32 && scalar != "\n" && scalar != "\t": written += "?"
      case "\u{FFFE}", "\u{FFFF}": written += "?"
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written
  }
}
