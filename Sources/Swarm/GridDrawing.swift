extension SwarmDrawing {
  /// The value of `grid:`; its files are added.
  mutating func drawGrid() -> String {
    let isSynthetic = isPreset && random.chance(0.7)
    let hasForecasts = !isSynthetic && random.chance(0.2)
    var keys: [String] = []
    var isMapped = false
    if isSynthetic {
      keys = ["carbon: {synthetic: gb-14}", "price: {synthetic: gb-14}"]
      if random.chance(0.5) { keys.append("vary: \(random.chance(0.5))") }
    } else {
      let isConstant = !hasForecasts && random.chance(0.06)
      let constant = one(of: ["0", "150.5", "1e6"])
      var carbon = isConstant ? "{constant: \(constant)}" : nil
      if carbon == nil, !hasForecasts, random.chance(0.2) { carbon = drawForeignCarbon() }
      if carbon == nil, !hasForecasts, random.chance(0.15) {
        isMapped = true
        carbon = drawMappedTrace("carbon")
      }
      keys.append("carbon: \(carbon ?? drawTrace("carbon", hasForecasts: hasForecasts))")
      let price = one(of: ["0.2", "0", "-0.05", "1000"])
      let isFlat = random.chance(0.3)
      let isTable = !isFlat && random.chance(0.15)
      let table = isTable ? drawMappedTrace("price") : isFlat ? "{constant: \(price)}" : nil
      keys.append("price: \(table ?? drawTrace("price", hasForecasts: false))")
    }
    if random.chance(0.9) { keys.append("forecast: \(drawForecast(hasForecasts, isMapped))") }
    return "{\(keys.joined(separator: ", "))}"
  }

  private mutating func drawForecast(_ hasForecasts: Bool, _ isMapped: Bool) -> String {
    let hasVintages = random.chance(0.15)
    let hasTable = isMapped && !hasVintages && random.chance(0.5)
    let model = hasForecasts || hasVintages || hasTable ? "recorded" : one(of: ["perfect", "persistence", "noisy"])
    var keys = ["model: \(model)"]
    if hasVintages {
      keys.append("file: vintages.csv")
      if random.chance(0.3) { keys.append(drawMappedVintages()) } else { drawVintages() }
    }
    if hasTable { keys.append(drawMappedForecast()) }
    if random.chance(0.7) { keys.append("horizon: \(one(of: ["1h", "6h", "24h", "48h", "96h", "20m"]))") }
    if random.chance(0.4) { keys.append("update: \(one(of: ["30m", "1h", "7h", "1d", "17m"]))") }
    if random.chance(0.3) { keys.append("error: \(one(of: ["0", "0.6", "2", "50"]))") }
    if random.chance(0.3) { keys.append("price: \(one(of: ["perfect", "persistence", "noisy"]))") }
    return "{\(keys.joined(separator: ", "))}"
  }

  /// A trace in a file: wide or long, at even stamps or not, with gaps where they are filled.
  private mutating func drawTrace(_ name: String, hasForecasts: Bool) -> String {
    let isEven = random.chance(0.75)
    let step: Int64 = one(of: [5, 15, 30, 60]) * 60_000
    let wraps = random.chance(0.5)
    let clips = name == "carbon" && random.chance(0.2)
    let filling = random.chance(0.35) ? one(of: ["hold", "interpolate"]) : ""
    let isLong = hasForecasts || random.chance(0.3)
    var stamps: [Int64] = []
    var at = start - Int64(random.below(60)) * step
    let rows = 2 + random.below(random.chance(0.1) ? 400 : 90)
    for place in 0..<rows {
      stamps.append(at)
      // None of the uneven steps is a multiple of another, and none is in the majority: they have no gaps.
      at += isEven ? step : 1000 * [61, 420, 1831, 3601][place % 2 * 2 + random.below(2)]
    }
    // One gap in twenty steps at most, perhaps before the last row: the rest tells the step.
    if isEven, !filling.isEmpty, rows > 40 {
      for _ in 0..<random.below(3) { stamps.remove(at: 5 + random.below(stamps.count - 6)) }
    }
    var text = drawRows(
      stamps, name, isLong: isLong, hasForecasts: hasForecasts, clips: clips, blanks: !filling.isEmpty)
    // Where nothing runs on past the clock, a trace that covers it is enough.
    let end = PlainTrace.end(stamps)
    let isCovered = !drains && end > start + duration && stamps[0] <= start
    let extend = isCovered && random.chance(0.5) ? "none" : wraps ? "wrap" : "hold"
    // As other systems write lines.
    if random.chance(0.1) { text = "\u{FEFF}" + text.replacing("\n", with: "\r\n") }
    files.append(("\(name).csv", text))
    return "{file: \(name).csv, extend: \(extend)"
      + (filling.isEmpty ? one(of: ["", "", ", gaps: error"]) : ", gaps: \(filling)")
      + (clips ? ", clip: true" : one(of: ["", "", ", clip: false"])) + "}"
  }

  private mutating func drawRows(
    _ stamps: [Int64], _ name: String, isLong: Bool, hasForecasts: Bool, clips: Bool, blanks: Bool
  ) -> String {
    let isPrice = name == "price"
    let levels = 1 + random.below(40)
    let cells = codes.map { SwarmText.cell($0) }
    let column = isPrice ? "price" : "carbon_intensity"
    var text = isLong ? "datetime,zone,\(column)" + (hasForecasts ? ",forecast" : "") : ""
    if !isLong { text = "datetime," + cells.joined(separator: ",") }
    text += "\n"
    for (place, stamp) in stamps.enumerated() {
      let at = SwarmText.seconds(stamp)
      let values = codes.map { _ -> String in
        // One in thirty is missing, neither the first nor the last.
        if blanks, !isLong, place > 0, place + 1 < stamps.count, random.chance(0.033) { return "" }
        let level = Double(random.below(levels))
        if levels == 7, random.chance(0.05) { return isPrice ? "-1000" : "1e9" }
        if isPrice { return "\((level - 6) / 50)" }
        return clips && random.chance(0.1) ? "-\(level + 1)" : "\(level * 12.125)"
      }
      if !isLong {
        text += "\(at)," + values.joined(separator: ",") + "\n"
        continue
      }
      for (cell, value) in zip(cells, values) {
        text += "\(at),\(cell),\(value)" + (hasForecasts ? ",\(random.below(300))" : "") + "\n"
      }
    }
    return text
  }
}
