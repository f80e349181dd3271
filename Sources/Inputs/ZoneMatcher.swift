import Domain

/// Finds a zone by its exact id, code, name or alias; or all zones of a country.
struct ZoneMatcher: Sendable {
  private var places: [UInt64: Int] = [:]
  private let countries: [String]

  init(_ zones: [Zone]) {
    countries = zones.map { ZoneMatcher.countryKey($0.country) }
    let keys: [(Zone) -> [String]] = [{ ["\($0.id)"] }, { [$0.code] }, { [$0.name] }, { $0.aliases }]
    for key in keys {
      for (place, zone) in zones.enumerated() {
        for text in key(zone) where places[text.stableHash] == nil { places[text.stableHash] = place }
      }
    }
  }

  func place(of text: Bytes) -> Int? { places[text.stableHash] }

  /// The zones in a country. `GB`, `Great Britain`, `UK` and `United Kingdom` are one; so is its ISO code of others
  /// only where the scenario writes it.
  func places(ofCountry name: String) -> [Int] {
    let key = ZoneMatcher.countryKey(name)
    return countries.indices.filter { countries[$0] == key }
  }

  /// The names under which inputs know Great Britain's grid.
  static let britain = ["GB", "Great Britain", "United Kingdom", "UK"]

  private static func countryKey(_ name: String) -> String {
    let key = squashed(name)
    return britain.contains { squashed($0) == key } ? "gb" : key
  }
}

/// A name without case, blanks and punctuation: `Carbon Intensity gCO₂eq/kWh (direct)` is
/// `carbonintensitygco2eqkwhdirect`.
func squashed(_ name: String) -> String {
  var key = ""
  for scalar in name.lowercased().unicodeScalars {
    if scalar == "₂" {
      key += "2"
    } else if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
      key.unicodeScalars.append(scalar)
    }
  }
  return key
}
