public import Domain
public import Engine

/// `wait-awhile`: a job runs in the steps of lowest forecast intensity between its submission and the end of the window
/// (estimate + wait, the deadline at the latest), suspended in between.
///
/// The interrupting strategy of Wiesner, Behnke, Scheinert, Gontarska and Thamsen, "Let's Wait Awhile: How Temporal
/// Workload Shifting Can Reduce Carbon Emissions in the Cloud", Middleware 2021, doi:10.1145/3464298.3493399. A job that
/// may not be interrupted gets their non-interrupting one: the window of least emissions.
///
/// The plan is made at submission. Where interruptions cost time or energy, which the paper does not know, it is the plan
/// of least emissions with what its interruptions draw at their instants, and as much longer as they take
/// (``SegmentSearch``): it ends within the window. A segment that finds its zone full waits for room, first come, first
/// served, and gives up at its end. A job that falls behind its plan is planned again for the rest of its window in the
/// same zone; after its last segment it runs on. O(s log s) in the window's steps where interruptions cost nothing.
public final class WaitAwhile: Policy {
  private struct Plan {
    var zone: ZoneIndex
    /// The current segment first, later ones behind it.
    var segments: [PlannedSegment]
    var windowEnd: Instant
    /// The ticket of the alarm that counts.
    var ticket = 0
    /// True if the current segment has begun.
    var hasBegun = false
    /// The number of its suspension by an outage, until it runs again; 0 for none.
    var suspension = 0
  }

  private let scope: ZoneScope
  private let limit: WaitLimit
  private let search = SegmentSearch()
  private var plans: [JobID: Plan] = [:]
  private var timers = JobTimers()
  private var lines = ZoneLines()

  init(_ parameters: PolicyParameters) {
    scope = ZoneScope(parameters)
    limit = WaitLimit(parameters)
  }

