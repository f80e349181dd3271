internal import Domain
internal import Scenarios

/// The event whose middle the maps of base and variant show, within the clock of the first replication.
struct WhatIfEvent: Sendable {
  let span: Range<Instant>
  /// Such as `outage of SOUTH, running jobs fail, from Tue … to …`.
  let text: String

  var middle: Instant {
    span.lowerBound + TimeSpan(milliseconds: (span.upperBound - span.lowerBound).milliseconds / 2)
  }

  /// The first event of zones that only one of the two has; if they have the same events and other capacities, the
  /// first that both have.
  ///
  /// - Returns: `nil` if the variant changes neither, or no such event is within the clock.
  static func first(base: Scenario, variant: Scenario) -> WhatIfEvent? {
    let (base, variant) = (base.window(1), variant.window(1))
    let (own, others) = (EventLines.ofZones(variant), EventLines.ofZones(base))
    var lines = own.filter { !others.contains($0) } + others.filter { !own.contains($0) }
    if lines.isEmpty, capacities(base) != capacities(variant) { lines = own }
    let clock = base.start..<base.start + base.duration
    let held = lines.compactMap { line -> WhatIfEvent? in
      let span = line.span.clamped(to: clock)
      return span.isEmpty ? nil : WhatIfEvent(span: span, text: "\(line.text), \(line.times)")
    }
    return held.min { $0.span.lowerBound < $1.span.lowerBound }
  }

  private static func capacities(_ scenario: Scenario) -> [String: Resources] {
    Dictionary(scenario.zones.map { ($0.code, $0.capacity) }) { first, _ in first }
  }
}
