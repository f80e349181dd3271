import Domain

/// The columns of a wide file.
extension TraceLayout {
  /// Whether a column of a wide file is a series by its name and its cells.
  private func isSeries(_ field: Int, _ kind: TraceKind) -> Bool {
    if time?.fields.contains(field) == true || keys[field].hasPrefix("settlement") || TraceNames.isEnd(keys[field])
      || survey.columns[field].isTime
    {
      return false
    }
    return !hasOPSDPrices(kind) || names[field].hasSuffix(TraceNames.opsdSuffix)
  }

  /// The names that a column's zone may have, the one that people know first.
  func zoneNames(_ field: Int, _ kind: TraceKind) -> [String] {
    if hasOPSDPrices(kind) { return [String(names[field].dropLast(TraceNames.opsdSuffix.count)), names[field]] }
    switch units[field].meaning {
    case .none, .other: return [names[field]]
    case .intensity, .price: return [units[field].base, names[field]]
    }
  }

  mutating func wide(_ book: inout SeriesBook) {
    var fields = names.indices.filter { isSeries($0, book.kind) }
    // Elexon's tables by settlement period are of other quantities unless a column is a zone's.
    if keys.contains("settlementperiod"), !namesZones(book) {
      if case .named = book.wanted {
      } else {
        let columns = "the columns \(list(fields.map { names[$0] }))"
        return book.report("", 1, columns, "a column \(book.kind.longColumn), or value: with the name of one")
      }
    }
    if case .all = book.wanted {
      let foreign = fields.filter { isForeign($0, book.kind) }
      fields.removeAll { foreign.contains($0) }
      if fields.isEmpty, !foreign.isEmpty { return refuse(foreign, units[foreign[0]].unit, &book) }
      if !foreign.isEmpty { book.note("not read, by their units: \(list(foreign.map { names[$0] }))") }
    }
    let others = fields.map { names[$0] }
    if case .only = book.wanted, others.count != 1 {
      // Nobody knows which of them is meant.
      shape = .wide(names.map { _ in .none })
      return book.report("", 1, "the columns \(list(others))", "a single one, for all zones")
    }
    if case .all = book.wanted, isLongByTexts(fields, &book) { return }
    var series = [Targets](repeating: .none, count: names.count)
    var fieldOf: [Int: Int] = [:]
    for field in fields {
      let names = zoneNames(field, book.kind)
      var targets = book.targets(named: names)
      if case .one(let place) = targets {
        if let before = fieldOf[place] {
          let both = "the columns \(self.names[before]) and \(self.names[field])"
          book.report(book.names[place], 1, both, "one column a zone")
          // The two columns' values are not held against each other.
          targets = .nowhere
        } else {
          fieldOf[place] = field
        }
      }
      series[field] = targets
    }
    shape = .wide(series)
    switch book.wanted {
    case .zones(let zones, _):
      for (place, zone) in zones.enumerated() where fieldOf[place] == nil {
        let name = zone.name == zone.code ? zone.code : "\(zone.code), \(zone.name)"
        book.report(
          zone.code, 1, "no column for this zone; the columns are \(list(others))",
          "a column named \(name), its id or an alias")
      }
    case .named(let name):
      if fieldOf.isEmpty { book.report("", 1, "the columns \(list(others))", "a column named \(name)") }
    case .only: break
    case .all: if others.isEmpty { book.report("", 1, "no column but the time", "a column a zone") }
    }
  }

  /// Reports a file whose columns of texts are no series.
  private mutating func isLongByTexts(_ fields: [Int], _ book: inout SeriesBook) -> Bool {
    let texts = fields.filter { survey.columns[$0].isText }
    guard !texts.isEmpty, time != nil else { return false }
    let values = fields.filter { !survey.columns[$0].isText }
    shape = .wide([])
    time = nil
    book.report(
      "", 1, "texts in \(list(texts.map { names[$0] })), as a long file has them",
      "the column of the zone and that of the value by name (columns: {zone: \(names[texts[0]]), "
        + "value: \(values.first.map { names[$0] } ?? "…")})")
    return true
  }
}
