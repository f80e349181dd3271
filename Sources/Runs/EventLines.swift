package import Domain
internal import Foundation
package import Scenarios

/// A scenario's events with the instants and the amounts that its texts have become, one line each in order of time.
package enum EventLines {
  /// An event of a scenario.
  package struct Line: Hashable {
    /// Its end is `never` if it is for good.
    package let span: Range<Instant>
    /// The event without its times, such as `outage of SOUTH, running jobs fail`.
    package let text: String

    /// `from Tue … to …`, or `from Tue … on`.
    package var times: String {
      let end = span.upperBound == .never ? "on" : "to \(span.upperBound.readable)"
      return "from \(span.lowerBound.readable) \(end)"
    }
  }

  package static func text(_ scenario: Scenario) -> [String] { all(scenario).map { "event: \($0.text), \($0.times)" } }

  package static func all(_ scenario: Scenario) -> [Line] { sorted(ofZones(scenario) + surges(scenario)) }

  /// Outages, capacities and shocks: events that are not of the jobs.
  package static func ofZones(_ scenario: Scenario) -> [Line] {
    let events = scenario.events
    func codes(_ zones: [ZoneIndex]) -> String {
      zones.count == scenario.zones.count && zones.count > 1
        ? "every zone" : zones.map { scenario.zones[$0].code }.joined(separator: ", ")
    }
    var lines = events.outages.map { outage in
      Line(span: outage.span, text: "outage of \(codes(outage.zones)), running jobs \(outage.running.rawValue)")
    }
    for change in events.capacities {
      for zone in change.zones {
        let zone = scenario.zones[zone]
        lines.append(Line(span: change.span, text: "capacity of \(zone.code): \(amounts(change, zone))"))
      }
    }
    lines += events.shocks.map { shock in
      Line(span: shock.span, text: "\(shock.quantity.rawValue) of \(codes(shock.zones)) × \(number(shock.factor))")
    }
    return sorted(lines)
  }

  private static func surges(_ scenario: Scenario) -> [Line] {
    scenario.events.surges.map { surge in
      let classes = surge.classes.isEmpty ? "" : " of \(surge.classes.joined(separator: ", "))"
      return Line(span: surge.span, text: "surge: submissions\(classes) × \(number(surge.factor))")
    }
  }

  private static func sorted(_ lines: [Line]) -> [Line] {
    lines.enumerated().sorted {
      ($0.element.span.lowerBound, $0.offset) < ($1.element.span.lowerBound, $1.offset)
    }.map(\.element)
  }

  /// The amounts of each resource that an event changes in a zone, before and after it: `100 → 50 cores`.
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
