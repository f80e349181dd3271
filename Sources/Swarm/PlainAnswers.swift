internal import Foundation

/// Carbon intensities in answers of APIs, read with Foundation's JSON.
enum PlainAnswers {
  /// Traces by zone of a list of answers of Electricity Maps or WattTime; blanks are held. `nil` for other files.
  static func traces(_ path: String, _ codes: [String], wraps: Bool) -> [PlainTrace]? {
    guard let text = SwarmGzip.text(path),
      let answers = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    else { return nil }
    var traces: [PlainTrace] = []
    for code in codes {
      guard let answer = answers.first(where: { name($0) == code }) else { return nil }
      let isPounds = answer["meta"] != nil
      let rows = (answer["history"] ?? answer["data"]) as? [[String: Any]] ?? []
      var stamps: [(at: Int64, value: Double?)] = []
      for row in rows {
        guard let time = (row["datetime"] ?? row["point_time"]) as? String, let at = PlainTime.instant(time) else {
          return nil
        }
        let value = (row["carbonIntensity"] ?? row["value"]) as? NSNumber
        stamps.append((at, value.map { isPounds ? $0.doubleValue * 0.45359237 : $0.doubleValue }))
      }
      stamps.sort { $0.at < $1.at }
      guard let trace = PlainTrace(stamps, wraps: wraps, interpolates: false) else { return nil }
      traces.append(trace)
    }
    return traces
  }

  private static func name(_ answer: [String: Any]) -> String? {
    (answer["zone"] ?? (answer["meta"] as? [String: Any])?["region"]) as? String
  }
}
