import Domain

/// The names that trace files have for their columns, without case, blanks and punctuation.
enum TraceNames {
  static let times = [
    "datetime", "time", "timestamp", "from", "intervalstart", "starttime", "periodstart", "validfrom", "pointtime",
    "start", "startdate", "startdatetime", "datetimefrom", "deliverystart", "deliverytime", "intervalbegin",
    "intervalbeginning", "datumvon", "mtu", "dateandtime", "datetimestart", "period", "timestampstart", "timefrom",
    "ds",
  ]
  /// Dates, which are read if there is no other time.
  static let dates = ["date", "datum", "day", "month", "yearmonth", "year", "datestart"]
  /// Hours of a day beside a date.
  static let hours = ["hour", "stunde", "hourending", "he", "hr", "hourbeginning", "hourofday", "heure", "hora", "ora"]

  /// True if a name is that of a date that a time of day may accompany.
  static func isDay(_ key: String) -> Bool {
    [
      "date", "datum", "day", "fecha", "deliverydate",
      "deliveryday", "operatingday", "marketday", "tradingday",
    ].contains(key)
  }

  private static let parts = ["time", "date", "stamp", "start", "from", "mtu", "period", "interval", "point", "hour"]
  private static let ends = [
    "to", "end", "until", "validto", "datumbis", "intervalend", "periodend", "endtime", "enddate", "intervalending",
    "datetimeto", "deliveryend", "datetimeend",
  ]

  static let zones = [
    "zone", "zoneid", "zonekey", "regionid", "zonename", "shortname", "region", "dnoregion",
  ]
  /// Columns of texts that name the zone if none of ``zones`` is there.
  static let places = [
    "area", "areaname", "areacode", "biddingzone", "bzn", "pricearea", "marketarea", "location", "locationname",
    "settlementpoint", "node", "gridregion", "balancingauthority", "ba", "regioncode", "countryname", "country",
    "countrycode", "iso3code", "iso2code", "entity", "mapcode", "state",
  ]
  static let lifecycle = [
    "carbonintensitygco2eqkwhlca", "carbonintensitygco2eqkwhlifecycle", "carbonintensitylca",
    "carbonintensitylifecycle",
  ]
  static let direct = ["carbonintensitygco2eqkwhdirect", "carbonintensitydirect"]
  static let carbon = [
    "carbonintensity", "carbonintensityavg", "carbonintensitygco2kwh", "carbonintensitygco2eqkwh", "actual",
    "intensityforecast", "moer", "emissionsintensity", "marginalcarbonintensity", "averagecarbonintensity",
  ]
  static let perMegawattHour = ["systemsellprice", "systembuyprice", "systemprice"]
  static let prices = [
    "price", "dayaheadprice", "spotprice", "lmp", "valueincvat", "valueexcvat", "electricityprice", "pricedayahead",
    "marketprice", "unitprice", "rrp",
    "settlementpointprice",
  ]
  static let forecast = ["forecast", "intensityforecast"]
  /// Columns whose texts are units of the values beside them.
  static let unitColumns = ["unit", "units", "valueunit", "carbonintensityunit", "priceunit"]
  /// Read if nothing else can be the value.
  static let generic = ["value"]
  static let opsdSuffix = "_price_day_ahead"

  static func isEnd(_ key: String) -> Bool {
    key.contains("ending") || ends.contains { key == $0 || key == $0 + "utc" || key == $0 + "local" }
  }

  /// A column's name without case, blanks, punctuation, and, if it is that of a time, its time zone.
  static func key(_ name: String) -> String {
    if let offset = ClockOffset(header: name) { return squashed(offset.base) }
    let key = squashed(name)
    // These have a meaning of their own.
    guard !isLocal(key), let zone = HeaderTimeZone(header: name) else { return key }
    let base = squashed(zone.base)
    let isTime =
      rank(base) != nil || isEnd(base) || isDay(base) || hours.contains(base) || dates.contains(base)
      || parts.contains { base.contains($0) }
    return isTime ? base : key
  }

  /// The rank of a name as the column of the time, the best being 0; `nil` for a name that is no time.
  static func rank(_ key: String) -> Int? {
    guard !isEnd(key) else { return nil }
    if key.contains("utc"), !key.contains("offset"), parts.contains(where: { key.contains($0) }) { return 0 }
    if key.contains("gmt"), key.hasPrefix("datetime") || key.hasPrefix("time") { return 0 }
    if times.contains(key) { return 1 }
    return isLocal(key) && parts.contains { key.contains($0) } ? 2 : nil
  }

  /// True if a name is that of a time, of a date or of the end of an interval.
  static func isTimeName(_ name: String) -> Bool {
    let key = key(name)
    return rank(key) != nil || isDay(key) || isEnd(key) || dates.contains(key)
  }

  /// Columns of tables that are no zones unless a zone is called so.
  static func isNoZone(_ key: String) -> Bool {
    (key.hasPrefix("unnamed") && key.dropFirst(7).allSatisfy(\.isNumber))
      || [
        "index", "id", "row", "latitude", "longitude", "lat", "lon", "lng", "dstflag", "dst", "quality", "flag",
        "remark", "remarks", "comment", "comments", "note", "notes", "status", "source", "datasource", "estimated",
        "isestimated",
      ].contains(key)
  }

  /// Sources of electricity: columns of these are amounts of a mix.
  static let fuels = [
    "solar", "wind", "gas", "coal", "hydro", "nuclear", "biomass", "oil", "lignite", "hardcoal", "geothermal",
    "imports", "windonshore", "windoffshore", "fossilgas", "other", "biofuels", "pumpedstorage",
  ]

  /// True if a name indicates that times are local.
  static func isLocal(_ key: String) -> Bool {
    ["local", "cetcest", "cet", "cest", "localtime"].contains { key.hasSuffix($0) }
  }

  /// The unit of a value whose name implies it though the header does not say it.
  static func implied(_ key: String, _ kind: TraceKind, keys: [String]) -> HeaderUnit? {
    var unit = HeaderUnit("")
    switch (kind, key) {
    case (.price, "lmp"), (.price, "settlementpointprice"):
      (unit.meaning, unit.unit) = (.price(0.001, currency: "USD"), "USD/MWh")
    case (.price, "rrp"): (unit.meaning, unit.unit) = (.price(0.001, currency: "AUD"), "AUD/MWh")
    case (.price, "valueincvat"), (.price, "valueexcvat"):
      (unit.meaning, unit.unit) = (.price(0.01, currency: "GBP"), "p/kWh")
    case (.carbon, "moer"): (unit.meaning, unit.unit) = (.intensity(0.453_592_37), "lb/MWh")
    case (.carbon, "value") where keys.contains("pointtime"), (.forecast, "value") where keys.contains("pointtime"):
      (unit.meaning, unit.unit) = (.intensity(0.453_592_37), "lb/MWh")
    default: return nil
    }
    return unit
  }
}
