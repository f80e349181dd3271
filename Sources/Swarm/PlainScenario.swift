internal import Foundation
internal import Yams

/// A scenario's files read without the program's readers: what the row checks compare results with. It knows the forms
/// that the swarm draws most; what it does not know is left out, and not checked.
struct PlainScenario {
  struct Zone {
    var code: String
    var id: Int
    /// Cores, gigabytes, GPUs, in thousandths.
    var capacity: [Int64]
    var pue: Double
    /// Watts a core, a gigabyte, a GPU.
    var watts: [Double]
  }

  /// Capacity and outage state of a zone at an instant.
  struct Holding {
    var capacity: [Int64]
    var isOut: Bool
  }

  private struct Change {
    var zones: [String]
    var from: Int64
    var until: Int64
    /// A number or a factor of each resource; `nil` for an outage.
    var amounts: [(isFactor: Bool, value: Double)?]?
    /// Effect of an outage on running jobs.
    var running = "fail"
    var ends: Bool { amounts == nil }
  }

  let start: Int64
  /// By how much the clock has been moved from where the scenario has it.
  let moved: Int64
  let end: Int64
  let zones: [Zone]
  /// By zone; `nil` where the source is not read here.
  private(set) var carbon: [PlainTrace]?
  private(set) var price: [PlainTrace]?
  /// Milliseconds and kWh of an interruption.
  let checkpoint: Int64
  let resume: Int64
  let checkpointEnergy: Double
  let resumeEnergy: Double
  private var changes: [Change] = []
  /// The job log by id, columns by name; `nil` where there is none that is read here.
  let log: [String: [String: String]]?
  let hasShocks: Bool
  /// The zones that jobs of the log get which name none, and whether in turn; empty for none.
  let homes: (codes: [String], isInTurn: Bool)
  var hasEvents: Bool { !changes.isEmpty }

  /// `nil` where the scenario is of a form that is not read here.
  ///
  /// - Parameter clock: where a replication starts its clock; `nil`: where the scenario says.
  init?(folder: String, at clockStart: Int64? = nil) {
    guard let text = try? String(contentsOfFile: folder + "/scenario.yaml", encoding: .utf8),
      let root = try? Yams.load(yaml: text, PlainScenario.resolver) as? [String: Any],
      let clock = root["clock"] as? [String: Any], let list = root["zones"] as? [[String: Any]],
      let start = PlainScenario.instant(clock["start"]), let duration = PlainScenario.span(clock["duration"])
    else { return nil }
    self.start = clockStart ?? start
    moved = self.start - start
    end = self.start + duration
    zones = list.enumerated().map { PlainScenario.zone($1, $0) }
    let codes = zones.map(\.code)
    let interruption = root["interruption"] as? [String: Any] ?? [:]
    checkpoint = PlainScenario.span(interruption["checkpoint"]) ?? 0
    resume = PlainScenario.span(interruption["resume"]) ?? 0
    checkpointEnergy = PlainScenario.number(interruption["checkpoint_kwh"]) ?? 0
    resumeEnergy = PlainScenario.number(interruption["resume_kwh"]) ?? 0
    let grid = root["grid"] as? [String: Any] ?? [:]
    carbon = PlainScenario.traces(grid["carbon"], "carbon_intensity", codes, folder)
    price = PlainScenario.traces(grid["price"], "price", codes, folder)
    log = PlainScenario.log(root["workload"], folder, start, end)
    homes = PlainScenario.homes(root["workload"], codes)
    let events = root["events"] as? [[String: Any]] ?? []
    hasShocks = events.contains { $0["carbon"] != nil || $0["price"] != nil }
    for event in events { add(event, codes) }
  }

  private static func zone(_ map: [String: Any], _ place: Int) -> Zone {
    let amounts = map["capacity"] as? [String: Any] ?? [:]
    let hardware = map["hardware"] as? [String: Any] ?? [:]
    return Zone(
      code: text(map["code"]), id: number(map["id"]).map { Int($0) } ?? place + 1,
      capacity: keys.map { Int64(((number(amounts[$0]) ?? 0) * 1000).rounded()) }, pue: number(map["pue"]) ?? 1,
      watts: zip(["cpu_core_watts", "memory_gb_watts", "gpu_watts"], [10, 0.392, 300]).map {
        number(hardware[$0]) ?? $1
      })
  }

