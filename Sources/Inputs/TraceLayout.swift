import Domain

/// The columns of a trace CSV, as its header, its first cells and a ``TableMapping`` have them.
///
/// Names are compared without case, blanks, punctuation and units. Known are
/// - wide: a time and a column per zone (also NESO's regional CSV, SMARD's and Open Power System Data's);
/// - long: a time, a zone and `carbon_intensity`, `price`, `forecast` or another value (``TraceNames``);
/// - Electricity Maps exports, in the words of 2021 to 2025, and `datetime,carbon_intensity_avg`;
/// - NESO's national `from,to,forecast,actual,index`, and `date,from,…,regionid,…,intensity_forecast`;
/// - Elexon's `settlement_date,settlement_period,system_sell_price` in GBP/MWh;
/// - a time and `Carbon Intensity` or `price` alone.
struct TraceLayout {
  enum Shape {
    /// The series of each field.
    case wide([Targets])
    /// Columns that name a row's zone, best first; those that name its country.
    case long(zones: [Int], countries: [Int], value: Int?)
    case single(Targets, value: Int?)
  }

  /// `nil` if the header has none, which is reported.
  var time: TraceTime?
  var shape = Shape.wide([])
  let names: [String]
  /// The factor of each column's values, by the unit of its name or by the mapping.
  var scales: [Double]
  /// National measurements: the column of the forecast, beside which a 0 is no measurement.
  private(set) var forecastOfActual: Int?
  /// Regions of the Carbon Intensity API: ids from 15 on are sums of others.
  private(set) var regionID: Int?
  /// True if the name of the time column indicates that stamps are ends of intervals.
  private(set) var areEnds = false
  /// The time zone that the header implies.
  private(set) var timeZone: String?
  /// True if there is a column whose cells can be inspected, whatever else is wrong with the header.
  var isUnderstood: Bool { if time == nil, case .wide(let series) = shape { !series.isEmpty } else { true } }
  let keys: [String]
  let bases: [String]
  let units: [HeaderUnit]
  let survey: TableSurvey
  let reading: TraceReading
  var mapping: TableMapping { reading.mapping }

  init(_ survey: TableSurvey, reading: TraceReading, book: inout SeriesBook) {
    names = survey.names
    self.survey = survey
    self.reading = reading
    keys = names.map { TraceNames.key($0) }
    units = names.map { HeaderUnit($0) }
    bases = units.map { squashed($0.base) }
    scales = names.map { _ in reading.mapping.scale ?? 1 }
    var finder = TraceTimeFinder(names: names, keys: keys, survey: survey, mapping: reading.mapping)
    time = finder.find(&book)
    (areEnds, timeZone) = (finder.areEnds, finder.timeZone)
    findShape(&book)
    noteBasis(&book)
    applyUnits(&book)
  }

  private mutating func findShape(_ book: inout SeriesBook) {
    refuseColumnOfUnits(&book)
    let zoneFields = findZones(&book)
    let isKnown = keys.indices.contains { isKnownValue($0) }
    let value = findValue(book.kind)
    if mapped(book.kind) != nil {
      let value = told(value, &book)
      if zoneFields.isEmpty { single(value, &book) } else { long(zoneFields, value) }
    } else if !zoneFields.isEmpty, isKnown || value != nil {
      long(zoneFields, told(value, &book))
    } else if isKnown || isLone(value), !namesZones(book), !hasOPSDPrices(book.kind) {
      single(told(value, &book), &book)
    } else if time != nil || namesZones(book) {
      // Without a time, and without a zone's name, it is some other sort of file.
      wide(&book)
    }
  }

  /// Keeps the basis that the column of the values names, and notes one that chooses no column.
  private func noteBasis(_ book: inout SeriesBook) {
    if book.kind == .carbon, case .single(_, let value?) = shape { book.basis = basis(of: value) }
    if book.kind == .carbon, case .long(_, _, let value?) = shape { book.basis = basis(of: value) }
    if let basis = reading.basis, book.kind == .price {
      book.note("basis: \(basis.rawValue) has no effect on prices")
    }
    guard let basis = reading.basis, book.kind == .carbon else { return }
    let isWide = if case .wide = shape { true } else { false }
    if mapped(.carbon) != nil {
      book.note("basis: \(basis.rawValue) has no effect with value:, which names the column")
    } else if isWide {
      book.note("basis: \(basis.rawValue) has no effect on one column per zone, as these do not name their basis")
    }
  }

  /// The basis that a column names.
  private func basis(of field: Int) -> IntensityBasis? {
    func isAmong(_ known: [String]) -> Bool { known.contains(keys[field]) || known.contains(bases[field]) }
    return isAmong(TraceNames.lifecycle) ? .lifecycle : isAmong(TraceNames.direct) ? .direct : nil
  }

