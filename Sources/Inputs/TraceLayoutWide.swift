import Domain

/// The columns of a wide file.
extension TraceLayout {
  /// True if a column of a wide file is a series by its name and its cells.
  private func isSeries(_ field: Int, _ kind: TraceKind) -> Bool {
    if time?.fields.contains(field) == true || keys[field].hasPrefix("settlement") || TraceNames.isEnd(keys[field])
      || survey.columns[field].isTime
    {
      return false
    }
    return !hasOPSDPrices(kind) || names[field].hasSuffix(TraceNames.opsdSuffix)
  }

  /// Takes columns of hours, which are no zones, from the fields.
  private func leaveOutHours(_ fields: inout [Int], _ book: inout SeriesBook) {
    let hours = fields.filter { TraceNames.hours.contains(keys[$0]) && !namesZone($0, book) }
    fields.removeAll { hours.contains($0) }
    guard !hours.isEmpty, let time else { return }
    let columns = list(hours.map { names[$0] })
    book.note("column \(columns) is not read: the time is in \(list(time.fields.map { names[$0] }))")
  }

  /// Takes columns that are no zones by their names from the fields, and notes a mix of generation.
  private func leaveOutOthers(_ fields: inout [Int], _ book: inout SeriesBook) {
    guard case .all = book.wanted else { return }
    let others = fields.filter { TraceNames.isNoZone(keys[$0]) }
    if others.count < fields.count {
      fields.removeAll { others.contains($0) }
      let named = others.filter { !names[$0].isEmpty }.map { names[$0] }
      if !named.isEmpty { book.note("not read, as their names are of no zone: \(list(named)) (zone: reads one)") }
    }
    let fuels = fields.filter { TraceNames.fuels.contains(bases[$0]) }
    if fuels.count > 1 {
      book.note(
        "columns \(list(fuels.map { names[$0] })) look like a generation mix; they are read as \(book.kind.quantity)")
    }
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
    leaveOutHours(&fields, &book)
    leaveOutOthers(&fields, &book)
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
      if !foreign.isEmpty { book.note("not read because of their units: \(list(foreign.map { names[$0] }))") }
    }
    let others = fields.map { names[$0] }
    if case .only = book.wanted, others.count != 1 {
      // Nobody knows which of them is meant.
      shape = .wide(names.map { _ in .none })
      return book.report("", 1, "the columns \(list(others))", TraceReader.singleSeries)
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
          book.report(book.names[place], 1, both, "one column per zone")
          // The two columns' values are not held against each other.
          targets = .nowhere
        } else {
          fieldOf[place] = field
        }
      }
      series[field] = targets
    }
    takeCountries(fields, &series, &fieldOf, &book)
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
    case .all: if others.isEmpty { book.report("", 1, "no column but the time", "one column per zone") }
    }
  }

  /// Gives zones without a column of their own that of their country.
  private func takeCountries(
    _ fields: [Int], _ series: inout [Targets], _ fieldOf: inout [Int: Int], _ book: inout SeriesBook
  ) {
    guard case .zones(_, let matcher) = book.wanted else { return }
    for field in fields {
      guard case .none = series[field] else { continue }
      let places = zoneNames(field, book.kind).lazy.map { matcher.places(ofCountry: $0) }.first { !$0.isEmpty } ?? []
      let own = places.filter { fieldOf[$0] == nil || book.isOfCountry($0) }
      guard !own.isEmpty else { continue }
      if let twice = own.first(where: { fieldOf[$0] != nil }), let before = fieldOf[twice] {
        let both = "the columns \(names[before]) and \(names[field]), both of its country"
        book.report(book.names[twice], 1, both, "one column per country")
        series[field] = .nowhere
        continue
      }
      for place in own {
        fieldOf[place] = field
        book.tookCountry(zoneNames(field, book.kind)[0], for: place)
      }
      series[field] = own.count == 1 ? .one(own[0]) : .many(own)
    }
  }

  /// Reports a file whose columns of texts are no series.
  private mutating func isLongByTexts(_ fields: [Int], _ book: inout SeriesBook) -> Bool {
    // Numbers with a sign of money are reported as such.
    let texts = fields.filter { field in
      survey.columns[field].isText && survey.columns[field].samples.contains { NumberDress($0) == nil }
    }
    guard !texts.isEmpty, let time else { return false }
    let values = names.indices.filter { !time.fields.contains($0) && survey.columns[$0].isNumber }
    shape = .wide([])
    self.time = nil
    let zone = names[texts[0]]
    let value = values.first.map { names[$0] } ?? "COLUMN"
    let wide =
      values.isEmpty ? "" : "; or the only column to read: --zone \(value.shellWord) (zone: \(value.yamlWord))"
    book.report(
      "", 1, "text in \(list(texts.map { names[$0] })), as in the long format",
      "the names of the zone column and the value column: --zone \(zone.shellWord) --value \(value.shellWord) "
        + "(columns: {zone: \(zone.yamlWord), value: \(value.yamlWord)})\(wide)")
    return true
  }
}
