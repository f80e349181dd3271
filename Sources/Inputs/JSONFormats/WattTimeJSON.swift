import Domain

/// Answers of WattTime's API. Version 2: a list of points with their balancing authority, and `forecast`, in pounds of
/// CO2 per MWh. Version 3: `data` and `meta` with region, signal and units.
enum WattTimeJSON: JSONTraceFormat {
  static let title = "WattTime v2 or v3"
  private static let source = "WattTime"

  /// Points of one region that were issued together.
  private struct Series {
    var line: Int
    var signal: String?
    var points: [JSONNode]
    var region: String?
    var unit: String?
    var isForecast: Bool
  }

  static func recognises(_ root: JSONNode) -> Bool {
    let sample = root.list?.first ?? root["data"]?.list?.first ?? root["forecast"]?.list?.first ?? root
    return isPoint(sample) || sample["forecast"]?.list?.first.map(isPoint) == true
      || (root["data"]?.list != nil && root["meta"]?["signal_type"] != nil)
  }

  private static func isPoint(_ node: JSONNode) -> Bool { node["point_time"] != nil }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    guard book.demands([.carbon, .forecast], of: source, answers, "carbon intensities") else { return }
    let all = answers.flatMap { series($0) }
    let wanted = book.chosen(all, of: source, answers[0].line) { $0.isForecast }
    // Several issues tell one hour several times.
    let issues = wanted.filter(\.isForecast).reduce(into: [String: Int]()) { $0[$1.region ?? "", default: 0] += 1 }
    guard book.isOneIssue(issues.values.max() ?? 0, answers[0].line) else { return }
    for series in wanted { walk(series, &book) }
  }

  private static func series(_ root: JSONNode) -> [Series] {
    let meta = root["meta"]
    let region = meta?["region"]?.text ?? root["region"]?.text
    let unit = meta.map { $0["units"]?.text ?? "" }
    let signal = meta?["signal_type"]?.text
    if let items = root.list ?? root["data"]?.list {
      if items.first?["forecast"] != nil {
        return items.map { item in
          let points = item["forecast"]?.list ?? []
          return Series(
            line: item.line, signal: signal, points: points, region: region ?? points.first?["ba"]?.text, unit: unit,
            isForecast: true)
        }
      }
      return [
        Series(
          line: root.line, signal: signal, points: items, region: region, unit: unit,
          isForecast: meta?["generated_at"] != nil)
      ]
    }
    let points = root["forecast"]?.list
    return [
      Series(
        line: root.line, signal: signal, points: points ?? [root], region: region ?? points?.first?["ba"]?.text,
        unit: unit,
        isForecast: points != nil)
    ]
  }

  private static func walk(_ series: Series, _ book: inout SeriesBook) {
    if series.points.isEmpty { book.report("data", series.line, "an empty list", "points") }
    let unit = series.unit ?? "lbs/MWh"
    guard JSONUnit.carbon(unit) != nil else {
      let found = unit.isEmpty ? "no units" : "\"\(unit)\""
      return book.report(
        "meta.units", series.line, found + (series.signal.map { " (\($0))" } ?? ""),
        "lbs_co2_per_mwh, as for the signals co2_moer and co2_aoer")
    }
    guard let scale = book.scale(unit: unit, of: source, series.line) else { return }
    if series.signal.map({ $0 == "co2_moer" }) ?? true { book.note("\(source): intensities are marginal ones (MOER)") }
    for point in series.points {
      guard let name = point["ba"]?.text ?? series.region else {
        book.report("ba", point.line, point["ba"]?.summary ?? "nothing", "a balancing authority")
        continue
      }
      let key = ["value", "moer"].first { point[$0] != nil } ?? "value"
      if key == "value", point["value"] == nil, point["percent"] != nil {
        book.report("percent", point.line, "a signal index", "value, in lbs/MWh")
        return
      }
      book.add(point, key, to: book.targets([name]), stamp: book.stamp(point, "point_time"), scale: scale)
    }
  }
}
