internal import Domain
internal import Reports
internal import Runs
internal import Scenarios

extension ShownEvent {
  /// The first event of zones that only one of the two has; if they have the same events and other capacities, the
  /// first that both have.
  ///
  /// - Returns: `nil` if the variant changes neither, or no such event is within the clock.
  static func first(base: Scenario, variant: Scenario) -> ShownEvent? {
    let (base, variant) = (base.window(1), variant.window(1))
    let (own, others) = (EventLines.ofZones(variant), EventLines.ofZones(base))
    var lines = own.filter { !others.contains($0) } + others.filter { !own.contains($0) }
    if lines.isEmpty, capacities(base) != capacities(variant) { lines = own }
    let clock = base.start..<base.start + base.duration
    let held = lines.compactMap { line -> ShownEvent? in
      let span = line.span.clamped(to: clock)
      return span.isEmpty ? nil : ShownEvent(span: span, text: "\(line.text), \(line.times)")
    }
    return held.min { $0.span.lowerBound < $1.span.lowerBound }
  }

  private static func capacities(_ scenario: Scenario) -> [String: Resources] {
    Dictionary(scenario.zones.map { ($0.code, $0.capacity) }) { first, _ in first }
  }
}
