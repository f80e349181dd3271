import Domain

/// Answers of energy-charts.info (Fraunhofer ISE): lists of epoch seconds and of values, for one country or bidding zone
/// that they do not name. `co2eq` and `co2eq_forecast` are in gCO2eq/kWh, `price` has its unit.
enum EnergyChartsJSON: JSONTraceFormat {
  static let takesValue = true
  static let title = "energy-charts.info"
  private static let source = "energy-charts.info"

  static func recognises(_ root: JSONNode) -> Bool {
    root["unix_seconds"]?.list != nil && ["price", "co2eq", "co2eq_forecast"].contains { root[$0] != nil }
  }

  static func walk(_ answers: [JSONNode], _ reading: TraceReading, _ book: inout SeriesBook) {
    let keys: [TraceKind: String] = [.price: "price", .carbon: "co2eq", .forecast: "co2eq_forecast"]
    let key = reading.mapping.value ?? keys[book.kind] ?? "price"
    guard let targets = book.unnamedTargets(key, answers[0].line) else { return }
    for answer in answers {
      guard let values = answer[key]?.list, let stamps = answer["unix_seconds"]?.list else {
        book.report(key, answer.line, answer[key]?.summary ?? "the keys \(list(answer.keys))", "a list \(key)")
        continue
      }
      guard values.count == stamps.count else {
        book.report(key, answer.line, "\(values.count) values", "\(stamps.count), as in unix_seconds")
        continue
      }
      var scale = 1.0
      if book.kind == .price {
        guard let own = book.scale(unit: answer["unit"]?.text ?? "", of: source, answer.line) else { return }
        scale = own
      }
      for (stamp, value) in zip(stamps, values) {
        guard let seconds = stamp.number, let milliseconds = Int64(exactly: (seconds * 1000).rounded()),
          Instant.calendar.contains(Instant(milliseconds: milliseconds))
        else {
          book.report("unix_seconds", stamp.line, stamp.summary, "epoch seconds")
          continue
        }
        book.add(value, key, value.line, to: targets, stamp: milliseconds, scale: scale)
      }
    }
  }
}
