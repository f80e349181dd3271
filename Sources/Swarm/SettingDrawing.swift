internal import Domain

extension SwarmDrawing {
  /// Whole lines of a scenario, each of which it may do without.
  ///
  /// - Parameters:
  ///   - names: of the policies that a baseline is drawn from.
  ///   - running: those that run.
  mutating func drawSettings(_ names: [String], running: [String]) -> [String] {
    var lines: [String] = []
    if random.chance(0.5) { lines.append("baseline: \(one(of: names))") }
    let isSwept = random.chance(0.05)
    if random.chance(0.35) {
      lines.append("replications: \(2 + random.below(2))")
    } else if !isSwept, random.chance(0.06) {
      let more = one(of: ["", ", policy: \(one(of: running))", ", confidence: 0.9"])
      lines.append("until: {metric: \(one(of: ["carbon_kg", "wait_mean_s"])), half_width: 1, min: 2, max: 4\(more)}")
    }
    if !drains || random.chance(0.4) { lines.append("drain: \(drains)") }
    if random.chance(0.5) { lines.append("caps: \(one(of: ["soft", "hard", "hard"]))") }
    if random.chance(0.6) {
      let who = one(of: ["true", "true", "[training, batch, inference_batch]", "false"])
      let costs = one(of: [
        "", ", checkpoint: 30s, resume: 1m", ", checkpoint: 20m, resume: 0.001s, checkpoint_kwh: 0.25",
        ", resume_kwh: 0.125, checkpoint_kwh: 0.5",
      ])
      lines.append("interruption: {allowed: \(who)\(costs)}")
    }
    if random.chance(0.25) {
      let part = SwarmText.span(max(1, duration * Int64(1 + random.below(9)) / 10 - 1))
      lines.append("warm_up: \(duration > 1 && random.chance(0.6) ? part : one(of: ["mser-5", "mser-5", "none"]))")
    }
    if random.chance(0.12) { lines.append(drawChecks(running)) }
    if random.chance(0.12) {
      let asked = one(of: [
        "none", "{sla_met_pct: 80}", "{jobs_ended_after_clock: 3, carbon_kg: {min: 0, max: 1e6}}",
        "{sla_met_pct: {min: 50}, wait_mean_s: 1e5}",
      ])
      lines.append("requirements: \(asked)")
    }
    if isSwept { lines.append(drawSweep()) }
    lines.append(drawOutputs())
    return lines
  }

  /// Draws checks that the first result meets, some of them comparisons with itself.
  private mutating func drawChecks(_ running: [String]) -> String {
    let policy = one(of: running)
    let checks = [
      "{metric: jobs_submitted, min: 0, max: 1e9}", "{metric: jobs_completed, policy: \(policy), min: 0}",
      "{baseline: first/metrics.csv}", "{metric: [carbon_kg, cost_gbp], baseline: first/metrics.csv, rel: 1e-12}",
      "{metric: sla_met_pct, policy: \(policy), baseline: first/metrics.csv, abs: 0}",
    ]
    return "checks: [\((0...random.below(3)).map { _ in one(of: checks) }.joined(separator: ", "))]"
  }

  private mutating func drawSweep() -> String {
    let zone = preset == nil && codes[0] == "Z1" ? "zones.Z1.pue" : "seed"
    let value = zone == "seed" ? "7, 8" : "1, 1.5"
    // A trace that does not run on past the clock lets nobody drain.
    let drain = drains ? "false, true" : "false"
    return "sweep: "
      + one(of: [
        "{grid: {\(zone): [\(value)], drain: [\(drain)]}}", "{list: [{drain: false}, {seed: 9, caps: hard}]}",
        "{latin_hypercube: {points: 2, ranges: {seed: {low: 1, high: 99, whole: true}}}}",
        "{latin_hypercube: {points: 3, ranges: {grid.forecast.error: {low: 0.1, high: 3, scale: log}, "
          + "interruption.resume_kwh: {low: 0, high: 1, scale: linear}}}}",
        "{latin_hypercube: {points: 2, ranges: {interruption.checkpoint_kwh: [0, 1]}}}",
      ])
  }

  private mutating func drawOutputs() -> String {
    // A sixth of the clock and finer samples up to a fortieth: what is written stays small.
    func every(_ parts: Int64) -> String { "{every: \(SwarmText.span(max(1, duration / parts)))}" }
    func instants(_ random: inout SwarmDrawing) -> String {
      let all = (0...random.random.below(2)).map { _ in
        Instant(milliseconds: random.start + Int64(random.random.uniform() * Double(random.duration))).iso8601
      }
      return "[\(all.joined(separator: ", "))]"
    }
    let finer = every(Int64(2 + random.below(39)))
    var keys = ["samples: \(random.chance(0.1) ? instants(&self) : one(of: ["none", "default", finer, finer, finer]))"]
    if random.chance(0.5) { keys.append("decisions: \(one(of: ["all", "all", "none"]))") }
    if random.chance(0.15) { keys.append("workloads: \(one(of: ["none", "all"]))") }
    if random.chance(0.6) {
      keys.append("maps: \(random.chance(0.15) ? instants(&self) : one(of: ["none", "default", every(3)]))")
    }
    if random.chance(0.6) {
      let names = ChartName.allCases.map(\.rawValue).filter { _ in random.chance(0.4) }
      keys.append("charts: \(one(of: ["none", "[\((names + ["load"]).joined(separator: ", "))]", "default"]))")
    }
    if random.chance(0.3) { keys.append("theme: \(one(of: ["light", "dark"]))") }
    if random.chance(0.15) { keys.append(drawOutline()) }
    return "outputs: {\(keys.joined(separator: ", "))}"
  }
}
