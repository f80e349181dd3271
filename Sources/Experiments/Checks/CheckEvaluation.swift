internal import Domain
internal import Foundation
internal import Metrics
internal import Scenarios

/// What became of one check.
struct CheckOutcome: Sendable {
  /// What was checked, a line.
  var name: String
  /// What was found where it passed, a line.
  var found: String
  /// One line a figure that is not as it should be.
  var failures: [String]
  /// Why it could not be checked.
  var fault: String?
  /// Whether figures were compared with a baseline, which can be recorded again.
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
    if let policy = check.policy, labels(check).isEmpty {
      return [CheckOutcome(name: "\(policy)", found: "", failures: ["found no run of this policy"])]
    }
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
    let limits = [check.least.map { "at least \(text($0))" }, check.most.map { "at most \(text($0))" }]
    let name = "\(metric) of \(label): \(limits.compactMap { $0 }.joined(separator: ", "))"
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
    var failures: [String] = []
    var moves: [Move] = []
    var figures = 0
    var largest: (share: Double, text: String)?
    let wanted = check.metrics.isEmpty ? baseline.metrics : check.metrics
    for metric in wanted where !baseline.metrics.contains(metric) {
      failures.append("\(metric): found no such column in \(baseline.path)")
    }
    let labels = labels(check)
    let runs = result.runs.filter { labels.contains($0.label) }
    for run in runs {
      let place = "\(run.label), replication \(run.replication)"
      guard let expected = baseline.run(run.label, run.replication) else {
        failures.append("\(place): found no such run in \(baseline.path)")
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
    failures += moves.map(\.line)
    if check.policy == nil {
      for run in baseline.runs
      where !runs.contains(where: { $0.label == run.label && $0.replication == run.replication }) {
        failures.append("\(run.label), replication \(run.replication): found in \(baseline.path), but not in this run")
      }
    }
    let most = largest.map { ", largest change: \($0.text)" } ?? ", no change"
    return CheckOutcome(
      name: name(check, baseline.path), found: "\(counted(figures, "value"))\(most)", failures: failures,
      isOfBaseline: true)
  }

  /// A policy's figure that is not what it was, in one replication or more.
  private struct Move {
    var metric: String
    var label: String
    /// Where it moved most.
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
      check.absolute > 0 ? "± \(text(check.absolute))" : nil,
      check.relative > 0 ? "± \(text(check.relative * 100)) %" : nil,
    ]
    let told = parts.compactMap { $0 }
    return told.isEmpty ? ", exactly" : ", \(told.joined(separator: " or "))"
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
    let signed = { (value: Double) in (value > 0 ? "+" : "−") + text(abs(value)) }
    let isPercentage = metric.hasSuffix("_pct")
    let relative =
      isPercentage ? " percentage points" : expected != 0 ? ", \(signed(100 * difference / abs(expected))) %" : ""
    return (
      "\(text(expected)) → \(text(found)) (\(signed(difference))\(relative))", share,
      abs(difference) <= max(check.absolute, check.relative * abs(expected))
    )
  }

  private func text(_ value: Double) -> String { String(format: "%.9g", value) }
}
