import Domain
import Inputs
import Testing

/// Tables of any names, separators, units and times (cases 03, 15, 16, 17, 19, 21, 22, 23, 31).
@Suite struct TraceMappingTests {
  private func mapping(_ set: (inout TableMapping) -> Void) -> TableMapping {
    var mapping = TableMapping()
    set(&mapping)
    return mapping
  }

  /// Every series of a file: its name and values; the first stamp and the end; notes.
  private func all(
    _ text: String, _ kind: TraceKind = .carbon, gaps: GapRule = .error, scope: TraceReading.Scope = .matching,
    _ mapping: TableMapping = TableMapping(), ending: String = "csv"
  ) throws -> (series: [String: [Double]], from: String, to: String, notes: [String], currency: String?) {
    try withFile(text, ending) { path in
      let read = try TraceReader.readAll(
        path: path, kind: kind, gaps: gaps, reading: TraceReading(scope: scope, mapping: mapping))
      let column = try #require(read.table.columns.first)
      let rounded = read.table.columns.map { $0.steps.map { ($0.value * 1e9).rounded() / 1e9 } }
      let file = path.split(separator: "/").last.map(String.init) ?? ""
      return (
        Dictionary(uniqueKeysWithValues: zip(read.names, rounded)),
        String(Instant(milliseconds: column.steps[0].start).iso8601.prefix(16)),
        String(Instant(milliseconds: column.end).iso8601.prefix(16)),
        read.table.notes.map { $0.replacing("\(file): ", with: "") }, read.table.currency
      )
    }
  }

  private func told(
    _ text: String, _ kind: TraceKind = .carbon, scope: TraceReading.Scope = .matching,
    _ mapping: TableMapping = TableMapping()
  ) throws -> String {
    try withFile(text) { path in
      fault {
        _ = try TraceReader.readAll(path: path, kind: kind, reading: TraceReading(scope: scope, mapping: mapping))
      }
      .replacing(path, with: "f")
    }
  }

  private typealias Read = (series: [String: [Double]], from: String, to: String, notes: [String], currency: String?)

  private func all(_ text: String, _ mapping: TableMapping) throws -> Read { try all(text, .carbon, mapping) }

  private func all(_ text: String, gaps: GapRule, _ mapping: TableMapping) throws -> Read {
    try all(text, .carbon, gaps: gaps, mapping)
  }

  private func all(_ text: String, _ mapping: TableMapping, ending: String) throws -> Read {
    try all(text, .carbon, mapping, ending: ending)
  }

  private func told(_ text: String, _ mapping: TableMapping) throws -> String { try told(text, .carbon, mapping) }

  private static let perMegawattHour =
    "Datetime (UTC),Datetime (Local),Price (USD/MWh)\n2023-06-01 11:00:00+00:00,2023-06-01 13:00:00+02:00,20.50\n"
    + "2023-06-01 12:00:00+00:00,2023-06-01 14:00:00+02:00,6.66\n"
    + "2023-06-01 13:00:00+00:00,2023-06-01 15:00:00+02:00,-1.20\n"

  @Test(arguments: [TraceReading.Scope.everywhere, .series("Price (USD/MWh)")])
  func pricesPerMegawattHour(scope: TraceReading.Scope) throws {
    try withFile(Self.perMegawattHour) { path in
      let table = try TraceReader.read(
        path: path, kind: .price, zones: zones, reading: TraceReading(scope: scope))
      #expect(table.columns[1].steps.map { ($0.value * 1e9).rounded() / 1e9 } == [0.0205, 0.00666, -0.0012])
      #expect(table.currency == "USD" && table.notes.count == 2)
      #expect(table.notes[1].hasSuffix("column Price (USD/MWh): USD/MWh, read as a price per kWh (× 0.001)"))
    }
  }

