import Domain

/// Units as APIs write them beside their values.
enum JSONUnit {
  /// Grams and kilograms of CO2, and pounds (0.45359237 kg: International Yard and Pound Agreement, 1959).
  private static let masses: [(String, Double)] = [
    ("g", 1), ("kg", 1000), ("lb", 453.59237), ("lbs", 453.59237), ("t", 1e6), ("mt", 1e6),
  ]

  /// Factor that converts values of a unit to gCO2/kWh: `lbs_co2_per_mwh`, `gCO2eq/kWh`; `nil` for other units.
  static func carbon(_ text: String) -> Double? {
    guard let (mass, energy) = parts(text) else { return nil }
    var name = mass
    for gas in ["co2eq", "co2e", "co2"] where name.hasSuffix(gas) {
      name.removeLast(gas.count)
      break
    }
    return masses.first { $0.0 == name }.map { $0.1 / energy }
  }

  /// Factor that converts prices of a unit to a price per kWh, with the currency: `EUR/MWh`; `nil` for other units.
  static func price(_ text: String) -> (scale: Double, currency: String)? {
    guard let (money, energy) = parts(text) else { return nil }
    switch money {
    case "p", "pence": return (0.01 / energy, "GBP")
    case "c", "ct", "cent": return (0.01 / energy, "EUR")
    case "€": return (1 / energy, "EUR")
    case "£": return (1 / energy, "GBP")
    case "$": return (1 / energy, "USD")
    default:
      let isCode = money.utf8.count == 3 && money.utf8.allSatisfy { $0 >= 97 && $0 <= 122 }
      return isCode ? (1 / energy, money.uppercased()) : nil
    }
  }

  /// Text before the unit of energy, in lower case without blanks, and that unit in kWh.
  private static func parts(_ text: String) -> (String, Double)? {
    let plain = String(text.lowercased().filter { !" _".contains($0) }).replacing("₂", with: "2")
    for (name, energy) in [("kwh", 1.0), ("mwh", 1000.0)] {
      for mark in ["/", "per"] where plain.hasSuffix(mark + name) {
        return (String(plain.dropLast(mark.count + name.count)), energy)
      }
    }
    return nil
  }
}

extension SeriesBook {
  /// Factor for values of a unit, with a note of it; `nil` after refusing a unit of another quantity. A mapping's
  /// `scale` replaces the factor.
  mutating func scale(unit: String, of source: String, _ line: Int) -> Double? {
    if let fixedScale {
      if kind == .price, let (_, currency) = JSONUnit.price(unit) { noteCurrency(currency, of: source) }
      return fixedScale
    }
    if kind == .price {
      if let (scale, currency) = JSONUnit.price(unit) {
        noteCurrency(currency, of: source)
        hasPriceUnit = true
        if scale != 1 { note("\(source): \(unit) converted to \(currency)/kWh (× \(scale))") }
        return scale
      }
      report("unit", line, "\"\(unit)\"", "a price such as EUR/MWh")
    } else if let scale = JSONUnit.carbon(unit) {
      if scale != 1 { note("\(source): \(unit) converted to gCO2/kWh (× \(scale))") }
      return scale
    } else {
      report("unit", line, "\"\(unit)\"", "a carbon intensity such as gCO2eq/kWh or lbs_co2_per_mwh")
    }
    return nil
  }

  /// Keeps the currency that a file's prices are in.
  mutating func noteCurrency(_ name: String, of source: String) {
    if let currency, currency != name {
      report("unit", 0, "prices in \(currency) and in \(name)", "one currency")
    }
    currency = name
  }
}
