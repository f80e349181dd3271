import Domain

/// Reads `replications: {windows: …}`.
struct WindowDecoding {
  let reader: Reader
  let clock: (start: Instant, duration: TimeSpan)?
  let workload: WorkloadSpec?

  private static let expected = "every: 7d, or from and to (windows start at random between them)"

  func windows(_ cell: Cell) -> WindowSpec? {
    guard let fields = reader.fields(cell, allowed: ["windows", "every", "from", "to", "step", "jobs"]) else {
      return nil
    }
    let count = reader.whole(
      fields.required("windows", "the number of windows"), expected: "a whole number from 1 to 100,000",
      in: 1...100_000)
    let placing = placing(fields, cell)
    if case .log? = workload { _ = fields.optional("jobs", else: "window") }
    let jobs = reader.choice(fields.optional("jobs"), of: Jobs.self)
    if let own = fields.optional("jobs"), case .generated? = workload {
      reader.refuse(own, expected: "no such key: a generated workload draws new jobs for each window")
    }
    guard let count, let placing else { return nil }
    if case .random(let from, let to, let step) = placing {
      let starts = (to - from).milliseconds / step.milliseconds + 1
      if Int64(count) > starts {
        reader.refuse(
          fields.optional("windows") ?? cell,
          expected: "at most \(starts), the number of different starts that from, to and step allow; a "
            + "shorter step (1h by default) or a longer range allows more")
        return nil
      }
    }
    let windows = WindowSpec(count: count, placing: placing, repeatsJobs: jobs == .same)
    guard let clock else { return windows }
    let span = windows.range(clock: clock.start, count: count)
    guard Instant.calendar.contains(span.lowerBound), span.upperBound + clock.duration <= Instant.calendar.upperBound
    else {
      reader.refuse(cell, expected: "windows within the years 0 to 9999", found: "windows outside this range")
      return nil
    }
    return windows
  }

  private enum Jobs: String, CaseIterable {
    /// Those that the log has in the window.
    case window
    /// Those of the clock, in every window.
    case same
  }

  private func placing(_ fields: Fields, _ cell: Cell) -> WindowSpec.Placing? {
    if let every = fields.optional("every") {
      for key in ["from", "to", "step"] {
        if let other = fields.optional(key) {
          reader.refuse(other, expected: WindowDecoding.expected, found: "both every and \(key)")
        }
      }
      return reader.spanWithUnit(every, suffix: "d", such: "7d").map { .every($0) }
    }
    guard fields.optional("from") != nil || fields.optional("to") != nil else {
      reader.refuse(cell, expected: WindowDecoding.expected, found: "neither")
      return nil
    }
    let from = reader.instant(fields.required("from", "an instant"))
    let to = reader.instant(fields.required("to", "an instant"))
    let step = reader.spanWithUnit(fields.optional("step", else: "1h"), suffix: "h", such: "1h or 30m")
    guard let from, let to, let step else { return nil }
    guard to >= from else {
      if let cell = fields.optional("to") { reader.refuse(cell, expected: "an instant at or after from") }
      return nil
    }
    return .random(from: from, to: to, step: step)
  }
}

extension Array where Element: Equatable {
  /// Without repetitions, in order of first appearance.
  package var uniqued: [Element] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
