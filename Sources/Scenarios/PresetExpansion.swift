import Domain

/// Presets written out, so that what they consist of can be changed and seen.
extension Tree {
  /// Writes out what an override's path goes into: `zones.GB-LONDON.capacity.gpus`, `workload.classes.*.deadline`.
  mutating func expandPresets(leadingTo path: [String]) {
    guard path.count > 1 else { return }
    if path[0] == "zones", path[1] == "*" || !ZoneDecoding.presetKeys.contains(path[1]) { expandZones() }
    if path[0] == "zones", path[1] == "capacity", path.count > 2 { completeCapacity() }
    if path[0] == "workload", ["classes", "arrivals"].contains(path[1]) { expandWorkload() }
  }

  /// `zones: gb-14` and `zones: {preset: gb-14, …}` as a list. What is no preset, or has faults, stays as it is.
  mutating func expandZones() {
    replace("zones") { zones in
      switch zones.content {
      case .sequence: return nil
      case .scalar, .mapping: break
      }
      let reader = Reader(file: "")
      let read = ZoneDecoding(reader: reader).zones(Cell(tree: zones, path: "zones"))
      guard reader.issues.isEmpty, !read.isEmpty else { return nil }
      return Tree.list(read.map(Tree.zone))
    }
  }

  /// Writes the capacity of a zone preset that has none, so that a change of its GPUs leaves the cores as they are.
  private mutating func completeCapacity() {
    replace("zones") { zones in
      let capacity = Entry(key: "capacity", line: 0, column: 0, value: .standard(Preset.capacityText))
      switch zones.content {
      case .sequence: return nil
      case .scalar(let name, _):
        guard Preset.names.contains(name) else { return nil }
        var made = zones
        made.content = .mapping([Entry(key: "preset", line: zones.line, column: zones.column, value: zones), capacity])
        return made
      case .mapping(let entries):
        guard zones.value("preset") != nil, zones.value("capacity") == nil else { return nil }
        var made = zones
        made.content = .mapping(entries + [capacity])
        return made
      }
    }
  }

  /// `workload: {preset: …}` as arrivals and classes. What is no preset, or has faults, stays as it is.
  mutating func expandWorkload() {
    replace("workload") { workload in
      guard case .mapping(let entries) = workload.content,
        case .scalar(let name, _)? = workload.value("preset")?.content, let preset = WorkloadPreset(rawValue: name),
        entries.allSatisfy({ WorkloadDecoding.presetKeys.contains($0.key) })
      else { return nil }
      var rate = 1.0
      if let told = workload.value("rate") {
        guard case .scalar(let text, true) = told.content, let number = Double(text), ArrivalDecoding.isRate(number)
        else { return nil }
        rate = number
      }
      guard case .mapping(var parts) = Tree.standard(preset.text(rate: rate)).content else { return nil }
      for key in ["users", "home"] {
        guard let own = entries.first(where: { $0.key == key }) else { continue }
        parts.removeAll { $0.key == key }
        parts.append(own)
      }
      if let jobs = entries.first(where: { $0.key == "jobs" }),
        let place = parts.firstIndex(where: { $0.key == "arrivals" }),
        case .mapping(let arrivals) = parts[place].value.content
      {
        parts[place].value.content = .mapping(arrivals + [jobs])
      }
      return Tree(content: .mapping(parts), line: workload.line, column: workload.column, origin: workload.origin)
    }
  }

  /// Puts another value in place of a key's, if there is one.
  private mutating func replace(_ key: String, _ made: (Tree) -> Tree?) {
    guard case .mapping(var entries) = content, let place = entries.firstIndex(where: { $0.key == key }),
      let value = made(entries[place].value)
    else { return }
    entries[place].value = value
    content = .mapping(entries)
  }

  private static func list(_ items: [Tree]) -> Tree {
    Tree(content: .sequence(items), line: 0, column: 0, origin: standardOrigin)
  }

  private static func map(_ pairs: [(String, Tree)]) -> Tree {
    Tree(
      content: .mapping(pairs.map { Entry(key: $0, line: 0, column: 0, value: $1) }), line: 0, column: 0,
      origin: standardOrigin)
  }

  /// A zone as a scenario writes it.
  private static func zone(_ zone: Zone) -> Tree {
    map([
      ("id", .standard("\(zone.id)")), ("code", .text(zone.code)), ("name", .text(zone.name)),
      ("region", .text(zone.region)), ("country", .text(zone.country)),
      (
        "coordinates",
        map([("lat", number(zone.coordinates.latitude)), ("lng", number(zone.coordinates.longitude))])
      ),
      (
        "capacity",
        map([
          ("cpu_cores", number(zone.capacity.cpuCores)), ("memory_gb", number(zone.capacity.memoryGigabytes)),
          ("gpus", number(zone.capacity.gpus)),
        ])
      ),
      ("pue", number(zone.pue)), ("aliases", list(zone.aliases.map { .text($0) })),
    ])
  }
}
