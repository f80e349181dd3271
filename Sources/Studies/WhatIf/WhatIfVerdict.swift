internal import Domain
internal import Foundation
internal import Metrics
internal import Reports
internal import Scenarios

/// The changes by a variant, in words for its page.
extension WhatIfReport {
  private static let leading = [Metric.carbon, .cost, .deadlinesMet, .waitMean]

  /// One text per policy: first the work that only one of the two did, then emissions, cost, deadlines and waits.
  /// Policies with such work come first.
  func verdict(_ change: Change) -> [String] {
    let moved = change.work.filter { $0.sentence != nil }
    let policies = (moved.map(\.undone.policy) + change.figures.map(\.policy)).uniqued
    let shared = policies.compactMap { policy -> String? in
      let figures = words(change.figures.filter { $0.policy == policy })
      guard let work = moved.first(where: { $0.undone.policy == policy })?.sentence else {
        return figures.isEmpty ? nil : "\(policy): \(figures)."
      }
      return figures.isEmpty ? "\(work)." : "\(work). \(figures.prefix(1).uppercased())\(figures.dropFirst())."
    }
    let added = change.added.map(\.policy).uniqued.compactMap { policy -> String? in
      let figures = words(change.added.filter { $0.policy == policy })
      return figures.isEmpty ? nil : "\(policy), compared with \(change.baseline) in the base: \(figures)."
    }
    return shared + added
  }

  /// `emissions 2.15 % less, deadlines met 91 → 99 %; no certain difference in cost (−0.45 ± 1.2 GBP); no change in
  /// mean wait`; empty if none of these metrics is among a policy's lines.
  private func words(_ lines: [Line]) -> String {
    let own = WhatIfReport.leading.compactMap { metric -> (column: ReportColumn, line: Line)? in
      lines.first { $0.metric == metric.name }.map { (column(metric), $0) }
    }
    let open = own.filter { $0.line.isChanged && $0.line.isWithinItsInterval }
    let same = own.filter { !$0.line.isChanged }.map(\.column.metric.definition.title)
    var parts = [
      own.filter { $0.line.isChanged && !$0.line.isWithinItsInterval }.map(words).joined(separator: ", ")
    ]
    parts.append(open.isEmpty ? "" : "no certain difference in \(ReportVerdict.list(open.map(uncertain)))")
    parts.append(same.isEmpty ? "" : "no change in \(ReportVerdict.list(same))")
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// `emissions (−0.45 ± 1.2 kgCO₂)`.
  private func uncertain(_ column: ReportColumn, _ line: Line) -> String {
    let own = self.column(column.metric, isDifference: true)
    let amount = line.difference.map { own.amount($0.mean, plusMinus: $0.halfWidth) } ?? ""
    return "\(column.metric.definition.title) (\(amount))"
  }

  /// `emissions 2.15 % less`, `deadlines met 91 → 99 %`.
  private func words(_ column: ReportColumn, _ line: Line) -> String {
    let title = column.metric.definition.title
    guard let base = line.base, let variant = line.variant, let difference = line.difference else {
      return "\(title) not comparable"
    }
    if base == 0 || line.isPercentage {
      return "\(title) \(column.text(base, plusMinus: nil)) → \(column.amount(variant))"
    }
    return "\(title) \(WhatIfReport.share(base, difference.mean)) \(difference.mean > 0 ? "more" : "less")"
  }

  /// The size of a difference in percent.
  private static func share(_ base: Double, _ difference: Double) -> String {
    String(format: "%.2f %%", abs(100 * difference / base))
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
