internal import Foundation

extension SwarmDrawing {
  /// A distribution in one of its forms: its mean is of the order told, and what is drawn stays within 40 times of it.
  ///
  /// - Parameters:
  ///   - extra: further keys of the mapping, such as `round: power_of_two`.
  ///   - depth: of mixtures within each other.
  mutating func drawLaw(_ mean: Double, extra: String = "", depth: Int = 0) -> String {
    func times(_ factor: Double) -> String { "\(mean * factor)" }
    let most = ", max: \(times(40))"
    let limits = one(of: [most, most, most + ", min: \(times(0.05))"])
    var law: String
    switch random.below(depth < 2 ? 13 : 11) {
    case 0: law = "constant: \(one(of: [times(1), "{value: \(times(1))}"]))"
    case 1: law = "uniform: \(one(of: ["{low: \(times(0.5)), high: \(times(1.5))}", "{mean: \(times(1)), cv: 0.3}"]))"
    case 2: law = "normal: {mean: \(times(1)), \(one(of: ["sd: \(times(0.6))", "cv: 0.6"]))}, min: 0" + most
    case 3: law = "exponential: \(one(of: ["{mean: \(times(1))}", "{rate: \(1 / mean)}"]))" + limits
    case 4:
      let forms = ["mu: \(log(mean)), sigma: 1", "mean: \(times(1)), cv: 2", "median: \(times(1)), sigma: 0.5"]
      law = "lognormal: {\(one(of: forms))}" + limits
    case 5...7:
      let name = one(of: ["gamma", "weibull", "pareto"])
      let forms = ["shape: 2.5, scale: \(times(0.5))", "mean: \(times(1)), cv: 0.8", "mean: \(times(1)), shape: 2.5"]
      law = "\(name): {\(one(of: forms))}" + limits
    case 8: law = "poisson: {mean: \(times(1))}"
    case 9:
      law = "choices: \(one(of: ["[\(times(0.5)), \(times(1))]", "{\(times(0.5)): 0.8, \(times(3)): 0.2, 0: 0}"]))"
    case 10: law = "powers_of_two: {from: 1, to: 8\(one(of: ["", ", weights: [1, 0, 2, 0.5]"]))}"
    case 11:
      if !files.contains(where: { $0.name == "sizes.csv" }) {
        files.append(("sizes.csv", "n,size\n" + (1...20).map { "\($0),\($0 % 7).5\n" }.joined()))
      }
      law = "empirical: {file: sizes.csv, column: size, scale: \(times(0.3))}"
    default:
      let parts = (0...random.below(2)).map { place in
        drawLaw(mean, extra: place == 0 ? "" : one(of: ["weight: 2", "weight: 0"]), depth: depth + 1)
      }
      law = "mixture: [\(parts.joined(separator: ", "))]"
    }
    return "{\(law)\(extra.isEmpty ? "" : ", " + extra)}"
  }

  /// The value of `workload:` for a generated one.
  mutating func drawModel() -> String {
    let hours = max(Double(duration) / 3_600_000, 0.01)
    let jobs = 1 + random.below(80)
    var common = ""
    if random.chance(0.25) {
      common += ", users: {count: \(one(of: ["1", "5", "1000"]))\(one(of: ["", ", zipf: 1.1"]))}"
    }
    if random.chance(0.4) { common += ", home: \(drawHome())" }
    if random.chance(0.3) {
      let rate = one(of: ["1", "0.3", "4"])
      return "{preset: \(one(of: ["pylon", "hpc-batch", "ml-mix"])), rate: \(rate), jobs: \(jobs)\(common)}"
    }
    let perHour = Double(1 + random.below(60)) / hours
    let even = Array(repeating: "1", count: 22).joined(separator: ", ")
    let hourly = "hourly: [0, \(even), 9]"
    let profile = random.chance(0.3) ? ", profile: {\(one(of: [hourly, "weekday: [5, 5, 5, 5, 4, 1, 1]"]))}" : ""
    let process = one(of: [
      "poisson: {per_hour: \(perHour)\(profile)}", "renewal: {gap: \(drawLaw(3600 / perHour))\(profile)}",
      "daily: {weekday: [10, 19], weekend: [3, 7]\(one(of: ["", ", rate: 2.5", ", " + hourly]))}",
    ])
    let batch = random.chance(0.3) ? ", batch: \(drawLaw(2))" : ""
    let classes = (0...random.below(3)).map { drawClass($0) }
    return "{arrivals: {\(process)\(batch), jobs: \(jobs)}, classes: [\(classes.joined(separator: ", "))]\(common)}"
  }

  mutating func drawHome() -> String {
    let some = codes.filter { _ in random.chance(0.6) }.map { SwarmText.quoted($0) }
    let list = some.isEmpty ? [SwarmText.quoted(codes[0])] : some
    return one(of: [
      "none", "uniform", "round-robin", "first", SwarmText.quoted(codes[0]), "[\(list.joined(separator: ", "))]",
      "{\(list.map { "\($0): 2" }.joined(separator: ", "))}",
    ])
  }

  private mutating func drawClass(_ place: Int) -> String {
    let spans = ["15m", "0.001s", "{choices: [1h, 30m, 2h]}", "{lognormal: {mean: 90m, cv: 1}, max: 2d}"]
    let minutes = Double(one(of: [1, 20, 90]) * 60)
    var keys = ["name: class-\(place)", "duration: \(random.chance(0.3) ? one(of: spans) : drawLaw(minutes))"]
    if random.chance(0.2) { keys.append("weight: \(place == 0 ? "3" : one(of: ["0", "0.5"]))") }
    if random.chance(0.5) { keys.append("type: \(one(of: ["training", "batch", "inference", "rag_query"]))") }
    if random.chance(0.4) { keys.append("urgency: \(one(of: ["HIGH", "{low: 0.4, critical: 0.6}", "{medium: 1}"]))") }
    let round = one(of: ["", "round: up", "round: power_of_two"])
    if random.chance(0.6) { keys.append("cpu_cores: \(random.chance(0.3) ? "4" : drawLaw(2, extra: round))") }
    if random.chance(0.3) { keys.append("gpus: \(random.chance(0.3) ? "0.5" : drawLaw(1, extra: round))") }
    if random.chance(0.5) { keys.append("\(one(of: ["memory_gb", "memory_gb_per_core"])): \(drawLaw(3))") }
    if random.chance(0.4) { keys.append("estimate: \(random.chance(0.3) ? "0.2" : drawLaw(1))") }
    if random.chance(0.4) {
      keys.append(
        "energy: "
          + one(of: [
            "hardware", "{base_kwh: 2, per_core_hour_kwh: 0.1, spread: 0.15}",
            "{per_core_kwh: 0.2, per_gpu_hour_kwh: 0.3, per_gb_hour_kwh: 0.001}",
          ]))
    }
    if random.chance(0.4) { keys.append("deferral_window: \(one(of: ["none", "6h", "by_urgency"]))") }
    if random.chance(0.4) {
      keys.append("deadline: \(one(of: ["none", "{slack: 2}", "{slack: 1}", "12h", "by_urgency"]))")
    }
    if random.chance(0.3) {
      keys.append(
        "caps: "
          + one(of: [
            "{emissions: 0.9, cost: 1.2, intensity_gco2_kwh: 200}",
            "{emissions: 1e-6, reference_gco2_kwh: 1, reference_gbp_kwh: 3}", "{cost: 2, reference_gbp_kwh: 0.05}",
          ]))
    }
    if random.chance(0.3) { keys.append("home: \(drawHome())") }
    return "{\(keys.joined(separator: ", "))}"
  }
}
