internal import Foundation
internal import Runs

extension CheckReport {
  /// As JUnit's readers take it: one suite per scenario with its notes, one case per check. Scenarios without checks
  /// are errors if no scenario has any, as the exit status is not 0 then.
  public var junit: String {
    let suites = parts.map { part in
      let cases = part.outcomes.map { outcome in
        "    <testcase \(name(part, outcome.name)) \(time(part, of: outcome))>\(body(outcome))</testcase>"
      }
      let whole = "    <testcase \(name(part, "scenario")) time=\"\(String(format: "%.3f", part.seconds))\">"
      let fault = part.fault.map { whole + "<error message=\"not checked\">\(xml($0))</error></testcase>" }
      let lack = isEmpty ? "<error message=\"no checks\">found no checks, expected the key checks</error>" : nil
      let bare = part.isBare ? whole + (lack ?? "<skipped message=\"no checks\"/>") + "</testcase>" : nil
      let all = cases + [fault, bare].compactMap { $0 }
      let failed = part.outcomes.count { $0.failed }
      let errors = part.outcomes.count { $0.fault != nil } + (fault == nil && (lack == nil || bare == nil) ? 0 : 1)
      let skipped = bare == nil || lack != nil ? 0 : 1
      let head = "  <testsuite name=\"\(xml(part.path))\" tests=\"\(all.count)\" failures=\"\(failed)\""
      let rest =
        " errors=\"\(errors)\" skipped=\"\(skipped)\" time=\"\(String(format: "%.3f", part.seconds))\">"
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
