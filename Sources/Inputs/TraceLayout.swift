import Domain

/// Where the columns of a trace CSV are, told by its header.
///
/// Names are compared without case, blanks and punctuation. Known are
/// - wide: a time and a column a zone (NESO's regional CSV too);
/// - long: a time, a zone and `carbon_intensity`, `price`, `forecast`;
/// - Electricity Maps exports, in the words of 2021 to 2025, and `datetime,carbon_intensity_avg`;
/// - NESO's national `from,to,forecast,actual,index`, and `date,from,…,regionid,…,intensity_forecast`;
/// - Elexon's `settlement_date,settlement_period,system_sell_price` in GBP/MWh;
/// - a time and `Carbon Intensity` or `price` alone.
struct TraceLayout {
  enum Time {
    case column(Int)
    /// A date and a time of day, UTC.
    case parts(date: Int, time: Int)
    /// Elexon's day and half hour.
    case settlement(date: Int, period: Int)
  }

  enum Shape {
    /// The series of each field.
    case wide([Targets])
    /// Columns that name a row's zone, best first; those that name its country.
    case long(zones: [Int], countries: [Int], value: Int?)
    case single(Targets, value: Int?)
  }

  /// `nil` where the header has none, which is told.
  private(set) var time: Time?
  private(set) var shape = Shape.wide([])
  let names: [String]
  /// What a written value is multiplied by: 1/1000 for GBP/MWh.
  private(set) var scale = 1.0
  /// National measurements: where the forecast stands, beside which a 0 is no measurement.
  private(set) var forecastOfActual: Int?
  /// Regions of the Carbon Intensity API: ids from 15 on are sums of others.
  private(set) var regionID: Int?
  /// Whether there is a column whose cells can be looked at, whatever else is wrong with the header.
  var isUnderstood: Bool { if time == nil, case .wide(let series) = shape { !series.isEmpty } else { true } }
  private let keys: [String]

  private static let times = ["datetime", "datetimeutc", "time", "timeutc", "timestamp", "periodstartutc", "from"]
  private static let zones = [
    "zone", "zoneid", "zonekey", "regionid", "zonename", "shortname", "region", "dnoregion",
  ]
  private static let lifecycle = ["carbonintensitygco2eqkwhlca", "carbonintensitygco2eqkwhlifecycle"]
  private static let direct = ["carbonintensitygco2eqkwhdirect"]
  private static let carbon = [
    "carbonintensity", "carbonintensityavg", "carbonintensitygco2kwh", "carbonintensitygco2eqkwh", "actual",
    "intensityforecast",
  ]
  private static let perMegawattHour = ["systemsellprice", "systembuyprice", "systemprice"]
  static let forecast = ["forecast", "intensityforecast"]

  init(header: CSVFields, line: Int, basis: TraceReading.Basis?, book: inout SeriesBook) {
    names = (0..<header.count).map { header[$0].text }
    keys = names.map(squashed)
    time = findTime()
    if time == nil { book.report("", line, names.isEmpty ? "nothing" : list(names), "a column datetime or Time") }
    let zoneFields = TraceLayout.zones.compactMap { keys.firstIndex(of: $0) }
    let values =
      TraceLayout.lifecycle + TraceLayout.direct + TraceLayout.carbon + TraceLayout.perMegawattHour
      + TraceLayout.forecast + ["price"]
    let isLong = !zoneFields.isEmpty && keys.contains { values.contains($0) }
    let value = findValue(book.kind, basis)
    if isLong {
      let value = told(value, line, basis, &book)
      let countries = ["zoneid", "zonename", "country"].compactMap { keys.firstIndex(of: $0) }
      // A plain list of zones means the zones themselves, not whole countries.
      shape = .long(zones: zoneFields, countries: keys.contains("zone") ? [] : countries, value: value)
      regionID = keys.firstIndex(of: "regionid")
    } else if keys.contains(where: { values.contains($0) }), !namesZones(header, book) {
      single(told(value, line, basis, &book), line, &book)
    } else if time != nil || namesZones(header, book) {
      // Without a time, and without a zone's name, it is some other sort of file.
      wide(header, line, &book)
    }
  }

  private func findTime() -> Time? {
    if let date = keys.firstIndex(of: "settlementdate"), let period = keys.firstIndex(of: "settlementperiod"),
      !keys.contains("periodstartutc")
    {
      return .settlement(date: date, period: period)
    }
    if let date = keys.firstIndex(of: "date"), let time = keys.firstIndex(of: "from") {
      return .parts(date: date, time: time)
    }
    return keys.firstIndex { TraceLayout.times.contains($0) }.map { .column($0) }
  }

  private var timeFields: [Int] {
    switch time {
    case nil: []
    case .column(let field): [field]
    case .parts(let date, let time): [date, time]
    case .settlement(let date, let period): [date, period]
    }
  }

