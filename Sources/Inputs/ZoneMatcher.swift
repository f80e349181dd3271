import Domain

/// Finds a zone by its exact id, code, name or alias.
struct ZoneMatcher: Sendable {
  private var places: [UInt64: Int] = [:]

  init(_ zones: [Zone]) {
    let keys: [(Zone) -> [String]] = [{ ["\($0.id)"] }, { [$0.code] }, { [$0.name] }, { $0.aliases }]
    for key in keys {
      for (place, zone) in zones.enumerated() {
        for text in key(zone) where places[text.stableHash] == nil { places[text.stableHash] = place }
      }
    }
  }

  func place(of text: Bytes) -> Int? { places[text.stableHash] }
}
