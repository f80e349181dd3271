/// Takes parts away from a scenario that fails, while it still fails in the same way.
struct SwarmShrinking {
  private(set) var scenario: SwarmScenario
  private(set) var failure: SwarmFailure
  private var left: Int
  private let trial: (SwarmScenario) throws -> Void

  /// - Parameters:
  ///   - attempts: how many scenarios are tried at most.
  ///   - trial: throws where the scenario fails.
  init(
    _ scenario: SwarmScenario, _ failure: SwarmFailure, attempts: Int = 150,
    trial: @escaping (SwarmScenario) throws -> Void
  ) {
    self.scenario = scenario
    self.failure = failure
    self.trial = trial
    left = attempts
  }

  /// Until nothing can be taken away any more; each part at least once.
  mutating func shrink() throws {
    var before = ""
    while before != scenario.size + scenario.yaml, left > 0 {
      before = scenario.size + scenario.yaml
      try removing(scenario.policies.count) { $0.policies.remove(places: $1) }
      try removing(scenario.events.count) { $0.events.remove(places: $1) }
      if case .log(_, _, _, _, let rows) = scenario.jobs {
        try removing(rows.count) { scenario, places in
          guard case .log(let name, let header, let rest, let hasHomes, var rows) = scenario.jobs else { return }
          rows.remove(places: places)
          scenario.jobs = .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: rows)
        }
      }
      try removing(scenario.settings.count) { $0.settings.remove(places: $1) }
      for zone in scenario.zones where scenario.zones.count > 1 && scenario.preset == nil {
        _ = try keep(scenario.without(zone: zone.code))
      }
    }
  }

  /// Halves, quarters, … and at last single ones of so many parts (Zeller and Hildebrandt 2002,
  /// doi:10.1109/32.988498, complements alone).
  private mutating func removing(_ count: Int, _ remove: (inout SwarmScenario, Range<Int>) -> Void) throws {
    var count = count
    var size = count
    while size > 0, left > 0 {
      var place = 0
      while place < count, left > 0 {
        let places = place..<min(place + size, count)
        var smaller = scenario
        remove(&smaller, places)
        if try keep(smaller) { count -= places.count } else { place += size }
      }
      size /= 2
    }
  }

  /// Returns true if the smaller scenario fails too, and then replaces the current one with it.
  private mutating func keep(_ smaller: SwarmScenario) throws -> Bool {
    guard left > 0, !smaller.policies.isEmpty else { return false }
    left -= 1
    do {
      try trial(smaller)
      return false
    } catch let other as SwarmFailure where other.rule == failure.rule {
      (scenario, failure) = (smaller, other)
      return true
    } catch is SwarmFailure { return false }
  }
}

extension Array {
  fileprivate mutating func remove(places: Range<Int>) { removeSubrange(places) }
}
