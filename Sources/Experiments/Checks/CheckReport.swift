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
    /// How a change that is meant becomes the baseline.
    var remedy: String?
    /// True for a scenario that has requirements of its own and no checks.
    var hasRequirements = false
    var isBare: Bool { outcomes.isEmpty && fault == nil }

    var text: String {
      if let fault { return "\(path): not checked\n\(fault)" }
      let head = outcomes.isEmpty ? "\(path): no checks" : "\(path): \(String(format: "%.1f", seconds)) s"
      let lines = outcomes.flatMap { outcome -> [String] in
        if outcome.passed { return ["  ok      \(outcome.name): \(outcome.found)"] }
        let told = outcome.fault?.split(separator: "\n").map(String.init) ?? outcome.failures
        return ["  \(outcome.failed ? "FAILED" : "NOT CHECKED")  \(outcome.name)"] + told.map { "          \($0)" }
      }
      return
        ([head] + notes.map { "  note    \($0)" } + recorded.map { "  RECORDED  \($0)" } + lines
        + [remedy].compactMap { $0 }).joined(separator: "\n")
    }
  }

  var parts: [Part] = []
  /// Files of a folder that are no scenarios, with why.
  var skipped: [String] = []
  /// Baselines that were not written, because a scenario could not be checked.
  var unrecorded: [String] = []

  private var outcomes: [CheckOutcome] { parts.flatMap(\.outcomes) }
  private var recorded: [String] { parts.flatMap(\.recorded) }

  /// 0: all passed; 1: a check failed, or a baseline is another one now; 2: something could not be checked, or there
  /// was nothing to check.
  public var status: Int32 {
    let isFaulty = parts.contains { $0.fault != nil } || outcomes.contains { $0.fault != nil }
    if isFaulty || outcomes.isEmpty { return 2 }
    return outcomes.allSatisfy(\.passed) && recorded.isEmpty ? 0 : 1
  }

  /// The end of the report: how many checks passed, and why the exit status is not 0 although all did.
  public var verdict: String {
    guard !recorded.isEmpty, status == 1 else { return summary }
    return summary + "\nexit status 1: a baseline was created or changed; review it and commit it"
  }

  private var summary: String {
    let passed = outcomes.count { $0.passed }
    let unmade = outcomes.count { $0.fault != nil }
    let faulty = parts.count { $0.fault != nil }
    let bare = parts.count { $0.isBare }
    var text = "\(passed) of \(counted(outcomes.count, "check")) passed"
    if unmade > 0 { text += ", \(unmade) could not be made" }
    if faulty > 0 { text += ", \(counted(faulty, "scenario")) could not be checked" }
    if outcomes.isEmpty, faulty == 0 {
      text = "found no checks, expected a scenario with the key checks"
      if parts.contains(where: \.hasRequirements) {
        text += " (requirements are no checks: they mark policies in tables and reports)"
      }
    }
    if bare > 0, !outcomes.isEmpty || faulty > 0 { text += "; \(counted(bare, "scenario")) without checks" }
    if !recorded.isEmpty { text += "; recorded: \(recorded.joined(separator: ", "))" }
    if !unrecorded.isEmpty { text += "; nothing was recorded" }
    return text
  }

  /// For a page of a merge request: a row per check, and lists of what failed in several values below the table.
  public var markdown: String {
    var lines = [["scenario", "check", "result", "found"]]
    var lists: [String] = []
    for part in parts {
      func add(_ check: String, _ result: String, _ told: [String]) {
        var found = told.first ?? ""
        if told.count > 1 {
          found = "\(told.count) lines, listed below"
          let list = told.map { "- " + MarkdownText.escaped($0) }.joined(separator: "\n")
          let subject = check.isEmpty ? part.path : "\(part.path): \(check)"
          lists.append("**\(MarkdownText.escaped(subject))**\n\n\(list)")
        }
        lines.append([part.path, check].map { MarkdownTable.cell($0) } + [result, MarkdownTable.cell(found)])
      }
      func several(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
      if let fault = part.fault { add("", "**not checked**", several(fault)) }
      if part.isBare { add("", "no checks", []) }
      for outcome in part.outcomes {
        if let fault = outcome.fault {
          add(outcome.name, "**not checked**", several(fault))
        } else {
          add(
            outcome.name, outcome.passed ? "ok" : "**failed**", outcome.passed ? [outcome.found] : outcome.failures)
        }
      }
    }
    let notes =
      parts.compactMap(\.remedy).map(MarkdownText.escaped)
      + parts.flatMap { part in part.notes.map { MarkdownText.escaped("\(part.path): note: \($0)") } }
      + skipped.map { "- " + MarkdownText.escaped($0) }
    let blocks = [
      "### pylon check: \(MarkdownText.escaped(summary))", MarkdownTable.escaped(lines, left: 4),
    ]
    return (blocks + lists + notes).joined(separator: "\n\n") + "\n"
  }

  /// As JUnit's readers take it: one suite per scenario with its notes, one case per check.
  public var junit: String {
    let suites = parts.map { part in
      let cases = part.outcomes.map { outcome in
        "    <testcase \(name(part, outcome.name)) \(time(part, of: outcome))>\(body(outcome))</testcase>"
      }
      let whole = "    <testcase \(name(part, "scenario")) time=\"\(String(format: "%.3f", part.seconds))\">"
      let fault = part.fault.map { whole + "<error message=\"not checked\">\(xml($0))</error></testcase>" }
      let bare = part.isBare ? whole + "<skipped message=\"no checks\"/></testcase>" : nil
      let all = cases + [fault, bare].compactMap { $0 }
      let failed = part.outcomes.count { $0.failed }
      let errors = part.outcomes.count { $0.fault != nil } + (fault == nil ? 0 : 1)
      let head = "  <testsuite name=\"\(xml(part.path))\" tests=\"\(all.count)\" failures=\"\(failed)\""
      let rest =
        " errors=\"\(errors)\" skipped=\"\(bare == nil ? 0 : 1)\" time=\"\(String(format: "%.3f", part.seconds))\">"
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

  /// The time is the suite's: all checks of a scenario look at one run of it. A case has an equal share, because views
  /// of merge requests add the cases up.
  private func time(_ part: Part, of outcome: CheckOutcome) -> String {
    "time=\"\(String(format: "%.3f", part.seconds / Double(max(1, part.outcomes.count))))\""
  }

  private func body(_ outcome: CheckOutcome) -> String {
    if let fault = outcome.fault { return "<error message=\"not checked\">\(xml(fault))</error>" }
    if outcome.passed { return "" }
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
