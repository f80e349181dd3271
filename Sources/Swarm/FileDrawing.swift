internal import Domain
internal import Randomness

/// Files beside a scenario, in the shapes that the readers know them by.
extension SwarmDrawing {
  /// A carbon trace that tells all zones one series, or each its own by another name; `nil` for none of them.
  mutating func drawForeignCarbon() -> String? {
    let step: Int64 = one(of: [15, 30, 60]) * 60_000
    let begin = (start - Int64(random.below(50)) * step) / step * step
    let stamps = (0..<(3 + random.below(90))).map { begin + Int64($0) * step }
    let levels = stamps.map { _ in 1 + random.below(400) }
    func minute(_ time: Int64) -> String { String(Instant(milliseconds: time).iso8601.prefix(16)) + "Z" }
    let national = zip(stamps, levels).map { stamp, level in
      (minute(stamp), minute(stamp + step), level)
    }
    var kind = RandomStream(seed: seed, replication: number, name: "swarm/answers")
    if kind.chance(0.35) { return drawAnswers(stamps, levels, isPounds: kind.chance(0.5), &kind) }
    if kind.chance(0.15) { return drawZoneFiles(stamps, levels) }
    switch random.below(5) {
    case 0 where isUnitedKingdom:
      files.append(
        (
          "national.csv",
          "from,to,forecast,actual,index\n"
            + national.map { "\($0.0),\($0.1),\($0.2 / 2 + 1),\($0.2),low\n" }.joined()
        ))
      return "{file: national.csv, format: csv, extend: hold}"
    case 1 where isUnitedKingdom:
      let periods = national.map { from, to, level in
        "{\"from\":\"\(from)\",\"to\":\"\(to)\",\"intensity\":{\"forecast\":\(level),\"actual\":\(level),"
          + "\"index\":\"low\"}}"
      }
      files.append(("national.json", "{\"data\":[\(periods.joined(separator: ","))]}"))
      return "{file: national.json, format: json, extend: wrap, all_zones: \(random.chance(0.5))}"
    case 2:
      let rows = national.map { "\($0.0),\($0.2)\n" }.joined()
      files.append(("series.csv", one(of: ["Time,Carbon Intensity", "datetime,carbon_intensity_avg"]) + "\n" + rows))
      return "{file: series.csv, all_zones: true, extend: hold, format: auto}"
    case 3:
      let rows = national.flatMap { ["\($0.0),FAR,\($0.2)\n", "\($0.0),NEAR,\($0.2 + 5)\n"] }.joined()
      files.append(("series.csv", "datetime,zone,carbon_intensity\n" + rows))
      return "{file: series.csv, zone: FAR, extend: wrap}"
    case 4:
      let head =
        "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),"
        + "Carbon intensity gCO₂eq/kWh (Life cycle)\n"
      let rows = zip(stamps, levels).flatMap { stamp, level in
        let time = Instant(milliseconds: stamp).iso8601.prefix(19).replacing("T", with: " ")
        return codes.map { "\(time),Nowhere,Anywhere,\(SwarmText.cell($0)),\(level),\(level + 40)\n" }
      }
      files.append(("maps.csv", head + rows.joined()))
      return "{file: maps.csv, extend: hold, basis: \(one(of: ["direct", "lifecycle"]))}"
    default: return nil
    }
  }

  /// A file for each zone, of levels of its own.
  private mutating func drawZoneFiles(_ stamps: [Int64], _ levels: [Int]) -> String {
    let entries = codes.enumerated().map { place, code -> String in
      let rows = zip(stamps, levels).map { "\(Instant(milliseconds: $0).iso8601),\($1 + 7 * place)\n" }
      files.append(("zone-\(place).csv", "datetime,carbon_intensity_avg\n" + rows.joined()))
      return "\(SwarmText.quoted(code)): zone-\(place).csv"
    }
    return "{files: {\(entries.joined(separator: ", "))}, extend: wrap}"
  }

