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
    for note in notes {
      let columns = list(note.fields.map { names[$0] })
      book.note("\(note.fields.count == 1 ? "column" : "columns") \(columns): \(note.text)")
    }
  }

  private func namesZone(_ field: Int, _ book: SeriesBook) -> Bool {
    guard case .zones(_, let matcher) = book.wanted, case .wide = shape else { return false }
    return names[field].withBytes { matcher.place(of: $0) } != nil
  }

  /// Whether a column has a unit that is none of the quantity's and no `scale:` says what to do.
  func isForeign(_ field: Int, _ kind: TraceKind) -> Bool {
    mapping.scale == nil && units[field].meaning != .none && !fits(units[field].meaning, kind)
  }

  func refuse(_ fields: [Int], _ unit: String, _ book: inout SeriesBook) {
    let isPrice = book.kind == .price
    let columns = fields.count == 1 ? names[fields[0]] : list(fields.map { names[$0] })
    book.report(
      columns, 1, "the unit \(unit)",
      isPrice
        ? "money by energy such as GBP/kWh or EUR/MWh, or scale: with the factor to a price per kWh"
        : "a mass by energy such as gCO2/kWh or lb/MWh, or scale: with the factor to g/kWh")
  }

  private mutating func apply(_ field: Int, _ book: inout SeriesBook, _ note: (Int, String) -> Void) {
    var unit = units[field]
    var origin = ""
    if unit.meaning == .none, let implied = impliedUnit(field, book.kind) {
      unit = implied
      origin = " by its name"
    }
    var factor = TraceNames.perMegawattHour.contains(keys[field]) && book.kind == .price ? 0.001 : 1
    switch unit.meaning {
    case .none, .other: break
    case .intensity(let own): factor = own
    case .price(let own, let currency):
      factor = own
      if book.currency == nil { book.currency = currency }
      if let currency, currency != "GBP" {
        note(field, "prices are in \(currency); the numbers are kept")
      } else if currency == nil {
        note(field, "\(unit.unit) names no currency; the numbers are kept")
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
