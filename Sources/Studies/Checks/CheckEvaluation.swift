internal import Domain
internal import Foundation
internal import Metrics
internal import Runs
internal import Scenarios

/// The outcome of one check.
struct CheckOutcome: Sendable {
  /// Description of the check, one line.
  var name: String
  /// The finding if the check passed, one line.
  var found: String
  /// One line per figure that is not as it should be.
  var failures: [String]
  /// Why it could not be checked.
  var fault: String?
  /// True if figures were compared with a baseline, which can be recorded again.
  var isOfBaseline = false
  var passed: Bool { failures.isEmpty && fault == nil }
  var failed: Bool { !failures.isEmpty && fault == nil }
}

/// Holds the figures of a scenario against its checks.
struct CheckEvaluation {
  let result: ScenarioResult
  /// By the path that the scenario tells.
  let baselines: [String: Result<BaselineFigures, BadInput>]

  func outcomes(_ check: CheckSpec) -> [CheckOutcome] {
    var outcomes: [CheckOutcome] = []
    if let policy = check.policy, labels(check).isEmpty { return unmade(check, policy) }
    if check.least != nil || check.most != nil {
      outcomes += check.metrics.flatMap { metric in labels(check).map { bound(check, metric, $0) } }
    }
    if let path = check.baseline, let baseline = baselines[path] {
      switch baseline {
      case .success(let baseline): outcomes.append(against(baseline, check))
      case .failure(let fault):
        outcomes.append(
          CheckOutcome(name: name(check, path), found: "", failures: [], fault: fault.description))
      }
    }
    return outcomes
  }

  /// A check of a policy that an override left out, as if the scenario had named a policy that does not run.
  private func unmade(_ check: CheckSpec, _ policy: String) -> [CheckOutcome] {
    let bounds = bounds(check).map { bounds in check.metrics.map { "\($0) of \(policy): \(bounds)" } } ?? []
    let fault = "found no run of \(policy), expected one of \(result.labels.joined(separator: ", "))"
    return (bounds + [check.baseline.map { name(check, $0) }].compactMap { $0 }).map {
      CheckOutcome(name: $0, found: "", failures: [], fault: fault)
    }
  }

  /// `nil` without `min` and `max`.
  private func bounds(_ check: CheckSpec) -> String? {
    let limits = [check.least.map { "at least \(text($0))" }, check.most.map { "at most \(text($0))" }]
    let known = limits.compactMap { $0 }
    return known.isEmpty ? nil : known.joined(separator: ", ")
  }

  /// Those of the check's policy, or all.
  private func labels(_ check: CheckSpec) -> [String] {
    var labels: [String] = []
    for run in result.runs where !labels.contains(run.label) {
      if let policy = check.policy, policy != run.policy, policy != run.label { continue }
      labels.append(run.label)
    }
    return labels
  }

  private func bound(_ check: CheckSpec, _ metric: String, _ label: String) -> CheckOutcome {
    let name = "\(metric) of \(label): \(bounds(check) ?? "")"
    let values = result.values(metric, of: label)
    let known = values.compactMap { $0 }
    guard known.count == values.count, !known.isEmpty else {
      return CheckOutcome(name: name, found: "", failures: [missing(metric, known.count, of: values.count)])
    }
    let mean = SampleMoments(known).mean
    // What nothing varied for is one outcome, not a mean.
    let isOne = values.count == 1 || result.variation.isEmpty
    let what = isOne ? text(mean) : "a mean of \(text(mean)) over \(counted(values.count, "replication"))"
    var failures: [String] = []
    if let least = check.least, mean < least {
      failures.append("found \(what), \(text(least - mean)) below the minimum")
    }
    if let most = check.most, mean > most { failures.append("found \(what), \(text(mean - most)) above the maximum") }
    return CheckOutcome(name: name, found: what, failures: failures)
  }

  /// Why a figure has no value, in how many of the replications.
  private func missing(_ metric: String, _ known: Int, of count: Int) -> String {
    let reason = Metric(rawValue: metric)?.definition.withoutValue ?? "the result does not have it"
    let place = known > 0 ? " in \(count - known) of \(counted(count, "replication"))" : ""
    return "\(metric) has no value\(place): \(reason)"
  }

  private func name(_ check: CheckSpec, _ path: String) -> String {
    let subject = check.metrics.isEmpty ? "every metric" : check.metrics.joined(separator: ", ")
    let policy = check.policy.map { " of \($0)" } ?? ""
    return "\(subject)\(policy): as in \(path)\(tolerance(check))"
  }

