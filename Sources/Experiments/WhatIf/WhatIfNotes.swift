internal import Domain
internal import Metrics
internal import Scenarios

/// Notes on a variant that its figures do not show.
struct WhatIfNotes {
  let base: Scenario
  let variant: Scenario

  // MARK: Jobs

  /// Notes that the variant's jobs, or their homes, are not those of the base.
  var jobs: [String] {
    guard hasSameJobs else {
      return ["the variant has different jobs: replications are compared by their number only, not on the same jobs"]
    }
    guard !hasSameHomes else { return [] }
    return [
      "the variant has the same jobs with other home zones: homes are drawn or dealt out over "
        + "\(counted(variant.zones.count, "zone")), not \(base.zones.count)"
    ]
  }

  private static func placing(_ scenario: Scenario) -> [WindowSpec] {
    scenario.windows.map { [WindowSpec(count: 1, placing: $0.placing, repeatsJobs: $0.repeatsJobs)] } ?? []
  }

  /// What the jobs of a replication depend on, homes apart.
  private var hasSameJobs: Bool {
    variant.workload.withoutHomes == base.workload.withoutHomes && variant.events.surges == base.events.surges
      && variant.seed == base.seed && variant.start == base.start && variant.duration == base.duration
      && WhatIfNotes.placing(variant) == WhatIfNotes.placing(base)
  }

  private var hasSameHomes: Bool { WhatIfNotes.homes(variant) == WhatIfNotes.homes(base) }

  /// The rules for homes with zones by code, so that a zone that is nobody's home may come or go.
  private static func homes(_ scenario: Scenario) -> [String] {
    let codes = scenario.zones.map(\.code)
    return scenario.workload.homes.map { home in
      switch home {
      case nil: return "unsaid"
      case .none?: return "none"
      case .first?: return "first \(codes.first ?? "")"
      case .roundRobin?: return "round-robin \(codes.joined(separator: " "))"
      case .weights(let weights)?:
        return zip(codes, weights).filter { $0.1 > 0 }.map { "\($0) \($1)" }.joined(separator: " ")
      }
    }
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

  // MARK: Work that was not done

  /// Notes that more or fewer jobs were rejected or left unfinished, if the metrics shown do not say so.
  static func undone(
    _ label: String, _ before: ScenarioResult, _ after: ScenarioResult, shown: [String]
  ) -> [String] {
    ["jobs_rejected", "jobs_unfinished"].filter { !shown.contains($0) }.compactMap { metric in
      let means = [before, after].map { result in
        let known = result.values(metric, of: label).compactMap { $0 }
        return known.isEmpty ? 0 : SampleMoments(known).mean
      }
      guard means[0] != means[1] else { return nil }
      let texts = means.map { mean -> String in
        mean == mean.rounded() ? String(Int64(mean)) : ComparisonText.number(mean, digits: 4)
      }
      let figures = texts.joined(separator: " → ")
      return "\(label): \(metric) \(figures): base and variant did not complete the same jobs"
    }
  }
}

extension WorkloadSpec {
  /// The same jobs, wherever their homes are.
  fileprivate var withoutHomes: WorkloadSpec {
    switch self {
    case .log(var spec):
      spec.home = nil
      return .log(spec)
    case .generated(var model):
      for place in model.classes.indices { model.classes[place].home = .none }
      return .generated(model)
    }
  }

  /// Of the log, or of each class.
  fileprivate var homes: [HomeModel?] {
    switch self {
    case .log(let spec): [spec.home]
    case .generated(let model): model.classes.map(\.home)
    }
  }
}
