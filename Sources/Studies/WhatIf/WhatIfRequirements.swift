internal import Domain
internal import Metrics
internal import Reports
internal import Runs

/// The requirements of base and variant, and the policies that meet them.
///
/// The base is held against its own bounds and the variant against its own, which an override may have changed. Means
/// over the replications count, as in the marks of a run.
struct WhatIfRequirements: Sendable {
  private let results: [ScenarioResult]
  private let before: Standings
  private let after: Standings

  init(_ before: ScenarioResult, _ after: ScenarioResult) {
    results = [before, after]
    (self.before, self.after) = (before.standings, after.standings)
  }

  /// Metrics that either requires.
  static func metrics(_ standings: [Standings]) -> [String] {
    standings.flatMap(\.requirements).map(\.metric).uniqued
  }

  /// A policy's values of a required metric. `nil` instead of true or false: nothing is required there, or the policy
  /// does not run.
  private struct Policy {
    let label: String
    let keptBefore: Bool?
    let keptAfter: Bool?
    let values: String
  }

  static func misses(_ standings: Standings, _ metric: String, _ label: String) -> Bool {
    standings.missed(label).contains { $0.requirement.metric == metric }
  }

  /// One sentence per requirement.
  ///
  /// - Parameters:
  ///   - labels: policies that both run.
  ///   - added: those that the variant alone runs.
  /// - Returns: sentences, each with true if a policy stops or begins to meet the requirement.
  func sentences(_ labels: [String], added: [String]) -> [(text: String, isChange: Bool)] {
    WhatIfRequirements.metrics([before, after]).map { metric in
      let (old, new) = (bound(before, metric), bound(after, metric))
      guard let new else {
        return ("required in the base only: \(old?.text ?? metric)", false)
      }
      let policies = (labels + added).map { label in
        let isNew = added.contains(label)
        return Policy(
          label: label,
          keptBefore: old == nil || isNew ? nil : !WhatIfRequirements.misses(before, metric, label),
          keptAfter: !WhatIfRequirements.misses(after, metric, label),
          values: values(new, label, isNew: isNew))
      }
      let place = old == nil ? " in the variant only" : ""
      let other = old.map { $0 == new ? "" : " (base: \($0.bound))" } ?? ""
      let isChange = policies.contains { $0.keptBefore != nil && $0.keptBefore != $0.keptAfter }
      return ("required\(place): \(new.text)\(other): \(clauses(policies).joined(separator: "; "))", isChange)
    }
  }

  private func bound(_ standings: Standings, _ metric: String) -> Requirement? {
    standings.requirements.first { $0.metric == metric }
  }

  /// `99.4 → 96.2 %`, or one number if both are the same or the base does not run the policy.
  private func values(_ asked: Requirement, _ label: String, isNew: Bool) -> String {
    let texts = results.suffix(isNew ? 1 : 2).map { result -> String in
      guard let value = result.mean(asked.metric, of: label) else { return "no value" }
      return asked.metric.hasSuffix("_pct") ? ReportNumber.percent(value) : ReportNumber.text(value)
    }
    return texts.uniqued.joined(separator: " → ") + asked.unit
  }

  /// `standard (99.4 → 96.2 %) no longer meets it`, one text per answer: changes come first.
  private func clauses(_ policies: [Policy]) -> [String] {
    func clause(_ before: Bool?, _ after: Bool, _ one: String, _ many: String) -> [String] {
      let own = policies.filter { $0.keptBefore == before && $0.keptAfter == after }
      // The values of policies that are well off are in the table.
      let isFine = before == true && after
      let names = own.map { isFine ? $0.label : "\($0.label) (\($0.values))" }
      guard !own.isEmpty else { return [] }
      if isFine, own.count == policies.count, own.count > 1 { return ["every policy meets it in both"] }
      return ["\(ReportVerdict.list(names)) \(own.count == 1 ? one : many)"]
    }
    return clause(true, false, "no longer meets it", "no longer meet it")
      + clause(false, true, "now meets it", "now meet it") + clause(nil, false, "does not meet it", "do not meet it")
      + clause(nil, true, "meets it", "meet it")
      + clause(false, false, "meets it in neither base nor variant", "meet it in neither base nor variant")
      + clause(true, true, "meets it in both", "meet it in both")
  }
}

extension WhatIfReport.Change {
  /// The meaning of `*`, if a figure of these lines has it.
  func requirementLegend(_ lines: [WhatIfReport.Line]) -> [String] {
    let marked = lines.filter { $0.missesBase || $0.missesVariant }.map(\.metric).uniqued
    guard !marked.isEmpty else { return [] }
    let titles = marked.map { Metric(rawValue: $0)?.definition.title ?? $0 }
    return ["* does not meet the requirement for \(ReportVerdict.list(titles))"]
  }

  /// Introduces the figures of policies that only the variant runs; `nil` if there are none.
  var addedHeading: String? {
    let labels = added.map(\.policy).uniqued
    guard !labels.isEmpty else { return nil }
    let verb = labels.count == 1 ? "is" : "are"
    return "only the variant runs \(ReportVerdict.list(labels)), which \(verb) compared with \(baseline) in the base"
  }
}
