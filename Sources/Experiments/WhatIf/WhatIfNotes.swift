internal import Domain
internal import Metrics
internal import Scenarios

/// Notes on a variant that its figures do not show.
enum WhatIfNotes {
  /// Notes that the variant's jobs, their windows or their homes are not those of the base.
  ///
  /// - Throws: ``BadInput`` if a job file can no longer be read.
  static func jobs(_ base: Scenario, _ variant: Scenario, replications: Int) throws -> [String] {
    guard !variant.hasSameJobSource(as: base) else { return [] }
    return try WhatIfJobs(base, variant, replications: replications)
      .notes(zones: (base.zones.count, variant.zones.count))
  }

  // MARK: Zones and events

  /// Codes of the zones that events name; an event of all zones names none.
  static func eventZones(_ scenario: Scenario) -> Set<String> {
    let events = scenario.events
    let told = events.outages.map(\.zones) + events.capacities.map(\.zones) + events.shocks.map(\.zones)
    return Set(told.filter { $0.count < scenario.zones.count }.joined().map { scenario.zones[$0].code })
  }

  /// Notes of a run of the variant that a run of the base does not have.
  static func own(_ after: ScenarioResult, _ variant: Scenario, _ before: ScenarioResult, _ base: Scenario) -> [String]
  {
    let known = all(before, base)
    return all(after, variant).filter { !known.contains($0) }
  }

  /// Every note of a run.
  static func all(_ result: ScenarioResult, _ scenario: Scenario) -> [String] {
    result.notes + [result.standings.workNote(result.labels)].compactMap { $0 }
      + FailureSentences.summary(result, scenario)
  }

  /// Notes the base's events that a variant's own list leaves out.
  static func replacedEvents(_ changes: [OverrideChange]) -> [String] {
    changes.filter { $0.key == "events" && !$0.dropped.isEmpty }.map { change in
      "events replaces the list of the base, without \(change.dropped.joined(separator: ", ")); events.+ adds to it"
    }
  }
}
