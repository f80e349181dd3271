import Domain
import Foundation

/// Finds a zone by its id, code, name or alias; or all zones of a country.
///
/// A name that is exactly that of a zone is preferred; otherwise case does not matter, if only one zone is called so.
/// Names are compared in Unicode's normalization form C, in every reader: `Östersund` is one name, whether the file has
/// `Ö` as one code point or as two.
struct ZoneMatcher: Sendable {
  private var places: [UInt64: (place: Int, rank: Int)] = [:]
  /// By names in lowercase; `nil` for a name of several zones.
  private var folded: [String: (place: Int, rank: Int)?] = [:]
  private let countries: [String]
  private let names: [String]

  init(_ zones: [Zone]) {
    names = zones.map(\.code) + zones.map(\.name) + zones.flatMap(\.aliases)
    countries = zones.map { ZoneMatcher.countryKey($0.country) }
    let keys: [(Zone) -> [String]] = [{ ["\($0.id)"] }, { [$0.code] }, { [$0.name] }, { $0.aliases }]
    for (rank, key) in keys.enumerated() {
      for (place, zone) in zones.enumerated() {
        let texts = key(zone).map(\.precomposedStringWithCanonicalMapping)
        for (next, text) in texts.enumerated() where places[text.stableHash] == nil {
          places[text.stableHash] = (place, rank + next)
        }
        for (next, text) in texts.enumerated() {
          let key = text.lowercased()
          guard let known = folded[key] else {
            folded[key] = (place, ZoneMatcher.foldedRank + rank + next)
            continue
          }
          if known?.place != place { folded.updateValue(nil, forKey: key) }
        }
      }
    }
  }

  /// True if there are no zones to find.
  var isEmpty: Bool { countries.isEmpty }

  /// Added to the rank of a name that fits but for its case.
  private static let foldedRank = 1_000_000

  /// True if a zone has exactly this name.
  func hasExactly(_ name: Bytes) -> Bool { exact(name) != nil }

  /// The index of the zone with this name.
  func place(of name: Bytes) -> Int? { match(name)?.place }

  /// The zone of a name with how well the name fits: 0 an id, 1 a code, 2 a name, from 3 on the aliases in their order;
  /// names in another case come after all of these.
  func match(_ name: Bytes) -> (place: Int, rank: Int)? {
    if let found = exact(name) { return found }
    guard !name.isEmpty else { return nil }
    return folded[name.text.precomposedStringWithCanonicalMapping.lowercased()] ?? nil
  }

  private func exact(_ name: Bytes) -> (place: Int, rank: Int)? {
    // ASCII is in form C already.
    guard name.contains(where: { $0 >= 128 }) else { return places[name.stableHash] }
    return places[name.text.precomposedStringWithCanonicalMapping.stableHash]
  }

  /// The code, name or alias of a zone that was probably meant.
  func nearestName(to name: String) -> String? { nearest(to: name, among: names) }

  /// The zones in a country. `GB`, `Great Britain`, `UK` and `United Kingdom` are one; so is its ISO code of others
  /// only where the scenario writes it.
  func places(ofCountry name: String) -> [Int] {
    let key = ZoneMatcher.countryKey(name)
    // Zones whose country is unknown have an empty one.
    guard !key.isEmpty else { return [] }
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
  for scalar in name.lowercased().precomposedStringWithCanonicalMapping.unicodeScalars {
    if scalar == "₂" {
      key += "2"
    } else if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
      key.unicodeScalars.append(scalar)
    }
  }
  return key
}
