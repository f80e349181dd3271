internal import Domain
internal import Foundation
internal import Scenarios

/// A scenario's events with the instants and the amounts that its texts have become, one line each in order of time.
enum EventLines {
  static func text(_ scenario: Scenario) -> [String] {
    let events = scenario.events
    func codes(_ zones: [ZoneIndex]) -> String {
      zones.count == scenario.zones.count && zones.count > 1
        ? "every zone" : zones.map { scenario.zones[$0].code }.joined(separator: ", ")
    }
    var lines: [(span: Range<Instant>, text: String)] = []
    for outage in events.outages {
      lines.append((outage.span, "outage of \(codes(outage.zones)), running jobs \(outage.running.rawValue)"))
    }
    for change in events.capacities {
      for zone in change.zones {
        let zone = scenario.zones[zone]
        lines.append((change.span, "capacity of \(zone.code): \(amounts(change, zone))"))
      }
    }
    for surge in events.surges {
      let classes = surge.classes.isEmpty ? "" : " of \(surge.classes.joined(separator: ", "))"
      lines.append((surge.span, "surge: submissions\(classes) × \(number(surge.factor))"))
    }
    for shock in events.shocks {
      let text = "\(shock.quantity.rawValue) of \(codes(shock.zones)) × \(number(shock.factor))"
      lines.append((shock.span, text))
    }
    let sorted = lines.enumerated().sorted {
      ($0.element.span.lowerBound, $0.offset) < ($1.element.span.lowerBound, $1.offset)
    }
    return sorted.map { line in
      let span = line.element.span
      let end = span.upperBound == .never ? "on" : "to \(span.upperBound.readable)"
      return "event: \(line.element.text), from \(span.lowerBound.readable) \(end)"
    }
  }

  /// What a zone has, and what the event makes of it.
  private static func amounts(_ change: EventSpec.Capacity, _ zone: Zone) -> String {
    let own = zone.capacity
    let all = [
      ("cores", change.cores, own.milliCores), ("GB", change.memory, own.milliGigabytes),
      ("GPUs", change.gpus, own.milliGPUs),
    ]
    let texts = all.compactMap { name, amount, before -> String? in
      switch amount {
      case .absolute(let after)?: "\(number(Double(before) / 1000)) → \(number(Double(after) / 1000)) \(name)"
      case .factor(let factor)?:
        "\(number(Double(before) / 1000)) → \(number(Double(before) * factor / 1000)) \(name)"
      case nil: nil
      }
    }
    return texts.joined(separator: ", ")
  }

  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
