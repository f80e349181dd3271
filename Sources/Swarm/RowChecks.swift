internal import GRDB

/// Works the rows of a result out again from the scenario's own files, read in the plainest way: nothing is asked of
/// the engine, of the readers of inputs, or of what the result says of the grid and the zones.
struct RowChecks {
  private(set) var scenario: PlainScenario
  let folder: String
  let database: Database
  /// Jobs whose energy, emissions and cost were worked out.
  private(set) var jobs = 0

  /// Emissions of the run at hand, g: in all and from the clock's end on; `nil` once a job's could not be computed.
  private var grams: (all: Double, late: Double)?
  /// Number of jobs of the run at hand that got a home zone in turn.
  private var turn = 0

  struct Part {
    var zone: Int
    var start: Int64
    var end: Int64
  }

  init(_ scenario: PlainScenario, _ database: Database, folder: String) {
    self.scenario = scenario
    self.folder = folder
    self.database = database
  }

  mutating func check() throws {
    let sql = "SELECT run_id, clock_start FROM runs WHERE has_workloads ORDER BY run_id"
    for run in try Row.fetchAll(database, sql: sql) {
      // Replications may have clocks of their own.
      if let start = PlainTime.instant(run[1]), start != scenario.start {
        guard let own = PlainScenario(folder: folder, at: start) else {
          throw failure("a scenario that can no longer be read")
        }
        scenario = own
      }
      try check(run: run[0])
    }
  }

  private mutating func check(run: Int) throws {
    var parts: [Int: [Part]] = [:]
    let sql = "SELECT id, zone, started_at, ended_at FROM workload_segments WHERE run_id = ? ORDER BY id, segment"
    for row in try Row.fetchAll(database, sql: sql, arguments: [run]) {
      let end = (row[3] as String?).flatMap { PlainTime.instant($0) } ?? scenario.end
      parts[row[0], default: []].append(try part(row[1], row[2], end, run))
    }
    grams = scenario.carbon == nil ? nil : (0, 0)
    turn = 0
    var changes: [(at: Int64, takes: Bool, zone: Int, demand: [Int64])] = []
    var lives: [ReturningChecks.Life] = []
    for row in try Row.fetchAll(
      database, sql: "SELECT * FROM compute_workloads WHERE run_id = ? ORDER BY id", arguments: [run])
    {
      let job = "run \(run), job \(row["job_id"] as String)"
      try compare(row, job)
      try checkHome(row, job)
      guard let started = row["actual_start"] as String? else { continue }
      let end = (row["actual_end"] as String?).flatMap { PlainTime.instant($0) }
      let single = try part(row["chosen_grid_zone"], started, end ?? scenario.end, run)
      let own = parts[row["id"]] ?? [single]
      if own[0].start != single.start { throw failure("\(job) started \(started), its first segment \(own[0].start)") }
      if zip(own, own.dropFirst()).contains(where: { $0.end > $1.start }) {
        throw failure("\(job) was in two places at once")
      }
      let demand = ["required_cpu_cores", "required_memory_gb", "required_gpus"].map {
        Int64(((row[$0] as Double) * 1000).rounded())
      }
      let status = row["status"] as String
      let isPaused = status == "SUSPENDED" || (status == "FAILED" && wasPaused(parts[row["id"]], demand))
      lives.append(
        ReturningChecks.Life(
          name: job, order: row["id"], demand: demand, parts: own, isPaused: isPaused, isFailed: status == "FAILED"))
      try checkTimes(row, own, end, job)
      try checkDrawn(row, own, isPaused, job)
      for part in own {
        changes.append((part.start, true, part.zone, demand))
        changes.append((part.end, false, part.zone, demand))
      }
    }
    try checkCapacity(changes, run)
    try checkAfterClock(run)
    let policy = try String.fetchOne(database, sql: "SELECT policy FROM runs WHERE run_id = ?", arguments: [run]) ?? ""
    if let found = ReturningChecks(scenario, lives).find(policy) { throw failure("run \(run) of \(policy): \(found)") }
  }

  /// True if a failed job's last segment ended with a suspension, judged by its segments, which only interrupted jobs
  /// have.
  private func wasPaused(_ parts: [Part]?, _ demand: [Int64]) -> Bool {
    guard let parts, let last = parts.last else { return false }
    if parts.count == 1 { return true }
    let rules = scenario.outages(last.zone, at: last.end)
    if rules.contains("fail") { return false }
    return !rules.contains("suspend") || scenario.everHolds(last.zone, demand, from: last.end)
  }

  /// Checks the share of emissions from the clock's end on, for runs without a warm-up.
  private func checkAfterClock(_ run: Int) throws {
    let sql = """
      SELECT m.value FROM run_metrics m JOIN runs r USING (run_id)
      WHERE run_id = ? AND metric = 'carbon_after_clock_pct' AND r.warm_up_s = 0
      """
    guard let grams, let row = try Row.fetchOne(database, sql: sql, arguments: [run]) else { return }
    let found = row[0] as Double?
    let expected = grams.all > 0 ? 100 * grams.late / grams.all : nil
    if found == nil, expected == nil { return }
    if let found, let expected, abs(found - expected) <= 1e-7 { return }
    throw failure(
      "run \(run): carbon_after_clock_pct \(found as Any), from the scenario's files \(expected as Any)")
  }

