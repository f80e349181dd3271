public import Domain

/// How the policies of a result stand to what its scenario requires, and which push work past the clock.
public struct Standings: Sendable {
  public let requirements: [Requirement]
  let baseline: String
  private let values: [String: [String: Double]]

  private static let metrics = [
    "jobs_submitted", "jobs_completed", "jobs_rejected", "jobs_ended_after_clock", "jobs_unfinished", "jobs_failed",
    "carbon_after_clock_pct", "carbon_kg", "carbon_per_job_g", "cost_per_job_gbp",
  ]

  /// Bounds that the scenario wrote of metrics that no policy has a value of. Deadlines, which are asked for by default,
  /// are not among them.
  public let withoutValue: [Requirement]

  /// - Parameters:
  ///   - mean: the mean of a metric over the replications, of a policy by its label.
  public init(
    _ requirements: [Requirement], labels: [String], baseline: String,
    mean: (_ metric: String, _ label: String) -> Double?
  ) {
    self.baseline = baseline
    let wanted = Standings.metrics + requirements.map(\.metric)
    var values: [String: [String: Double]] = [:]
    for label in labels {
      for metric in wanted { values[label, default: [:]][metric] = mean(metric, label) }
    }
    self.values = values
    // What no policy has a value of is asked of nobody.
    func isKnown(_ asked: Requirement) -> Bool { labels.contains { values[$0]?[asked.metric] != nil } }
    self.requirements = requirements.filter(isKnown)
    withoutValue = requirements.filter { $0 != .standard && !isKnown($0) }
  }

  /// The mean of a metric that stands here.
  public func value(_ metric: String, _ label: String) -> Double? { values[label]?[metric] }

  /// The requirements that a policy does not keep, with its means; `nil` for a metric that it has no value of and
  /// others have.
  public func missed(_ label: String) -> [(requirement: Requirement, value: Double?)] {
    requirements.compactMap { asked in
      let value = value(asked.metric, label)
      if let value, asked.isKept(by: value) { return nil }
      return (asked, value)
    }
  }

  public func keeps(_ label: String) -> Bool { missed(label).isEmpty }

  /// Jobs that outages ended, or that could not go on after one.
  public func failed(_ label: String) -> Double { value("jobs_failed", label) ?? 0 }

  /// Jobs that had neither ended nor failed at the end of the run: `jobs_unfinished` without those that failed.
  public func left(_ label: String) -> Double { max(0, (value("jobs_unfinished", label) ?? 0) - failed(label)) }

  /// Jobs that were not done when the clock ended: they ended later, or were left. `nil` if the result does not say.
  private func undone(_ label: String) -> Double? {
    guard let late = value("jobs_ended_after_clock", label) else { return nil }
    return late + left(label)
  }

  /// Emissions after the clock, in percent of the baseline's emissions, so that a policy which emits less over the
  /// clock, and as much after it, pushes nothing out. In percent of its own if there is no baseline to compare with.
  private func emittedLate(_ label: String) -> Double? {
    guard let late = value("carbon_after_clock_pct", label) else { return nil }
    guard let own = value("carbon_kg", label), let all = value("carbon_kg", baseline), all > 0 else { return late }
    return late * own / all
  }

  /// A number of jobs in percent of those submitted.
  private func share(_ jobs: Double?, _ label: String) -> Double? {
    guard let jobs, let all = value("jobs_submitted", label), all > 0 else { return nil }
    return 100 * jobs / all
  }

  /// True if a policy moves work out of sight: the share of its jobs that end after the clock or are left unfinished is more
  /// than one percentage point larger than the baseline's, or its emissions after the clock are larger than the
  /// baseline's by more than 1 % of the baseline's emissions.
  ///
  /// Jobs that the baseline never did and this policy did are work that was added, not moved: they are taken off its
  /// late jobs, and the emissions of the two are not compared.
  public func pushesOut(_ label: String) -> Bool {
    guard label != baseline else { return false }
    let added = max(0, lost(baseline) - lost(label))
    let later = (share(undone(label), label) ?? 0) - (share(undone(baseline), baseline) ?? 0) - added
    if later > Standings.tolerance { return true }
    return isComparable(label) && (emittedLate(label) ?? 0) - (emittedLate(baseline) ?? 0) > Standings.tolerance
  }

  /// A policy may do so much more after the clock than the baseline without a mark: percentage points of its jobs, and
  /// percent of the baseline's emissions.
  static let tolerance = 1.0

  private static var more: String {
    "more than \(Int(tolerance)) percentage point\(tolerance == 1 ? "" : "s") more"
  }
  private static var over: String { "over \(Int(tolerance)) %" }

  /// ` *` for a policy that misses what is asked, ` †` for one that pushes work out, ` *†` for both.
  public func marks(_ label: String) -> String {
    let marks = (keeps(label) ? "" : "*") + (pushesOut(label) ? "†" : "")
    return marks.isEmpty ? "" : " " + marks
  }

  /// Meaning of the marks of these policies, one line each.
  public func legend(_ labels: [String]) -> [String] {
    var lines: [String] = []
    if labels.contains(where: { !keeps($0) }) {
      let asked = requirements.filter { asked in
        labels.contains { label in missed(label).contains { $0.requirement.metric == asked.metric } }
      }
      let lacks = labels.filter { missed($0).contains { $0.value == nil } }
      let texts = asked.map { asked -> String in
        // The mark alone says who misses the only one.
        guard requirements.count > 1 else { return asked.text }
        let own = labels.filter { label in missed(label).contains { $0.requirement.metric == asked.metric } }
        return "\(asked.text) (\(own.joined(separator: ", ")))"
      }
      lines.append("* does not meet the requirements: " + texts.joined(separator: ", "))
      for label in lacks {
        let names = missed(label).filter { $0.value == nil }.map(\.requirement.title)
        lines.append("  no value: \(label) has none for \(names.joined(separator: ", "))")
      }
    }
    lines += [lateLegend(labels)].compactMap { $0 }
    if labels.contains(where: { failed($0) > 0 }) {
      lines.append("failed: ended by an outage; the metric jobs_unfinished counts these jobs too")
    }
    lines += withoutValue.map { "no value: \($0.text) is required, but no policy has a value for it" }
    return lines
  }

  /// The meaning of `†`; `nil` if none of these policies has it.
  public func lateLegend(_ labels: [String]) -> String? {
    let marked = labels.filter { pushesOut($0) }
    guard !marked.isEmpty else { return nil }
    guard marked.contains(where: { left($0) > 0 }) else {
      return "† \(Standings.more) of its jobs end, or \(Standings.over) more is emitted, after the clock than under "
        + baseline
    }
    return
      "† \(Standings.more) of its jobs end after the clock or are unfinished, or \(Standings.over) more is emitted "
      + "after it, than under \(baseline)"
  }
}
