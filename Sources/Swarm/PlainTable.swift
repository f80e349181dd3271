internal import Foundation

/// Job files of others read in the plainest way: cells by a scenario's mapping, sacct's lines and an SWF's.
struct PlainTable {
  /// By id, Pylon's columns as its own table would have them; instants in epoch seconds.
  typealias Log = [String: [String: String]]

  /// `nil` for what is not read here.
  static func log(_ map: [String: Any], _ text: String, start: Int64, end: Int64) -> Log? {
    let lines = text.split(separator: "\n").map(String.init)
    switch map["file"] as? String {
    case "table.csv": return PlainTable(map, lines)?.log(lines, start: start)
    case "sacct.txt": return sacct(lines, zone: map["time_zone"] as? String)
    case "jobs.swf": return swf(map, lines, start: start, end: end)
    default: return nil
    }
  }

  private let map: [String: Any]
  private let columns: [String: Any]
  private let separator: Character
  private let names: [String]
  private let comma: Bool

  private init?(_ map: [String: Any], _ lines: [String]) {
    guard let columns = map["columns"] as? [String: Any], let head = lines.first else { return nil }
    self.map = map
    self.columns = columns
    let told = map["separator"].map { "\($0)" == "tab" ? "\t" : "\($0)" }
    separator = told.flatMap(\.first) ?? ",;\t|".first { head.contains($0) } ?? ","
    let cells = head.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    names = map["header"] as? String == "none" ? cells.indices.map { "\($0 + 1)" } : cells
    comma = map["decimal"] as? String == ","
  }

  private func log(_ lines: [String], start: Int64) -> Log {
    var log: Log = [:]
    var times: [String: (submitted: Int64, deadline: Int64?)] = [:]
    for line in map["header"] as? String == "none" ? lines[...] : lines.dropFirst() {
      let cells = line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      let row = Dictionary(zip(names, cells)) { first, _ in first }
      var found: [String: String] = [:]
      for (ours, source) in columns { found[ours] = value(ours, source, row) }
      guard let id = found["job_id"], let at = found["submitted_at"].flatMap({ PlainTime.instant($0) }),
        let length = found["duration_s"].flatMap({ Double($0) }), length > 0
      else { continue }
      if columns["deadline"] != nil, found["deadline"] == nil { found["deadline"] = "" }
      log[id] = found
      times[id] = (at, found["deadline"].flatMap { PlainTime.instant($0) })
    }
    guard ["first", "clock"].contains(map["start"] as? String) else { return log }
    let shift = start - (times.values.map(\.submitted).min() ?? start)
    for (id, time) in times {
      log[id]?["submitted_at"] = SwarmText.seconds(time.submitted + shift)
      if let deadline = time.deadline { log[id]?["deadline"] = SwarmText.seconds(deadline + shift) }
    }
    return log
  }

  /// Value of a column by its mapping; `nil` if it has none.
  private func value(_ ours: String, _ source: Any, _ row: [String: String]) -> String? {
    let rule = source as? [String: Any] ?? [:]
    func cell(_ key: String) -> String? {
      guard let name = rule[key], let text = row["\(name)"], !["NA", "-"].contains(text) else { return nil }
      return text
    }
    let isInstant = ["submitted_at", "deadline"].contains(ours)
    guard !rule.isEmpty else {
      guard let text = row["\(source)"], !["NA", "-"].contains(text) else { return nil }
      if isInstant { return instant(text).map { SwarmText.seconds($0) } }
      return ["job_id", "urgency", "user_id", "workload_name"].contains(ours) ? text : number(text).map { "\($0)" }
    }
    if rule["from"] != nil {
      guard let from = cell("from").flatMap(instant), let to = cell("to").flatMap(instant) else { return nil }
      return "\(Double(to - from) / 1000)"
    }
    guard let count = cell("column").flatMap(number) else { return nil }
    let unit = rule["unit"].map { "\($0)" }
    if isInstant {
      let factor = rule["scale"].flatMap { Double("\($0)") } ?? 1
      let milliseconds = Int64((count * factor * (PlainTable.seconds[unit ?? "s"] ?? 1) * 1000).rounded())
      return SwarmText.seconds(milliseconds + (cell("after").flatMap(instant) ?? 0))
    }
    var product = count * (rule["scale"].flatMap { Double("\($0)") } ?? 1)
    if rule["times"] != nil { product *= cell("times").flatMap(number) ?? 0 }
    if let unit { product *= PlainTable.factor(unit, ours) }
    return "\(product)"
  }

  private static let seconds = [
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86_400,
  ]

  private static func factor(_ unit: String, _ ours: String) -> Double {
    if let time = seconds[unit] { return ours.hasSuffix("mins") ? time / 60 : time }
    let others: [String: Double] = [
      "B": 1 / 1_073_741_824, "KB": 1 / 1_048_576, "KiB": 1 / 1_048_576, "MB": 1 / 1024, "MiB": 1 / 1024, "TB": 1024,
      "TiB": 1024, "J": 1 / 3_600_000, "kJ": 1 / 3600, "MJ": 1 / 3.6, "Wh": 1 / 1000, "MWh": 1000, "milli": 1 / 1000,
      "percent": 1 / 100,
    ]
    return others[unit] ?? 1
  }

  private func number(_ text: String) -> Double? {
    Double(separator == "," ? text : text.replacing(",", with: "."))
  }

  private func instant(_ text: String) -> Int64? {
    guard text.contains("T") else { return PlainTime.instant(text) }
    let hours: Int64 = map["time_zone"] as? String == "Asia/Tokyo" ? 9 : 0
    return PlainTime.instant(text.hasSuffix("Z") ? text : text + "Z").map { $0 - hours * 3_600_000 }
  }

  private static func sacct(_ lines: [String], zone: String?) -> Log {
    var log: Log = [:]
    for line in lines.dropFirst() {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 10, !cells[0].contains("."), cells[9] == "COMPLETED",
        let at = PlainTime.instant(cells[2] + "Z")
      else { continue }
      let limit = Double(cells[6]).map { "\($0 * 60)" } ?? cells[5]
      log[cells[0]] = [
        "submitted_at": SwarmText.seconds(at - (zone == nil ? 0 : 9 * 3_600_000)), "duration_s": limit,
        "actual_duration_s": cells[5], "required_cpu_cores": cells[7],
      ]
    }
    return log
  }

  private static func swf(_ map: [String: Any], _ lines: [String], start: Int64, end: Int64) -> Log? {
    let scale = map["time_scale"].flatMap { Double("\($0)") } ?? 1
    var log: Log = [:]
    var seconds: [String: Double] = [:]
    for line in lines where !line.hasPrefix(";") {
      let cells = line.split(separator: " ").map(String.init)
      guard let submitted = Double(cells[1]), submitted >= 0, let run = Double(cells[3]), run > 0,
        !["2", "3", "4"].contains(cells[10])
      else { continue }
      let id = "swf-\(cells[0])"
      seconds[id] = submitted
      log[id] = ["duration_s": cells[8], "actual_duration_s": cells[3], "required_cpu_cores": cells[4]]
    }
    // Where second 0 would leave nothing within the clock, the first submission is at its start.
    let first = seconds.values.min() ?? 0
    let isLost = !seconds.values.contains { Double(start) + $0 * scale * 1000 < Double(end) }
    let moves = map["start"] as? String == "first" || (map["start"] as? String != "recorded" && isLost)
    for (id, submitted) in seconds {
      let at = start + Int64(((submitted - (moves ? first : 0)) * scale * 1000).rounded())
      log[id]?["submitted_at"] = SwarmText.seconds(at)
    }
    return log
  }
}
