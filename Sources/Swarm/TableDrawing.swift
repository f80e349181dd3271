internal import Domain
internal import Randomness

/// Job files of others, which the scenario says how to read: tables with columns of their own, sacct's, and what
/// simulators add to an SWF. Drawn from a stream of their own, so that all else is drawn as without.
extension SwarmDrawing {
  /// In place of a log that was drawn, in one of four scenarios.
  mutating func drawForeignJobs() -> SwarmScenario.Jobs? {
    var random = RandomStream(seed: seed, replication: number, name: "swarm/table")
    guard random.chance(0.25) else { return nil }
    submissions = []
    return random.chance(0.15) ? drawSacct(&random) : drawTable(&random)
  }

  /// A table whose every column has another name, some of them in other units, or made of two.
  private mutating func drawTable(_ random: inout RandomStream) -> SwarmScenario.Jobs {
    var table = ForeignTable(&random, start: start)
    let count = 1 + random.below(40)
    let moves = random.chance(0.25)
    var times = (0..<count).map { _ in start + Int64(random.uniform() * Double(duration)) }
    if random.chance(0.2) { times[0] = start }
    let bad = (0..<count).map { $0 > 0 && table.skips && random.chance(0.15) }
    let first = zip(times, bad).filter { !$1 }.map(\.0).min() ?? start
    var rows: [SwarmScenario.Row] = []
    for place in 0..<count {
      let id = "t-\(place)"
      let at = moves ? times[place] - first + start : times[place]
      let row = table.row(id, times[place], isBad: bad[place], &random)
      let isWithin = !bad[place] && start <= at && at < start + duration
      if isWithin { submissions.append((id: id, at: at, demand: row.demand)) }
      rows.append(SwarmScenario.Row(text: row.text, id: id, isWithin: isWithin))
    }
    // Without names of columns the first line is a row: one that is submitted before the clock.
    var header = table.header
    if table.isNumbered { header = table.row("t-first", start - 86_400_000, isBad: false, &random).text }
    let told = table.isNumbered ? "" : moves ? ", start: \(random.chance(0.5) ? "first" : "clock")" : ""
    if table.isNumbered, moves { rows = unmoved(rows, times, bad) }
    return .log(name: "table.csv", header: header, rest: table.settings + told, hasHomes: false, rows: rows)
  }

  private mutating func unmoved(
    _ rows: [SwarmScenario.Row], _ times: [Int64], _ bad: [Bool]
  ) -> [SwarmScenario.Row] {
    for place in submissions.indices {
      if let row = rows.firstIndex(where: { $0.id == submissions[place].id }) { submissions[place].at = times[row] }
    }
    var rows = rows
    for place in rows.indices { rows[place].isWithin = !bad[place] }
    return rows
  }

  private mutating func drawSacct(_ random: inout RandomStream) -> SwarmScenario.Jobs {
    let zone = random.chance(0.4) && isModern ? "Asia/Tokyo" : nil
    let offset: Int64 = zone == nil ? 0 : 9 * 3_600_000
    var rows: [SwarmScenario.Row] = []
    for place in 0..<(1 + random.below(30)) {
      let at = start + Int64(random.uniform() * Double(duration))
      func text(_ time: Int64) -> String { String(Instant(milliseconds: time + offset).iso8601.dropLast()) }
      let run = 1 + random.below(9000)
      let cores = 1 + random.below(4)
      let id = "\(1000 + place)"
      let isWaiting = place > 0 && random.chance(0.1)
      let limit = random.chance(0.2) ? "UNLIMITED" : "\(1 + random.below(200))"
      let times =
        isWaiting ? "\(text(at))|Unknown|Unknown|0" : "\(text(at))|\(text(at))|\(text(at + Int64(run) * 1000))|\(run)"
      let tres = "cpu=\(cores),gres/gpu=\(random.below(2)),mem=\(1 + random.below(4))G,node=1"
      let rest = "\(times)|\(limit)|\(cores)|\(tres)|\(isWaiting ? "PENDING" : "COMPLETED")"
      rows.append(SwarmScenario.Row(text: "\(id)|ann|\(rest)", id: id, isWithin: !isWaiting))
      if random.chance(0.3) { rows.append(SwarmScenario.Row(text: "\(id).batch||\(rest)", id: id, isWithin: false)) }
    }
    let header = "JobIDRaw|User|Submit|Start|End|ElapsedRaw|TimelimitRaw|AllocCPUS|AllocTRES|State"
    let rest =
      (zone.map { ", time_zone: \($0)" } ?? "") + (random.chance(0.5) ? ", format: sacct" : "")
    return .log(name: "sacct.txt", header: header, rest: rest, hasHomes: false, rows: rows)
  }

  /// True if time zones have the offsets of today.
  private var isModern: Bool { start > 1_000_000_000_000 && start < 2_000_000_000_000 }