  private static let keys = ["cpu_cores", "memory_gb", "gpus"]

  private mutating func add(_ event: [String: Any], _ codes: [String]) {
    for (kind, value) in event {
      guard let map = value as? [String: Any] else { continue }
      let told = map["zone"].map { ($0 as? [Any])?.map { PlainScenario.text($0) } ?? [PlainScenario.text($0)] }
      let from = instant(map["from"] ?? map["at"]) ?? start
      let until = instant(map["until"]) ?? PlainScenario.span(map["duration"]).map { from + $0 } ?? .max
      switch kind {
      case "carbon", "price":
        let shock = (from: from, until: until, factor: PlainScenario.number(map["factor"]) ?? 1)
        for (place, code) in codes.enumerated() where told?.contains(code) ?? true {
          if kind == "carbon" { carbon?[place].shocks.append(shock) } else { price?[place].shocks.append(shock) }
        }
      case "outage":
        let running = map["running"].map { PlainScenario.text($0) } ?? "fail"
        changes.append(Change(zones: told ?? [], from: from, until: until, amounts: nil, running: running))
      case "capacity":
        let common = PlainScenario.number(map["factor"]).map { (isFactor: true, value: $0) }
        let amounts = PlainScenario.keys.map { key -> (isFactor: Bool, value: Double)? in
          if let part = map[key] as? [String: Any] { return (true, PlainScenario.number(part["factor"]) ?? 1) }
          if PlainScenario.text(map[key]).hasSuffix("%") { return PlainScenario.number(map[key]).map { (true, $0) } }
          return PlainScenario.number(map[key]).map { (false, $0) } ?? common
        }
        changes.append(Change(zones: told ?? [], from: from, until: until, amounts: amounts))
      default: continue
      }
    }
  }

  /// An instant, or a span from the clock's start on.
  private func instant(_ value: Any?) -> Int64? {
    guard let value else { return nil }
    let text = PlainScenario.text(value)
    return text.contains("T") ? PlainTime.instant(text) : PlainTime.span(text).map { start + $0 }
  }

  func holding(_ zone: Int, at time: Int64) -> Holding {
    var holding = Holding(capacity: zones[zone].capacity, isOut: false)
    for change in changes where change.zones.contains(zones[zone].code) && change.from <= time && time < change.until {
      guard let amounts = change.amounts else {
        holding.isOut = true
        continue
      }
      for (place, amount) in amounts.enumerated() {
        guard let amount else { continue }
        holding.capacity[place] = Int64(
          (amount.isFactor ? Double(holding.capacity[place]) * amount.value : amount.value * 1000).rounded())
      }
    }
    return holding
  }

  /// Effects on running jobs of the outages of a zone that begin at a time; empty if there are none.
  func outages(_ zone: Int, at time: Int64) -> [String] {
    changes.filter { $0.ends && $0.from == time && $0.zones.contains(zones[zone].code) }.map(\.running)
  }

  /// Times at which a zone may change, in order.
  func changeTimes(_ zone: Int) -> [Int64] {
    let times = changes.filter { $0.zones.contains(zones[zone].code) }.flatMap { [$0.from, $0.until] }
    return Set(times).filter { $0 < .max }.sorted()
  }

  /// True if the empty zone can hold a demand at some time from `time` on.
  func everHolds(_ zone: Int, _ demand: [Int64], from time: Int64) -> Bool {
    ([time] + changeTimes(zone).filter { $0 > time }).contains {
      let now = holding(zone, at: $0)
      return !now.isOut && zip(demand, now.capacity).allSatisfy { $0 <= $1 }
    }
  }

  private static func log(
    _ value: Any?, _ folder: String, _ start: Int64, _ end: Int64
  ) -> [String: [String: String]]? {
    if let map = value as? [String: Any], let name = map["file"] as? String,
      let text = SwarmGzip.text("\(folder)/\(name)"),
      let log = PlainTable.log(map, text, start: start, end: end)
    {
      return log
    }
    guard let map = value as? [String: Any], map.count == (map["home"] == nil ? 1 : 2),
      map["file"] as? String == "jobs.csv",
      let text = try? String(contentsOfFile: folder + "/jobs.csv", encoding: .utf8), let rows = SwarmCSV.rows(text)
    else { return nil }
    var log: [String: [String: String]] = [:]
    for row in rows.dropFirst() where row.count == rows[0].count {
      let cells = Dictionary(zip(rows[0], row)) { first, _ in first }
      if let id = cells["job_id"] { log[id] = cells }
    }
    return log
  }

