internal import Domain
internal import Figures
internal import Foundation
internal import ResultReading
internal import Runs

/// The data of a replay's page, as JSON, by run, zone and instant; assigned jobs are stored as differences.
struct ReplayData {
  let story: ResultStory
  let history: ZoneHistory
  let maps: [(id: String, map: ReplayMap)]
  /// One per run; `nil` for a result without job rows.
  let counters: [ReplayCounters?]

  var json: String {
    let start = history.instants.first ?? story.start
    let parts: [(String, String)] = [
      ("currency", ReplayData.text(story.currency.code)),
      ("start", String(start.milliseconds)),
      ("minutes", ReplayData.list(history.instants.map { ReplayData.number(($0 - start).inHours * 60, 4) })),
      ("zones", ReplayData.list(story.zones.map(zone))),
      ("policies", ReplayData.list(story.runs.map { ReplayData.text($0.label) })),
      ("top", ReplayData.number(maps.first?.map.top ?? 400, 0)),
      ("most", String(maps.first?.map.most ?? 10)),
      ("ramp", ReplayData.list(ReplayMap.ramp.map(ReplayData.text))),
      ("maps", ReplayData.list(maps.map { ReplayData.map($0.id, $0.map) })),
      ("intensity", ReplayData.rows(history.intensity) { $0.map { ReplayData.number($0, 1) } ?? "null" }),
      ("price", ReplayData.rows(history.price) { $0.map { ReplayData.number($0, 4) } ?? "null" }),
      ("out", ReplayData.rows(history.isOut) { $0 ? "1" : "0" }),
      ("steps", ReplayData.list(history.capacities.map(ReplayData.step))),
      ("runs", ReplayData.list(zip(history.runs, counters).map(ReplayData.run))),
    ]
    return ReplayData.object(parts)
  }

  /// `[zone, instant, cores, memory, gpus]`
  private static func step(_ step: ZoneHistory.CapacityStep) -> String {
    list(
      [String(step.zone), String(step.from)]
        + [step.cpuCores, step.memoryGigabytes, step.gpus].map { number($0, 3) })
  }

  private func zone(_ zone: Zone) -> String {
    ReplayData.object([
      ("name", ReplayData.text(zone.name)), ("code", ReplayData.text(zone.code)),
      ("region", ReplayData.text(zone.region)), ("cores", ReplayData.number(zone.capacity.cpuCores, 3)),
      ("memory", ReplayData.number(zone.capacity.memoryGigabytes, 3)),
      ("gpus", ReplayData.number(zone.capacity.gpus, 3)),
    ])
  }

  private static func run(_ run: ZoneHistory.Run, _ counters: ReplayCounters?) -> String {
    let differences = run.assigned.map { row in zip(row, [0] + row).map { $0 - $1 } }
    return object([
      ("running", rows(run.running) { String($0) }), ("assigned", rows(differences) { String($0) }),
      ("cores", rows(run.cpuCores) { number($0, 3) }), ("memory", rows(run.memoryGigabytes) { number($0, 3) }),
      ("gpus", rows(run.gpus) { number($0, 3) }), ("counters", counters.map(object) ?? "null"),
    ])
  }

  private static func object(_ counters: ReplayCounters) -> String {
    let counts = [("waiting", counters.waiting), ("finished", counters.finished), ("missed", counters.missed)]
    let kilograms = counters.kilograms.isEmpty ? "null" : list(counters.kilograms.map { number($0, 3) })
    return object(counts.map { ($0.0, list($0.1.map { String($0) })) } + [("kg", kilograms)])
  }

  private static func map(_ id: String, _ map: ReplayMap) -> String {
    let places = map.places.map { place in
      list([place.x, place.y, place.textX, place.textY].map { number($0, 1) })
    }
    return object([
      ("id", text(id)), ("largest", number(map.largest, 2)), ("texts", String(map.hasTexts)), ("unit", text(map.unit)),
      ("places", list(places)),
      ("areas", list(map.areas.map { list($0.map { String($0) }) })),
    ])
  }

  // MARK: JSON

  private static func object(_ parts: [(String, String)]) -> String {
    "{" + parts.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  private static func rows<Value>(_ rows: [[Value]], _ text: (Value) -> String) -> String {
    "[\n" + rows.map { list($0.map(text)) }.joined(separator: ",\n") + "\n]"
  }

  /// A text that neither ends the element that it stands in nor turns the direction of writing around.
  static func text(_ text: String) -> String {
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.filter(PageText.isWritable)))
    return JSON.text(shown).replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
      .replacing("&", with: "\\u0026")
  }

  /// So many decimals at most.
  static func number(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "0" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    var text = String(format: "%.\(decimals)f", value)
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }
}
