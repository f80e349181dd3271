import Domain

/// Reads `zones:`, a list or a preset.
struct ZoneDecoding {
  let reader: Reader

  func zones(_ cell: Cell?) -> [Zone] {
    guard let cell else { return [] }
    switch cell.tree.content {
    case .scalar: return named(cell) ? Preset.gb14(capacity: Preset.capacity, pue: 1) : []
    case .mapping(let entries):
      if !entries.contains(where: { nearest(to: $0.key, among: ZoneDecoding.presetKeys) != nil }) {
        let leaf = cell.tree.origin == nil ? nil : cell.tree.firstLeaf
        let one = leaf.map { "; one value of a zone is written zones.\($0.path.joined(separator: ".")): \($0.text)" }
        reader.refuse(
          cell,
          expected: "a list of zones (- {code: …, coordinates: {…}, capacity: {…}}) or {preset: gb-14}" + (one ?? ""))
        return []
      }
      return preset(cell)
    case .sequence:
      let cells = reader.items(cell, expected: "at least one zone") ?? []
      let zones = cells.enumerated().map { zone($1, place: $0) }
      refuseDuplicates(cells)
      return zones.compactMap { $0 }
    }
  }

  private func named(_ cell: Cell) -> Bool {
    guard case .scalar(let name, _) = cell.tree.content, Preset.names.contains(name) else {
      reader.refuse(
        cell, expected: "a list of zones or the preset \(Preset.names.joined(separator: ", "))",
        suggestion: nearest(to: cell.tree.summary, among: Preset.names))
      return false
    }
    return true
  }

  static let presetKeys = ["preset", "capacity", "pue"]

  private func preset(_ cell: Cell) -> [Zone] {
    guard let fields = reader.fields(cell, allowed: ZoneDecoding.presetKeys) else { return [] }
    let capacity = capacity(fields.optional("capacity", else: Preset.capacityText))
    let pue = pue(fields)
    guard let name = fields.required("preset", "the name of a preset"), named(name), let capacity, let pue else {
      return []
    }
    return Preset.gb14(capacity: capacity, pue: pue)
  }

  static let keys = [
    "id", "code", "name", "region", "country", "coordinates", "capacity", "pue", "idle_kw", "hardware", "aliases",
  ]

  /// The country of a zone that has none in the scenario: the United Kingdom for coordinates on Great Britain and the
  /// isles around it, else unknown.
  private static func country(_ place: Coordinates?) -> String? {
    guard let place else { return nil }
    let (north, east) = (place.latitude, place.longitude)
    guard 49.8...61 ~= north, -8.7...1.8 ~= east else { return nil }
    // The island of Ireland, and the coast of France.
    if north < 55.45, north > 51.2, east < -5.35 { return nil }
    if north < 50.95, east > 1.3 || north < 50.5 && east > -0.3 { return nil }
    return "United Kingdom"
  }

  private func zone(_ cell: Cell, place: Int) -> Zone? {
    guard
      let fields = reader.fields(
        cell, allowed: ZoneDecoding.keys, expected: "a mapping with code, coordinates, capacity")
    else { return nil }
    let code = reader.text(fields.required("code", "the zone's code"), expected: "the zone's code")
    let text = { (key: String) in reader.text(fields.optional(key), expected: "text") }
    let id = reader.whole(
      fields.optional("id", else: "\(place + 1)"), expected: "a whole number ≥ 1", in: 1...1_000_000_000)
    let coordinates = coordinates(fields.required("coordinates", "a mapping with lat, lng"))
    let capacity = capacity(fields.required("capacity", "a mapping with cpu_cores, memory_gb, gpus"))
    let (name, region, country) = (text("name"), text("region"), text("country"))
    let usualCountry = ZoneDecoding.country(coordinates)
    let usual: [(String, String?)] = [("name", code), ("region", name ?? code), ("country", usualCountry)]
    for case (let key, let value?) in usual where fields.optional(key) == nil {
      reader.fill(cell.path, key, .text(value))
    }
    let pue = pue(fields)
    let idle =
      reader.number(fields.optional("idle_kw", else: "0"), expected: "a number from 0 to 1e12") { 0...1e12 ~= $0 } ?? 0
    let hardware = hardware(fields.optional("hardware", else: "{}"))
    let aliases =
      fields.optional("aliases").flatMap { reader.items($0, expected: "a list of names", bracketed: true) } ?? []
    let otherNames = aliases.compactMap { reader.text($0, expected: "a name") }
    if let coordinates, let cell = fields.optional("coordinates"), country.map(ZoneDecoding.isBritain) ?? true {
      remarkSwap(coordinates, cell)
    }
    guard let code else { return nil }
    // A zone with a fault, which has been reported, is still a zone that others may name.
    return Zone(
      id: id ?? place + 1, code: code, name: name ?? code, region: region ?? name ?? code,
      country: country ?? usualCountry ?? "", coordinates: coordinates ?? Coordinates(latitude: 0, longitude: 0),
      capacity: capacity ?? Resources(milliCores: 1000, milliGigabytes: 0, milliGPUs: 0), pue: pue ?? 1,
      idlePower: Power(idle), hardware: hardware, aliases: otherNames)
  }

  private static func isBritain(_ country: String) -> Bool {
    ["united kingdom", "great britain", "uk", "gb", "england", "scotland", "wales"].contains(country.lowercased())
  }

