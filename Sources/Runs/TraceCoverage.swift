internal import Domain

/// Notes on traces that are held or repeated within the clock, as they do not cover it.
enum TraceCoverage {
  /// One note for all zones whose traces have the same span.
  ///
  /// - Parameters:
  ///   - quantity: `carbon` or `price`.
  ///   - clock: the simulated span.
  ///   - windows: how many clocks are in that span.
  static func notes(
    _ quantity: String, _ traces: some Sequence<(String, StepTrace)>, _ clock: Range<Instant>, windows: Int = 1
  ) -> [String] {
    var groups: [(span: Range<Instant>, wraps: Bool, zones: [String])] = []
    for (zone, trace) in traces {
      guard trace.extending != .none, trace.start > clock.lowerBound || trace.end < clock.upperBound else { continue }
      let span = trace.start..<trace.end
      let wraps = trace.extending == .wrap
      if let place = groups.firstIndex(where: { $0.span == span && $0.wraps == wraps }) {
        groups[place].zones.append(zone)
      } else {
        groups.append((span, wraps, [zone]))
      }
    }
    let span = "\(clock.lowerBound.readable) to \(clock.upperBound.readable)"
    let place = windows > 1 ? " of \(span), the span of the \(windows) windows" : ""
    return groups.map { group in
      let before = min(group.span.lowerBound, clock.upperBound) - clock.lowerBound
      let after = clock.upperBound - max(group.span.upperBound, clock.lowerBound)
      let parts =
        (before > .zero ? ["for the \(windows > 1 ? "" : "clock's ")first \(text(before))"] : [])
        + (after > .zero ? ["for \(windows > 1 ? "the" : "its") last \(text(after))"] : [])
      let shown = group.zones.prefix(5).joined(separator: ", ")
      let zones = group.zones.count > 5 ? "\(shown) and \(group.zones.count - 5) more" : shown
      return "\(quantity): \(group.wraps ? "repeated (extend: wrap)" : "held (extend: hold)") "
        + "\(parts.joined(separator: " and "))\(place): the trace of \(zones) covers \(group.span.lowerBound.readable) to "
        + group.span.upperBound.readable
    }
  }

  /// `2 d 3 h`, `45 min`, `20 s`: the two largest units that count.
  static func text(_ span: TimeSpan) -> String {
    var rest = span.milliseconds
    var parts: [String] = []
    for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)] as [(String, Int64)] {
      let count = rest / length
      rest %= length
      if count > 0 { parts.append("\(count) \(unit)") }
    }
    return parts.isEmpty ? "\(span.milliseconds) ms" : parts.prefix(2).joined(separator: " ")
  }
}
