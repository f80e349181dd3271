import Domain
internal import Foundation

/// The unit that a column's name has, and the name without it.
///
/// A unit stands in brackets, after a comma or at the end: `Price (EUR/MWh)`, `price_eur_mwh`, `Carbon intensity
/// gCO₂eq/kWh (LCA)`, `Deutschland/Luxemburg [€/MWh] Originalauflösungen`.
struct HeaderUnit {
  enum Meaning: Equatable {
    /// No unit.
    case none
    /// A mass by energy: the factor to g/kWh.
    case intensity(Double)
    /// Money by energy: the factor to a unit of the currency by kWh; the currency as ISO 4217 has it, if it is said.
    case price(Double, currency: String?)
    /// A unit of another quantity, or one that is not known.
    case other
  }

  var meaning = Meaning.none
  /// The unit's text, for messages.
  var unit = ""
  /// The name without the unit and without what follows it; the whole name if there is no unit.
  var base: String

  private struct Token {
    var text: String
    var range: Range<String.Index>
  }

  init(_ name: String) {
    base = name
    let tokens = HeaderUnit.tokens(name)
    if let place = tokens.lastIndex(where: { HeaderUnit.energies[$0.text] != nil }), tokens.count > 1 {
      perEnergy(name, tokens, place)
    } else {
      alone(name, tokens)
    }
  }

  /// `…/MWh`, `…_mwh`, `… per MWh`.
  private mutating func perEnergy(_ name: String, _ tokens: [Token], _ place: Int) {
    guard let perKilowattHour = HeaderUnit.energies[tokens[place].text] else { return }
    let end = tokens[place].range.upperBound
    for count in stride(from: min(4, place), through: 1, by: -1) {
      let parts = tokens[(place - count)..<place]
      let numerator = parts.map(\.text).filter { $0 != "per" }.joined()
      let start = parts[parts.startIndex].range.lowerBound
      if let grams = HeaderUnit.grams(numerator) {
        return take(name, start..<end, .intensity(grams * perKilowattHour))
      }
      if let money = HeaderUnit.money(numerator) {
        return take(name, start..<end, .price(money.factor * perKilowattHour, currency: money.currency))
      }
    }
    // An amount of energy, or something by energy that is neither mass nor money.
    let own = tokens[place].range
    let before = place > 0 ? tokens[place - 1].range : own
    let isQuotient = before.upperBound < own.lowerBound && name[before.upperBound..<own.lowerBound].contains("/")
    take(name, isQuotient ? before.lowerBound..<end : own, .other)
  }

