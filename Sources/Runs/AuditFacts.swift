internal import Audit
internal import Domain
internal import Engine
internal import Policies
internal import Scenarios

/// The facts that an audit needs of a scenario. The rules are written a second time here on purpose: the audit does not
/// call those that made the result.
extension ScenarioFacts {
  /// - Parameter isOfThisVersion: true if this version of the program wrote the result.
  init(_ scenario: Scenario, isOfThisVersion: Bool) {
    let plan = RunPlan(scenario)
    let most = scenario.replicationsAtMost
    let replications = scenario.until.map { min(2, $0.most)...$0.most } ?? scenario.replications...scenario.replications
    self.init(
      name: scenario.name, seed: scenario.seed, policies: plan.policies.map(\.name), baseline: plan.baselinePlace,
      replications: replications, duration: scenario.duration, drains: scenario.drain, currency: scenario.currency,
      interruption: scenario.interruption, zones: scenario.zones)
    labels = plan.labels
    varies = ScenarioFacts.varies(scenario, plan.policies, replications: most)
    home = scenario.homeRule
    if case .log(let log) = scenario.workload {
      switch log.home {
      case .roundRobin?, .weights?: givesHomes = true
      case nil, .none?, .first?: givesHomes = false
      }
    }
    staysAtHome = plan.policies.map(ScenarioFacts.staysAtHome)
    replays = plan.policies.map { $0.name == "operator-manual" && $0.parameters.text("decisions") != nil }
    eventOrderVersion = isOfThisVersion ? Simulation.eventOrderVersion : nil
    switch scenario.warmUp {
    case .none: warmUp = .zero
    case .span(let span): warmUp = span
    case .mser5: warmUp = nil
    }
    requirements = scenario.requirements
    outages = { replication in ScenarioFacts.outages(scenario, replication) }
    changedZones = scenario.events.capacities.flatMap { $0.zones.map { scenario.zones[$0].id } }
    let hasShocks = scenario.events.shocks.contains { $0.quantity == .price }
    switch scenario.grid.price {
    case .constant(let price) where !hasShocks: self.price = .constant(price)
    case _ where scenario.grid.forecast.price == .perfect && !hasShocks:
      self.price = .perfect(horizon: scenario.grid.forecast.horizon)
    default: self.price = .unknown
    }
  }

  /// `nil` for a policy of another package.
  private static func staysAtHome(_ policy: PolicySpec) -> Bool? {
    switch policy.name {
    case "standard": return true
    case "greenest-within-window": return policy.parameters.text("zones") == "home"
    case "lowest-slot", "lowest-window", "carbon-time", "wait-awhile", "ecovisor", "carbon-cap":
      return policy.parameters.text("zones") != "any"
    case "greedy-lowest-carbon", "deadline-aware", "cheapest", "round-robin", "random", "mix-score",
      "operator-manual":
      return false
    default: return nil
    }
  }

  private static func varies(_ scenario: Scenario, _ policies: [PolicySpec], replications: Int) -> String {
    var words: [String] = []
    let windows = scenario.windows
    var hasOwnJobs = true
    if case .log(let log) = scenario.workload {
      let drawsHomes =
        if case .weights(let weights)? = log.home { weights.filter { $0 > 0 }.count > 1 } else { false }
      let takesParts = windows.map { !$0.repeatsJobs && log.format != .platform } ?? false
      hasOwnJobs = drawsHomes || takesParts
    }
    if hasOwnJobs { words.append("jobs") }
    let grid = scenario.grid
    if grid.varies, [grid.carbon, grid.price].contains(where: \.isSynthetic) { words.append("grid") }
    if windows != nil { words.append("window") }
    let models = [grid.forecast.model, grid.forecast.price]
    if models.contains(.noisy), grid.forecast.error > 0 { words.append("forecast errors") }
    let draws = policies.contains { PolicyCatalog.drawsAtRandom($0.name, $0.parameters) }
    if draws { words.append("policy randomness") }
    if words.isEmpty { return "nothing" }
    if windows != nil {
      let starts = (1...replications).map { scenario.clockStart($0) }.sorted()
      let overlap = zip(starts, starts.dropFirst()).contains { $0 + scenario.duration > $1 }
      if overlap { words.append("overlapping windows") }
    }
    return words.joined(separator: ", ")
  }

  private static func outages(_ scenario: Scenario, _ replication: Int) -> [Outage] {
    let start = scenario.clockStart(replication)
    let moved = start - scenario.start
    return scenario.events.outages.flatMap { outage -> [Outage] in
      let by = outage.movesWithClock ? moved : .zero
      let from = max(outage.span.lowerBound + by, start)
      let until = outage.span.upperBound == .never ? Instant.never : outage.span.upperBound + by
      guard from < until, scenario.windows == nil || from < start + scenario.duration else { return [] }
      return outage.zones.map { Outage(zone: scenario.zones[$0].id, span: from..<until, running: outage.running) }
    }
  }
}
