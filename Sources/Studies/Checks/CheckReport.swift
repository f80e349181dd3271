internal import Domain
internal import Foundation
internal import Reports
internal import Runs

/// The results of the checks of some scenarios.
public struct CheckReport: Sendable {
  /// One scenario's.
  struct Part: Sendable {
    var path: String
    var outcomes: [CheckOutcome] = []
    /// Notes that a reader of the figures should know.
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
  /// Baselines that could not be written, with why.
  public internal(set) var unwritten: [String] = []
  /// Why nothing was run.
  private var refusal: String?

  init() {}

  /// The report of a check that could not begin.
  ///
  /// - Parameter paths: what was to be checked.
  public init(refusal: String, of paths: [String]) {
    self.refusal = refusal
    parts = [Part(path: paths.joined(separator: ", "), fault: refusal)]
  }

  private var outcomes: [CheckOutcome] { parts.flatMap(\.outcomes) }
  private var recorded: [String] { parts.flatMap(\.recorded) }

  /// No scenario has checks, and none is at fault.
  var isEmpty: Bool { outcomes.isEmpty && parts.allSatisfy { $0.fault == nil } }

  /// 0: all passed; 1: a check failed, or a baseline is another one now; 2: something could not be checked, whatever
  /// else failed, or there was nothing to check; 3: a baseline could not be written.
  public var status: Int32 {
    if !unwritten.isEmpty { return 3 }
    let isFaulty = parts.contains { $0.fault != nil } || outcomes.contains { $0.fault != nil }
    if isFaulty || outcomes.isEmpty { return 2 }
    return outcomes.allSatisfy(\.passed) && recorded.isEmpty ? 0 : 1
  }

  /// The end of the report: how many checks passed, and why the exit status is not what the checks alone would give.
  public var verdict: String {
    if status == 1, !recorded.isEmpty {
      return summary + "\nexit status 1: a baseline was created or changed; review it and commit it"
    }
    let failed = outcomes.count { $0.failed }
    guard status == 2, failed > 0 else { return summary }
    return summary + "\nexit status 2: not everything could be checked; \(counted(failed, "check")) failed as well"
  }

  private var summary: String {
    if refusal != nil { return "nothing was checked" }
    if isEmpty { return nothing }
    let passed = outcomes.count { $0.passed }
    let unmade = outcomes.count { $0.fault != nil }
    let faulty = parts.count { $0.fault != nil }
    let bare = parts.count { $0.isBare }
    var text = "\(passed) of \(counted(outcomes.count, "check")) passed"
    if unmade > 0 { text += ", \(unmade) could not be made" }
    if faulty > 0 { text += ", \(counted(faulty, "scenario")) could not be checked" }
    if bare > 0 { text += "; \(counted(bare, "scenario")) without checks" }
    if !recorded.isEmpty { text += "; recorded: \(recorded.joined(separator: ", "))" }
    if !unrecorded.isEmpty { text += "; nothing was recorded" }
    return text
  }

  /// A folder may have many scenarios: the first are named.
  private var nothing: String {
    let more = parts.count > 5 ? " and \(parts.count - 5) more" : ""
    let names = parts.prefix(5).map(\.path).joined(separator: ", ") + more
    let requirements =
      parts.contains(where: \.hasRequirements)
      ? " (requirements are no checks: they mark policies in tables and reports)" : ""
    return "found no checks in \(names), expected the key checks in \(parts.count == 1 ? "it" : "one of them")"
      + requirements
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
}