  /// Notes a place that is in Great Britain only if latitude and longitude change places.
  private func remarkSwap(_ told: Coordinates, _ cell: Cell) {
    let (north, east) = (49.5...61.0, -8.7...2.0)
    guard !north.contains(told.latitude), north.contains(told.longitude), east.contains(told.latitude) else { return }
    reader.remark(
      cell,
      "latitude \(told.latitude), longitude \(told.longitude) is not in the United Kingdom, but latitude "
        + "\(told.longitude), longitude \(told.latitude) is")
  }

  private func pue(_ fields: Fields) -> Double? {
    reader.number(fields.optional("pue", else: "1"), expected: "a number from 1 to 1,000,000") { 1...1e6 ~= $0 }
  }

  private static let coordinatesText = "{lat: …, lng: …}, the same as a string, or [lng, lat]"

  /// `{lat, lng}`, that JSON in a string, or GeoJSON's `[lng, lat]`, as the platform has them.
  private func coordinates(_ cell: Cell?) -> Coordinates? {
    let north = "degrees north from -90 to 90"
    let east = "degrees east from -180 to 180"
    guard let cell else { return nil }
    switch cell.tree.content {
    case .scalar(let text, _):
      var builder = TreeBuilder(file: "")
      guard var inner = try? builder.build(yaml: text), case .mapping = inner.content else {
        reader.refuse(cell, expected: ZoneDecoding.coordinatesText)
        return nil
      }
      // Faults are told where the string stands.
      inner.stand(at: cell.tree)
      return coordinates(Cell(tree: inner, path: cell.path))
    case .sequence(let items):
      guard items.count == 2 else {
        reader.refuse(cell, expected: ZoneDecoding.coordinatesText, found: "\(items.count) items")
        return nil
      }
      let longitude = reader.number(Cell(tree: items[0], path: "\(cell.path)[0]"), expected: east) {
        $0.magnitude <= 180
      }
      let latitude = reader.number(Cell(tree: items[1], path: "\(cell.path)[1]"), expected: north) {
        $0.magnitude <= 90
      }
      guard let latitude, let longitude else { return nil }
      return Coordinates(latitude: latitude, longitude: longitude)
    case .mapping: break
    }
    guard let fields = reader.fields(cell, allowed: ["lat", "lng"]) else { return nil }
    let latitude = reader.number(fields.required("lat", north), expected: north) { $0.magnitude <= 90 }
    let longitude = reader.number(fields.required("lng", east), expected: east) { $0.magnitude <= 180 }
    guard let latitude, let longitude else { return nil }
    return Coordinates(latitude: latitude, longitude: longitude)
  }

  private func capacity(_ cell: Cell?) -> Resources? {
    guard let cell, let fields = reader.fields(cell, allowed: ["cpu_cores", "memory_gb", "gpus"]) else { return nil }
    let amounts = ["cpu_cores", "memory_gb", "gpus"].map { key -> Int64? in
      // Thousandths of this bound still leave room for sums in an Int64.
      let cell = fields.optional(key, else: "0")
      var expected = "a number from 0 to 1e12"
      if case .scalar(let text, _) = cell.tree.content, Double(text) == nil,
        case .factor(let factor)? = RelativeNumber(text)
      {
        let share = "\(key): \(Reader.plain(factor * 100))%"
        expected += " (a part of what zones have is an event: events.+={capacity: {from: 0h, \(share)}})"
      }
      return reader.number(cell, expected: expected) { (0...1e12).contains($0) }
        .map { Int64(($0 * 1000).rounded()) }
    }
    guard let cores = amounts[0], let memory = amounts[1], let gpus = amounts[2] else { return nil }
    guard cores > 0 || memory > 0 || gpus > 0 else {
      reader.refuse(
        cell,
        expected: "cpu_cores, memory_gb or gpus above 0 (an outage without an end closes a zone: "
          + "events.+={outage: {zone: CODE, from: 0h}})", found: "zero capacity")
      return nil
    }
    return Resources(milliCores: cores, milliGigabytes: memory, milliGPUs: gpus)
  }

  private func hardware(_ cell: Cell?) -> HardwareModel {
    var model = HardwareModel()
    let usual = [
      "cpu_core_watts": model.cpuCoreWatts, "gpu_watts": model.gpuWatts, "memory_gb_watts": model.memoryGigabyteWatts,
    ]
    let allowed = ["cpu_core_watts", "gpu_watts", "memory_gb_watts"]
    guard let fields = reader.fields(cell, allowed: allowed) else { return model }
    let watts = { (key: String) in
      reader.number(fields.optional(key, else: usual[key] ?? 0), expected: "watts from 0 to 1e12") {
        0...1e12 ~= $0
      }
    }
    if let core = watts("cpu_core_watts") { model.cpuCoreWatts = core }
    if let gpu = watts("gpu_watts") { model.gpuWatts = gpu }
    if let memory = watts("memory_gb_watts") { model.memoryGigabyteWatts = memory }
    return model
  }

  private func refuseDuplicates(_ cells: [Cell]) {
    for key in ["id", "code"] {
      var seen: [String: Int] = [:]
      for (place, cell) in cells.enumerated() {
        let written = cell.tree.value(key)
        // A zone without an id takes its place in the list, which a written one may not claim either.
        let implied: Tree.Content? = key == "id" ? .scalar("\(place + 1)", plain: true) : nil
        guard case .scalar(let text, _)? = written?.content ?? implied else { continue }
        if let first = seen.updateValue(seen[text] ?? place, forKey: text) {
          reader.refuse(
            Cell(tree: written ?? cell.tree, path: "\(cell.path).\(key)"),
            expected: "a unique \(key) (zones[\(first)] has the same one)", found: text)
        }
      }
    }
  }
}
