import Domain
import Inputs
import Testing

/// Answers of the APIs that carbon intensities and prices come from, in the shapes of their documentation.
@Suite struct JSONFormatTests {
  private func read(_ text: String, _ kind: TraceKind = .carbon, _ gaps: GapRule = .hold) throws -> NamedTraces {
    try withFile(text, "json") { try TraceReader.readAll(path: $0, kind: kind, gaps: gaps) }
  }

  private func told(_ text: String, _ kind: TraceKind = .carbon, _ gaps: GapRule = .error) throws -> String {
    try withFile(text, "json") { path in
      fault { _ = try TraceReader.readAll(path: path, kind: kind, gaps: gaps) }.replacing(path, with: "f")
    }
  }

  private func values(_ own: NamedTraces) -> [[Double]] { own.table.columns.map { $0.steps.map(\.value) } }

  // Electricity Maps

  private static let history = """
    {"zone":"DE","history":[
    {"zone":"DE","carbonIntensity":355,"datetime":"2024-09-30T06:00:00.000Z","isEstimated":true},
    {"zone":"DE","carbonIntensity":384,"datetime":"2024-09-30T07:00:00.000Z","isEstimated":true},
    {"zone":"DE","carbonIntensity":null,"datetime":"2024-09-30T08:00:00.000Z","isEstimated":true},
    {"zone":"DE","carbonIntensity":390,"datetime":"2024-09-30T09:00:00.000Z","isEstimated":false}]}
    """
  private static let forecast = """
    {"zone":"DE","forecast":[{"carbonIntensity":301,"datetime":"2024-09-30T10:00:00.000Z"},
    {"carbonIntensity":302,"datetime":"2024-09-30T11:00:00.000Z"}],"updatedAt":"2024-09-30T09:30:00.000Z"}
    """

