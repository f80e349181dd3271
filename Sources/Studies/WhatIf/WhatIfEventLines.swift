internal import Runs
internal import Scenarios

/// The events that a variant adds, changes or leaves out, as `pylon validate` prints them.
enum WhatIfEventLines {
  /// More are counted.
  private static let most = 20

  /// Events that only the variant has, then those that only the base has; none if both have the same events.
  ///
  /// An event in percent of a capacity that the variant changes is one that only the variant has: its amounts differ.
  static func changed(base: Scenario, variant: Scenario) -> [String] {
    let (before, after) = (EventLines.all(base), EventLines.all(variant))
    let own = after.filter { !before.contains($0) }
    // The same events with other amounts have not been taken away.
    let lost = base.events == variant.events ? [] : before.filter { !after.contains($0) }
    return texts(own, "event") + texts(lost, "event of the base only")
  }

  private static func texts(_ lines: [EventLines.Line], _ kind: String) -> [String] {
    let rest = lines.count - most
    return lines.prefix(most).map { "\(kind): \($0.text), \($0.times)" }
      + (rest > 0 ? ["\(kind): \(rest) more; pylon validate prints all events of a scenario"] : [])
  }
}
