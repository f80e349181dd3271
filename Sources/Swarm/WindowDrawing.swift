internal import Domain
internal import Foundation
internal import Randomness

/// Windows and labels, of streams of their own, so that all else is drawn as without.
extension SwarmDrawing {
  /// Some policies with a label.
  func labelled(
    _ policies: [(name: String, part: SwarmScenario.Part)]
  ) -> [(name: String, part: SwarmScenario.Part)] {
    var random = RandomStream(seed: seed, replication: number, name: "swarm/labels")
    guard random.chance(0.2) else { return policies }
    let texts = ["carbon only", "=a, \"b\"", "ü+1 (2)", "x"]
    return policies.enumerated().map { place, policy in
      guard random.chance(0.6) else { return policy }
      let label = "label: \(SwarmText.quoted("\(texts[random.below(texts.count)]) \(place)"))"
      var own = policy
      let head = "{\(policy.name): {"
      own.part.text =
        policy.part.text.hasPrefix(head)
        ? head + label + ", " + policy.part.text.dropFirst(head.count) : "\(head)\(label)}}"
      return own
    }
  }

  /// Replications that start the clock elsewhere. Where a trace does not go on past the clock, all start where it does.
  func drawWindows(
    _ grid: String, _ jobs: SwarmScenario.Jobs, _ policies: [String], _ events: inout [SwarmScenario.Part],
    _ settings: inout [String]
  ) {
    var random = RandomStream(seed: seed, replication: number, name: "swarm/windows")
    // The years end with 9999.
    guard random.chance(0.2), start < 200_000_000_000_000 else { return }
    let parts = grid.components(separatedBy: "file:").count - 1
    let endless =
      grid.components(separatedBy: "extend: hold").count + grid.components(separatedBy: "extend: wrap").count - 2
    let isReplayed = policies.contains { $0.contains("decisions:") }
    let mayMove = parts == endless && !isReplayed
    let span = max(1, duration * Int64(1 + random.below(6)) / 4)
    let begin = Instant(milliseconds: start)
    var count = 2 + random.below(2)
    var keys = ""
    if mayMove, random.chance(0.6) {
      keys = "every: \(SwarmText.span(span))"
    } else if mayMove, !events.contains(where: { $0.text.contains("T") }) {
      // No start is drawn twice: there must be as many as windows. By default they are an hour apart.
      let isShort = 2 * span < 2 * 3_600_000
      let step = isShort || random.chance(0.5) ? ", step: \(SwarmText.span(max(1, span / 3)))" : ""
      keys = "from: \(begin.iso8601), to: \(Instant(milliseconds: start + 2 * span).iso8601)\(step)"
    } else {
      count = 1
      keys = "from: \(begin.iso8601), to: \(begin.iso8601)"
      if random.chance(0.3), case .log(_, _, _, _, let rows) = jobs, rows.contains(where: \.isWithin) {
        keys += ", jobs: window"
      }
    }
    // A log may have no job in a window.
    if !jobs.isGenerated, !keys.contains("jobs:") { keys += ", jobs: same" }
    events.removeAll { SwarmDrawing.mixes($0.text) }
    settings.removeAll { $0.hasPrefix("replications:") || $0.hasPrefix("until:") }
    settings.append("replications: {windows: \(count), \(keys)}")
    if count > 1, !settings.contains(where: { $0.hasPrefix("sweep:") }), random.chance(0.15) {
      settings.append("until: {metric: carbon_kg, half_width: 1, min: 2, max: 2}")
    }
  }

  /// True if an event begins at an instant and ends a span after the clock's start, or the other way round.
  private static func mixes(_ event: String) -> Bool {
    guard let end = event.firstRange(of: "until: "),
      let begin = event.firstRange(of: "from: ") ?? event.firstRange(of: "at: ")
    else { return false }
    func isInstant(_ rest: Substring) -> Bool { rest.prefix { $0 != "," && $0 != "}" }.contains("T") }
    return isInstant(event[begin.upperBound...]) != isInstant(event[end.upperBound...])
  }
}