  @Test func aScaleOverridesTheUnit() throws {
    let read = try all(Self.perMegawattHour, .price, mapping { $0.scale = 0.002 })
    #expect(read.series == ["Price (USD/MWh)": [0.041, 0.01332, -0.0024]])
    // With a scale any column is a value, without one a foreign unit is refused.
    let share = "datetime,share (%)\n2025-01-01,50\n2025-01-02,60\n"
    #expect(try all(share, mapping { $0.scale = 2 }).series == ["share (%)": [100, 120]])
    #expect(
      try told(share)
        == "f:1: share (%): found the unit %, expected a mass per energy such as gCO2/kWh or lb/MWh, or scale: with "
        + "the factor to g/kWh")
    #expect(try told("datetime,price_eur_mwh\n2025-01-01,50\n2025-01-02,60\n").contains("price_eur_mwh"))
    #expect(try told("datetime,carbon_intensity\n2025-01-01,50\n2025-01-02,60\n", .price).contains("column price"))
  }

  @Test(arguments: [
    ("carbon_intensity_lb_mwh", TraceKind.carbon, 453.592_37), ("Carbon intensity (kg/kWh)", .carbon, 1_000_000),
    ("price [p/kWh]", .price, 10), ("Price (EUR/MWh)", .price, 1), ("MOER", .carbon, 453.592_37),
  ]) func units(header: String, kind: TraceKind, value: Double) throws {
    let read = try all("datetime,\(header)\n2025-01-01,1000\n2025-01-02,1000\n", kind)
    #expect(read.series[header] == [value, value] && !read.notes.isEmpty)
  }

  @Test func twoColumnsOfTime() throws {
    let text =
      "timestamp,zone_datetime,status,zone_name,carbon_intensity_avg\n"
      + "1633671336,2021-10-08T05:00:00.000Z,ok,US-CAL-CISO,300\n1633674930,2021-10-08T06:00:00.000Z,ok,US-CAL-CISO,200\n"
    #expect(
      try all(text).notes
        == ["time is read from the column timestamp, not from zone_datetime (time: selects another)"])
    let read = try all(text, mapping { $0.time = "zone_datetime" })
    #expect(read.series == ["US-CAL-CISO": [300, 200]] && read.from == "2021-10-08T05:00" && read.notes.isEmpty)
    #expect(
      try told(text, mapping { $0.time = "zone_datetim" }).contains(
        "time: found no column zone_datetim among timestamp, zone_datetime"))
    #expect(try told(text, mapping { $0.time = "zone_datetim" }).contains("did you mean zone_datetime?"))
  }

  @Test func textsAreNoZones() throws {
    let ember =
      "Country,ISO3 Code,Datetime (UTC),Datetime (Local),Price (EUR/MWhe)\n"
      + "Germany,DEU,2025-03-10 00:00:00,2025-03-10 01:00:00,82.5\nGermany,DEU,2025-03-10 01:00:00,2025-03-10 02:00:00,79.1\n"
      + "France,FRA,2025-03-10 00:00:00,2025-03-10 01:00:00,60.5\nFrance,FRA,2025-03-10 01:00:00,2025-03-10 02:00:00,58.1\n"
    let read = try all(ember, .price)
    #expect(read.series == ["Germany": [0.0825, 0.0791], "France": [0.0605, 0.0581]] && read.currency == "EUR")
    #expect(read.from == "2025-03-10T00:00")
    let lmp =
      "time,Interval End,Location,LMP\n2023-03-22 00:00:00-07:00,2023-03-22 00:05:00-07:00,NP15,85.65\n"
      + "2023-03-22 00:05:00-07:00,2023-03-22 00:10:00-07:00,NP15,85.97\n"
    let nodes = try all(lmp, .price)
    #expect(nodes.series == ["NP15": [0.08565, 0.08597]] && nodes.from == "2023-03-22T07:00")
    // `zone: Location` names the column, as its cells are texts.
    #expect(try all(lmp, .price, scope: .series("Location")).series == nodes.series)
    let odd = "datetime,Place,Kind,Level\n2025-01-01,A,x,1\n2025-01-02,A,x,2\n2025-01-01,B,x,3\n2025-01-02,B,x,4\n"
    #expect(
      try told(odd)
        == "f:1: found text in Place, Kind, as in the long format, expected the names of the zone column and the value "
        + "column: --zone Place --value Level (columns: {zone: Place, value: Level}); or the only column to read: "
        + "--zone Level (zone: Level)")
    let mapped = mapping {
      $0.zone = "Place"
      $0.value = "Level"
    }
    #expect(try all(odd, mapped).series == ["A": [1, 2], "B": [3, 4]])
  }

  @Test func namesOfTheTime() throws {
    for name in [
      "UTC time", "utc_timestamp", "Timestamp (UTC)", "Interval Start", "point_time", "Datetime", "valid_from",
      "period_start", "date_time", "MTU (UTC)", "Interval Start (UTC)", "interval_start_local", "from", "Date",
    ] {
      let read = try all("\(name),DE\n2025-01-01T00:00:00Z,310\n2025-01-01T01:00:00Z,298\n")
      #expect(read.series == ["DE": [310, 298]], "\(name)")
    }
    let text = "Date,Hour,DE\n2025-01-01,0,1\n2025-01-01,1,2\n"
    #expect(try all(text).from == "2025-01-01T00:00")
    let ends = try all("Date,Hour,DE\n2025-01-01,23,1\n2025-01-01,24,2\n")
    #expect(ends.from == "2025-01-01T22:00")
    #expect(
      ends.notes.contains { $0.hasSuffix("column Hour: hours 1 to 24 are read as hour endings") }, "\(ends.notes)")
    #expect(try told("Date,Hour,DE\n2025-01-01,1,1\n2025-01-01,2,2\n").contains("hours without 0 and 24"))
  }

  private static func quarters(_ hours: [String]) -> String {
    let rows = hours.flatMap { hour in ["00", "15", "30", "45"].map { "2025-10-26 \(hour):\($0):00" } }
    return "datetime,BE\n" + rows.enumerated().map { "\($1),\(50 + Double($0) / 2)\n" }.joined()
  }

  @Test func localTimes() throws {
    let autumn = Self.quarters(["01", "02", "02", "03"])
    let brussels = mapping { $0.timeZone = "Europe/Brussels" }
    let read = try all(autumn, .price, brussels)
    #expect(read.from == "2025-10-25T23:00" && read.to == "2025-10-26T03:00")
    #expect(read.series["BE"] == (0..<16).map { 50 + Double($0) / 2 })
    let told = try told(autumn, .price)
    #expect(told.split(separator: "\n").count == 1)
    #expect(told.contains("2025-10-26 02:00 occurs twice on a day when clocks change: are these local times?"))
    let spring = "datetime,BE\n" + ["00", "01", "03", "04", "05", "06"].map { "2025-03-30 \($0):00:00,5\n" }.joined()
    let hours = try all(spring, .price, brussels)
    #expect(hours.from == "2025-03-29T23:00" && hours.to == "2025-03-30T05:00" && hours.series["BE"]?.count == 6)
    #expect(try self.told(spring, .price).contains("is missing on a day when clocks change: are these local times?"))
    let wrong = spring.replacing("03:00:00", with: "02:00:00")
    #expect(
      try self.told(wrong, .price, brussels).contains(
        "datetime: found 2025-03-30 02:00, expected a time that exists in Europe/Brussels"))
    #expect(
      try self.told(spring, .price, mapping { $0.timeZone = "Europe/Brussel" })
        == "f: time_zone: found \"Europe/Brussel\", expected a time zone of the IANA database such as Europe/Berlin; did "
        + "you mean Europe/Brussels?")
  }

  @Test func localTimesOfALongFileAndFalling() throws {
    let stamps = ["01:00", "02:00", "02:00", "03:00"]
    func rows(_ zone: String, _ stamps: [String]) -> [String] { stamps.map { "2025-10-26 \($0),\(zone),7" } }
    let zoned = mapping { $0.timeZone = "Europe/Berlin" }
    let head = "datetime,zone,carbon_intensity\n"
    for text in [
      (rows("A", stamps) + rows("B", stamps)).joined(separator: "\n"),
      zip(rows("A", stamps), rows("B", stamps)).map { "\($0)\n\($1)" }.joined(separator: "\n"),
      rows("A", stamps.reversed()).joined(separator: "\n"),
    ] {
      let read = try all(head + text + "\n", zoned)
      #expect(read.from == "2025-10-25T23:00" && read.to == "2025-10-26T03:00" && read.series["A"]?.count == 4)
    }
  }

  @Test func nullsAreGaps() throws {
    let rows = ["100", "NaN", "NA", "null", "120", "110", "110", "110", "110"]
    let text = "datetime,A\n" + rows.enumerated().map { "2025-01-01T0\($0):00:00Z,\($1)\n" }.joined()
    #expect(try all(text, gaps: .hold).series["A"] == [100, 100, 100, 100, 120, 110, 110, 110, 110])
    #expect(
      try told(text).hasPrefix("f:3: A: found \"NaN\", expected a number, or gaps: hold | interpolate"))
    let own = mapping { $0.null = ["NA", "null"] }
    // A file's own words come besides the usual ones.
    #expect(try all(text, gaps: .hold, own).series["A"] == [100, 100, 100, 100, 120, 110, 110, 110, 110])
    #expect(try told(text.replacing("NaN", with: "x"), own).contains("f:3: A: found \"x\", expected a number"))
    let minus = text.replacing("NaN", with: "x").replacing("NA", with: "-").replacing("null", with: "")
    #expect(try all(minus, gaps: .hold, mapping { $0.null = ["x", "-", ""] }).series["A"]?[3] == 100)
  }

  @Test func stampsAtEnds() throws {
    let text =
      "datetime,NSW1\n"
      + ["05,700", "10,100", "15,700", "20,700"].map { row in
        let parts = row.split(separator: ",")
        return "2025-01-01T00:\(parts[0]):00+10:00,\(parts[1])\n"
      }.joined()
    let read = try all(text, mapping { $0.stamps = .end })
    #expect(read.from == "2024-12-31T14:00" && read.to == "2024-12-31T14:20" && read.series["NSW1"]?[1] == 100)
    let named = try all(text.replacing("datetime", with: "Interval Ending"))
    #expect(named.from == "2024-12-31T14:00" && named.notes.count == 1)
    // The line of a missing step is that of the row behind it.
    let gap = text + "2025-01-01T00:30:00+10:00,700\n2025-01-01T00:35:00+10:00,700\n"
    #expect(try told(gap, mapping { $0.stamps = .end }).hasPrefix("f:6: NSW1: found nothing between"))
  }

  @Test func aHalfHourToldTwice() throws {
    func period(_ from: String, _ actual: Int) -> String {
      "{\"from\":\"2021-04-19T\(from)Z\",\"to\":\"x\",\"intensity\":{\"forecast\":201,\"actual\":\(actual)}}"
    }
    let periods = [period("18:30", 207), period("19:00", 211), period("19:00", 214), period("19:30", 208)]
    let text = "{\"data\":[\n" + periods.joined(separator: ",\n") + "]}"
    #expect(try told(text).contains("one value per timestamp"))
    let rules: [(TableMapping.Duplicates, Double)] = [(.last, 214), (.first, 211), (.mean, 212.5)]
    for (rule, value) in rules {
      let read = try all(text, mapping { $0.duplicates = rule }, ending: "json")
      #expect(read.series["GB"] == [207, value, 208])
      #expect(read.notes == ["1 timestamp with several values (duplicates: \(rule))"])
    }
  }

  @Test func semicolonsAndTabs() throws {
    let text = "datetime;A\n2025-01-01T00:00:00Z;101,5\n2025-01-01T01:00:00Z;99,25\n"
    #expect(try all(text).series == ["A": [101.5, 99.25]])
    #expect(try all(text.replacing(";", with: ";\t").replacing(",", with: ".")).series == ["A": [101.5, 99.25]])
    #expect(try all(text.replacing(";", with: "\t")).series == ["A": [101.5, 99.25]])
    #expect(try told(text, mapping { $0.decimal = .point }).contains("found \"101,5\", expected a number"))
    let quoted = "datetime,A\n2025-01-01,\"1.101,5\"\n2025-01-02,\"99,25\"\n"
    #expect(try all(quoted, mapping { $0.decimal = .comma }).series == ["A": [1101.5, 99.25]])
    let smard =
      "Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen\n"
      + "01.01.2025 00:00;01.01.2025 00:15;1,95\n01.01.2025 00:15;01.01.2025 00:30;2,10\n"
    let read = try all(smard, .price, mapping { $0.timeZone = "Europe/Berlin" })
    #expect(read.series == ["Deutschland/Luxemburg": [0.00195, 0.0021]] && read.from == "2024-12-31T23:00")
    #expect(read.currency == "EUR")
  }

  @Test func otherFormats() throws {
    let agile =
      "2024-01-01 00:00:00+00:00,00:00,A,Eastern England,15.5\n2024-01-01 00:30:00+00:00,00:30,A,Eastern England,-2\n"
    #expect(try all(agile, .price).series.values.first == [0.155, -0.02])
    let tariff =
      "valid_from,valid_to,value_exc_vat,value_inc_vat\n2024-01-01T00:30Z,2024-01-01T01:00Z,10,10.5\n2024-01-01T00:00Z,2024-01-01T00:30Z,20,21\n"
    #expect(try all(tariff, .price).series.values.first == [0.21, 0.105])
    let entsoe =
      "\"MTU (CET/CEST)\",\"Day-ahead Price [EUR/MWh]\",\"Currency\",\"BZN|DE-LU\"\n"
      + "\"01.01.2025 00:00 - 01.01.2025 01:00\",\"39.9\",\"EUR\",\"\"\n\"01.01.2025 01:00 - 01.01.2025 02:00\",\"36.0\",\"EUR\",\"\"\n"
    let prices = try all(entsoe, .price)
    #expect(prices.series["DE-LU"] == [0.0399, 0.036] && prices.from == "2024-12-31T23:00")
    let moer = "point_time,value\n2024-01-01T00:00Z,1000\n2024-01-01T00:05Z,1000\n"
    #expect(try all(moer).series.values.first == [453.592_37, 453.592_37])
    let opsd =
      "utc_timestamp,cet_cest_timestamp,DE_LU_load_actual,DE_LU_price_day_ahead,GB_GBN_price_day_ahead\n"
      + "2020-01-01T00:00:00Z,2020-01-01T01:00:00+0100,5000,40,30\n2020-01-01T01:00:00Z,2020-01-01T02:00:00+0100,5000,41,31\n"
    #expect(try all(opsd, .price).series == ["DE_LU": [0.04, 0.041], "GB_GBN": [0.03, 0.031]])
    let slashes = "datetime,A\n13/01/2025 00:00,1\n14/01/2025 00:00,2\n"
    #expect(try all(slashes).from == "2025-01-13T00:00")
    let unclear = "datetime,A\n02/01/2025 00:00,1\n03/01/2025 00:00,2\n"
    #expect(try told(unclear).contains("date_order: day-first | month-first"))
    #expect(try told(unclear).split(separator: "\n").count == 1)
    #expect(try all(unclear, mapping { $0.dateOrder = .monthFirst }).from == "2025-02-01T00:00")
  }

  /// A unit in the rows is neither read nor passed over.
  @Test func aColumnOfUnits() throws {
    let text = "datetime,zone,carbon_intensity,unit\n2025-01-01,A,800,lb/MWh\n2025-01-02,A,900,lb/MWh\n"
    #expect(try told(text).contains(":1: unit: found a column of units, which is not read, expected the unit in"))
    #expect(try all(text, mapping { $0.scale = 0.453_592_37 }).series["A"]?.first == 800 * 0.453_592_37)
  }

  @Test func unlikelyValues() throws {
    #expect(try all("datetime,A\n2025-01-01,0.3\n2025-01-02,0.4\n").notes.first?.contains("scale: 1000") == true)
    #expect(try all("datetime,A\n2025-01-01,80\n2025-01-02,90\n", .price).notes.first?.contains("scale: 0.001") == true)
    #expect(try all("datetime,A\n2025-01-01,80\n2025-01-02,90\n2025-01-03,90\n").notes.isEmpty)
  }
}
