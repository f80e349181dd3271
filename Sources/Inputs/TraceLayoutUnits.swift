import Domain

/// The units of a trace's columns.
extension TraceLayout {
  /// Sets the factors of the columns that are read, refuses units of other quantities and notes what was done.
  mutating func applyUnits(_ book: inout SeriesBook) {
    var notes: [(text: String, fields: [Int])] = []
    func note(_ field: Int, _ text: String) {
      if let place = notes.firstIndex(where: { $0.text == text }) {
        notes[place].fields.append(field)
      } else {
        notes.append((text, [field]))
      }
    }
    let used: [Int] =
      switch shape {
      case .single(_, let value), .long(_, _, let value): value.map { [$0] } ?? []
      case .wide(let series): series.indices.filter { if case .none = series[$0] { false } else { true } }
      }
    var refused: [Int] = []
    for field in used {
      // A zone may be called like a unit.
      if units[field].meaning == .other, namesZone(field, book) { continue }
      if isForeign(field, book.kind) { refused.append(field) } else { apply(field, &book, note) }
    }
    if !refused.isEmpty { refuse(refused, units[refused[0]].unit, &book) }
    explainBareColumns(used, &book)
    refuseTwoCurrencies(used, &book)
    for note in notes {
      let columns = list(note.fields.map { names[$0] })
      book.note("\(note.fields.count == 1 ? "column" : "columns") \(columns): \(note.text)")
    }
  }

  /// Refuses columns without a unit beside one of the same quantity whose values are converted; or notes them, if
  /// nobody said that they are of this quantity.
  private func explainBareColumns(_ used: [Int], _ book: inout SeriesBook) {
    guard mapping.scale == nil else { return }
    let bare = used.filter { field in
      units[field].meaning == .none && impliedUnit(field, book.kind) == nil
        && !TraceNames.perMegawattHour.contains(keys[field])
    }
    let converted = names.indices.first { field in
      guard time?.fields.contains(field) != true, fits(units[field].meaning, book.kind) else { return false }
      switch units[field].meaning {
      case .intensity(let factor), .price(let factor, _): return factor != 1
      case .none, .other: return false
      }
    }
    guard !bare.isEmpty, let converted else { return }
    let columns = list(bare.map { names[$0] })
    let isWide = if case .wide = shape { true } else { false }
    let isAll = if case .all = book.wanted { true } else { false }
    if book.kind == .forecast || (isWide && !isAll) {
      book.report(
        columns, 1, "no unit, unlike \(names[converted])",
        "a unit in each header, such as \(names[bare[0]]) (\(units[converted].unit)), or scale: for all values")
    } else {
      let target = book.kind == .price ? "a price per kWh" : "g/kWh"
      book.note(
        "\(bare.count == 1 ? "column" : "columns") \(columns): no unit, read as \(target), unlike \(names[converted])")
    }
  }

  /// Refuses prices in several currencies, which would be added up.
  private func refuseTwoCurrencies(_ used: [Int], _ book: inout SeriesBook) {
    guard book.kind == .price else { return }
    let all = used.compactMap { field -> String? in
      if case .price(_, let currency) = units[field].meaning { currency } else { nil }
    }
    guard let first = all.first, let other = all.first(where: { $0 != first }) else { return }
    let columns = list(used.map { names[$0] })
    book.report(columns, 1, "prices in \(first) and in \(other)", "one currency; zone: selects a single column")
  }

  func namesZone(_ field: Int, _ book: SeriesBook) -> Bool {
    guard case .wide = shape else { return false }
    if case .named(let name) = book.wanted { return names[field] == name }
    guard case .zones(_, let matcher) = book.wanted else { return false }
    return names[field].withBytes { matcher.place(of: $0) } != nil
  }

  /// True if a column's unit is not one of the quantity and no `scale:` converts it.
  func isForeign(_ field: Int, _ kind: TraceKind) -> Bool {
    mapping.scale == nil && units[field].meaning != .none && !fits(units[field].meaning, kind)
  }

