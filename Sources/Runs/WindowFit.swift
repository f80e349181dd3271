internal import Domain
internal import Inputs
internal import Scenarios

/// Texts on windows that leave what was recorded, and notes on windows.
enum WindowFit {
  /// The clock of each replication, of windows.
  static func clocks(of scenario: Scenario) -> [Range<Instant>] {
    (1...scenario.replicationsAtMost).map { number in
      let start = scenario.clockStart(number)
      return start..<start + scenario.duration
    }
  }

  /// The time that all replications together need.
  static func clocks(_ scenario: Scenario) -> String {
    let all = scenario.allWindows
    let span = "\(all.lowerBound.iso8601) to \(all.upperBound.iso8601)"
    guard let windows = scenario.windows else { return "the clock's \(span)" }
    return "\(span), which \(counted(windows.count, "window")) of \(scenario.duration.text) need"
  }

  /// How many windows a recorded span has room for, or where they may start.
  static func remedy(_ scenario: Scenario, within span: Range<Instant>) -> String {
    guard let windows = scenario.windows else { return "" }
    switch windows.placing {
    case .every(let every, let first):
      let start = scenario.start + first
      let room = (span.upperBound - scenario.duration - start).milliseconds
      let count = start < span.lowerBound || room < 0 ? 0 : Int(room / every.milliseconds) + 1
      return "; \(count == 0 ? "no window fits" : count == 1 ? "1 window fits" : "\(count) windows fit")"
    case .random:
      let last = span.upperBound - scenario.duration
      guard last >= span.lowerBound else { return "; no window fits" }
      return "; windows may start from \(span.lowerBound.iso8601) to \(last.iso8601)"
    }
  }

  static let overlap = "windows overlap: intervals are optimistic"

  /// Notes on a scenario's windows: overlaps, events by the number of windows that they are in, instants in no window.
  static func notes(_ scenario: Scenario) -> [String] {
    guard scenario.windows != nil else { return [] }
    var notes: [String] = []
    let clocks = clocks(of: scenario)
    if scenario.windowsOverlap { notes.append(overlap) }
    for (name, span) in instants(scenario) {
      let count = clocks.count { $0.overlaps(span) }
      notes.append("events: \(name) of \(span.lowerBound.iso8601) is in \(count) of \(counted(clocks.count, "window"))")
    }
    for (name, times) in [("maps", scenario.outputs.maps), ("samples", scenario.outputs.samples)] {
      guard case .at(let instants) = times else { continue }
      let lost = instants.count { at in !clocks.contains { $0.contains(at) } }
      guard lost > 0 else { continue }
      let verb = lost == 1 ? "is" : "are"
      notes.append("outputs.\(name): \(lost) of \(counted(instants.count, "instant")) \(verb) in no window")
    }
    return notes
  }

  /// Refuses windows without a job of the log, and notes where the log ends before the windows do.
  static func check(_ jobs: JobFile, _ scenario: Scenario) throws -> [String] {
    guard !jobs.isBatch, let span = jobs.indexed, let windows = scenario.windows else { return [] }
    let clocks = zip(1..., clocks(of: scenario)).map { (number: $0, span: $1) }
    if let empty = clocks.first(where: { jobs.count(in: $0.span) == 0 }) {
      var remedy = "; jobs: same gives every window the clock's jobs"
      if case .every = windows.placing, empty.number > 1 {
        remedy = "; \(counted(empty.number - 1, "window has", plural: "windows have")) jobs\(remedy)"
      }
      // Without a job in the clock either its jobs are of no use.
      if jobs.count(in: scenario.start..<scenario.start + scenario.duration) == 0 {
        let isElsewhere = clocks.allSatisfy { jobs.count(in: $0.span) == 0 }
        remedy =
          isElsewhere
          ? "; start: first moves the first submission to the clock's start" : "; move the clock, or start: first"
      }
      throw BadInput(
        description: "\(jobs.path): found submissions from \(span.lowerBound.iso8601) to \(span.upperBound.iso8601), "
          + "expected some in each window: window \(empty.number), \(empty.span.lowerBound.iso8601) to "
          + "\(empty.span.upperBound.iso8601), has none\(remedy)")
    }
    // Of a recorded log the last submission is a little before its end, by a quiet night or so, and the first a little
    // behind its beginning. The clock's own start is where its user says that the log begins.
    let length = scenario.duration.milliseconds
    let slack = TimeSpan(milliseconds: max(length / 10, min(length / 2, jobs.longestGap.milliseconds)))
    let late = clocks.count { clock in
      let begins = clock.span.lowerBound
      return clock.span.upperBound > span.upperBound + slack
        || (begins != scenario.start && begins + slack < span.lowerBound)
    }
    guard late > 0 else { return [] }
    return [
      "\(late) of \(counted(clocks.count, "window")) \(late == 1 ? "reaches" : "reach") beyond the log's submissions, "
        + "from \(span.lowerBound.iso8601) to "
        + "\(span.upperBound.iso8601)"
    ]
  }

  /// Events that stay where they are when the clock moves.
  private static func instants(_ scenario: Scenario) -> [(String, Range<Instant>)] {
    let events = scenario.events
    return events.outages.filter { !$0.movesWithClock }.map { ("the outage", $0.span) }
      + events.capacities.filter { !$0.movesWithClock }.map { ("the capacity", $0.span) }
      + events.surges.filter { !$0.movesWithClock }.map { ("the surge", $0.span) }
      + events.shocks.filter { !$0.movesWithClock }.map { ("the shock of \($0.quantity.rawValue)", $0.span) }
  }
}

extension TimeSpan {
  /// `7d`, `36h`, `90m`, `1.5s`: as a scenario has it.
  var text: String {
    for (unit, name) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m")] as [(Int64, String)]
    where milliseconds % unit == 0 { return "\(milliseconds / unit)\(name)" }
    return "\(TextTable.number(inSeconds))s"
  }
}
