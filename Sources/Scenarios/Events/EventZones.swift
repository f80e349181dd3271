import Domain

/// Finds the zones that events name.
extension EventDecoding {
  /// One zone or a list of zones, each by its code, name, region or an alias; or all.
  func zones(_ cell: Cell?) -> [ZoneIndex]? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content, ["all", "*"].contains(text.lowercased()),
      !zones.contains(where: { $0.code == text })
    {
      return Array(zones.indices)
    }
    var items = [cell]
    if case .sequence = cell.tree.content { items = reader.items(cell, expected: "zones' codes") ?? [] }
    let found = items.map { item -> ZoneIndex? in
      guard let text = reader.text(item, expected: "a zone's code") else { return nil }
      return zone(text, item)
    }
    return found.contains(nil) ? nil : found.compactMap { $0 }
  }

  private func zone(_ text: String, _ item: Cell) -> ZoneIndex? {
    let codes = zones.map(\.code)
    if let place = codes.firstIndex(of: text) { return place }
    // Zones that cannot be read have been reported.
    guard !codes.isEmpty else { return nil }
    let folded = text.lowercased()
    var places = zones.indices.filter { place in
      EventDecoding.names(of: zones[place]).contains { $0.lowercased() == folded }
    }
    // Short forms of regions: `South East`, `Greater London`, `East of England`.
    let short = EventDecoding.words(text)
    if places.isEmpty, !short.isEmpty {
      places = zones.indices.filter { place in
        EventDecoding.names(of: zones[place]).contains { EventDecoding.words($0) == short }
      }
    }
    if places.count == 1 { return places[0] }
    if places.count > 1 {
      let found = "\(text), which matches \(places.map { codes[$0] }.joined(separator: " and "))"
      reader.refuse(item, expected: "one zone's code, or a list of codes", found: found)
      return nil
    }
    let names = codes + zones.flatMap { [$0.name, $0.region] }
    reader.refuse(
      item, expected: "a zone's code, name or region, one of \(shownNames), or all",
      suggestion: parts(of: text) ?? nearest(to: text, among: names))
    return nil
  }

  private static func names(of zone: Zone) -> [String] { [zone.code, zone.name, zone.region] + zone.aliases }

  /// The words of a region's name that tell it from others: `South East England` and `the South East` have the same.
  private static func words(_ name: String) -> Set<String> {
    let common = ["england", "scotland", "wales", "greater", "the", "of", "and", "region", "uk", "gb"]
    // Without England a name says the same; without Scotland or Wales it does not.
    let droppable = Set(common).subtracting(["scotland", "wales"])
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let kept = parts.map { EventDecoding.directions[$0] ?? $0 }.filter { !droppable.contains($0) }
    return Set(kept.flatMap { EventDecoding.pairs[$0] ?? [$0] })
  }

  private static let directions = [
    "northern": "north", "southern": "south", "eastern": "east", "western": "west", "yorks": "yorkshire",
  ]
  private static let pairs = [
    "northwest": ["north", "west"], "northeast": ["north", "east"], "southwest": ["south", "west"],
    "southeast": ["south", "east"],
  ]

  /// Large cities by the distribution region of Great Britain that they are in.
  private static let cities = [
    "edinburgh": "south scotland", "aberdeen": "north scotland", "dundee": "north scotland", "swansea": "south wales",
    "oxford": "south england", "portsmouth": "south england", "sheffield": "yorkshire", "hull": "yorkshire",
    "liverpool": "north wales", "brighton": "south east england", "norwich": "east england",
    "plymouth": "south west england", "exeter": "south west england", "leicester": "east midlands",
    "derby": "east midlands", "coventry": "west midlands", "sunderland": "north east england",
  ]

  /// Zones whose region is a part of a larger one, or has a city in it: `North Scotland (GB-N-SCOT) or South Scotland
  /// (GB-S-SCOT)` for `Scotland`.
  private func parts(of text: String) -> String? {
    let word = text.lowercased()
    guard word.count > 3 else { return nil }
    let region = EventDecoding.cities[word]
    let found = zones.filter { zone in
      let own = zone.region.lowercased()
      return own == region || own.split(separator: " ").contains { $0 == word }
    }
    guard (1...4).contains(found.count) else { return nil }
    return found.map { $0.region == $0.code ? $0.code : "\($0.region) (\($0.code))" }.joined(separator: " or ")
  }

  /// `GB-LONDON (London), GB-YORK (Leeds, Yorkshire)`: codes with the other names.
  private var shownNames: String {
    zones.map { zone in
      let others = [zone.name, zone.region].uniqued.filter { $0 != zone.code }
      return others.isEmpty ? zone.code : "\(zone.code) (\(others.joined(separator: ", ")))"
    }.joined(separator: ", ")
  }
}
