import Domain

extension TraceReading {
  /// The keys of a trace that comes from files.
  static let keys =
    ["file", "files", "extend", "gaps", "clip", "format", "basis", "zone", "all_zones"]
    + TableMapping.keys

  /// Reads `format`, `basis`, `zone`, `all_zones` and the keys of the mapping.
  init(_ fields: Fields) {
    let reader = fields.reader
    let zone = fields.optional("zone")
    let isPerZone = fields.optional("files") != nil
    let all = isPerZone ? fields.optional("all_zones") : fields.optional("all_zones", else: "false")
    let format = reader.choice(fields.optional("format", else: "auto"), of: TraceFormat.self) ?? .auto
    let basis = reader.choice(fields.optional("basis"), of: IntensityBasis.self)
    let name = reader.text(zone, expected: "the file's name for the zone")
    var allZones = reader.flag(all) ?? false
    let mapping = TableMapping(fields)
    if mapping.issued != nil, let columns = fields.optional("columns") {
      reader.refuse(columns, expected: "no issued_at, which only grid.forecast.columns has", found: "issued_at")
    }
    if isPerZone, let all {
      reader.refuse(
        all, expected: "all_zones with file only (with files, each zone has a file of its own)",
        found: "all_zones with files")
      allZones = false
    }
    if let zone, allZones { reader.refuse(zone, expected: "either zone or all_zones", found: "both") }
    self.init(
      format: format, basis: basis, scope: name.map { .series($0) } ?? (allZones ? .everywhere : .matching),
      mapping: mapping)
  }
}
