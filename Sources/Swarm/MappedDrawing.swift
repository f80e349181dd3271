internal import Domain

/// Tables that only a mapping makes readable: other names, separators, decimal marks, units, times and texts for nothing.
extension SwarmDrawing {
  /// A trace of every zone as a long table that is mapped.
  mutating func drawMappedTrace(_ name: String) -> String {
    let step: Int64 = one(of: [15, 30, 60]) * 60_000
    let begin = (start / 60_000 - Int64(random.below(50))) * 60_000
    let table = drawTable(
      "\(name).csv", stamps: (0..<(12 + random.below(90))).map { begin + Int64($0) * step }, step: step,
      unit: name == "price" ? one(of: ["GBP/MWh", "p/kWh", "EUR/kWh"]) : one(of: ["kg/MWh", "kg/kWh", "g/kWh"]))
    return "{file: \(name).csv, extend: \(one(of: ["hold", "wrap"])), gaps: hold, \(table)}"
  }

  /// A forecast beside a carbon trace that covers the clock, as a mapped table.
  mutating func drawMappedForecast() -> String {
    let hour: Int64 = 3_600_000
    let step = max(hour, (duration / 100 / hour + 1) * hour)
    let begin = (start / hour - 30) * hour
    let count = Int((duration + 80 * hour) / step) + 8
    let table = drawTable(
      "forecast.csv", stamps: (0..<count).map { begin + Int64($0) * step }, step: step, unit: "lb/MWh", blanks: false)
    return "file: forecast.csv, \(table)"
  }

  /// Writes a table and returns the keys that say how to read it.
  private mutating func drawTable(
    _ file: String, stamps: [Int64], step: Int64, unit: String, blanks: Bool = true
  ) -> String {
    let separator = one(of: [",", ";", "|", "\t"])
    let hasCommas = random.chance(0.5)
    let isEnd = random.chance(0.5)
    let isZoned = random.chance(0.5)
    let hasScale = random.chance(0.5)
    let form = random.below(3)
    let rule = one(of: ["error", "first", "last", "mean"])
    let nothing = one(of: ["nothing", "-99", ""])
    let value = hasScale ? "What" : "What [\(unit)]"
    func row(_ cells: [String]) -> String {
      cells.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: separator) + "\n"
    }
    var text = row(["Note", "Where", value, "When"])
    for (place, stamp) in stamps.enumerated() {
      let written = stamp + (isEnd ? step : 0) + (isZoned ? 3 * 3_600_000 : 0)
      let time = SwarmDrawing.time(written, form, isZoned: isZoned)
      for code in codes {
        let isInner = place > 3 && place + 4 < stamps.count
        let level = isInner && blanks && random.chance(0.02) ? nil : random.below(400)
        let number = level.map { "\($0)\(hasCommas ? "," : ".")5" } ?? nothing
        text += row(["x", code, number, time])
        if level != nil, rule != "error", random.chance(0.05) {
          text += row(["again", code, "\(random.below(400))", time])
        }
      }
    }
    files.append((file, text))
    let mark = separator == "\t" ? "tab" : SwarmText.quoted(separator)
    var keys = ["separator: \(mark)", "decimal: \(hasCommas ? "\",\"" : "\".\"")", "duplicates: \(rule)"]
    // Two columns by the short keys or all by the long one.
    let isShort = random.chance(0.5)
    let both = isShort ? "" : ", time: When, value: \(SwarmText.quoted(value))"
    keys.append("columns: {zone: Where\(both)}")
    if isShort { keys += ["time: When", "value: \(SwarmText.quoted(value))"] }
    keys += ["stamps: \(isEnd ? "end" : "start")", "\"null\": [\(SwarmText.quoted(nothing)), NA]"]
    if isZoned { keys.append("time_zone: Etc/GMT-3") }
    if hasScale { keys.append("scale: \(one(of: ["0.001", "2", "0.5"]))") }
    if form > 0 { keys.append("date_order: \(form == 1 ? "day-first" : "month-first")") }
    return keys.joined(separator: ", ")
  }

  /// `2025-01-31 00:00:00`, `31/01/2025 00:00:00` or `01/31/2025 00:00:00`.
  private static func time(_ stamp: Int64, _ form: Int, isZoned: Bool) -> String {
    let text = Instant(milliseconds: stamp).iso8601
    let date = text.prefix(10).split(separator: "-")
    let clock = text.dropFirst(11).prefix(8)
    switch form {
    case 1: return "\(date[2])/\(date[1])/\(date[0]) \(clock)"
    case 2: return "\(date[1])/\(date[2])/\(date[0]) \(clock)"
    default: return "\(text.prefix(10)) \(clock)"
    }
  }

  /// Issues of forecasts under other names.
  mutating func drawMappedVintages() -> String {
    drawVintages()
    guard let place = files.firstIndex(where: { $0.name == "vintages.csv" }) else { return "" }
    let lines = files[place].text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = ["issued,when,where,what [kg/MWh]"]
    files[place].text = (head + lines.dropFirst().map(String.init)).joined(separator: "\n")
    return "columns: {issued_at: issued, time: when, zone: where, forecast: \"what [kg/MWh]\"}"
  }
}
