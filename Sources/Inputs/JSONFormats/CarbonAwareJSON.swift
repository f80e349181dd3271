import Domain

/// Answers of the Green Software Foundation's Carbon Aware SDK (Web API, command line and its JSON data source): emissions
/// by location and forecasts, in gCO2/kWh, with keys in camel or Pascal case.
enum CarbonAwareJSON: JSONTraceFormat {
  static let title = "the Carbon Aware SDK"
  private static let source = "Carbon Aware SDK"

  static func recognises(_ root: JSONNode) -> Bool {
    if emissions(root)?.first.map(isEmission) == true { return true }
    return forecasts(root).first != nil
  }

  private static func emissions(_ root: JSONNode) -> [JSONNode]? { root.list ?? root.any("emissions")?.list }

  private static func isEmission(_ node: JSONNode) -> Bool { node.any("rating") != nil && node.any("time") != nil }

  private static func forecasts(_ root: JSONNode) -> [JSONNode] {
    (root.list ?? [root]).filter { $0.any("forecastData") != nil }
  }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    guard book.demands([.carbon, .forecast], of: source, answers, "carbon intensities") else { return }
    let parts = answers.flatMap { answer -> [(node: JSONNode, isForecast: Bool)] in
      let issues = forecasts(answer)
      return issues.isEmpty ? [(answer, false)] : issues.map { ($0, true) }
    }
    let chosen = book.chosen(parts, of: source, answers[0].line, isForecast: \.isForecast).map(\.node)
    let issues = chosen.reduce(into: [String: Int]()) { counts, node in
      if node.any("forecastData") != nil { counts[location(node, of: node) ?? "", default: 0] += 1 }
    }
    guard book.isOneIssue(issues.values.max() ?? 0, answers[0].line) else { return }
    for node in chosen {
      if let points = node.any("forecastData") {
        if points.list == nil { book.report("forecastData", points.line, points.summary, "a list") }
        for point in points.list ?? [] { add(point, of: node, time: "timestamp", value: "value", &book) }
      } else {
        for row in emissions(node) ?? [] { add(row, of: node, time: "time", value: "rating", &book) }
      }
    }
  }

  private static func location(_ row: JSONNode, of answer: JSONNode) -> String? {
    row.any("location")?.text ?? answer.any("location")?.text
      ?? answer.any("forecastData")?.list?.first?.any("location")?.text
  }

  private static func add(
    _ row: JSONNode, of answer: JSONNode, time: String, value: String, _ book: inout SeriesBook
  ) {
    guard let zone = location(row, of: answer) else {
      return book.report("location", row.line, row.any("location")?.summary ?? "nothing", "a location's name")
    }
    let stamp = book.stamp(row, row.key(time))
    book.add(row, row.key(value), to: book.targets([zone]), stamp: stamp, scale: 1)
  }
}
