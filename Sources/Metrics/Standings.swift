public import Domain

/// How the policies of a result stand to what its scenario requires, and which push work past the clock.
public struct Standings: Sendable {
  public let requirements: [Requirement]
  private let baseline: String
  private let values: [String: [String: Double]]

  private static let metrics = ["jobs_submitted", "jobs_ended_after_clock", "carbon_after_clock_pct"]

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
    self.requirements = requirements.filter { asked in labels.contains { values[$0]?[asked.metric] != nil } }
  }

  /// The mean of a metric that stands here.
  public func value(_ metric: String, _ label: String) -> Double? { values[label]?[metric] }

  /// The requirements that a policy does not keep, with its means.
  public func missed(_ label: String) -> [(requirement: Requirement, value: Double)] {
    requirements.compactMap { asked in
      guard let value = value(asked.metric, label), !asked.isKept(by: value) else { return nil }
      return (asked, value)
    }
  }

  public func keeps(_ label: String) -> Bool { missed(label).isEmpty }

  /// Whether a policy moves work out of sight: a share of its jobs that is more than a percentage point larger than the
  /// baseline's ends after the clock, or such a share of its emissions falls there.
  public func pushesOut(_ label: String) -> Bool {
    func share(_ label: String) -> Double? {
      guard let late = value("jobs_ended_after_clock", label), let all = value("jobs_submitted", label), all > 0 else {
        return nil
      }
      return 100 * late / all
    }
    func isMore(_ own: Double?, _ base: Double?) -> Bool { (own ?? 0) - (base ?? 0) > 1 }
    return label != baseline
      && (isMore(share(label), share(baseline))
        || isMore(value("carbon_after_clock_pct", label), value("carbon_after_clock_pct", baseline)))
  }

  /// ` *` for a policy that misses what is asked, ` †` for one that pushes work out, ` *†` for both.
  public func marks(_ label: String) -> String {
    let marks = (keeps(label) ? "" : "*") + (pushesOut(label) ? "†" : "")
    return marks.isEmpty ? "" : " " + marks
  }

  /// What the marks of these policies mean, a line each.
  public func legend(_ labels: [String]) -> [String] {
    var lines: [String] = []
    if labels.contains(where: { !keeps($0) }) {
      let asked = requirements.filter { asked in
        labels.contains { label in missed(label).contains { $0.requirement.metric == asked.metric } }
      }
      lines.append("* does not keep what is asked: " + asked.map(\.text).joined(separator: ", "))
    }
    if labels.contains(where: { pushesOut($0) }) {
      lines.append("† ends more jobs, or emits a larger share, after the clock than \(baseline)")
    }
    return lines
  }
}
