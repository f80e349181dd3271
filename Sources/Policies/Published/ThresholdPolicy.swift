public import Domain
public import Engine

/// A policy that runs a job while its zone's current intensity is below a threshold (``ThresholdRule``), until the
/// time that it may wait is used up; then it runs on to its end.
///
/// Time waited before the start, for room and while suspended counts alike. A job whose deadline leaves no more time
/// than its estimate runs on too. Where a job may not be interrupted the threshold matters for its start alone. Jobs
/// that may run and find their zone full wait for room, first come, first served. With `zones: any` the zone is chosen
/// at submission: the one of least forecast emissions over the next 24 hours.
///
/// A change of intensities is O(jobs that it may affect): those that wait within their time, and those that run and may
/// be paused. Jobs that have used up their time, of which a long queue is made, cost nothing.
public final class ThresholdPolicy: Policy {
  private struct Standing {
    var zone: ZoneIndex = -1
    var threshold = 0.0
    /// How much longer it may wait, from ``since`` on.
    var wait = TimeSpan.zero
    /// Since when it waits.
    var since = Instant.never
    var isInLine = false
    /// True if it runs on whatever the intensity.
    var isForced = false
    /// The ticket of the alarm that counts; 0 for none.
    var ticket = 0
    /// The number of its suspension by an outage, until it runs again; 0 for none.
    var suspension = 0
    /// The number of its submission, which tells jobs apart that had the same handle; 0 for no job.
    var submission = 0
  }

  let rule: any ThresholdRule
  /// By handle.
  @exclusivity(unchecked) private var standings: [Standing] = []
  @exclusivity(unchecked) private var jobCount = 0
  /// The jobs that a change of intensities may affect, in order of submission, and some that it no longer does.
  @exclusivity(unchecked) private var reviewed: [(job: JobID, submission: Int)] = []
  @exclusivity(unchecked) private var submissions = 0
  @exclusivity(unchecked) private var timers = JobTimers()
  @exclusivity(unchecked) private var lines = ZoneLines()
  @exclusivity(unchecked) private var conditions = -1

  public init(_ rule: any ThresholdRule) { self.rule = rule }

  public var staysAtHome: Bool { rule.scope.staysAtHome }

  private func knows(_ job: JobID) -> Bool { job.slot < standings.count && standings[job.slot].submission > 0 }

  private func forget(_ job: JobID) {
    guard knows(job) else { return }
    standings[job.slot].submission = 0
    jobCount -= 1
  }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    let day = context.now + .hours(24)
    let forecast = context.forecast
    let ranked = rule.scope.candidates(job, context)
      .map { ($0.zone, $0.weight * forecast.carbon($0.zone).integral(from: context.now, to: day)) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let zone = ranked.first?.0 else { return }
    context.recommend(job, ranking: ranked.lazy.map(\.0))
    submissions += 1
    while standings.count <= job.slot { standings.append(Standing()) }
    standings[job.slot] = Standing(
      zone: zone, threshold: rule.threshold(for: job, in: zone, context), wait: rule.limit.wait(context.job(job)),
      since: context.now, submission: submissions)
    jobCount += 1
    context.plan(job, in: zone, at: context.now)
    wait(job, context)
    if !standings[job.slot].isForced { reviewed.append((job, submissions)) }
    if context.intensity(zone).value < standings[job.slot].threshold { enqueue(job, context) }
  }

  /// A job that waits from now on is forced to run when its time is used up.
  private func wait(_ job: JobID, _ context: PolicyContext) {
    let latest = latest(job, context)
    standings[job.slot].since = context.now
    if latest <= context.now {
      standings[job.slot].isForced = true
      enqueue(job, context)
    } else {
      standings[job.slot].ticket = timers.set(job, at: latest, context)
    }
  }

