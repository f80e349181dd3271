internal import Foundation

/// A mapped table read in the plainest way, for the keys that ``SwarmDrawing/drawMappedTrace(_:)`` draws.
enum PlainMapping {
  /// The steps of one zone; `nil` for a table that is none of those.
  static func steps(_ map: [String: Any], _ text: String, _ code: String) -> [(at: Int64, value: Double)]? {
    let mark = map["separator"] as? String
    guard let separator = mark == "tab" ? 9 : mark?.utf8.first, let rows = SwarmCSV.rows(text, separator: separator),
      let head = rows.first, let columns = map["columns"] as? [String: Any],
      let time = (map["time"] ?? columns["time"]) as? String, let value = (map["value"] ?? columns["value"]) as? String,
      let zone = columns["zone"] as? String, let timeAt = head.firstIndex(of: time),
      let valueAt = head.firstIndex(of: value), let zoneAt = head.firstIndex(of: zone)
    else { return nil }
    let nulls = (map["null"] as? [Any] ?? []).map { "\($0)" }
    let factor = map["scale"].flatMap { Double("\($0)") } ?? unit(value)
    var found: [(at: Int64, values: [Double])] = []
    for row in rows.dropFirst() where row[zoneAt] == code && !nulls.contains(row[valueAt]) {
      guard let at = instant(row[timeAt], map), let number = Double(row[valueAt].replacing(",", with: ".")) else {
        return nil
      }
      if let place = found.firstIndex(where: { $0.at == at }) {
        found[place].values.append(number * factor)
      } else {
        found.append((at, [number * factor]))
      }
    }
    let rule = map["duplicates"] as? String
    let steps = found.map { stamp -> (at: Int64, value: Double) in
      switch rule {
      case "last": (stamp.at, stamp.values[stamp.values.count - 1])
      case "mean": (stamp.at, stamp.values.reduce(0, +) / Double(stamp.values.count))
      default: (stamp.at, stamp.values[0])
      }
    }.sorted { $0.at < $1.at }
    guard map["stamps"] as? String == "end" else { return steps }
    // The steps are even: the shortest is theirs.
    let step = zip(steps, steps.dropFirst()).map { $1.at - $0.at }.min() ?? 0
    return steps.map { ($0.at - step, $0.value) }
  }

  private static func unit(_ header: String) -> Double {
    let factors = ["GBP/MWh": 0.001, "p/kWh": 0.01, "kg/MWh": 1, "kg/kWh": 1000, "g/kWh": 1, "EUR/kWh": 1]
    return factors.first { header.hasSuffix("[\($0.key)]") }?.value ?? 1
  }

  private static func instant(_ text: String, _ map: [String: Any]) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 2 else { return nil }
    var date = parts[0].split { $0 == "/" || $0 == "-" }
    guard date.count == 3 else { return nil }
    switch map["date_order"] as? String {
    case "day-first": date = [date[2], date[1], date[0]]
    case "month-first": date = [date[2], date[0], date[1]]
    default: break
    }
    let hours: Int64 = (map["time_zone"] as? String)?.hasSuffix("-3") == true ? 3 : 0
    return PlainTime.instant(date.joined(separator: "-") + "T\(parts[1])Z").map { $0 - hours * 3_600_000 }
  }
}
