internal import Domain
internal import Randomness

/// Draws scenarios: small ones, with every feature in some and left out in others, and values at the edges of what is
/// valid more often than life has them.
struct SwarmDrawing: ~Copyable {
  let seed: UInt64
  let number: Int
  var random: RandomStream
  /// The clock, ms.
  var start: Int64 = 0
  var duration: Int64 = 0
  var codes: [String] = []
  /// Whether the zones are the preset's fourteen, so that the grid may be synthetic.
  var isPreset = false
  var files: [(name: String, text: String)] = []

  init(seed: UInt64, number: Int) {
    self.seed = seed
    self.number = number
    random = RandomStream(seed: seed, replication: number, name: "swarm")
  }

  /// - Parameter policies: the names to draw from; not empty.
  mutating func scenario(policies names: [String]) -> SwarmScenario {
    drawClock()
    let zones = drawZones()
    let grid = drawGrid()
    let jobs = drawJobs()
    let policies = drawPolicies(names)
    let events = drawEvents(isGenerated: jobs.isGenerated)
    let settings = drawSettings(names)
    return SwarmScenario(
      seed: random.chance(0.05) ? .max : UInt64(random.below(1_000_000)),
      clock: "{start: \(Instant(milliseconds: start).iso8601), duration: \(SwarmText.span(duration))}", zones: zones,
      grid: grid, files: files, jobs: jobs, policies: policies, events: events, settings: settings)
  }

  mutating func one<Value>(of values: [Value]) -> Value { values[random.below(values.count)] }

  private mutating func drawClock() {
    // From 2019 on, at a whole hour, minute or millisecond; a leap day and the end of a year now and then.
    let hour: Int64 = 3_600_000
    start = 1_546_300_800_000 + Int64(random.below(60_000)) * hour
    if random.chance(0.1) { start = one(of: [1_709_164_800_000, 1_735_686_000_000]) }
    if random.chance(0.2) { start += Int64(random.below(60)) * 60_000 }
    if random.chance(0.05) { start += Int64(random.below(60_000)) }
    duration = one(of: [3 * hour, 8 * hour, 12 * hour, 24 * hour, 36 * hour, 72 * hour])
    if random.chance(0.06) { duration = one(of: [1, 1000, 59_999, 8 * 24 * hour]) }
    if random.chance(0.2) { duration += Int64(random.below(3_600_000)) }
  }

  private mutating func drawZones() -> [(code: String, text: String)] {
    isPreset = random.chance(0.08)
    let strange = ["é 1", "A&B <x>", "=1+1", "it's", "Zone, the \"second\"", "0"]
    let isStrange = random.chance(0.15)
    let count = isPreset ? 14 : 1 + random.below(4)
    let shuffled = strange.dropFirst(random.below(3))
    codes = (0..<count).map { place in
      if isPreset { return SwarmDrawing.preset[place] }
      return isStrange && place < shuffled.count ? shuffled[shuffled.startIndex + place] : "Z\(place + 1)"
    }
    return codes.enumerated().map { place, code in (code, drawZone(code, place)) }
  }

  static let preset = [
    "GB-N-SCOT", "GB-S-SCOT", "GB-N-WEST", "GB-N-EAST", "GB-YORK", "GB-N-WALES", "GB-S-WALES", "GB-W-MID", "GB-E-MID",
    "GB-E-ENG", "GB-S-WEST", "GB-SOUTH", "GB-LONDON", "GB-S-EAST",
  ]

  private mutating func drawZone(_ code: String, _ place: Int) -> String {
    var cores = one(of: ["1", "2", "4", "8", "12", "3.5"])
    let gpus = random.chance(0.5) ? "0" : "\(random.below(5))"
    if random.chance(0.04) { cores = one(of: ["1e12", "0.001", "0"]) }
    var keys = ["code: \(SwarmText.quoted(code))"]
    let latitude = random.chance(0.03) ? one(of: ["90", "-90"]) : "5\(place % 9).25"
    let longitude = random.chance(0.03) ? one(of: ["180", "-180"]) : "-\(random.below(6))"
    keys.append("coordinates: {lat: \(latitude), lng: \(longitude)}")
    keys.append("capacity: {cpu_cores: \(cores), memory_gb: \(1 + random.below(40)), gpus: \(gpus)}")
    if random.chance(0.3) { keys.append("id: \(place == 0 ? 1_000_000_000 : 100 + place)") }
    if random.chance(0.7) { keys.append("pue: \(one(of: ["1", "1.1", "1.25", "1.7", "1.0000001", "1000"]))") }
    if random.chance(0.4) { keys.append("idle_kw: \(one(of: ["0", "0.5", "3", "1e6"]))") }
    if random.chance(0.3) {
      keys.append(
        "hardware: {cpu_core_watts: \(random.below(20)), gpu_watts: \(random.below(400)), memory_gb_watts: 0.4}")
    }
    return "{\(keys.joined(separator: ", "))}"
  }

  private mutating func drawSettings(_ names: [String]) -> [String] {
    var lines: [String] = []
    if random.chance(0.5) { lines.append("baseline: \(one(of: names))") }
    if random.chance(0.35) {
      lines.append("replications: \(2 + random.below(2))")
    } else if random.chance(0.06) {
      lines.append("until: {metric: carbon_kg, half_width: 1, min: 2, max: 4}")
    }
    if random.chance(0.6) { lines.append("drain: \(random.chance(0.4))") }
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
      lines.append("warm_up: \(duration > 1 && random.chance(0.6) ? part : "mser-5")")
    }
    lines.append(drawOutputs())
    return lines
  }

  private mutating func drawOutputs() -> String {
    // A sixth of the clock and finer samples up to a fortieth: what is written stays small.
    func every(_ parts: Int64) -> String { "{every: \(SwarmText.span(max(1, duration / parts)))}" }
    var keys = ["samples: \(random.chance(0.2) ? "none" : every(Int64(2 + random.below(39))))"]
    if random.chance(0.5) { keys.append("decisions: \(one(of: ["all", "all", "none"]))") }
    if random.chance(0.08) { keys.append("workloads: none") }
    if random.chance(0.6) { keys.append("maps: \(one(of: ["none", "default", every(3)]))") }
    if random.chance(0.6) { keys.append("charts: \(one(of: ["none", "[pareto, load, wait]", "default"]))") }
    if random.chance(0.3) { keys.append("theme: \(one(of: ["light", "dark"]))") }
    return "outputs: {\(keys.joined(separator: ", "))}"
  }
}

extension SwarmScenario.Jobs {
  var isGenerated: Bool { if case .generated = self { true } else { false } }
}