  /// Answers of Electricity Maps or WattTime, one a zone, in a list.
  private mutating func drawAnswers(
    _ stamps: [Int64], _ levels: [Int], isPounds: Bool, _ random: inout RandomStream
  ) -> String {
    let answers = codes.enumerated().map { place, code -> String in
      let name = SwarmText.quoted(code)
      let rows = zip(stamps, levels).enumerated().map { row, point -> String in
        let isBlank = row > 0 && row + 1 < stamps.count && random.chance(0.05)
        let value = isBlank ? "null" : "\(point.1 + place)"
        let time = Instant(milliseconds: point.0).iso8601
        return isPounds
          ? "{\"point_time\":\"\(time)\",\"value\":\(value)}"
          : "{\"zone\":\(name),\"carbonIntensity\":\(value),\"datetime\":\"\(time)\",\"isEstimated\":\(isBlank)}"
      }
      let text = rows.joined(separator: ",\n")
      return isPounds
        ? "{\"data\":[\(text)],\"meta\":{\"region\":\(name),\"signal_type\":\"co2_moer\",\"units\":\"lbs_co2_per_mwh\"}}"
        : "{\"zone\":\(name),\"history\":[\(text)]}"
    }
    files.append(("answers.json", "[\(answers.joined(separator: ","))]"))
    return "{file: answers.json, gaps: hold, extend: \(one(of: ["hold", "wrap"]))}"
  }

  /// Issues of forecasts, the first at or before the clock's start.
  mutating func drawVintages() {
    var text = "issued_at,datetime,zone,forecast\n"
    let step: Int64 = one(of: [30, 60]) * 60_000
    var issued = start - Int64(random.below(3)) * 3_600_000
    for _ in 0...random.below(8) {
      for code in codes {
        for place in 0..<Int64(1 + random.below(30)) {
          let at = SwarmText.seconds(issued + (place - 1) * step)
          text += "\(SwarmText.seconds(issued)),\(at),\(SwarmText.cell(code)),\(random.below(400))\n"
        }
      }
      issued += Int64(1 + random.below(12)) * 3_600_000
    }
    files.append(("vintages.csv", text))
  }

  /// An outline to draw maps on.
  mutating func drawOutline() -> String {
    let ring = "[[-6, 50], [2, 50.5], [1.5, 58], [-7, 57], [-6, 50]]"
    let shapes = [
      "{\"type\": \"Polygon\", \"coordinates\": [\(ring)]}", "{\"type\": \"LineString\", \"coordinates\": \(ring)}",
      "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": {}, "
        + "\"geometry\": {\"type\": \"MultiPolygon\", \"coordinates\": [[\(ring)]]}}]}",
    ]
    files.append(("coast.geojson", one(of: shapes)))
    return "outline: coast.geojson"
  }

  /// Draws operators' decisions on some of a log's jobs, on some more than once, in any order, and one on a job that
  /// does not exist; `nil` if there are no jobs to decide on.
  mutating func drawDecisions() -> String? {
    guard !submissions.isEmpty else { return nil }
    let hasStarts = random.chance(0.6)
    var rows: [String] = []
    for job in submissions where random.chance(0.8) {
      let able = codes.indices.filter { zone in zip(job.demand, capacities[zone]).allSatisfy { $0 <= $1 } }
      guard !able.isEmpty else { continue }
      var decided = job.at + one(of: [0, 1, 60_000, Int64(random.below(20_000_000))])
      for _ in 0..<(random.chance(0.4) ? 2 + random.below(2) : 1) {
        var row = "\(SwarmText.cell(job.id)),\(SwarmText.seconds(decided)),\(SwarmText.cell(codes[one(of: able)]))"
        if hasStarts {
          let begin = decided + Int64(random.below(10_000_000))
          row += "," + (random.chance(0.5) ? SwarmText.seconds(begin) : "")
        }
        rows.append(row)
        decided += one(of: [1, 1000, 1 + Int64(random.below(20_000_000))])
      }
    }
    rows.append("no such job,\(SwarmText.seconds(start)),\(SwarmText.cell(codes[0]))\(hasStarts ? "," : "")")
    if random.chance(0.5) {
      for place in rows.indices { rows.swapAt(place, random.below(rows.count)) }
    }
    let head = "job_id,decided_at,zone\(hasStarts ? ",start_at" : "")"
    if !files.contains(where: { $0.name == "decisions.csv" }) {
      files.append(("decisions.csv", ([head] + rows).joined(separator: "\n") + "\n"))
    }
    return "decisions.csv"
  }
}
