internal import Domain

/// Policies that completed different numbers of jobs, as some rejected jobs or lost them to outages.
extension Standings {
  /// Jobs that a policy never completed, as it rejected them or an outage ended them, in percent of those submitted.
  func lost(_ label: String) -> Double {
    guard let all = value("jobs_submitted", label), all > 0 else { return 0 }
    return 100 * ((value("jobs_rejected", label) ?? 0) + failed(label)) / all
  }

  /// True if the shares of jobs that two policies lost differ by at most one percentage point: their totals are of the
  /// same work.
  public func isComparable(_ label: String, with other: String? = nil) -> Bool {
    (other ?? baseline).isEmpty || abs(lost(label) - lost(other ?? baseline)) <= 1
  }

  /// Jobs that a policy did not complete, for whatever reason, in percent of those submitted.
  private func undone(_ label: String) -> Double {
    guard let all = value("jobs_submitted", label), all > 0, let done = value("jobs_completed", label) else { return 0 }
    return 100 * (all - done) / all
  }

  /// True if a policy's savings are of the work that the baseline did: the shares of jobs that the two completed, and
  /// those that they lost, differ by at most one percentage point.
  public func savesOnSameWork(_ label: String) -> Bool {
    guard !baseline.isEmpty, label != baseline else { return true }
    return isComparable(label) && abs(undone(label) - undone(baseline)) <= 1
  }

  /// `‡` behind a saving that is not on the same work; empty for other metrics and policies.
  public func figureMark(_ metric: String, _ label: String) -> String {
    Metric(rawValue: metric)?.definition.isOfPair == true && !savesOnSameWork(label) ? "‡" : ""
  }

  /// The meaning of `‡`; `nil` if no saving of these policies has it.
  public func savingLegend(_ labels: [String]) -> String? {
    guard labels.contains(where: { !savesOnSameWork($0) }) else { return nil }
    return "‡ not a saving on the same work: the policy and \(baseline) completed different shares of the jobs"
  }

  /// Those of the policies that lost the fewest jobs, to one percentage point.
  public func mostWork(_ labels: [String]) -> [String] {
    let least = labels.map(lost).min() ?? 0
    return labels.filter { lost($0) - least <= 1 }
  }

  /// The number of jobs that the baseline completed, and that the policies did whose totals are not comparable with its
  /// own; `nil` if all are.
  public func workNote(_ labels: [String]) -> String? {
    let others = labels.filter { !isComparable($0) }
    guard !others.isEmpty else { return nil }
    var groups: [(work: String, labels: [String])] = []
    for label in others {
      let work = work(label)
      if let place = groups.firstIndex(where: { $0.work == work }) {
        groups[place].labels.append(label)
      } else {
        groups.append((work, [label]))
      }
    }
    let texts = groups.map { "\($0.labels.joined(separator: ", ")) \($0.work)" }
    return "\(baseline) \(work(baseline)); \(texts.joined(separator: "; ")): "
      + "\(others.count == 1 ? "its" : "their") totals and savings are not comparable with those of \(baseline)"
  }

  /// `completed 31 of 100 jobs and rejected 69`.
  private func work(_ label: String) -> String {
    func count(_ value: Double) -> String {
      let tenths = (value * 10).rounded() / 10
      return tenths == tenths.rounded() ? String(Int64(tenths)) : String(tenths)
    }
    let all = value("jobs_submitted", label) ?? 0
    var text = "completed \(count(value("jobs_completed", label) ?? 0)) of \(count(all)) \(all == 1 ? "job" : "jobs")"
    let rejected = value("jobs_rejected", label) ?? 0
    if rejected > 0 { text += failed(label) > 0 ? ", rejected \(count(rejected))" : " and rejected \(count(rejected))" }
    if failed(label) > 0 { text += " and lost \(count(failed(label))) to outages" }
    return text
  }
}