  /// A unit in the rows, not in the header: nothing here reads it, and to pass over it would be silently wrong.
  private func refuseColumnOfUnits(_ book: inout SeriesBook) {
    guard mapping.scale == nil, let field = keys.firstIndex(where: { TraceNames.unitColumns.contains($0) }),
      survey.columns[field].isText
    else { return }
    book.report(
      names[field], 1, "a column of units, which is not read",
      "the unit in the value's header, such as carbon_intensity (lb/MWh), or scale: (1 for values per kWh)")
  }

  private mutating func long(_ zoneFields: [Int], _ value: Int?) {
    var countries = ["zoneid", "zonename", "country"].compactMap { keys.firstIndex(of: $0) }
    // Of a plain list a zone's name may be that of a country.
    if countries.isEmpty || keys.contains("zone") { countries = zoneFields }
    shape = .long(zones: zoneFields, countries: countries, value: value)
    regionID = keys.firstIndex(of: "regionid")
  }

  /// Columns that name a row's zone.
  private func findZones(_ book: inout SeriesBook) -> [Int] {
    if let wanted = mapping.zone {
      return findColumn(wanted, names, "zone", 1, &book).map { [$0] } ?? []
    }
    let known = TraceNames.zones.compactMap { keys.firstIndex(of: $0) }
    if !known.isEmpty { return known }
    return TraceNames.places.compactMap { keys.firstIndex(of: $0) }.filter { survey.columns[$0].isText }
  }

  private func isKnownValue(_ field: Int) -> Bool {
    let known =
      TraceNames.lifecycle + TraceNames.direct + TraceNames.carbon + TraceNames.perMegawattHour + TraceNames.prices
      + TraceNames.forecast
    return known.contains(keys[field]) || known.contains(bases[field])
  }

  /// The column that a mapping names as the value of a kind.
  private func mapped(_ kind: TraceKind) -> String? {
    kind == .forecast ? mapping.forecast ?? mapping.value : mapping.value
  }

  private func findValue(_ kind: TraceKind) -> Int? {
    func first(_ wanted: [String]) -> Int? {
      let places = wanted.lazy.compactMap { name in keys.firstIndex(of: name) ?? bases.firstIndex(of: name) }
      return places.first { !isElsewhere($0, kind) }
    }
    if let wanted = mapped(kind) { return names.firstIndex(of: wanted) ?? first([squashed(wanted)]) }
    let found: Int? =
      switch kind {
      case .carbon:
        switch reading.basis {
        case .lifecycle?: first(TraceNames.lifecycle)
        case .direct?: first(TraceNames.direct)
        case nil: first(TraceNames.lifecycle + TraceNames.direct + TraceNames.carbon)
        }
      case .forecast: first(TraceNames.forecast)
      case .price: first(TraceNames.prices + TraceNames.perMegawattHour)
      }
    if let found { return found }
    if kind == .carbon, reading.basis != nil { return nil }
    // The only column with a unit of the quantity, or called value.
    let fields = names.indices.filter { time?.fields.contains($0) != true }
    let measured = fields.filter { fits(units[$0].meaning, kind) }
    if measured.count == 1, kind != .forecast { return measured[0] }
    return measured.isEmpty ? first(TraceNames.generic) : nil
  }

  /// True if a column has a unit of another quantity.
  private func isElsewhere(_ field: Int, _ kind: TraceKind) -> Bool {
    switch (units[field].meaning, kind) {
    case (.price, .carbon), (.price, .forecast), (.intensity, .price): true
    default: false
    }
  }

  func fits(_ meaning: HeaderUnit.Meaning, _ kind: TraceKind) -> Bool {
    switch (meaning, kind) {
    case (.intensity, .carbon), (.intensity, .forecast), (.price, .price): true
    default: false
    }
  }

  /// True if a value that was found by its unit alone or by the name `value` has no series beside it.
  private func isLone(_ value: Int?) -> Bool {
    guard let value, TraceNames.generic.contains(keys[value]), keys.count > 2 else { return false }
    return !names.indices.contains { field in
      field != value && time?.fields.contains(field) != true && survey.columns[field].isNumber
    }
  }

  private func told(_ value: Int?, _ book: inout SeriesBook) -> Int? {
    if let value {
      noteOtherValues(than: value, &book)
      return value
    }
    if let wanted = mapped(book.kind) { return findColumn(wanted, names, "value", 1, &book) }
    let basis = reading.basis
    let wanted = book.kind == .carbon && basis != nil ? "Carbon intensity gCO₂eq/kWh (\(basis?.rawValue ?? ""))" : nil
    let column = wanted ?? book.kind.longColumn
    book.report(column, 1, "the columns \(list(names))", "a column \(column)")
    return nil
  }

