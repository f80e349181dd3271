import Domain

/// Answers of the GB Carbon Intensity API: national periods, all regions by period, one region (a list of one), one
/// region over a window (an object). Times are UTC; a period is keyed by its `from`, so the period that the API gives
/// before the asked window is one step more at the beginning.
///
/// Regions have a forecast only, which serves as their intensity; ids from 15 on (England, Scotland, Wales, GB) are
/// sums of others and left out. The national intensity is the `actual`.
enum IntensityJSON: JSONTraceFormat {
  static let title = "the GB Carbon Intensity API"

  static func recognises(_ root: JSONNode) -> Bool {
    if root["error"] != nil { return true }
    guard let data = root["data"] else { return false }
    guard let first = data.list?.first else { return data.list != nil || data["data"] != nil }
    return ["regions", "data", "intensity", "regionid"].contains { first[$0] != nil }
  }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    guard book.kind != .price else {
      return book.report("", 1, "JSON", "CSV (the Carbon Intensity API has no prices)")
    }
    for answer in answers { walk(answer, &book) }
  }

  static func walk(_ root: JSONNode, _ book: inout SeriesBook) {
    if let error = root["error"] {
      return book.report("error", error.line, (error["message"] ?? error["code"] ?? error).summary, "data")
    }
    guard let data = root["data"] else { return refuse(root, &book) }
    if let items = data.list {
      if items.isEmpty { book.report("data", data.line, "an empty list", "periods or regions") }
      for item in items { element(item, &book) }
    } else {
      element(data, &book)
    }
  }

  private static func refuse(_ node: JSONNode, _ book: inout SeriesBook) {
    book.report("data", node.line, node.summary, "a response of the GB Carbon Intensity API")
  }

  private static func element(_ node: JSONNode, _ book: inout SeriesBook) {
    if let regions = node["regions"]?.list {
      let stamp = book.stamp(node, "from")
      for region in regions {
        guard let targets = targets(region, &book) else { continue }
        add(region, targets, stamp, isNational: false, &book)
      }
    } else if let periods = node["data"]?.list {
      guard let targets = targets(node, &book) else { return }
      for period in periods {
        add(period, targets, book.stamp(period, "from"), isNational: false, &book)
      }
    } else if node["intensity"] != nil {
      let targets = book.nationalTargets()
      add(node, targets, book.stamp(node, "from"), isNational: true, &book)
    } else {
      refuse(node, &book)
    }
  }

  /// `nil` for a sum of regions and, after reporting it, for what is no region.
  private static func targets(_ region: JSONNode, _ book: inout SeriesBook) -> Targets? {
    guard let id = region["regionid"]?.number, let number = Int(exactly: id) else {
      book.report("regionid", region.line, region["regionid"]?.summary ?? "nothing", "a region's number")
      return nil
    }
    guard number < 15 else { return nil }
    var names = [region["shortname"]?.text, "\(number)", region["dnoregion"]?.text].compactMap { $0 }
    // A zone is found by its id before its name; people know the name.
    if case .zones = book.wanted { names.sort { $0 == "\(number)" && $1 != "\(number)" } }
    return book.targets(names)
  }

  private static func add(
    _ node: JSONNode, _ targets: Targets, _ stamp: Int64?, isNational: Bool, _ book: inout SeriesBook
  ) {
    if case .none = targets { return }
    guard let intensity = node["intensity"] else {
      return book.refuse(targets, stamp, "intensity", node.line, "nothing", "an object with forecast")
    }
    let forecast = intensity["forecast"]?.number
    let key = isNational && book.kind == .carbon ? "actual" : "forecast"
    let cell = intensity[key]
    let line = cell?.line ?? intensity.line
    if key == "actual", cell?.number == 0, let forecast, forecast > 0 {
      return book.addSentinel(to: targets, stamp: stamp, column: key, line: line)
    }
    book.add(cell, key, intensity.line, to: targets, stamp: stamp, scale: 1)
  }
}