  /// Adds what simulators and archives add to an SWF: names, more fields, parts of executions, preceding jobs, lines
  /// that are not jobs, and another beginning.
  mutating func extendSWF(_ jobs: SwarmScenario.Jobs) -> SwarmScenario.Jobs {
    guard case .log(let name, var header, var rest, let hasHomes, var rows) = jobs, name == "jobs.swf" else {
      return jobs
    }
    var random = RandomStream(seed: seed, replication: number, name: "swarm/swf")
    func fields(_ row: SwarmScenario.Row) -> [String] { row.text.split(separator: " ").map(String.init) }
    if random.chance(0.3) {
      rows = rows.map { row in
        var cells = fields(row)
        if random.chance(0.3) { cells[16] = "1" }
        var row = row
        row.text = cells.joined(separator: " ")
        return row
      }
    }
    if random.chance(0.3) {
      rows = rows.flatMap { row in
        guard random.chance(0.3) else { return [row] }
        var cells = fields(row)
        cells[10] = "\(2 + random.below(3))"
        cells[1] = "-1"
        return [row, SwarmScenario.Row(text: cells.joined(separator: " "), id: row.id, isWithin: false)]
      }
    }
    if random.chance(0.2) {
      rest += ", bad_rows: skip"
      rows.append(
        SwarmScenario.Row(text: "9999 -1 -1 60 1 -1 -1 -1 60 -1 1 1 1 1 1 1 -1 -1", id: "swf-9999", isWithin: false))
    }
    if random.chance(0.3) {
      let names = (1...20).map { "f\($0)" }.joined(separator: " ")
      if random.chance(0.5) { header += "\n\(names)" }
      for place in rows.indices { rows[place].text += " DAG-\(place) 1" }
    }
    return .log(name: name, header: header, rest: rest, hasHomes: hasHomes, rows: rows)
  }
}

/// A table with other names, units and marks than Pylon's.
private struct ForeignTable {
  /// A unit's name with how many of it are a second, a GB, …
  private typealias Unit = (name: String, per: Double)

  let skips: Bool
  let isNumbered: Bool
  private let separator: String
  private let comma: Bool
  private let zone: String?
  private var columns: [(ours: String, theirs: [String], mapping: String)] = []
  private let extra: [String]
  private let ignores: Int
  private let units: [String: (name: String, per: Double)]
  private let isSpan: Bool
  private let isCounted: Bool
  private let isOffset: Bool