  public var staysAtHome: Bool { scope.staysAtHome }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    let asked = context.job(job)
    var windowEnd = context.now + asked.estimatedDuration + limit.wait(asked)
    if asked.deadline != .never { windowEnd = min(windowEnd, asked.deadline) }
    let found = scope.candidates(job, context).map { candidate in
      let plan = segments(job, in: candidate.zone, until: windowEnd, context)
      return (zone: candidate.zone, segments: plan.segments, emissions: candidate.weight * plan.integral)
    }
    let ranked = found.enumerated().sorted { a, b in
      if a.element.emissions.isClearlyLess(than: b.element.emissions) { return true }
      if b.element.emissions.isClearlyLess(than: a.element.emissions) { return false }
      return (a.element.segments[0].start, a.offset) < (b.element.segments[0].start, b.offset)
    }
    guard let best = ranked.first?.element else { return }
    context.recommend(job, ranking: ranked.lazy.map(\.element.zone))
    plans[job] = Plan(zone: best.zone, segments: best.segments, windowEnd: windowEnd)
    approach(job, context)
  }

  /// The cheapest segments for what a job has left, from now on.
  private func segments(
    _ job: JobID, in zone: ZoneIndex, until windowEnd: Instant, _ context: PolicyContext
  ) -> (segments: [PlannedSegment], integral: Double) {
    let view = context.forecast.carbon(zone)
    let length = context.remainingEstimate(job)
    if context.mayInterrupt(job) {
      if context.interruption.isFree || windowEnd - context.now <= length {
        return CheapestSegments.find(view, length: length, from: context.now, until: windowEnd)
      }
      if let plan = costly(job, in: zone, length: length, until: windowEnd, context) { return plan }
    }
    let latest = max(context.now, windowEnd - length)
    let best = GreenestStart.find(view, length: length, from: context.now, latest: latest)
    return ([PlannedSegment(start: best.start, end: best.start + length)], best.score)
  }

  /// The segments of least emissions with what interruptions cost; `nil` for a job that draws nothing.
  private func costly(
    _ job: JobID, in zone: ZoneIndex, length: TimeSpan, until windowEnd: Instant, _ context: PolicyContext
  ) -> (segments: [PlannedSegment], integral: Double)? {
    let stage: SegmentTask.Stage =
      switch context.status(job) {
      case .running: .running
      case .suspended: .suspended
      default: .waiting
      }
    let power = context.job(job).energyPerMillisecond(on: context.zones[zone].hardware)
    guard
      let task = SegmentTask(stage: stage, left: length.milliseconds, power: power, context.interruption),
      let plan = search.best(
        SegmentSteps(context.forecast.carbon(zone), from: context.now, until: windowEnd).all, task, .none,
        below: .infinity)
    else { return nil }
    let segments = plan.pieces.map {
      PlannedSegment(start: Instant(milliseconds: $0.from), end: Instant(milliseconds: $0.to))
    }
    return (segments, plan.score / Double(TimeSpan.hours(1).milliseconds))
  }

  /// Waits for the start of a job's current segment.
  private func approach(_ job: JobID, _ context: PolicyContext) {
    guard let plan = plans[job] else { return }
    let start = plan.segments[0].start
    if context.status(job) != .suspended { context.plan(job, in: plan.zone, at: start) }
    plans[job]?.hasBegun = false
    if start > context.now {
      plans[job]?.ticket = timers.set(job, at: start, context)
    } else {
      begin(job, context)
      enqueue(job, context)
    }
  }

  /// The job waits for room; one that an outage suspended goes before those that it did not.
  private func enqueue(_ job: JobID, _ context: PolicyContext) {
    guard let plan = plans[job] else { return }
    if plan.suspension > 0 {
      lines.append(job, plan.zone, suspension: plan.suspension, context)
    } else {
      lines.append(job, plan.zone, context)
    }
  }

  /// A job's current segment begins; it ends at its end, but for the last one.
  private func begin(_ job: JobID, _ context: PolicyContext) {
    guard let plan = plans[job] else { return }
    plans[job]?.hasBegun = true
    plans[job]?.ticket = plan.segments.count > 1 ? timers.set(job, at: plan.segments[0].end, context) : 0
  }

  public func dispatch(_ context: PolicyContext) {
    while let alarm = timers.next(upTo: context.now) {
      guard let plan = plans[alarm.job], plan.ticket == alarm.ticket else { continue }
      if plan.hasBegun {
        finishSegment(alarm.job, plan, context)
      } else {
        begin(alarm.job, context)
        enqueue(alarm.job, context)
      }
    }
    lines.serve(context, ran: { plans[$0]?.suspension = 0 }, gone: { plans[$0] = nil })
    timers.wake(context)
  }

  /// A segment that is not the last is over: the job pauses, unless what it has left is best run on.
  private func finishSegment(_ job: JobID, _ plan: Plan, _ context: PolicyContext) {
    let isRunning = context.status(job) == .running
    var rest = Array(plan.segments.dropFirst())
    let planned = rest.reduce(TimeSpan.zero) { $0 + $1.length }
    // The pauses to come, this one too where it is one, take their time of the segments behind them.
    let pauses = context.status(job) == .running ? rest.count : rest.count - 1
    let delay = TimeSpan(milliseconds: Int64(pauses) * context.interruption.delay.milliseconds)
    if context.remainingEstimate(job) + delay > planned {
      rest = segments(job, in: plan.zone, until: plan.windowEnd, context).segments
    }
    plans[job]?.segments = rest
    // In line it keeps its place.
    if rest[0].start <= context.now || (isRunning && !context.mayInterrupt(job)) { return begin(job, context) }
    if isRunning { context.suspend(job) } else { lines.remove(job, plan.zone) }
    approach(job, context)
  }

  /// As if the current segment had found its zone full.
  public func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool {
    guard plans[job] != nil else { return false }
    plans[job]?.suspension = lines.nextSuspension()
    enqueue(job, context)
    return true
  }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    if let plan = plans.removeValue(forKey: job) { lines.remove(job, plan.zone) }
    return true
  }

  public func completed(_ job: JobID, _ context: PolicyContext) { plans[job] = nil }

  static let entry = PolicyCatalog.Entry(
    name: "wait-awhile",
    summary: "runs jobs in the steps of lowest forecast intensity, suspends them in between (Middleware'21)",
    parameters: WaitLimit.parameters + [ZoneScope.parameter(standard: "home")],
    suspendsJobs: true
  ) { WaitAwhile($0.parameters) }
}

extension WaitAwhile: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    DecisionBasis(
      rankedBy: "forecast emissions of the steps in which it would run",
      candidates: scope.candidates(job, context).count)
  }
}
