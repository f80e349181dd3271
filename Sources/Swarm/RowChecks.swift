internal import GRDB

/// Works the rows of a result out again from the scenario's own files, read in the plainest way: nothing is asked of
/// the engine, of the readers of inputs, or of what the result says of the grid and the zones.
struct RowChecks {
  let scenario: PlainScenario
  let database: Database
  /// Jobs whose energy, emissions and cost were worked out.
  private(set) var jobs = 0

  private struct Part {
    var zone: Int
    var start: Int64
    var end: Int64
  }

  init(_ scenario: PlainScenario, _ database: Database) {
    self.scenario = scenario
    self.database = database
  }

  mutating func check() throws {
    for run in try Int.fetchAll(database, sql: "SELECT run_id FROM runs WHERE has_workloads ORDER BY run_id") {
      try check(run: run)
    }
  }

  private mutating func check(run: Int) throws {
    var parts: [Int: [Part]] = [:]
    let sql = "SELECT id, zone, started_at, ended_at FROM workload_segments WHERE run_id = ? ORDER BY id, segment"
    for row in try Row.fetchAll(database, sql: sql, arguments: [run]) {
      let end = (row[3] as String?).flatMap { PlainTime.instant($0) } ?? scenario.end
      parts[row[0], default: []].append(try part(row[1], row[2], end, run))
    }
    var changes: [(at: Int64, takes: Bool, zone: Int, demand: [Int64])] = []
    for row in try Row.fetchAll(
      database, sql: "SELECT * FROM compute_workloads WHERE run_id = ? ORDER BY id", arguments: [run])
    {
      let job = "run \(run), job \(row["job_id"] as String)"
      try compare(row, job)
      guard let started = row["actual_start"] as String? else { continue }
      let end = (row["actual_end"] as String?).flatMap { PlainTime.instant($0) }
      let single = try part(row["chosen_grid_zone"], started, end ?? scenario.end, run)
      let own = parts[row["id"]] ?? [single]
      if own[0].start != single.start { throw failure("\(job) started \(started), its first segment \(own[0].start)") }
      if zip(own, own.dropFirst()).contains(where: { $0.end > $1.start }) {
        throw failure("\(job) was in two places at once")
      }
      try checkTimes(row, own, end, job)
      try checkDrawn(row, own, end, job)
      let demand = ["required_cpu_cores", "required_memory_gb", "required_gpus"].map {
        Int64(((row[$0] as Double) * 1000).rounded())
      }
      for part in own {
        changes.append((part.start, true, part.zone, demand))
        changes.append((part.end, false, part.zone, demand))
      }
    }
    try checkCapacity(changes, run)
  }

  private func failure(_ found: String) -> SwarmFailure { SwarmFailure(rule: .rows, found: found) }

  private func part(_ id: Int?, _ start: String, _ end: Int64, _ run: Int) throws -> Part {
    guard let id, let zone = scenario.zones.firstIndex(where: { $0.id == id }), let from = PlainTime.instant(start)
    else { throw failure("run \(run): a job ran in zone \(id ?? -1) from \(start)") }
    return Part(zone: zone, start: from, end: end)
  }

  /// What the job log said of the job.
  private func compare(_ row: Row, _ job: String) throws {
    guard let log = scenario.log else { return }
    guard let told = log[row["job_id"]] else { throw failure("\(job) is in no line of the log") }
    func same(_ found: Double?, _ column: String, _ expected: Double?) throws {
      // What is written has been rounded to milliseconds and thousandths.
      if let found, let expected, abs(found - expected) <= 6e-4 + 1e-12 * abs(expected) { return }
      if found == nil, expected == nil { return }
      throw failure("\(job): \(column) \(found as Any), in the log \(expected as Any)")
    }
    func since(_ time: Int64) -> Double { Double(time - scenario.start) }
    func instant(_ column: String) -> Double? { told[column].flatMap { PlainTime.instant($0) }.map(since) }
    func number(_ column: String) -> Double? { told[column].flatMap { Double($0) } }
    func time(_ column: String) -> Double? { (row[column] as String?).flatMap { PlainTime.instant($0) }.map(since) }
    let length = number("duration_s")
    try same(time("submitted_at"), "submitted_at", instant("submitted_at"))
    try same(row["duration_s"], "duration_s", length)
    try same(row["actual_duration_s"], "actual_duration_s", number("actual_duration_s") ?? length)
    if told["deadline"] != nil { try same(time("deadline"), "deadline", instant("deadline")) }
    for name in ["estimated_energy_kwh", "carbon_cap_gco2", "max_carbon_intensity_gco2_kwh", "max_price_gbp"]
    where told[name] != nil { try same(row[name], name, number(name)) }
    if let cores = number("required_cpu_cores") { try same(row["required_cpu_cores"], "required_cpu_cores", cores) }
    if let urgency = told["urgency"], !urgency.isEmpty, row["urgency"] as String != urgency.uppercased() {
      throw failure("\(job): urgency \(row["urgency"] as String), in the log \(urgency)")
    }
  }

