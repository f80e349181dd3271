internal import Domain
internal import Engine
internal import Inputs
internal import Randomness

/// A scenario whose past up to an instant is the given one's and whose future is another.
struct ChangedFuture {
  enum Part: Int, CaseIterable {
    case trace, durations, submissions

    var rule: ConformanceRule {
      switch self {
      case .trace: .traceUnseen
      case .durations: .durationsUnseen
      case .submissions: .submissionsUnseen
      }
    }
  }

  let part: Part
  /// Decisions taken before this must be the same.
  let cut: Instant
  let scenario: ConformanceScenario

  /// `nil` where the part has no future to change.
  ///
  /// - Parameter run: the given scenario's; durations may change only of jobs that were not over by then.
  init?(_ part: Part, of scenario: ConformanceScenario, after run: ConformanceRun) {
    var random = RandomStream(
      seed: scenario.seed, replication: scenario.number, name: "conformance/future/\(part.rawValue)")
    guard !run.decisions.isEmpty else { return nil }
    if part == .trace, !scenario.forecastIsBlind { return nil }
    let decided = run.decisions[random.below(run.decisions.count)].at
    self.part = part
    // Just behind a decision where something looks ahead by a little, else somewhere later.
    let cut = decided + TimeSpan(milliseconds: 1 + (random.chance(0.5) ? 0 : Int64(random.below(7_200_000))))
    self.cut = cut
    var changed = scenario
    switch part {
    case .trace:
      changed.world.carbon = scenario.world.carbon.map { ChangedFuture.trace($0, cut, &random, floor: 0) }
      changed.world.price = scenario.world.price.map { ChangedFuture.trace($0, cut, &random, floor: -100) }
    case .durations: ChangedFuture.changeDurations(&changed, cut, run, &random)
    case .submissions: ChangedFuture.changeSubmissions(&changed, cut, &random)
    }
    self.scenario = changed
  }

  /// Other values from the first stamp at or after the cut on.
  private static func trace(
    _ trace: StepTrace, _ cut: Instant, _ random: inout RandomStream, floor: Double
  ) -> StepTrace {
    var stamps: [(start: Instant, value: Double)] = []
    for index in 0..<trace.stepCount {
      var (start, value) = trace.step(index)
      if start >= cut { value = max(floor, value + Double(random.below(800) - 400) / (floor < 0 ? 1000 : 1)) }
      stamps.append((start, value))
    }
    guard let changed = try? StepTrace(stamps: stamps, end: trace.end, extending: trace.extending) else {
      preconditionFailure("a changed trace that is not valid")
    }
    return changed
  }

  /// A job that has begun goes on past the cut, one that has not may take any time.
  private static func changeDurations(
    _ scenario: inout ConformanceScenario, _ cut: Instant, _ run: ConformanceRun, _ random: inout RandomStream
  ) {
    let delay = scenario.interruption.delay.milliseconds
    for record in run.records where scenario.jobs.indices.contains(record.job.sequence) {
      if record.end != .never, record.end < cut { continue }
      // It must not have been over at any earlier suspension either, each of which has lengthened it.
      var ran: Int64 = 0
      var least: Int64 = 0
      let before = run.segments(record, clockEnd: scenario.world.end).filter { $0.start < cut }
      for (pauses, segment) in before.enumerated() {
        ran += (min(segment.end, cut) - segment.start).milliseconds
        least = max(least, ran - Int64(pauses) * delay)
      }
      let more = random.chance(0.3) ? 1 : Int64(1 + random.below(20_000_000))
      scenario.jobs[record.job.sequence].actualDuration = TimeSpan(milliseconds: least + more)
    }
  }

  /// None of the submissions to come, and others instead.
  private static func changeSubmissions(
    _ scenario: inout ConformanceScenario, _ cut: Instant, _ random: inout RandomStream
  ) {
    scenario.jobs.removeAll { $0.job.submittedAt >= cut }
    var drawing = ScenarioDrawing(seed: random.bits(), number: scenario.number)
    var at = cut
    for _ in 0..<random.below(6) where at < scenario.world.end {
      scenario.jobs.append(
        drawing.job(scenario.jobs.count, at, scenario.world.zones, hasCaps: scenario.capsAreHard))
      at = at + TimeSpan(milliseconds: Int64(random.below(3_600_000)))
    }
  }

  /// The first difference between the decisions before the cut; `nil` where there is none.
  func difference(_ given: ConformanceRun, _ changed: ConformanceRun) -> String? {
    let one = given.decisions.filter { $0.at < cut }
    let two = changed.decisions.filter { $0.at < cut }
    guard let place = (0..<max(one.count, two.count)).first(where: { !ChangedFuture.agree(one, two, $0) }) else {
      return nil
    }
    func text(_ all: [ObservedDecision]) -> String { place < all.count ? all[place].text : "nothing" }
    return "input after \(cut.iso8601) changed an earlier decision: \(text(one)); with another future: "
      + "\(text(two))"
  }

  static func agree(_ one: [ObservedDecision], _ two: [ObservedDecision], _ place: Int) -> Bool {
    place < one.count && place < two.count && one[place] == two[place]
  }
}
