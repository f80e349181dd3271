public import Domain
internal import Randomness

/// Replications that start the clock at different instants of recorded traces and logs.
public struct WindowSpec: Hashable, Sendable {
  public enum Placing: Hashable, Sendable {
    /// Replication k starts (k − 1) × the span after the first, which starts so long after the clock's start.
    case every(TimeSpan, first: TimeSpan = .zero)
    /// Each start is drawn from `from`, `from + step`, …, up to `to`, all equally likely and no one twice.
    case random(from: Instant, to: Instant, step: TimeSpan)
  }

  /// How many there are.
  public var count: Int
  public var placing: Placing
  /// True if every window has the jobs that the log has within the clock itself, each as long after the start as there;
  /// otherwise a window has the jobs that the log has in that window.
  public var repeatsJobs: Bool

  public init(count: Int, placing: Placing, repeatsJobs: Bool = false) {
    self.count = count
    self.placing = placing
    self.repeatsJobs = repeatsJobs
  }

  /// Starts that a window may have: the first and the last possible one.
  public func range(clock start: Instant, count: Int) -> ClosedRange<Instant> {
    switch placing {
    case .every(let span, let first):
      start + first...start + first + TimeSpan(milliseconds: span.milliseconds * Int64(max(count, 1) - 1))
    case .random(let from, let to, _): from...to
    }
  }

  /// Start of the clock of a replication, from 1.
  func start(_ replication: Int, clock start: Instant, seed: UInt64) -> Instant {
    switch placing {
    case .every(let span, let first):
      return start + first + TimeSpan(milliseconds: span.milliseconds * Int64(replication - 1))
    case .random(let from, let to, let step):
      let starts = (to - from).milliseconds / step.milliseconds + 1
      let index = DrawnStarts.index(replication, of: Int(starts), seed: seed)
      return from + TimeSpan(milliseconds: step.milliseconds * Int64(index))
    }
  }

  /// True if an instant is within some window; for random windows, if it could be for some seed.
  func mayHold(_ instant: Instant, clock start: Instant, _ duration: TimeSpan) -> Bool {
    switch placing {
    case .random(let from, let to, _): return instant >= from && instant < to + duration
    case .every:
      return (1...count).contains { replication in
        let own = self.start(replication, clock: start, seed: 0)
        return instant >= own && instant < own + duration
      }
    }
  }
}

extension Scenario {
  /// Start of the clock of a replication, from 1.
  public func clockStart(_ replication: Int) -> Instant {
    windows?.start(replication, clock: start, seed: seed) ?? start
  }

  /// The scenario as a replication sees it: its clock starts elsewhere, and what is told from the clock's start on has
  /// moved with it.
  public func window(_ replication: Int) -> Scenario {
    guard windows != nil else { return self }
    var own = self
    own.start = clockStart(replication)
    own.moved = own.start - start
    own.events = events.within(own.start..<own.start + duration, moved: own.moved)
    return own
  }

  /// From the first start of a window to the last end.
  public var allWindows: Range<Instant> {
    guard let windows else { return start..<start + duration }
    let starts = windows.range(clock: start, count: replicationsAtMost)
    return starts.lowerBound..<starts.upperBound + duration
  }

  /// True if two of the windows share an instant.
  public var windowsOverlap: Bool {
    guard let windows else { return false }
    if case .every(let span, _) = windows.placing { return span < duration && replicationsAtMost > 1 }
    let starts = (1...replicationsAtMost).map { clockStart($0) }.sorted()
    return zip(starts, starts.dropFirst()).contains { $1 - $0 < duration }
  }

  /// True if each replication draws a synthetic grid of its own.
  public var drawsGrid: Bool { grid.varies && (grid.carbon.isSynthetic || grid.price.isSynthetic) }

  /// True if each replication has traces of its own: drawn, or changed by an event that moves with the clock.
  public var hasTracesPerReplication: Bool {
    drawsGrid || (windows != nil && events.shocks.contains(where: \.movesWithClock))
  }
}

extension Scenario {
  /// The sources of variation between the replications.
  public var variation: Variation {
    var sources: Set<Variation.Source> = []
    if case .generated = workload { sources.insert(.jobs) }
    // Home zones by weight are drawn for each replication.
    if case .log(let log) = workload, case .weights(let weights) = log.home, weights.count(where: { $0 > 0 }) > 1 {
      sources.insert(.jobs)
    }
    if let windows {
      sources.insert(.window)
      if case .log(let log) = workload, !windows.repeatsJobs, log.format != .platform { sources.insert(.jobs) }
    }
    if drawsGrid { sources.insert(.grid) }
    let forecast = grid.forecast
    if [forecast.model, forecast.price].contains(.noisy), forecast.error > 0 { sources.insert(.forecastErrors) }
    let running = policies + (policies.contains { $0.answers(to: baseline) } ? [] : [PolicySpec(name: baseline)])
    if running.contains(where: \.drawsAtRandom) { sources.insert(.policyRandomness) }
    return Variation(sources, windowsOverlap: windowsOverlap)
  }
}