  init(_ random: inout RandomStream, start: Int64) {
    func one<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }
    skips = random.chance(0.3)
    isNumbered = random.chance(0.15)
    separator = one([",", ",", ";", "\t", "|"])
    comma = separator != "," && random.chance(0.5)
    zone = start > 1_000_000_000_000 && start < 2_000_000_000_000 && random.chance(0.3) ? "Asia/Tokyo" : nil
    ignores = random.below(3)
    extra = ignores == 0 ? [] : ["cores", "junk"]
    let time: [Unit] = [
      ("ns", 1e9), ("us", 1e6), ("ms", 1e3), ("s", 1), ("min", 1 / 60.0), ("h", 1 / 3600.0), ("d", 1 / 86_400.0),
    ]
    let memory: [Unit] = [
      ("B", 0x1p30), ("KB", 0x1p20), ("KiB", 0x1p20), ("MB", 1024), ("MiB", 1024), ("GB", 1), ("GiB", 1),
      ("TB", 0x1p-10), ("TiB", 0x1p-10),
    ]
    let energy: [Unit] = [("J", 3.6e6), ("kJ", 3600), ("MJ", 3.6), ("Wh", 1000), ("kWh", 1), ("MWh", 0.001)]
    units = [
      "duration_s": one(time), "actual_duration_s": one(time), "submitted_at": one(Array(time[1...3])),
      "required_memory_gb": one(memory), "estimated_energy_kwh": one(energy),
      "required_cpu_cores": one([("milli", 1000), ("1", 1), ("percent", 100)] as [Unit]),
      "deferral_window_mins": one(time),
    ]
    isSpan = random.chance(0.3)
    isCounted = random.chance(0.4)
    isOffset = random.chance(0.3)
    let all = JobReading.columnNames
    for (place, ours) in all.enumerated() {
      let isNeeded = ["job_id", "submitted_at", "duration_s", "required_cpu_cores"].contains(ours)
      guard isNeeded || random.chance(0.5) else { continue }
      let letter = "k\(place)"
      columns.append(ForeignTable.column(ours, letter, units[ours]?.name, isSpan, isCounted, isOffset, &random))
    }
    if isNumbered { number() }
  }

  private static func column(
    _ ours: String, _ name: String, _ unit: String?, _ isSpan: Bool, _ isCounted: Bool, _ isOffset: Bool,
    _ random: inout RandomStream
  ) -> (ours: String, theirs: [String], mapping: String) {
    switch ours {
    case "duration_s" where isSpan: (ours, ["\(name)a", "\(name)b"], "{from: \(name)a, to: \(name)b}")
    case "submitted_at" where !isCounted: (ours, [name], name)
    case "submitted_at" where unit == "ms" && random.chance(0.5): (ours, [name], "{column: \(name), scale: 0.001}")
    case "actual_duration_s" where random.chance(0.4):
      (ours, [name, "\(name)t"], "{column: \(name), times: \(name)t, scale: 0.5}")
    case "deadline" where isOffset && !isCounted: (ours, [name], "{column: \(name), unit: s, after: k1}")
    case "required_gpus" where random.chance(0.5):
      (ours, [name, "\(name)t"], "{column: \(name), times: \(name)t, scale: 0.001}")
    default: (ours, [name], unit.map { "{column: \(name), unit: \($0)}" } ?? name)
    }
  }

  /// Columns by their numbers.
  private mutating func number() {
    var place = 0
    for index in columns.indices {
      let first = place
      place += columns[index].theirs.count
      // `k8t` before `k8`, which it begins with.
      for (offset, name) in columns[index].theirs.enumerated().reversed() {
        columns[index].mapping = columns[index].mapping.replacing(name, with: "\(first + offset + 1)")
      }
    }
    if let submitted = columns.first(where: { $0.ours == "submitted_at" }) {
      for index in columns.indices {
        columns[index].mapping = columns[index].mapping.replacing("after: k1", with: "after: \(submitted.mapping)")
      }
    }
  }

  var header: String { (columns.flatMap(\.theirs) + extra).joined(separator: separator) }

  /// Settings that follow `file:`.
  var settings: String {
    let mapping = columns.map { "\($0.ours): \($0.mapping)" }.joined(separator: ", ")
    var keys = ["columns: {\(mapping)}", "null: [NA, \"-\"]"]
    if isNumbered { keys.append("header: none") } else if skips { keys.append("header: line") }
    if separator != "," || isNumbered {
      keys.append("separator: \(separator == "\t" ? "tab" : "\"\(separator)\"")")
    }
    if comma || isNumbered { keys.append("decimal: \"\(comma ? "," : ".")\"") }
    if let zone { keys.append("time_zone: \(zone)") }
    if ignores == 1 { keys.append("ignore: all") }
    // Without a header, a column is called by its number.
    let cores = isNumbered ? "\(columns.flatMap(\.theirs).count + 1)" : "cores"
    if ignores == 2 { keys.append("ignore: [\(cores)]") }
    keys.append("bad_rows: \(skips ? "skip" : "error")")
    return ", " + keys.joined(separator: ", ")
  }

  private func number(_ value: Double) -> String {
    let text = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    return comma ? text.replacing(".", with: ",") : text
  }

  private func instant(_ time: Int64) -> String {
    guard zone != nil else { return SwarmText.seconds(time) }
    return String(Instant(milliseconds: time + 9 * 3_600_000).iso8601.dropLast())
  }

  /// A row, and its demand: cores, GB, GPUs.
  mutating func row(
    _ id: String, _ at: Int64, isBad: Bool, _ random: inout RandomStream
  ) -> (text: String, demand: [Double]) {
    let run = isBad ? 0 : Int64(1 + random.below(9_000_000))
    let cores = Double(random.below(4) + 1)
    var demand = [cores, 0.0, 0.0]
    var cells: [String] = []
    func per(_ ours: String) -> Double { units[ours]?.per ?? 1 }
    for column in columns {
      switch column.ours {
      case "job_id": cells.append(id)
      case "submitted_at" where !isCounted: cells.append(instant(at))
      case "submitted_at": cells.append(number(counted(at)))
      case "duration_s" where isSpan: cells += [instant(at), instant(at + run)]
      case "actual_duration_s" where column.theirs.count == 2: cells += [number(Double(run) / 1000), "2"]
      case "duration_s", "actual_duration_s": cells.append(number(Double(run) / 1000 * per(column.ours)))
      case "required_cpu_cores": cells.append(number(cores * per(column.ours)))
      case "required_memory_gb":
        demand[1] = Double(random.below(4))
        cells.append(number(demand[1] * per(column.ours)))
      case "required_gpus":
        demand[2] = Double(random.below(2))
        cells += column.theirs.count == 2 ? ["\(Int(demand[2]))", "1000"] : ["\(Int(demand[2]))"]
      case "estimated_energy_kwh": cells.append(number(Double(random.below(40)) / 8 * per(column.ours)))
      case "deferral_window_mins": cells.append(number(Double(random.below(600)) * 60 * per(column.ours)))
      case "deadline" where column.mapping.contains("after"): cells.append("\(random.below(90_000))")
      case "deadline": cells.append(random.chance(0.5) ? "NA" : instant(at + Int64(random.below(90_000_000))))
      case "urgency": cells.append(random.chance(0.5) ? "-" : "high")
      case "user_id", "workload_name": cells.append(random.chance(0.5) ? "NA" : "u \(random.below(3))")
      default: cells.append("-")
      }
    }
    cells += extra.map { _ in "7" }
    return (cells.joined(separator: separator), demand)
  }

  private func counted(_ time: Int64) -> Double {
    let per = units["submitted_at"]?.per ?? 1
    let count = Double(time) / 1000 * per
    // Counts of units as small as a millisecond are whole.
    return per >= 1000 ? count.rounded() : count
  }
}
