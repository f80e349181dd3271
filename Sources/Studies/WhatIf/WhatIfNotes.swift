internal import Domain
internal import Metrics
internal import Runs
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

  /// The notes of a run of the base and of each variant, dealt out so that each is printed once.
  struct Collection {
    private let base: [String]
    private var variants: [[String]] = []

    init(_ result: ScenarioResult, _ scenario: Scenario) { base = Collection.all(result, scenario) }

    mutating func add(_ result: ScenarioResult, _ scenario: Scenario) {
      variants.append(Collection.all(result, scenario))
    }

    private static func all(_ result: ScenarioResult, _ scenario: Scenario) -> [String] {
      result.notes + [result.standings.workNote(result.labels)].compactMap { $0 }
        + FailureSentences.summary(result, scenario)
    }

    private func isShared(_ note: String) -> Bool { variants.allSatisfy { $0.contains(note) } }

    /// Notes above the variants; one that does not hold for all of them begins with `base: `.
    var ofBase: [String] { base.map { isShared($0) ? $0 : "base: \($0)" } }

    /// Notes under a variant: all that do not stand above for every variant.
    func ofVariant(_ place: Int) -> [String] { variants[place].filter { !base.contains($0) || !isShared($0) } }
  }

  /// Notes the policies that only one of the two runs.
  static func policies(_ before: ScenarioResult, _ after: ScenarioResult) -> [String] {
    let lost = before.labels.filter { !after.labels.contains($0) }
    return lost.isEmpty ? [] : ["only the base runs \(lost.joined(separator: ", "))"]
  }

  /// Notes the overrides that write what the base has.
  static func withoutEffect(_ changes: [OverrideChange]) -> [String] {
    let idle = changes.filter(\.isWithoutEffect)
    guard !idle.isEmpty else { return [] }
    let keys = idle.map { "\($0.key) is \($0.after) there too" }.joined(separator: ", ")
    return [idle.count == changes.count ? "the variant is the base: \(keys)" : "as in the base: \(keys)"]
  }

  /// Notes the base's events that a variant's own list leaves out.
  static func replacedEvents(_ changes: [OverrideChange]) -> [String] {
    changes.filter { $0.key == "events" && !$0.dropped.isEmpty }.map { change in
      "events replaces the list of the base, without \(change.dropped.joined(separator: ", ")); events.+ adds to it"
    }
  }
}