  private func against(_ baseline: BaselineFigures, _ check: CheckSpec) -> CheckOutcome {
    let own = result.runs.first?.figures.map(\.name) ?? []
    let wanted = check.metrics.isEmpty ? own : check.metrics
    var failures = columns(wanted, own: own, baseline, check)
    var moves: [Move] = []
    var figures = 0
    var largest: (share: Double, text: String)?
    let labels = labels(check)
    let runs = result.runs.filter { labels.contains($0.label) }
    var absent: [(label: String, replication: Int)] = []
    for run in runs {
      let place = "\(run.label), replication \(run.replication)"
      guard let expected = baseline.run(run.label, run.replication) else {
        absent.append((run.label, run.replication))
        continue
      }
      for metric in wanted where baseline.metrics.contains(metric) {
        figures += 1
        guard let moved = movement(run.figure(metric), expected.values[metric], metric, check) else { continue }
        let line = "\(metric) of \(place): \(moved.text)"
        if !moved.isTolerated {
          let move = Move(
            metric: metric, label: run.label, replication: run.replication, text: moved.text, share: moved.share)
          if let index = moves.firstIndex(where: { $0.metric == metric && $0.label == run.label }) {
            moves[index].add(move)
          } else {
            moves.append(move)
          }
        }
        if moved.share > largest?.share ?? 0 { largest = (moved.share, line) }
      }
    }
    failures += listed(absent).map { "\($0): found no such run in \(baseline.path)" } + moves.map(\.line)
    let surplus = baseline.runs.filter { run in
      let isMeant = check.policy.map { $0 == run.policy || $0 == run.label || labels.contains(run.label) } ?? true
      return isMeant && !runs.contains { $0.label == run.label && $0.replication == run.replication }
    }
    failures += listed(surplus.map { ($0.label, $0.replication) }).map {
      "\($0): found in \(baseline.path), but not in this run"
    }
    let most = largest.map { ", largest change: \($0.text)" } ?? ", no change"
    return CheckOutcome(
      name: name(check, baseline.path), found: "\(counted(figures, "value"))\(most)", failures: failures,
      isOfBaseline: true)
  }

  /// Metrics that only the baseline or only this run has: one line for each of the two.
  private func columns(
    _ wanted: [String], own: [String], _ baseline: BaselineFigures, _ check: CheckSpec
  ) -> [String] {
    func line(_ names: [String], _ text: (String, String) -> String) -> String? {
      guard !names.isEmpty else { return nil }
      return text(names.count == 1 ? "column" : "columns", names.joined(separator: ", "))
    }
    let absent = line(wanted.filter { !baseline.metrics.contains($0) }) {
      "found no \($0) \($1) in \(baseline.path)"
    }
    let surplus = line(check.metrics.isEmpty ? baseline.metrics.filter { !own.contains($0) } : []) {
      "found the \($0) \($1) in \(baseline.path), but not in this run"
    }
    return [absent, surplus].compactMap { $0 }
  }

  /// One text per policy, with its first replications.
  private func listed(_ runs: [(label: String, replication: Int)]) -> [String] {
    runs.map(\.label).uniqued.map { label in
      let all = runs.filter { $0.label == label }.map { "\($0.replication)" }
      if all.count == 1 { return "\(label), replication \(all[0])" }
      let more = all.count > 5 ? " and \(all.count - 5) more" : ""
      return "\(label), replications \(all.prefix(5).joined(separator: ", "))\(more)"
    }
  }

  /// A policy's figure that is not what it was, in one replication or more.
  private struct Move {
    var metric: String
    var label: String
    /// Replication in which the figure moved most.
    var replication: Int
    var text: String
    var share: Double
    var count = 1

    mutating func add(_ other: Move) {
      count += 1
      guard other.share > share else { return }
      (replication, text, share) = (other.replication, other.text, other.share)
    }

    var line: String {
      count == 1
        ? "\(metric) of \(label), replication \(replication): \(text)"
        : "\(metric) of \(label), in \(count) replications, largest change in replication \(replication): \(text)"
    }
  }

  private func tolerance(_ check: CheckSpec) -> String {
    let parts = [
      check.absolute > 0 ? "abs \(text(check.absolute))" : nil,
      check.relative > 0 ? "rel \(text(check.relative))" : nil,
    ]
    let told = parts.compactMap { $0 }
    return told.isEmpty ? ", exactly" : ", within \(told.joined(separator: " or "))"
  }

  /// By how much a figure moved; `nil` where it did not.
  private func movement(
    _ found: Double?, _ expected: Double?, _ metric: String, _ check: CheckSpec
  ) -> (text: String, share: Double, isTolerated: Bool)? {
    guard let found, let expected else {
      if found == nil, expected == nil { return nil }
      let told = { (value: Double?) in value.map { text($0) } ?? "nothing" }
      return ("\(told(expected)) → \(told(found))", .infinity, false)
    }
    guard found != expected else { return nil }
    let difference = found - expected
    let share = expected != 0 ? abs(difference / expected) : .infinity
    let isRounding = abs(difference) <= 1e-12 * max(abs(found), abs(expected))
    let signed = { (value: Double) in
      (value > 0 ? "+" : "−") + (isRounding ? text(abs(value), digits: 3) : text(abs(value)))
    }
    let isPercentage = metric.hasSuffix("_pct")
    let relative =
      isPercentage ? " percentage points" : expected != 0 ? ", \(signed(100 * difference / abs(expected))) %" : ""
    // As many digits as show a difference.
    let isAlike = text(expected) == text(found)
    let told = { (value: Double) in isAlike ? "\(value)" : text(value) }
    return (
      "\(told(expected)) → \(told(found)) (\(signed(difference))\(relative)\(isRounding ? ", rounding" : ""))", share,
      abs(difference) <= max(check.absolute, check.relative * abs(expected))
    )
  }

  /// Exponents as scenarios have them: 1e-9, not 1e-09.
  private func text(_ value: Double, digits: Int = 9) -> String {
    String(format: "%.\(digits)g", value).replacing("e-0", with: "e-").replacing("e+0", with: "e+")
  }
}
