internal import Domain
internal import Foundation
internal import Metrics
internal import Scenarios

/// What a variant changes, in words for its page.
extension WhatIfReport {
  private static let leading = [Metric.carbon, .cost, .deadlinesMet, .waitMean]

  /// One text per policy: first the work that only one of the two did, then emissions, cost, deadlines and waits.
  /// Policies with such work come first.
  func verdict(_ change: Change) -> [String] {
    let moved = change.work.filter { $0.sentence != nil }
    let policies = (moved.map(\.undone.policy) + change.figures.map(\.policy)).uniqued
    return policies.compactMap { policy in
      let own = change.figures.filter { $0.policy == policy }
      let parts = WhatIfReport.leading.compactMap { metric in
        own.first { $0.metric == metric.name }.map { "\(metric.definition.title) \(WhatIfReport.words($0))" }
      }
      let figures = parts.joined(separator: ", ")
      guard let work = moved.first(where: { $0.undone.policy == policy })?.sentence else {
        return parts.isEmpty ? nil : "\(policy): \(figures)."
      }
      return parts.isEmpty ? "\(work)." : "\(work). \(figures.prefix(1).uppercased())\(figures.dropFirst())."
    }
  }

  private static func words(_ line: Line) -> String {
    guard let base = line.base, let variant = line.variant, let difference = line.difference else {
      return "not comparable"
    }
    guard line.isChanged else { return "unchanged" }
    if line.isWithinItsInterval { return "can't tell" }
    if line.metric.hasSuffix("_pct") {
      return "\(ComparisonText.number(base, digits: 4)) → \(ComparisonText.number(variant, digits: 4)) %"
    }
    guard base != 0 else { return "0 → \(ComparisonText.number(variant, digits: 4))" }
    let share = String(format: "%.2f", abs(100 * difference.mean / base))
    return "\(share) % \(difference.mean > 0 ? "more" : "less")"
  }

  /// How to find out what is more than chance; `nil` if nothing is drawn, or there are intervals.
  var certaintyNote: String? {
    guard replications == 1, !variation.isEmpty else { return nil }
    return "one replication: another draw may give other differences; --replications 10 prints intervals"
  }

  /// Keys that a variant changes, the heading first.
  func keyTable(_ change: Change) -> [[String]] {
    func short(_ text: String) -> String { text.count > 160 ? "\(text.prefix(159))…" : text }
    return [["key", "base", "variant"]]
      + change.keys.map { key in
        let before = key.before.prefix(4).joined(separator: ", ") + (key.before.count > 4 ? ", …" : "")
        return [key.key, short(before.isEmpty ? "–" : before), short(key.after)]
      }
  }
}