  private func checkTimes(_ row: Row, _ parts: [Part], _ end: Int64?, _ job: String) throws {
    guard let submitted = PlainTime.instant(row["submitted_at"]) else { throw failure("\(job) has no submission") }
    if parts[0].start < submitted { throw failure("\(job) started before it was submitted") }
    if submitted < scenario.start || submitted >= scenario.end { throw failure("\(job) is outside the clock") }
    let ran = parts.reduce(Int64(0)) { $0 + $1.end - $1.start }
    let pauses = Int64(parts.count - 1)
    let due =
      Int64(((row["actual_duration_s"] as Double) * 1000).rounded())
      + pauses * (scenario.checkpoint + scenario.resume)
    let status = row["status"] as String
    switch status {
    case "COMPLETED":
      if ran != due { throw failure("\(job) ran \(ran) ms, expected \(due)") }
      if end != parts.last?.end { throw failure("\(job) completed at another time than it ran to") }
    case "RUNNING", "SUSPENDED", "FAILED":
      // A suspension adds to what is left, which may have been nothing.
      if ran > due + scenario.checkpoint + scenario.resume {
        throw failure("\(job) is \(status) after \(ran) of \(due)")
      }
      if status == "FAILED", end == nil || !scenario.hasEvents { throw failure("\(job) failed for no event") }
    default: throw failure("\(job) started and is \(status)")
    }
  }

  /// Contract §1: energy = power × PUE × time; emissions and cost by the integrals of intensity and price.
  private mutating func checkDrawn(_ row: Row, _ parts: [Part], _ end: Int64?, _ job: String) throws {
    let status = row["status"] as String
    guard status == "COMPLETED" || status == "FAILED" else { return }
    // Behind its written span a shocked trace that wraps goes on in whole spans.
    if scenario.hasShocks, let last = parts.last, last.end > scenario.end + 20 * 86_400_000 { return }
    jobs += 1
    let hours = (row["duration_s"] as Double) / 3600
    var energy = 0.0
    var sums = [(sum: 0.0, size: 0.0), (sum: 0.0, size: 0.0)]
    var roundings = [0.0, 0.0]
    let traces = [scenario.carbon, scenario.price]
    func add(_ kwh: Double, at time: Int64, _ zone: Int) {
      energy += kwh
      for (place, trace) in traces.enumerated() {
        guard let value = trace?[zone].value(time) else { continue }
        sums[place].sum += kwh * value
        sums[place].size += abs(kwh * value)
      }
    }
    for (place, part) in parts.enumerated() {
      let zone = scenario.zones[part.zone]
      var power =
        ((row["required_cpu_cores"] as Double) * zone.watts[0]
          + (row["required_memory_gb"] as Double) * zone.watts[1] + (row["required_gpus"] as Double) * zone.watts[2])
        / 1000
      if let told = row["estimated_energy_kwh"] as Double? { power = told / hours }
      let drawn = power * zone.pue
      energy += drawn * Double(part.end - part.start) / 3_600_000
      for (place, trace) in traces.enumerated() {
        guard let integral = trace?[part.zone].integral(part.start, part.end) else { continue }
        sums[place].sum += drawn * integral.sum
        sums[place].size += drawn * integral.size
        roundings[place] += drawn * (trace?[part.zone].rounding(part.end) ?? 0)
      }
      if place > 0 { add(scenario.resumeEnergy * zone.pue, at: part.start, part.zone) }
      let isPaused = place + 1 < parts.count || (status == "FAILED" && end != part.end)
      if isPaused { add(scenario.checkpointEnergy * zone.pue, at: part.end, part.zone) }
    }
    func same(_ column: String, _ expected: Double, _ size: Double, _ rounding: Double = 0) throws {
      let found = row[column] as Double? ?? .nan
      guard !(abs(found - expected) <= 1e-9 * max(size, abs(expected)) + rounding + 1e-300) else { return }
      throw failure("\(job): \(column) \(found), by the scenario's files \(expected)")
    }
    try same("energy_kwh", energy, energy)
    if traces[0] != nil { try same("carbon_emitted_kg", sums[0].sum / 1000, sums[0].size / 1000, roundings[0] / 1000) }
    if traces[1] != nil { try same("cost_gbp", sums[1].sum, sums[1].size, roundings[1]) }
  }

  /// Releases come first at one instant. What runs on where capacity was taken away counts, and nothing begins beside.
  private func checkCapacity(_ changes: [(at: Int64, takes: Bool, zone: Int, demand: [Int64])], _ run: Int) throws {
    var held = scenario.zones.map { _ in [Int64](repeating: 0, count: 3) }
    for change in changes.sorted(by: { ($0.at, $0.takes ? 1 : 0) < ($1.at, $1.takes ? 1 : 0) }) {
      for (place, amount) in change.demand.enumerated() { held[change.zone][place] += change.takes ? amount : -amount }
      guard change.takes else { continue }
      let now = scenario.holding(change.zone, at: change.at)
      let fits = zip(held[change.zone], now.capacity).allSatisfy { $0 <= $1 }
      if now.isOut || !fits {
        throw failure(
          "run \(run): at \(change.at) zone \(scenario.zones[change.zone].code) holds \(held[change.zone]) of "
            + "\(now.capacity)\(now.isOut ? ", and is out" : "")")
      }
    }
  }
}