  /// True if a text in brackets is a quotient of units, though not one that is read: `USD/MMBtu`, `gCO2/km`.
  private static func isQuotient(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return false }
    return grams(parts[0]) != nil || money(parts[0]) != nil || suffixes.contains(parts[1])
  }

  /// A unit that is no quotient: `(%)`, `[MW]`, `load_mw`, `EUR`.
  private mutating func alone(_ name: String, _ tokens: [Token]) {
    for open in ["(", "["] {
      guard let start = name.range(of: open, options: .backwards),
        let end = name[start.upperBound...].firstIndex(where: { $0 == ")" || $0 == "]" })
      else { continue }
      let inside = name[start.upperBound..<end].lowercased().filter { $0 != " " }
      if inside.hasSuffix("%") || HeaderUnit.others.contains(inside) || HeaderUnit.money(inside) != nil
        || HeaderUnit.isQuotient(inside)
      {
        return take(name, start.upperBound..<end, .other)
      }
    }
    if name.hasSuffix("%"), name.count > 1 {
      return take(name, name.index(before: name.endIndex)..<name.endIndex, .other)
    }
    if tokens.count > 1, let last = tokens.last, HeaderUnit.suffixes.contains(last.text) {
      take(name, last.range, .other)
    } else if tokens.count > 1, let share = tokens.first(where: { ["percent", "percentage", "pct"].contains($0.text) })
    {
      take(name, share.range, .other)
    }
  }

  private mutating func take(_ name: String, _ range: Range<String.Index>, _ meaning: Meaning) {
    self.meaning = meaning
    unit = String(name[range])
    let before = name[..<range.lowerBound]
    let trimmed = before.reversed().drop { " ([_,-/|".contains($0) }.reversed()
    let text = String(trimmed)
    // What stands in brackets behind the unit belongs to the name: (direct), (LCA).
    let rest = name[range.upperBound...]
    let hint = rest.contains("(") ? String(rest.drop { $0 != "(" }) : ""
    if !text.isEmpty { base = hint.isEmpty ? text : "\(text) \(hint)" }
  }

  /// The words of a name in lower case, with digits and currency signs; `₂` is 2.
  private static func tokens(_ name: String) -> [Token] {
    var found: [Token] = []
    var text = ""
    var start = name.startIndex
    func isPart(_ c: Character) -> Bool { c.isLetter || c.isNumber || "£€$¢₹¥".contains(c) }
    for at in name.indices {
      let c = name[at]
      if isPart(c) {
        if text.isEmpty { start = at }
        text += c == "₂" ? "2" : c.lowercased()
      } else if !text.isEmpty {
        found.append(Token(text: text, range: start..<at))
        text = ""
      }
    }
    if !text.isEmpty { found.append(Token(text: text, range: start..<name.endIndex)) }
    // `gCO2perkWh` and `EURperMWh` are words of one piece.
    return found.flatMap { token -> [Token] in
      guard energies[token.text] == nil, let per = token.text.range(of: "per", options: .backwards),
        per.lowerBound > token.text.startIndex, energies[String(token.text[per.upperBound...])] != nil
      else { return [token] }
      return [
        Token(text: String(token.text[..<per.lowerBound]), range: token.range),
        Token(text: String(token.text[per.upperBound...]), range: token.range),
      ]
    }
  }

  /// Energies, as the factor of what is divided by them to what is divided by a kilowatt hour.
  private static let energies: [String: Double] = [
    "wh": 1000, "kwh": 1, "kwhe": 1, "kwhel": 1, "mwh": 1e-3, "mwhe": 1e-3, "mwhel": 1e-3, "gwh": 1e-6, "gwhe": 1e-6,
    "twh": 1e-9, "mj": 3.6, "gj": 3.6e-3,
  ]

  private static let masses: [(names: [String], grams: Double)] = [
    (["mg", "milligram", "milligrams"], 1e-3), (["g", "gr", "gram", "grams"], 1),
    (["kg", "kgs", "kilogram", "kilograms"], 1000),
    (["t", "mt", "tonne", "tonnes", "metricton", "metrictons", "metrictonne", "metrictonnes"], 1e6),
    (["lb", "lbs", "pound", "pounds"], 453.592_37),
  ]

  /// `gco2eq`, `lbs`, `tco2`: the grams of one.
  private static func grams(_ word: String) -> Double? {
    var mass = word
    let gases = ["co2equivalent", "co2equiv", "co2eq", "co2e", "co2", "carbon", "equivalent", "ghg"]
    for gas in gases where mass.hasSuffix(gas) {
      mass.removeLast(gas.count)
      if mass.hasSuffix("of") { mass.removeLast(2) }
      break
    }
    return masses.first { $0.names.contains(mass) }?.grams
  }

  private static let currencies: [String: String] = [
    "£": "GBP", "€": "EUR", "$": "USD", "us$": "USD", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD",
    "a$": "AUD", "au$": "AUD", "nz$": "NZD", "c$": "CAD", "ca$": "CAD", "zł": "PLN", "₹": "INR", "rs": "INR",
  ]
  private static let codes = [
    "gbp", "eur", "usd", "aud", "nzd", "cad", "sek", "nok", "dkk", "isk", "chf", "pln", "czk", "huf", "ron", "bgn",
    "rsd", "uah", "try", "jpy", "inr", "cny", "krw", "sgd", "brl", "mxn", "clp", "zar",
  ]
  private static let cents: [String: String?] = [
    "p": "GBP", "pence": "GBP", "penny": "GBP", "gbpence": "GBP", "gbp pence": "GBP", "gbx": "GBP", "ct": nil,
    "cts": nil, "c": nil, "cent": nil, "cents": nil, "¢": "USD", "eurocent": "EUR", "eurocents": "EUR",
    "eurct": "EUR", "€ct": "EUR", "ct€": "EUR", "cteur": "EUR", "€cent": "EUR", "usdcents": "USD", "uscents": "USD",
    "audcents": "AUD", "c€": "EUR", "ceur": "EUR", "öre": "SEK", "sekore": "SEK", "seköre": "SEK", "øre": nil,
    "ore": nil, "snt": "EUR",
  ]

  private static func money(_ word: String) -> (factor: Double, currency: String?)? {
    if let currency = currencies[word] { return (1, currency) }
    if codes.contains(word) { return (1, word.uppercased()) }
    // Crowns of four countries, and two currencies with one sign.
    if word == "kr" || word == "¥" { return (1, nil) }
    if let currency = cents[word] { return (0.01, currency) }
    // Thousands: `kEUR`, and `TEUR` in German.
    let rest = String(word.dropFirst())
    if word.hasPrefix("k"), let currency = currencies[rest] { return (1000, currency) }
    if word.hasPrefix("k") || word == "teur", codes.contains(rest) { return (1000, rest.uppercased()) }
    return nil
  }

  private static let others = [
    "%", "percent", "pct", "w", "kw", "mw", "gw", "wh", "kwh", "mwh", "gwh", "g", "kg", "t", "lb", "lbs", "tonnes",
    "gco2", "kgco2", "tco2", "°c", "m/s", "w/m2", "w/m²", "v", "a", "hz", "h", "min", "s",
  ]
  private static let suffixes = [
    "kw", "mw", "gw", "pct", "percent", "percentage", "perc", "share", "fraction", "mmbtu", "btu", "therm",
    "therms", "mcf",
  ]
}