  /// True if a column is named like a zone of the scenario: the file is then wide, whatever other columns it has.
  func namesZones(_ book: SeriesBook) -> Bool {
    guard case .zones(_, let matcher) = book.wanted else { return false }
    return names.indices.contains { field in
      time?.fields.contains(field) != true && names[field].withBytes { matcher.hasExactly($0) }
    }
  }

  func hasOPSDPrices(_ kind: TraceKind) -> Bool {
    kind == .price && names.contains { $0.hasSuffix(TraceNames.opsdSuffix) && $0.count > 16 }
  }

  private mutating func single(_ value: Int?, _ book: inout SeriesBook) {
    shape = .single(.none, value: value)
    guard let value else { return }
    let isNational = keys.contains("actual") || TraceNames.perMegawattHour.contains(keys[value])
    if keys[value] == "actual" { forecastOfActual = keys.firstIndex(of: "forecast") }
    let area = names.first { $0.hasPrefix("BZN|") }.map { String($0.dropFirst(4)) }
    let found = isNational ? book.nationalTargets() : book.anonymousTargets(names[value], area: area)
    if case .none = found {
      if isNational {
        book.report(
          "", 1, "a series of Great Britain", "zones with country: United Kingdom, or zone: GB or all_zones: true")
      } else {
        book.reportUnnamedSeries(1)
      }
      shape = .single(.nowhere, value: value)
    } else {
      shape = .single(found, value: value)
    }
  }
}

extension TraceLayout {
  /// Names of columns that tell several series of one zone apart.
  private static let kinds = [
    "variable", "sequence", "type", "parameter", "metric", "indicator", "measure", "series", "product", "producttype",
    "market", "markettype", "auction", "contract", "scenario", "run", "runtype", "model", "version", "tariff",
    "tarifftype", "paymentmethod", "classification", "category", "resolution", "resolutioncode", "signaltype", "signal",
  ]

  /// Text reported as expected if a stamp has several values that an unread column distinguishes; `nil` if there is no
  /// such column.
  var tellingApart: String? {
    let used: [Int] =
      switch shape {
      case .wide: names.indices.map(\.self)
      case .long(let zones, let countries, let value): zones + countries + (value.map { [$0] } ?? [])
      case .single(_, let value): value.map { [$0] } ?? []
      }
    let field = names.indices.first { field in
      let column = survey.columns[field]
      let differ = column.samples.count > 1 || (column.isNumber && column.least != column.most)
      return differ && TraceLayout.kinds.contains(keys[field]) && !used.contains(field)
    }
    guard let field else { return nil }
    let samples = survey.columns[field].samples.prefix(3).map { $0.printable() }.joined(separator: ", ")
    let shown = samples.isEmpty ? "" : " (\(samples))"
    return "a file with the rows of one \(names[field])\(shown), as each timestamp has one value"
  }
}

extension String {
  /// Calls with the text's bytes.
  func withBytes<Result>(_ body: (Bytes) -> Result) -> Result {
    var copy = self
    return copy.withUTF8 { body($0) }
  }
}

extension SeriesBook {
  /// The series of a column that has several names, the one that people know first.
  mutating func targets(named names: [String]) -> Targets {
    guard let first = names.first else { return .none }
    guard names.count > 1 else {
      var name = first
      return name.withUTF8 { targets([$0]) }
    }
    var (name, second) = (first, names[1])
    return name.withUTF8 { own in second.withUTF8 { targets([own, $0]) } }
  }

  /// The series that Great Britain's values belong to.
  mutating func nationalTargets() -> Targets {
    isNationalFile = true
    var name = "GB"
    let found = name.withUTF8 { own in
      var second = "Great Britain"
      return second.withUTF8 { targets([own], countries: [own, $0]) }
    }
    return found
  }

  /// The series that values of an unnamed zone belong to.
  ///
  /// - Parameter area: the zone that the header names elsewhere.
  mutating func anonymousTargets(_ column: String, area: String? = nil) -> Targets {
    if let area, !area.isEmpty {
      let found = targets(named: [area, column])
      if case .none = found {} else { return found }
    }
    if case .zones = wanted { return .none }
    return targets(named: [column])
  }
}

/// At most thirty names, with commas.
func list(_ names: [String]) -> String {
  if names.isEmpty { return "none" }
  let shown = names.prefix(30).map { $0.isEmpty ? "\"\"" : $0.count > 60 ? "\($0.prefix(60))…" : $0 }.joined(
    separator: ", ")
  return names.count > 30 ? shown + " and \(names.count - 30) more" : shown
}
