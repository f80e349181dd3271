internal import Domain
internal import Foundation

/// Units of what a sweep varies and of what it shows.
enum SweepUnits {
  /// The numbers that texts are, with their unit; `nil` if they are not all numbers of one kind: numbers, lengths of
  /// time (`90m`, `6h`, `2d`) or percentages.
  static func numbers(_ texts: [String], key: String, _ currency: Currency) -> (values: [Double], unit: String)? {
    let plain = texts.map { Double($0) }
    if plain.allSatisfy({ $0?.isFinite == true }) { return (plain.map { $0 ?? 0 }, unit(of: key, currency)) }
    let percents = texts.map { $0.hasSuffix("%") ? Double($0.dropLast().trimmingCharacters(in: .whitespaces)) : nil }
    if percents.allSatisfy({ $0?.isFinite == true }) { return (percents.map { $0 ?? 0 }, "%") }
    let seconds = texts.map(span)
    guard seconds.allSatisfy({ $0 != nil }), let longest = seconds.compactMap({ $0 }).max() else { return nil }
    let (length, unit) = SweepUnits.time(longest)
    return (seconds.map { ($0 ?? 0) / length }, unit)
  }

  /// Seconds.
  private static func span(_ text: String) -> Double? {
    let units = [("ms", 0.001), ("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)]
    for (unit, seconds) in units where text.hasSuffix(unit) {
      if let value = Double(text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)), value.isFinite {
        return value * seconds
      }
    }
    return nil
  }

  /// The unit that people take for a length of time, in seconds, and its name.
  static func time(_ seconds: Double) -> (length: Double, unit: String) {
    seconds >= 3 * 86_400 ? (86_400, "d") : seconds >= 7200 ? (3600, "h") : seconds >= 300 ? (60, "min") : (1, "s")
  }

  /// The unit of a scenario's key; empty for one without a unit.
  private static func unit(of key: String, _ currency: Currency) -> String {
    switch key {
    case "grid.carbon.constant": return "gCO₂/kWh"
    case "grid.price.constant": return "\(currency.code)/kWh"
    default: break
    }
    let last = key.split(separator: ".").last.map(String.init) ?? ""
    return units[last] ?? (last.hasSuffix("_watts") ? "W" : last.hasSuffix("_kw") ? "kW" : "")
  }

  private static let units = [
    "cpu_cores": "cores", "memory_gb": "GB", "gpus": "GPUs", "per_hour": "jobs/h", "rate": "× submissions",
    "factor": "×", "scale": "×", "slack": "× duration", "max_price_gbp": "GBP", "max_intensity": "gCO₂/kWh",
  ]
}