  private func failure(_ found: String) -> SwarmFailure { SwarmFailure(rule: .rows, found: found) }

  private func part(_ id: Int?, _ start: String, _ end: Int64, _ run: Int) throws -> Part {
    guard let id, let zone = scenario.zones.firstIndex(where: { $0.id == id }), let from = PlainTime.instant(start)
    else { throw failure("run \(run): a job ran in zone \(id ?? -1) from \(start)") }
    return Part(zone: zone, start: from, end: end)
  }

  /// Compares a job's row with the job log.
  private func compare(_ row: Row, _ job: String) throws {
    guard let log = scenario.log else { return }
    guard let told = log[row["job_id"]] else { throw failure("\(job) is on no line of the log") }
    func same(_ found: Double?, _ column: String, _ expected: Double?) throws {
      // What is written has been rounded to milliseconds and thousandths.
      if let found, let expected, abs(found - expected) <= 6e-4 + 1e-12 * abs(expected) { return }
      if found == nil, expected == nil { return }
      throw failure("\(job): \(column) \(found as Any), but the log has \(expected as Any)")
    }
    func since(_ time: Int64) -> Double { Double(time - scenario.start) }
    func instant(_ column: String) -> Double? {
      told[column].flatMap { PlainTime.instant($0) }.map { since($0 + scenario.moved) }
    }
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
      throw failure("\(job): urgency \(row["urgency"] as String), but the log has \(urgency)")
    }
  }

  /// The home zone that the log names, else one of the scenario's `home`. Rows come in order of submission.
  private mutating func checkHome(_ row: Row, _ job: String) throws {
    guard let told = scenario.log?[row["job_id"]] else { return }
    let found = (row["home_zone"] as Int?).flatMap { id in scenario.zones.first { $0.id == id }?.code }
    let named = told["home_zone"] ?? ""
    var expected = named.isEmpty ? scenario.homes.codes : [named]
    if named.isEmpty, scenario.homes.isInTurn {
      expected = [expected[turn % expected.count]]
      turn += 1
    }
    if found == nil ? expected.isEmpty : expected.contains(found ?? "") { return }
    throw failure("\(job): home zone \(found ?? "none"), from the log and home: \(expected)")
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
      if end != parts.last?.end { throw failure("\(job) completed at a time other than the end of its last segment") }
    case "RUNNING", "SUSPENDED", "FAILED":
      // A suspension adds to what is left, which may have been nothing.
      if ran > due + scenario.checkpoint + scenario.resume {
        throw failure("\(job) is \(status) after \(ran) of \(due)")
      }
      if status == "FAILED", !scenario.hasEvents { throw failure("\(job) failed without an event") }
      // What waited suspended for a zone that never came back ended with its suspension.
      if status == "FAILED", end != parts.last?.end {
        throw failure("\(job) failed at a time other than the end of its last segment")
      }
    default: throw failure("\(job) started and is \(status)")
    }
  }

  /// Contract §1: energy = power × PUE × time; emissions and cost by the integrals of intensity and price.
  private mutating func checkDrawn(_ row: Row, _ parts: [Part], _ isSuspended: Bool, _ job: String) throws {
    let status = row["status"] as String
    guard status == "COMPLETED" || status == "FAILED" else {
      grams = nil
      return
    }
    // Behind its written span a shocked trace that wraps goes on in whole spans.
    if scenario.hasShocks, let last = parts.last, last.end > scenario.end + 20 * 86_400_000 {
      grams = nil
      return
    }
    jobs += 1
    let hours = (row["duration_s"] as Double) / 3600
    var energy = 0.0
    var sums = [(sum: 0.0, size: 0.0), (sum: 0.0, size: 0.0)]
    var roundings = [0.0, 0.0]
    let traces = [scenario.carbon, scenario.price]
    var late = 0.0
    func add(_ kwh: Double, at time: Int64, _ zone: Int) {
      energy += kwh
      if time >= scenario.end, let value = scenario.carbon?[zone].value(time) { late += kwh * value }
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
      if part.end > scenario.end,
        let tail = scenario.carbon?[part.zone].integral(max(part.start, scenario.end), part.end)
      {
        late += drawn * tail.sum
      }
      if place > 0 { add(scenario.resumeEnergy * zone.pue, at: part.start, part.zone) }
      if place + 1 < parts.count || isSuspended { add(scenario.checkpointEnergy * zone.pue, at: part.end, part.zone) }
    }
    grams = grams.map { ($0.all + sums[0].sum, $0.late + late) }
    func same(_ column: String, _ expected: Double, _ size: Double, _ rounding: Double = 0) throws {
      let found = row[column] as Double? ?? .nan
      guard !(abs(found - expected) <= 1e-9 * max(size, abs(expected)) + rounding + 1e-300) else { return }
      throw failure("\(job): \(column) \(found), from the scenario's files \(expected)")
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