  private static func homes(_ workload: Any?, _ codes: [String]) -> ([String], Bool) {
    guard let map = workload as? [String: Any], let home = map["home"] else { return ([], false) }
    if let list = home as? [Any] { return (list.map { text($0) }, false) }
    if let weights = home as? [String: Any] { return (weights.keys.sorted(), false) }
    switch text(home) {
    case "none", "first": return ([], false)
    case "uniform": return (codes, false)
    case "round-robin": return (codes, true)
    case let code: return ([code], false)
    }
  }

  private static func traces(_ value: Any?, _ column: String, _ codes: [String], _ folder: String) -> [PlainTrace]? {
    guard let map = value as? [String: Any] else { return nil }
    if let constant = number(map["constant"]) { return codes.map { _ in PlainTrace(constant: constant) } }
    if let files = map["files"] as? [String: String] {
      let traces = codes.compactMap { code -> PlainTrace? in
        guard let name = files[code], let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        else { return nil }
        let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        let stamps = rows.compactMap { row in PlainTime.instant(String(row[0])).map { (at: $0, value: Double(row[1])) }
        }
        return PlainTrace(stamps, wraps: map["extend"] as? String == "wrap", interpolates: false)
      }
      return traces.count == codes.count ? traces : nil
    }
    if map["columns"] != nil { return mapped(map, codes, folder) }
    if let name = map["file"] as? String, name.hasSuffix(".json") {
      return PlainAnswers.traces("\(folder)/\(name)", codes, wraps: map["extend"] as? String == "wrap")
    }
    guard let name = map["file"] as? String, name.hasSuffix(".csv"), map["zone"] == nil, map["all_zones"] == nil,
      let text = SwarmGzip.text("\(folder)/\(name)"),
      let rows = SwarmCSV.rows(text.replacing("\u{FEFF}", with: "").replacing("\r\n", with: "\n")),
      let head = rows.first, head.first == "datetime"
    else { return nil }
    let clips = map["clip"] as? Bool == true
    let isLong = head.dropFirst().first == "zone"
    guard let own = isLong ? head.firstIndex(of: column) : 0 else { return nil }
    var traces: [PlainTrace] = []
    for code in codes {
      guard let place = isLong ? own : head.firstIndex(of: code) else { return nil }
      var stamps: [(at: Int64, value: Double?)] = []
      for row in rows.dropFirst() where !isLong || row[1] == code {
        guard let at = PlainTime.instant(row[0]) else { continue }
        stamps.append((at, Double(row[place]).map { clips ? max(0, $0) : $0 }))
      }
      stamps.sort { $0.at < $1.at }
      let trace = PlainTrace(
        stamps, wraps: map["extend"] as? String == "wrap", interpolates: map["gaps"] as? String == "interpolate")
      guard let trace else { return nil }
      traces.append(trace)
    }
    return traces
  }

  /// The traces of a table that is mapped.
  private static func mapped(_ map: [String: Any], _ codes: [String], _ folder: String) -> [PlainTrace]? {
    guard let name = map["file"] as? String,
      let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    else { return nil }
    let traces = codes.compactMap { code in
      PlainMapping.steps(map, text, code).flatMap {
        PlainTrace($0, wraps: map["extend"] as? String == "wrap", interpolates: false)
      }
    }
    return traces.count == codes.count ? traces : nil
  }

  private static func text(_ value: Any?) -> String { value.map { "\($0)" } ?? "" }

  /// `50%` is 0.5.
  private static func number(_ value: Any?) -> Double? {
    value.flatMap { value in
      let text = "\(value)"
      return text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    }
  }

  private static func span(_ value: Any?) -> Int64? { value.flatMap { PlainTime.span("\($0)") } }

  private static func instant(_ value: Any?) -> Int64? { value.flatMap { PlainTime.instant("\($0)") } }

  /// Times stay text: Foundation's dates before 1582 are Julian.
  /// `null` is a key.
  private static let resolver = Resolver.default.removing(.timestamp).removing(.null)
}
