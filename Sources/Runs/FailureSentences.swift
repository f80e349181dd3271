internal import Domain
package import ResultReading
package import Scenarios

/// Sentences on the outages that ended jobs.
package enum FailureSentences {
  /// More outages are summed up.
  private static let most = 5

  /// Added if an outage with `running: suspend` ended jobs that had never been interrupted.
  package static let suspendRemedy =
    "an outage with running: suspend ends jobs that may not be interrupted; interruption: {allowed: true} lets them go "
    + "on afterwards"

  /// The number of jobs that failed under each policy, and the remedy for outages that suspend, without the outages.
  package static func summary(_ result: ScenarioResult, _ scenario: Scenario) -> [String] {
    let own = result.labels.compactMap { label -> String? in
      let jobs = result.runs.filter { $0.label == label }.reduce(0) { $0 + $1.failed }
      return jobs > 0 ? "\(counted(jobs, "job")) under \(label)" : nil
    }
    guard !own.isEmpty else { return [] }
    let place = result.replications > 1 ? "in \(result.replications) replications, " : ""
    return ["\(place)outages or lost capacity ended \(own.joined(separator: ", "))"] + remedy(scenario)
  }

  /// The remedy if an outage suspends jobs that may not be interrupted.
  package static func remedy(_ scenario: Scenario) -> [String] {
    let suspends = scenario.events.outages.contains { $0.running == .suspend }
    return suspends && scenario.interruption == .never ? [suspendRemedy] : []
  }

  /// One sentence per outage, without its full stop.
  ///
  /// - Parameter replications: of the result; the failures are those of the first.
  package static func all(_ failures: [OutageFailures], replications: Int) -> [String] {
    var events: [(zone: String, at: Instant, own: [OutageFailures])] = []
    for failure in failures {
      if let place = events.firstIndex(where: { $0.zone == failure.zone && $0.at == failure.at }) {
        events[place].own.append(failure)
      } else {
        events.append((failure.zone, failure.at, [failure]))
      }
    }
    events.sort { ($0.at, $0.zone) < ($1.at, $1.zone) }
    let place = replications > 1 ? "in replication 1, " : ""
    var lines = events.prefix(most).map { event in
      let isOutage = event.own.contains { $0.rule != nil }
      let what = isOutage ? "the outage" : "the change of capacity"
      let own = event.own.map { "\(counted($0.jobs, "job")) under \($0.label)" }
      return "\(place)\(what) of \(event.zone) at \(event.at.readable) ended \(own.joined(separator: ", "))"
    }
    if events.count > most {
      let jobs = events.dropFirst(most).flatMap(\.own).reduce(0) { $0 + $1.jobs }
      lines.append("\(place)\(counted(events.count - most, "more outage")) ended \(counted(jobs, "job"))")
    }
    if failures.contains(where: { $0.rule == .suspend && $0.ranThrough }) { lines.append(suspendRemedy) }
    return lines
  }
}
