import Domain

/// Answers of Electricity Maps' API, v3: `history`, `past-range` (`data`), `forecast`, and a single value (`latest`,
/// `past`); carbon intensities in gCO2eq/kWh, and prices with their unit.
enum ElectricityMapsJSON: JSONTraceFormat {
  static let title = "Electricity Maps (history, past-range, forecast, prices)"
  private static let source = "Electricity Maps"

  static func recognises(_ root: JSONNode) -> Bool {
    if root["datetime"] != nil { return root["carbonIntensity"] != nil || root["zone"] != nil }
    guard let items = items(root) else { return false }
    guard let first = items.first else { return root["zone"] != nil }
    return first["datetime"] != nil
  }

  private static func items(_ root: JSONNode) -> [JSONNode]? {
    root["history"]?.list ?? root["forecast"]?.list ?? (root["zone"] != nil ? root["data"]?.list : nil)
  }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    let wanted = answers.flatMap(split).filter { isPrice($0) == (book.kind == .price) }
    guard !wanted.isEmpty else {
      let has = book.kind == .price ? "carbon intensities" : "prices"
      return book.report("", answers[0].line, "\(has) of Electricity Maps", "the \(book.kind.quantity)")
    }
    var estimated = (count: 0, of: 0)
    let chosen = book.kind == .price ? wanted : book.chosen(wanted, of: source, wanted[0].line, isForecast: isForecast)
    if book.kind != .price, !demandOneBasis(chosen, reading.basis, &book) { return }
    for answer in chosen { walk(answer, &estimated, &book) }
    if estimated.count > 0 {
      book.note("\(source): \(estimated.count) of \(estimated.of) values are estimates (isEstimated)")
    }
  }

  /// An object that has measurements and a forecast as two answers.
  private static func split(_ root: JSONNode) -> [JSONNode] {
    guard root["forecast"]?.list != nil, root["history"]?.list != nil || root["data"]?.list != nil else {
      return [root]
    }
    return [root.without(["forecast"]), root.without(["history", "data"])]
  }

  /// Refuses intensities of another basis than the one that is wanted, or of both; whether there are none.
  private static func demandOneBasis(
    _ answers: [JSONNode], _ basis: IntensityBasis?, _ book: inout SeriesBook
  ) -> Bool {
    // The API answers with life-cycle intensities unless it is asked for others.
    let usual = IntensityBasis.lifecycle
    var counts: [IntensityBasis: Int] = [:]
    var first: [IntensityBasis: JSONNode] = [:]
    for root in answers {
      for item in items(root) ?? [root] {
        let told = item["emissionFactorType"] ?? root["emissionFactorType"]
        let own = told?.text.map { squashed($0) == "direct" ? IntensityBasis.direct : usual } ?? usual
        counts[own, default: 0] += 1
        if first[own] == nil { first[own] = told ?? item }
      }
    }
    let all = counts.values.reduce(0, +)
    let wanted = basis ?? (counts[.direct] == all ? .direct : usual)
    let other: IntensityBasis = wanted == .direct ? .lifecycle : .direct
    guard let strange = counts[other], let node = first[other] else {
      if book.kind == .carbon { book.basis = wanted }
      return true
    }
    let found = "\(strange) of \(all) intensities with basis \(other.rawValue)"
    let remedy = "; download them with emissionFactorType=\(wanted.rawValue)"
    book.report(
      "emissionFactorType", node.line, found,
      basis == nil
        ? "a single basis: life-cycle or direct intensities\(remedy)"
        : "\(wanted.rawValue) intensities, as basis: \(wanted.rawValue) specifies\(remedy), or set basis: "
          + "\(other.rawValue) if all are \(other.rawValue) intensities")
    return false
  }

  private static func isPrice(_ root: JSONNode) -> Bool {
    let first = items(root)?.first ?? root
    guard first["carbonIntensity"] == nil else { return false }
    let unit = first["unit"]?.text ?? root["unit"]?.text ?? ""
    return first["price"] != nil || (first["value"] != nil && JSONUnit.carbon(unit) == nil)
  }

  /// Forecasts have a time of their own as a whole, measurements each.
  private static func isForecast(_ root: JSONNode) -> Bool {
    if root["forecast"] != nil { return true }
    guard root["updatedAt"] != nil, let first = root["data"]?.list?.first else { return false }
    return ["updatedAt", "createdAt", "isEstimated"].allSatisfy { first[$0] == nil }
  }

  private static func walk(_ root: JSONNode, _ estimated: inout (count: Int, of: Int), _ book: inout SeriesBook) {
    let items = items(root)
    if items?.isEmpty == true { book.report("", root.line, "an empty list", "values of a zone") }
    for item in items ?? [root] {
      guard let zone = item["zone"]?.text ?? root["zone"]?.text else {
        book.report("zone", item.line, item["zone"]?.summary ?? "nothing", "a zone's code")
        continue
      }
      let key = ["carbonIntensity", "value", "price"].first { item[$0] != nil } ?? "carbonIntensity"
      var scale = 1.0
      if key != "carbonIntensity" {
        let unit = item["unit"] ?? root["unit"]
        guard let name = unit?.text else {
          book.report("unit", item.line, unit?.summary ?? "nothing", "the unit of \(key), such as EUR/MWh")
          return
        }
        guard let own = book.scale(unit: name, of: source, unit?.line ?? item.line) else { return }
        scale = own
      }
      let targets = book.targets([zone], countries: [zone])
      book.add(item, key, to: targets, stamp: book.stamp(item, "datetime"), scale: scale)
      guard case .none = targets else {
        estimated.of += 1
        if item["isEstimated"]?.flag == true { estimated.count += 1 }
        continue
      }
    }
  }
}