  /// Case 24.
  @Test func electricityMapsHistory() throws {
    let own = try read(JSONFormatTests.history)
    #expect(own.names == ["DE"] && values(own) == [[355, 384, 384, 390]] && own.table.gapsFilled == 1)
    #expect(own.table.columns[0].steps[0].start == 1_727_676_000_000)
    #expect(own.table.plainNotes == ["Electricity Maps: 3 of 4 values are estimates (isEstimated)"])
    #expect(
      try told(JSONFormatTests.history)
        == "f:4: carbonIntensity: found null for DE, expected a number, or gaps: hold | interpolate")
    // v3's past-range has the same rows under another key.
    let range = JSONFormatTests.history.replacing("history", with: "data")
    #expect(try values(read(range)) == values(own))
    #expect(try told(JSONFormatTests.history, .forecast, .hold).contains("found measurements of Electricity Maps"))
    #expect(
      try told(JSONFormatTests.history, .price)
        == "f:1: found carbon intensities of Electricity Maps, expected the price")
  }

  @Test func electricityMapsForecast() throws {
    #expect(try values(read(JSONFormatTests.forecast, .forecast)) == [[301, 302]])
    let alone = try read(JSONFormatTests.forecast)
    #expect(values(alone) == [[301, 302]] && alone.table.plainNotes.count == 1)
    // Beside measurements the forecast stands for itself: one file for both kinds, as a list or one behind the other.
    for both in [
      "[\(JSONFormatTests.history),\(JSONFormatTests.forecast)]",
      JSONFormatTests.history + "\n" + JSONFormatTests.forecast,
    ] {
      #expect(try values(read(both)) == [[355, 384, 384, 390]])
      #expect(try values(read(both, .forecast)) == [[301, 302]])
    }
    let nameless = JSONFormatTests.forecast.replacing("\"forecast\"", with: "\"data\"")
    #expect(try values(read(nameless, .forecast)) == [[301, 302]])
  }

  @Test func electricityMapsPrices() throws {
    let rows = [(6, "45.5"), (7, "-3"), (8, "60")].map { hour, price in
      "{\"zone\":\"FR\",\"datetime\":\"2025-01-01T0\(hour):00:00.000Z\",\"value\":\(price),\"unit\":\"EUR/MWh\"}"
    }
    let text = "{\"zone\":\"FR\",\"data\":[\(rows.joined(separator: ","))]}"
    let own = try read(text, .price)
    #expect(values(own)[0].map { ($0 * 1e6).rounded() } == [45_500, -3000, 60_000])
    #expect(
      own.table.currency == "EUR"
        && own.table.plainNotes == ["Electricity Maps: EUR/MWh converted to EUR/kWh (× 0.001)"])
    #expect(try told(text) == "f:1: found prices of Electricity Maps, expected the carbon intensity")
    #expect(try told(text.replacing("EUR/MWh", with: "%"), .price).contains("unit: found \"%\", expected a price"))
    let two = text.replacing("60,\"unit\":\"EUR", with: "60,\"unit\":\"GBP")
    #expect(try told(two, .price).contains("found prices in EUR and in GBP, expected one currency"))
  }

  // WattTime

  private static func points(_ keys: String, _ values: [String]) -> String {
    values.enumerated().map { place, value in
      "{\"point_time\":\"2022-07-15T00:\(place < 2 ? "0" : "")\(place * 5):00+00:00\",\"value\":\(value)\(keys)}"
    }.joined(separator: ",")
  }

  @Test func wattTimeVersionTwo() throws {
    let rows = JSONFormatTests.points(
      ",\"frequency\":300,\"market\":\"RTM\",\"ba\":\"CAISO_NORTH\",\"datatype\":\"MOER\",\"version\":\"3.2\"",
      ["1000", "870", "null", "900"])
    let own = try read("[\(rows)]")
    #expect(own.names == ["CAISO_NORTH"])
    #expect(zip(values(own)[0], [1000, 870, 870, 900]).allSatisfy { abs($0 - $1 * 0.45359237) < 1e-9 })
    #expect(
      own.table.plainNotes == [
        "WattTime: lbs/MWh converted to gCO2/kWh (× 0.45359237)", "WattTime: intensities are marginal ones (MOER)",
      ])
    // Two answers in a list, and one of each region.
    let south = rows.replacing("NORTH", with: "SOUTH")
    #expect(try read("[[\(rows)],[\(south)]]").names == ["CAISO_NORTH", "CAISO_SOUTH"])
    let forecast = "{\"generated_at\":\"2022-07-15T00:00:00+00:00\",\"forecast\":[\(rows)]}"
    #expect(try values(read(forecast, .forecast)) == values(own))
    let later = forecast.replacing("generated_at\":\"2022-07-15T00:00", with: "generated_at\":\"2022-07-15T00:05")
    #expect(
      try told("[\(forecast),\(later)]", .forecast, .hold)
        == "f:1: found 2 issues of a forecast, expected one; for several, set grid.forecast.file to a CSV file "
        + "of issued_at,datetime,zone,forecast")
    let index = "{\"ba\":\"CAISO_NORTH\",\"freq\":\"300\",\"percent\":\"53\",\"point_time\":\"2022-07-15T00:00:00Z\"}"
    #expect(try told(index).contains("percent: found a signal index, expected value, in lbs/MWh"))
  }

  @Test func wattTimeVersionThree() throws {
    let meta =
      "\"meta\":{\"data_point_period_seconds\":300,\"region\":\"CAISO_NORTH\",\"signal_type\":\"co2_moer\","
      + "\"units\":\"lbs_co2_per_mwh\",\"model\":{\"date\":\"2023-03-01\"}}"
    let data = "\"data\":[\(JSONFormatTests.points("", ["1000", "2000", "500"]))]"
    let own = try read("{\(data),\(meta)}")
    #expect(own.names == ["CAISO_NORTH"])
    #expect(zip(values(own)[0], [453.59237, 907.18474, 226.796185]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(own.table.plainNotes[0] == "WattTime: lbs_co2_per_mwh converted to gCO2/kWh (× 0.45359237)")
    let forecast =
      "{\(data),\(meta.replacing("\"region\"", with: "\"generated_at\":\"2022-07-15T00:00Z\",\"region\""))}"
    #expect(try values(read(forecast, .forecast)) == values(own))
    for (units, signal) in [("percentile", "co2_moer"), ("usd_per_mwh", "health_damage")] {
      let other = meta.replacing("lbs_co2_per_mwh", with: units).replacing("co2_moer", with: signal)
      #expect(
        try told("{\(data),\(other)}")
          == "f:1: meta.units: found \"\(units)\" (\(signal)), expected lbs_co2_per_mwh, as for the signals co2_moer "
          + "and co2_aoer")
    }
    let unitless = meta.replacing("\"units\":\"lbs_co2_per_mwh\",", with: "")
    #expect(try told("{\(data),\(unitless)}").contains("meta.units: found no units (co2_moer), expected"))
    #expect(try told("{\(data),\(meta)}", .price).contains("found JSON of WattTime, which has carbon intensities"))
    // Historical forecasts are several issues.
    let issues =
      "\"data\":[{\"generated_at\":\"a\",\"forecast\":[\(JSONFormatTests.points("", ["1", "2"]))]},"
      + "{\"generated_at\":\"b\",\"forecast\":[\(JSONFormatTests.points("", ["1", "3"]))]}]"
    #expect(try told("{\(issues),\(meta)}", .forecast).contains("found 2 issues of a forecast"))
  }

  // Others

  /// `value`, `scale`, `duplicates` and `stamps` are obeyed as in tables; what is of no use is noted.
  @Test func mappings() throws {
    let rates =
      "[{\"value_exc_vat\":10,\"value_inc_vat\":10.5,\"valid_from\":\"2024-01-05T01:00Z\"},"
      + "{\"value_exc_vat\":20,\"value_inc_vat\":21,\"valid_from\":\"2024-01-05T02:00Z\"},"
      + "{\"value_exc_vat\":30,\"value_inc_vat\":21,\"valid_from\":\"2024-01-05T02:00Z\"}]"
    var mapping = TableMapping()
    mapping.value = "value_exc_vat"
    mapping.scale = 0.5
    mapping.duplicates = .last
    mapping.stamps = .end
    mapping.timeZone = "Europe/London"
    let own = try withFile(rates, "json") {
      try TraceReader.readAll(path: $0, kind: .price, reading: TraceReading(mapping: mapping))
    }
    #expect(values(own) == [[5, 15]] && own.table.columns[0].steps[0].start == 1_704_412_800_000)
    #expect(own.table.plainNotes.contains("not used for JSON: time_zone"))
    #expect(own.table.plainNotes.contains("Octopus Energy: value_exc_vat"))
  }

  @Test(arguments: [false, true]) func carbonAwareSDK(isPascal: Bool) throws {
    func row(_ place: String, _ hour: Int, _ value: Double) -> String {
      let text =
        "{\"location\":\"\(place)\",\"time\":\"2022-07-18T0\(hour):00:00+00:00\",\"rating\":\(value),"
        + "\"duration\":\"01:00:00\"}"
      guard isPascal else { return text }
      return ["location", "time", "rating", "duration"].reduce(text) {
        $0.replacing("\"\($1)\"", with: "\"\($1.capitalized)\"")
      }
    }
    let rows = [row("eastus", 0, 65), row("westus", 0, 70.5), row("eastus", 1, 66), row("westus", 1, 71)]
    for text in ["[\(rows.joined(separator: ","))]", "{\"Date\":\"x\",\"Emissions\":[\(rows.joined(separator: ","))]}"]
    {
      let own = try read(text)
      #expect(own.names == ["eastus", "westus"] && values(own) == [[65, 66], [70.5, 71]])
    }
  }

  @Test func carbonAwareForecast() throws {
    let data = (0..<3).map {
      "{\"location\":\"eastus\",\"timestamp\":\"2022-07-18T00:0\($0 * 3):00+00:00\",\"duration\":3,\"value\":\(300 + $0)}"
    }
    let one =
      "{\"generatedAt\":\"2022-07-17T23:55:00+00:00\",\"location\":\"eastus\",\"windowSize\":3,\"optimalDataPoints\":[],"
      + "\"forecastData\":[\(data.joined(separator: ","))]}"
    #expect(try values(read("[\(one)]", .forecast)) == [[300, 301, 302]])
    #expect(try values(read(one, .forecast)) == [[300, 301, 302]])
    #expect(try told("[\(one),\(one)]", .forecast).contains("found 2 issues of a forecast"))
    #expect(try read("[\(one),\(one.replacing("eastus", with: "uksouth"))]", .forecast).names == ["eastus", "uksouth"])
  }

  /// Newest first, over two pages, in pence.
  @Test func octopus() throws {
    func page(_ hours: [Int]) -> String {
      let rates = hours.map {
        "{\"value_exc_vat\":\($0),\"value_inc_vat\":\(Double($0) * 1.05),\"valid_from\":\"2024-01-05T\(10 + $0):00:00Z\","
          + "\"valid_to\":\"2024-01-05T\(11 + $0):00:00Z\",\"payment_method\":null}"
      }
      return "{\"count\":4,\"next\":null,\"previous\":null,\"results\":[\(rates.joined(separator: ","))]}"
    }
    for text in ["[\(page([4, 3])),\(page([2, 1]))]", page([4, 3]) + page([2, 1])] {
      let own = try read(text, .price, .error)
      #expect(zip(values(own)[0], [1, 2, 3, 4]).allSatisfy { abs($0 - $1 * 0.0105) < 1e-12 })
      #expect(
        own.table.currency == "GBP"
          && own.table.plainNotes[0].contains("value_inc_vat (VAT included), converted from pence/kWh"))
    }
    #expect(try told(page([1, 2])).contains("found JSON of Octopus Energy, which has prices"))
    let methods = page([4, 3, 2]).replacing("null}", with: "\"DIRECT_DEBIT\"}")
    let both = methods + page([4, 3, 2]).replacing("null}", with: "\"NON_DIRECT_DEBIT\"}").replacing("4.2", with: "9")
    let own = try read(both, .price, .error)
    #expect(abs(values(own)[0][2] - 0.042) < 1e-12 && own.table.plainNotes[0].contains("payment_method DIRECT_DEBIT"))
  }

  @Test func gridStatus() throws {
    let rows = (0..<3).map {
      "{\"interval_start_utc\":\"2024-01-01T0\($0):00:00+00:00\",\"interval_end_utc\":\"x\",\"location\":\"TH_NP15\","
        + "\"lmp\":\(40 + $0),\"energy\":1}"
    }
    let text = "{\"status_code\":200,\"data\":[\(rows.joined(separator: ","))],\"meta\":{\"page\":1}}"
    let own = try read(text, .price)
    #expect(own.names == ["TH_NP15"] && values(own)[0].map { ($0 * 1e6).rounded() } == [40_000, 41_000, 42_000])
    #expect(own.table.currency == "USD")
    let lists =
      "{\"data\":[[\"interval_start_utc\",\"location\",\"lmp\"],[\"2024-01-01T00:00:00Z\",\"A\",4],"
      + "[\"2024-01-01T01:00:00Z\",\"A\",5]]}"
    #expect(try values(read(lists, .price))[0].map { ($0 * 1e6).rounded() } == [4000, 5000])
    #expect(try told(text).contains("carbon_intensity: found the columns interval_start_utc, "))
  }

  @Test func energyCharts() throws {
    let text =
      "{\"unix_seconds\":[1704067200,1704070800,1704074400],\"price\":[20.5,null,-1],\"unit\":\"EUR / MWh\"}"
    let own = try read(text, .price, .interpolate)
    #expect(values(own)[0].map { ($0 * 1e6).rounded() } == [20_500, 9750, -1000] && own.table.currency == "EUR")
    #expect(try told(text).contains("co2eq: found the keys unix_seconds, price, unit, expected a list co2eq"))
    let carbon = "{\"unix_seconds\":[1704067200,1704070800],\"co2eq\":[300,310],\"co2eq_forecast\":[1,2]}"
    #expect(try values(read(carbon)) == [[300, 310]] && values(read(carbon, .forecast)) == [[1, 2]])
    #expect(try told(carbon.replacing("300,", with: "")).contains("co2eq: found 1 values, expected 2"))
  }

  /// One message, which lists what is known.
  @Test(arguments: ["{}", "[]", "[1,2]", "{\"a\":1,\"b\":2}", "[{\"a\":1}]", "{\"data\":[1]}"])
  func unknownShapes(text: String) throws {
    let told = try told(text)
    #expect(told.hasPrefix("f:1: found ") && !told.contains("\n"))
    for name in ["Electricity Maps", "WattTime", "Carbon Aware", "Octopus", "GB Carbon Intensity", "CSV"] {
      #expect(told.contains(name), "\(told)")
    }
  }

  /// A zone of the scenario is found in every format.
  @Test func zonesOfAScenario() throws {
    func zone(_ code: String) -> Zone {
      Zone(
        id: 1, code: "Z", name: "Z", region: "R", country: "Germany",
        coordinates: Coordinates(latitude: 0, longitude: 0),
        capacity: Resources(milliCores: 1, milliGigabytes: 0, milliGPUs: 0), aliases: [code])
    }
    try withFile(JSONFormatTests.history, "json") { path in
      let table = try TraceReader.read(path: path, kind: .carbon, zones: [zone("DE")], gaps: .hold)
      #expect(table.columns[0].steps.map(\.value) == [355, 384, 384, 390])
      #expect(
        fault { _ = try TraceReader.read(path: path, kind: .carbon, zones: [zone("FR")], gaps: .hold) }
          == "\(path): Z: found no rows for this zone; the zones are DE, expected rows with its carbon")
    }
  }
}