  func refuse(_ fields: [Int], _ unit: String, _ book: inout SeriesBook) {
    let isPrice = book.kind == .price
    let columns = fields.count == 1 ? names[fields[0]] : list(fields.map { names[$0] })
    book.report(
      columns, 1, "the unit \(unit)",
      isPrice
        ? "money per energy such as GBP/kWh or EUR/MWh, or scale: with the factor to a price per kWh"
        : "a mass per energy such as gCO2/kWh or lb/MWh, or scale: with the factor to g/kWh")
  }

  private mutating func apply(_ field: Int, _ book: inout SeriesBook, _ note: (Int, String) -> Void) {
    var unit = units[field]
    var origin = ""
    if unit.meaning == .none, let implied = impliedUnit(field, book.kind) {
      unit = implied
      origin = " (implied by the column's name)"
    }
    if TraceNames.perMegawattHour.contains(keys[field]) { book.hasPriceUnit = true }
    var factor = TraceNames.perMegawattHour.contains(keys[field]) && book.kind == .price ? 0.001 : 1
    switch unit.meaning {
    case .none, .other: break
    case .intensity(let own): factor = own
    case .price(let own, let currency):
      factor = own
      book.hasPriceUnit = true
      if book.currency == nil { book.currency = currency }
      if let currency, currency != "GBP" {
        note(field, "prices are in \(currency); the currency is not converted")
      } else if currency == nil {
        note(field, "\(unit.unit) does not name a currency; the currency is not converted")
      }
    }
    if let scale = mapping.scale {
      if scale != factor { note(field, "values × \(TraceLayout.text(scale)) (scale)") }
      return
    }
    scales[field] = factor
    if factor != 1, unit.meaning != .none {
      let target = book.kind == .price ? "a price per kWh" : "g/kWh"
      note(field, "\(unit.unit)\(origin), read as \(target) (× \(TraceLayout.text(factor)))")
    }
  }

  /// Notes further columns of the same quantity, which are not read.
  func noteOtherValues(than taken: Int, _ book: inout SeriesBook) {
    guard mapping.value == nil, book.kind != .forecast else { return }
    let words = book.kind == .price ? ["price"] : ["carbonintensity", "emissionsintensity", "moer"]
    let ofBasis = TraceNames.lifecycle + TraceNames.direct
    let others = names.indices.filter { field in
      guard field != taken, time?.fields.contains(field) != true, survey.columns[field].isNumber,
        !keys[field].contains("forecast"), !isForeign(field, book.kind)
      else { return false }
      // The basis chose between these.
      if reading.basis != nil, ofBasis.contains(keys[field]) || ofBasis.contains(bases[field]) { return false }
      let isKnown =
        book.kind == .price
        ? TraceNames.perMegawattHour.contains(keys[field]) || TraceNames.prices.contains(bases[field])
        : ofBasis.contains(keys[field]) || TraceNames.carbon.contains(bases[field])
      return isKnown || fits(units[field].meaning, book.kind) || words.contains { keys[field].contains($0) }
    }
    guard !others.isEmpty else { return }
    if others.contains(where: { names[$0] == names[taken] }) {
      return book.report(names[taken], 1, "two columns with this name", "one")
    }
    let hasBasis = ofBasis.contains(keys[taken]) || ofBasis.contains(bases[taken])
    book.note(
      "values are read from the column \(names[taken]), not from \(list(others.map { names[$0] })) "
        + "(\(hasBasis ? "basis: or value:" : "value:") selects another)")
  }

  private func impliedUnit(_ field: Int, _ kind: TraceKind) -> HeaderUnit? {
    if kind == .price, hasOPSDPrices(kind), names[field].hasSuffix(TraceNames.opsdSuffix) {
      var unit = HeaderUnit("")
      unit.meaning = .price(0.001, currency: names[field].hasPrefix("GB_") ? "GBP" : "EUR")
      unit.unit = names[field].hasPrefix("GB_") ? "GBP/MWh" : "EUR/MWh"
      return unit
    }
    return TraceNames.implied(bases[field], kind, keys: keys)
  }

  /// A factor as people write it.
  private static func text(_ factor: Double) -> String {
    factor == factor.rounded() && abs(factor) < 1e15 ? "\(Int(factor))" : "\(factor)"
  }
}
