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
  /// True if jobs continue past the clock's end.
  var drains = true
  var codes: [String] = []
  /// True if the zones are the preset's fourteen, so that the grid may be synthetic.
  var isPreset = false
  var files: [(name: String, text: String)] = []
  /// Capacity of each zone: cores, GB, GPUs.
  var capacities: [[Double]] = []
  /// True if every zone is in the United Kingdom, so that its national traces apply.
  var isUnitedKingdom = true
  /// Text that replaces the list of zones.
  var preset: String?
  /// The log's jobs within the clock, where they are asked for by name.
  var submissions: [(id: String, at: Int64, demand: [Double])] = []
  /// Demand of the row drawn last: cores, GB, GPUs.
  var demand: [Double] = []

  init(seed: UInt64, number: Int) {
    self.seed = seed
    self.number = number
    random = RandomStream(seed: seed, replication: number, name: "swarm")
  }

  /// - Parameter policies: the names to draw from; not empty.
  mutating func scenario(policies names: [String]) -> SwarmScenario {
    drawClock()
    drains = random.chance(0.6)
    let zones = drawZones()
    let grid = drawGrid()
    let jobs = drawJobs()
    let policies = labelled(drawPolicies(names))
    var events = drawEvents(jobs)
    var settings = drawSettings(names, running: policies.map(\.name))
    drawWindows(grid, jobs, policies.map(\.part.text), &events, &settings)
    // Of a stream of its own, so that all else is drawn as without. Synthetic prices are in GBP.
    var money = RandomStream(seed: seed, replication: number, name: "swarm/currency")
    if money.chance(0.15), !grid.contains("price: {synthetic") {
      settings.append("currency: \(["EUR", "GBP", "USD"][money.below(3)])")
    }
    let begin = random.chance(0.1) ? SwarmText.seconds(start) : Instant(milliseconds: start).iso8601
    // Of a stream of its own, so that all else is drawn as without.
    var packing = RandomStream(seed: seed, replication: number, name: "swarm/gzip")
    let packed = files.filter { _ in packing.chance(0.1) }.map { ($0.name, 1 + packing.below(2)) }
    let zone = duration / 1000 % 4 == 1 ? ", time_zone: UTC" : ""
    return SwarmScenario(
      seed: random.chance(0.05) ? .max : UInt64(random.below(1_000_000)),
      clock: "{start: \(begin), duration: \(SwarmText.span(duration))\(zone)}", zones: zones, grid: grid, files: files,
      compressed: Dictionary(packed) { first, _ in first }, jobs: jobs, policies: policies, events: events,
      settings: settings, preset: preset)
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
    // Now and then in another age: year 1, around the epoch, where instants have either sign, year 3000 and year 9900. Of
    // a stream of its own, so that all else is drawn as without.
    var ages = RandomStream(seed: seed, replication: number, name: "swarm/age")
    if ages.chance(0.05) {
      let age: [Int64] = [-62_135_596_800_000, -31 * hour - 1, 32_503_680_000_000, 250_246_627_200_000]
      start = age[ages.below(age.count)] + Int64(ages.below(30)) * hour
    }
  }

  private mutating func drawZones() -> [(code: String, text: String)] {
    isPreset = random.chance(0.08)
    let strange = ["é 1", "A&B <x>", "=1+1", "it's", "Zone, the \"second\"", "0"]
    let isStrange = random.chance(0.15)
    let count = isPreset ? 14 : 1 + random.below(4)
    let shuffled = strange.dropFirst(random.below(3))
    codes = (0..<count).map { place in
      if isPreset { return SwarmDrawing.presetCodes[place] }
      return isStrange && place < shuffled.count ? shuffled[shuffled.startIndex + place] : "Z\(place + 1)"
    }
    if isPreset, random.chance(0.5) {
      let pue = random.chance(0.5) ? ", pue: 1.3" : ""
      preset = one(of: ["gb-14", "{preset: gb-14, capacity: {cpu_cores: 6, memory_gb: 30, gpus: 2}\(pue)}"])
      capacities = codes.map { _ in [6, 30, 2] }
    }
    isUnitedKingdom = isPreset || random.chance(0.6)
    return codes.enumerated().map { place, code in (code, drawZone(code, place)) }
  }

  static let regions = [
    "North Scotland", "South Scotland", "North West England", "North East England", "Yorkshire", "North Wales",
    "South Wales", "West Midlands", "East Midlands", "East England", "South West England", "South England", "London",
    "South East England",
  ]

  static let presetCodes = [
    "GB-N-SCOT", "GB-S-SCOT", "GB-N-WEST", "GB-N-EAST", "GB-YORK", "GB-N-WALES", "GB-S-WALES", "GB-W-MID", "GB-E-MID",
    "GB-E-ENG", "GB-S-WEST", "GB-SOUTH", "GB-LONDON", "GB-S-EAST",
  ]

  private mutating func drawZone(_ code: String, _ place: Int) -> String {
    var cores = one(of: ["1", "2", "4", "8", "12", "3.5"])
    let gpus = random.chance(0.5) ? "0" : "\(random.below(5))"
    if random.chance(0.04) { cores = one(of: ["1e12", "0.001", "0"]) }
    let memory = 1 + random.below(40)
    if preset == nil { capacities.append([Double(cores) ?? 0, Double(memory), Double(gpus) ?? 0]) }
    var keys = ["code: \(SwarmText.quoted(code))"]
    let name = "\(one(of: ["North", "=Süd", "x&y"])) \(place)"
    if random.chance(0.3) { keys.append("name: \(SwarmText.quoted(name))") }
    if random.chance(0.2) {
      keys.append("region: \(SwarmText.quoted(isPreset ? SwarmDrawing.regions[place] : "Region <\(place)>"))")
    }
    if random.chance(0.15) {
      keys.append("aliases: [\(SwarmText.quoted("alias \(place)")), \(SwarmText.quoted("ä\(place)"))]")
    }
    if !isUnitedKingdom { keys.append("country: \(one(of: ["Ireland", "France"]))") }
    let latitude = random.chance(0.03) ? one(of: ["90", "-90"]) : "5\(place % 9).25"
    let longitude = random.chance(0.03) ? one(of: ["180", "-180"]) : "-\(random.below(6))"
    keys.append("coordinates: {lat: \(latitude), lng: \(longitude)}")
    // Only coordinates well within Great Britain imply the country.
    let isFar = ["90", "-90", "50.25"].contains(latitude) || longitude.hasSuffix("180")
    if isUnitedKingdom, isFar, !isPreset { keys.append("country: United Kingdom") }
    keys.append("capacity: {cpu_cores: \(cores), memory_gb: \(memory), gpus: \(gpus)}")
    if random.chance(0.3) { keys.append("id: \(place == 0 ? 1_000_000_000 : 100 + place)") }
    if random.chance(0.7) { keys.append("pue: \(one(of: ["1", "1.1", "1.25", "1.7", "1.0000001", "1000"]))") }
    if random.chance(0.4) { keys.append("idle_kw: \(one(of: ["0", "0.5", "3", "1e6"]))") }
    if random.chance(0.3) {
      keys.append(
        "hardware: {cpu_core_watts: \(random.below(20)), gpu_watts: \(random.below(400)), memory_gb_watts: 0.4}")
    }
    return "{\(keys.joined(separator: ", "))}"
  }
}

extension SwarmScenario.Jobs {
  var isGenerated: Bool { if case .generated = self { true } else { false } }
}
