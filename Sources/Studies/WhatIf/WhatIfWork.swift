internal import Domain
internal import Foundation
internal import Metrics
internal import Reports
internal import Runs

/// The work that base and variant left undone under a policy: jobs rejected, failed or unfinished.
///
/// Totals of more or less work are no answer to what the variant saves, so its sentence comes before theirs.
struct WhatIfWork: Sendable {
  typealias Line = WhatIfReport.Line

  /// Jobs rejected, failed and left unfinished, with the words for them.
  let counts: [(words: String, line: Line)]
  /// Jobs left undone in any of these ways.
  let undone: Line
  let completed: Line
  /// Totals that more or less work makes larger or smaller. Figures per completed job are no way out: the jobs that
  /// were not done are seldom like the others.
  let totals: [(words: String, line: Line)]

  /// - Parameter line: base and variant of a figure, from its name and its values in a result.
  init(line: (_ name: String, _ values: (ScenarioResult) -> [Double?]) -> Line, label: String) {
    func figure(_ name: String) -> Line { line(name) { $0.values(name, of: label) } }
    counts = [
      ("rejected", figure("jobs_rejected")), ("failed", figure("jobs_failed")),
      ("unfinished", figure(RunResult.leftJobs)),
    ]
    undone = line("jobs_undone") { result in
      zip(result.values("jobs_rejected", of: label), result.values("jobs_unfinished", of: label)).map {
        ($0 ?? 0) + ($1 ?? 0)
      }
    }
    completed = figure("jobs_completed")
    totals = [("carbon", figure("carbon_kg")), ("cost", figure("cost_gbp"))]
  }

  /// One sentence, such as `standard: 44 more jobs rejected (0 → 44): less work was done, so less carbon is not a
  /// saving on the same work`; `nil` if both left as much undone, in the same ways.
  var sentence: String? {
    let moved = counts.filter { $0.line.isChanged }
    guard !moved.isEmpty else { return nil }
    let parts = moved.enumerated().map { place, count in WhatIfWork.more(count.line, count.words, named: place == 0) }
    return "\(undone.policy): \(parts.joined(separator: ", "))\(consequence)"
  }

  /// The end of the sentence: what the difference in work means for the totals.
  private var consequence: String {
    let change = undone.difference?.mean ?? 0
    guard undone.isChanged else { return "; as many jobs are left undone" }
    guard !undone.isWithinItsInterval else { return ": can't tell which of the two did more work" }
    let done = completed.difference?.mean ?? 0
    // Other jobs: more are left undone, and more are completed.
    guard done != 0, (change > 0) == (done < 0) else { return ": the totals are not of the same work" }
    let (word, result) = change > 0 ? ("less", "saving") : ("more", "loss")
    let moved = totals.filter { entry in
      guard entry.line.isChanged, !entry.line.isWithinItsInterval, let mean = entry.line.difference?.mean else {
        return false
      }
      return (mean < 0) == (change > 0)
    }
    guard !moved.isEmpty else { return ": \(word) work was done" }
    let texts = moved.map { "\(word) \($0.words)" }
    let verb = moved.count == 1 ? "is not a \(result)" : "are not \(result == "loss" ? "losses" : "savings")"
    return ": \(word) work was done, so \(texts.joined(separator: " and ")) \(verb) on the same work"
  }

  /// `44 more jobs rejected (0 → 44)`; after the first, without `jobs`.
  private static func more(_ line: Line, _ words: String, named: Bool) -> String {
    func text(_ value: Double) -> String {
      value == value.rounded() ? String(Int64(value)) : ComparisonText.number(value, digits: 4)
    }
    let mean = line.difference?.mean ?? (line.variant ?? 0) - (line.base ?? 0)
    let noun = named ? (abs(mean) == 1 ? " job" : " jobs") : ""
    let word = mean > 0 ? "more" : "fewer"
    return "\(text(abs(mean))) \(word)\(noun) \(words) (\(text(line.base ?? 0)) → \(text(line.variant ?? 0)))"
  }
}

extension WhatIfReport.Line {
  /// True if the interval of the difference includes 0.
  var isWithinItsInterval: Bool {
    guard let difference, let width = difference.halfWidth else { return false }
    return abs(difference.mean) <= width
  }
}
