import Domain

/// Reads `files:` of a trace: a file for each zone.
struct ZoneFileDecoding {
  let reader: Reader
  let directory: String
  let zones: [Zone]

  private static let expected = "a mapping from each zone to its file, such as {LONDON: london.csv}"

  /// The files in the order of the zones; `nil` after a fault.
  func paths(_ cell: Cell) -> [String]? {
    guard case .mapping(let entries) = cell.tree.content, !entries.isEmpty else {
      reader.refuse(cell, expected: ZoneFileDecoding.expected)
      return nil
    }
    // Zones that cannot be read have been reported.
    guard !zones.isEmpty else { return nil }
    var paths: [ZoneIndex: String] = [:]
    var isSound = true
    for entry in entries {
      let item = Cell(tree: entry.value, path: "\(cell.path).\(entry.key)")
      let zone = zone(entry.key, item)
      if let zone, paths[zone] != nil {
        reader.refuse(
          item, expected: "one file for each zone", found: "\(entry.key), a second file for \(zones[zone].code)")
      }
      guard let zone, paths[zone] == nil, let path = reader.text(item, expected: "a file's path") else {
        isSound = false
        continue
      }
      paths[zone] = reader.input(path, in: directory, at: item)
    }
    guard isSound else { return nil }
    let missing = zones.indices.filter { paths[$0] == nil }.map { zones[$0].code }
    guard missing.isEmpty else {
      reader.refuse(cell, expected: "a file for each zone", found: "none for \(missing.joined(separator: ", "))")
      return nil
    }
    return zones.indices.compactMap { paths[$0] }
  }

  /// The zone with a code, else with a name, region or alias, whatever its case, as in events.
  private func zone(_ text: String, _ item: Cell) -> ZoneIndex? {
    let codes = zones.map(\.code)
    if let zone = codes.firstIndex(of: text) { return zone }
    let folded = text.lowercased()
    let found = zones.indices.filter { index in
      let zone = zones[index]
      return ([zone.code, zone.name, zone.region] + zone.aliases).contains { $0.lowercased() == folded }
    }
    if found.count == 1 { return found[0] }
    let several = found.map { codes[$0] }.joined(separator: " and ")
    let names = codes + zones.flatMap { [$0.name, $0.region] }
    reader.refuse(
      item, expected: "a zone's code, name or region, one of \(codes.joined(separator: ", "))",
      found: found.isEmpty ? "the zone \(text)" : "\(text), which matches \(several)",
      suggestion: found.isEmpty ? nearest(to: text, among: names) : nil)
    return nil
  }
}