  private mutating func findValue(_ kind: TraceKind, _ basis: TraceReading.Basis?) -> Int? {
    func first(_ wanted: [String]) -> Int? { wanted.first { keys.contains($0) }.flatMap { keys.firstIndex(of: $0) } }
    switch kind {
    case .carbon:
      switch basis {
      case .lifecycle?: return first(TraceLayout.lifecycle)
      case .direct?: return first(TraceLayout.direct)
      case nil: return first(TraceLayout.lifecycle + TraceLayout.direct + TraceLayout.carbon)
      }
    case .forecast: return first(TraceLayout.forecast)
    case .price:
      if let plain = first(["price"]) { return plain }
      guard let field = first(TraceLayout.perMegawattHour) else { return nil }
      scale = 0.001
      return field
    }
  }

  private func told(_ value: Int?, _ line: Int, _ basis: TraceReading.Basis?, _ book: inout SeriesBook) -> Int? {
    if let value { return value }
    let wanted = book.kind == .carbon && basis != nil ? "Carbon intensity gCO₂eq/kWh (\(basis?.rawValue ?? ""))" : nil
    let column = wanted ?? book.kind.longColumn
    book.report(column, line, "the columns \(list(names))", "a column \(column)")
    return nil
  }

  /// Whether a column is called like a zone of the scenario: then the file is wide, whatever else it has.
  private func namesZones(_ header: CSVFields, _ book: SeriesBook) -> Bool {
    guard case .zones(_, let matcher) = book.wanted else { return false }
    return (0..<header.count).contains { !timeFields.contains($0) && matcher.place(of: header[$0]) != nil }
  }

  private mutating func single(_ value: Int?, _ line: Int, _ book: inout SeriesBook) {
    shape = .single(.none, value: value)
    guard let value else { return }
    let isNational = keys.contains("actual") || TraceLayout.perMegawattHour.contains(keys[value])
    if keys[value] == "actual" { forecastOfActual = keys.firstIndex(of: "forecast") }
    let found = isNational ? book.nationalTargets() : book.anonymousTargets(names[value])
    if case .none = found {
      if isNational {
        book.report(
          "", line, "a series of Great Britain", "zones in the United Kingdom, or zone: GB or all_zones: true")
      } else {
        book.report("", line, "a single series that names no zone", "a column for each zone, or all_zones: true")
      }
      shape = .single(.nowhere, value: value)
    } else {
      shape = .single(found, value: value)
    }
  }

  private mutating func wide(_ header: CSVFields, _ line: Int, _ book: inout SeriesBook) {
    let others = names.indices.filter { !timeFields.contains($0) }.map { names[$0] }
    if case .only = book.wanted, others.count != 1 {
      // Which of them is meant nobody knows.
      shape = .wide(names.map { _ in .none })
      return book.report("", line, "the columns \(list(others))", "a single one, for all zones")
    }
    var series: [Targets] = []
    var fieldOf: [Int: Int] = [:]
    for field in 0..<header.count {
      var targets = timeFields.contains(field) ? Targets.none : book.targets([header[field]])
      if case .one(let place) = targets {
        if let before = fieldOf[place] {
          let both = "the columns \(names[before]) and \(names[field])"
          book.report(book.names[place], line, both, "one column a zone")
          // The two columns' values are not held against each other.
          targets = .nowhere
        } else {
          fieldOf[place] = field
        }
      }
      series.append(targets)
    }
    shape = .wide(series)
    switch book.wanted {
    case .zones(let zones, _):
      for (place, zone) in zones.enumerated() where fieldOf[place] == nil {
        let name = zone.name == zone.code ? zone.code : "\(zone.code), \(zone.name)"
        book.report(
          zone.code, line, "no column for this zone; the columns are \(list(others))",
          "a column named \(name), its id or an alias")
      }
    case .named(let name):
      if fieldOf.isEmpty { book.report("", line, "the columns \(list(others))", "a column named \(name)") }
    case .only: break
    case .all: if others.isEmpty { book.report("", line, "no column but the time", "a column a zone") }
    }
  }
}

extension SeriesBook {
  /// Whom a series of Great Britain is for.
  mutating func nationalTargets() -> Targets {
    var name = "GB"
    let found = name.withUTF8 { own in
      var second = "Great Britain"
      return second.withUTF8 { targets([own], countries: [own, $0]) }
    }
    return found
  }

  /// Whom a series without any name is for.
  mutating func anonymousTargets(_ column: String) -> Targets {
    if case .zones = wanted { return .none }
    var name = column
    return name.withUTF8 { targets([$0]) }
  }
}

/// At most thirty names, with commas.
func list(_ names: [String]) -> String {
  if names.isEmpty { return "none" }
  let shown = names.prefix(30).map { $0.isEmpty ? "\"\"" : $0.count > 60 ? "\($0.prefix(60))…" : $0 }.joined(
    separator: ", ")
  return names.count > 30 ? shown + " and \(names.count - 30) more" : shown
}