  /// Until when a job may wait that begins to wait now; one that runs has its pause to run longer for, too.
  private func latest(_ job: JobID, _ context: PolicyContext) -> Instant {
    let deferred = context.now + standings[job.slot].wait
    let deadline = context.job(job).deadline
    guard deadline != .never else { return deferred }
    let pause = context.status(job) == .running ? context.interruption.delay : .zero
    return min(deferred, deadline - context.remainingEstimate(job) - pause)
  }

  private func enqueue(_ job: JobID, _ context: PolicyContext) {
    guard !standings[job.slot].isInLine else { return }
    standings[job.slot].isInLine = true
    let suspension = standings[job.slot].suspension
    if suspension > 0 {
      lines.append(job, standings[job.slot].zone, suspension: suspension, context)
    } else {
      lines.append(job, standings[job.slot].zone, context)
    }
  }

  public func dispatch(_ context: PolicyContext) {
    if conditions != context.conditionsVersion {
      conditions = context.conditionsVersion
      review(context)
    }
    while let alarm = timers.next(upTo: context.now) {
      guard knows(alarm.job), standings[alarm.job.slot].ticket == alarm.ticket else { continue }
      standings[alarm.job.slot].isForced = true
      enqueue(alarm.job, context)
    }
    lines.serve(context, ran: { ran($0, context) }, gone: { forget($0) })
    timers.wake(context)
    if jobCount > 0 { context.wake(at: context.nextConditions) }
  }

  private func ran(_ job: JobID, _ context: PolicyContext) {
    standings[job.slot].isInLine = false
    standings[job.slot].ticket = 0
    standings[job.slot].suspension = 0
    standings[job.slot].wait = max(.zero, standings[job.slot].wait - (context.now - standings[job.slot].since))
  }

  /// The intensities have changed: jobs that ran and may not any more are paused, waiting jobs that may run get in
  /// line.
  private func review(_ context: PolicyContext) {
    var kept = 0
    for place in reviewed.indices {
      let entry = reviewed[place]
      guard standings[entry.job.slot].submission == entry.submission else { continue }
      if review(entry.job, context) {
        reviewed[kept] = entry
        kept += 1
      }
    }
    reviewed.removeSubrange(kept...)
  }

  /// Returns whether later changes of intensities may affect the job.
  private func review(_ job: JobID, _ context: PolicyContext) -> Bool {
    let standing = standings[job.slot]
    guard !standing.isForced else { return false }
    let isLow = context.intensity(standing.zone).value < standing.threshold
    if context.status(job) == .running {
      // It will not wait again, but for an outage, which forces it.
      guard rule.pauses, context.interruption.types.contains(context.job(job).type) else { return false }
      guard !isLow, context.mayInterrupt(job) else { return true }
      // Started at this very instant it cannot be: starts come later.
      guard latest(job, context) > context.now else {
        standings[job.slot].isForced = true
        return false
      }
      context.suspend(job)
      wait(job, context)
    } else if isLow {
      enqueue(job, context)
    } else if standing.isInLine {
      standings[job.slot].isInLine = false
      lines.remove(job, standing.zone)
    }
    return true
  }

  /// It waits as if it had paused: for a low intensity where the rule pauses, else for room alone.
  public func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool {
    guard knows(job) else { return false }
    standings[job.slot].suspension = lines.nextSuspension()
    wait(job, context)
    if !rule.pauses { standings[job.slot].isForced = true }
    let isLow = context.intensity(standings[job.slot].zone).value < standings[job.slot].threshold
    if isLow || standings[job.slot].isForced { enqueue(job, context) }
    return true
  }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    if knows(job) { lines.remove(job, standings[job.slot].zone) }
    forget(job)
    return true
  }

  public func completed(_ job: JobID, _ context: PolicyContext) { forget(job) }
}

extension ThresholdPolicy: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    DecisionBasis(
      rankedBy: "forecast emissions of the next 24 hours; it runs while the intensity is \(rule.name)",
      candidates: rule.scope.candidates(job, context).count)
  }
}
