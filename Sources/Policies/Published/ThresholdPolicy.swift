public import Domain

/// What tells one threshold policy from another: below which intensity a job runs.
protocol ThresholdRule: Sendable {
  var scope: ZoneScope { get }
  var limit: WaitLimit { get }
  /// Whether a job that runs is suspended when the intensity rises.
  var pauses: Bool { get }
  /// A job runs while the intensity is below this.
  func threshold(_ handle: JobHandle, in zone: ZoneIndex, _ context: PolicyContext) -> Double
  /// What the threshold is.
  var name: String { get }
}

/// A policy that runs a job while its zone's current intensity is below a threshold of the job's, until the time that
/// it may wait is used up; then it runs on to its end.
///
/// Time waited before the start, for room and while suspended counts alike. A job whose deadline leaves no more time
/// than its estimate runs on too. Where a job may not be interrupted the threshold matters for its start alone. Jobs
/// that may run and find their zone full wait for room, first come, first served. With `zones: any` the zone is chosen
/// at submission: the one of least forecast emissions over the next 24 hours.
public final class ThresholdPolicy: Policy {
  private struct Standing {
    var zone: ZoneIndex
    var threshold: Double
    /// How much longer it may wait, from ``since`` on.
    var wait: TimeSpan
    /// Since when it waits.
    var since: Instant
    var isInLine = false
    /// Whether it runs on whatever the intensity.
    var isForced = false
    /// The ticket of the alarm that counts; 0 for none.
    var ticket = 0
    /// Tells jobs apart that had the same handle.
    var sequence: Int
  }

  let rule: any ThresholdRule
  private var standings: [JobHandle: Standing] = [:]
  /// In order of submission, some of them gone.
  private var order: [(job: JobHandle, sequence: Int)] = []
  private var timers = JobTimers()
  private var lines = ZoneLines()
  private var conditions = -1

  init(_ rule: any ThresholdRule) { self.rule = rule }

  public var staysAtHome: Bool { rule.scope.staysAtHome }

  public func submitted(_ job: JobHandle, _ context: PolicyContext) {
    let day = context.now + .hours(24)
    let forecast = context.forecast
    let ranked = rule.scope.candidates(job, context)
      .map { ($0.zone, $0.weight * forecast.carbon($0.zone).integral(from: context.now, to: day)) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let zone = ranked.first?.0 else { return }
    context.recommend(job, ranking: ranked.lazy.map(\.0))
    let asked = context.job(job)
    standings[job] = Standing(
      zone: zone, threshold: rule.threshold(job, in: zone, context), wait: rule.limit.wait(asked), since: context.now,
      sequence: asked.sequence)
    order.append((job, asked.sequence))
    context.plan(job, in: zone, at: context.now)
    wait(job, context)
    if context.intensity(zone).value < standings[job]?.threshold ?? .infinity { enqueue(job, context) }
  }

  /// A job that waits from now on is forced to run when its time is used up.
  private func wait(_ job: JobHandle, _ context: PolicyContext) {
    let latest = latest(job, context)
    standings[job]?.since = context.now
    if latest <= context.now {
      standings[job]?.isForced = true
      enqueue(job, context)
    } else {
      standings[job]?.ticket = timers.set(job, at: latest, context)
    }
  }

  /// Until when a job may wait that begins to wait now.
  private func latest(_ job: JobHandle, _ context: PolicyContext) -> Instant {
    let deferred = context.now + (standings[job]?.wait ?? .zero)
    let deadline = context.job(job).deadline
    return deadline == .never ? deferred : min(deferred, deadline - context.remainingEstimate(job))
  }

  private func enqueue(_ job: JobHandle, _ context: PolicyContext) {
    guard let standing = standings[job], !standing.isInLine else { return }
    standings[job]?.isInLine = true
    lines.append(job, standing.zone, context)
  }

  public func dispatch(_ context: PolicyContext) {
    if conditions != context.conditionsVersion {
      conditions = context.conditionsVersion
      review(context)
    }
    while let alarm = timers.next(upTo: context.now) {
      guard standings[alarm.job]?.ticket == alarm.ticket else { continue }
      standings[alarm.job]?.isForced = true
      enqueue(alarm.job, context)
    }
    lines.serve(
      context,
      ran: { job in
        guard var standing = standings[job] else { return }
        standing.isInLine = false
        standing.ticket = 0
        standing.wait = max(.zero, standing.wait - (context.now - standing.since))
        standings[job] = standing
      }, gone: { standings[$0] = nil })
    timers.wake(context)
    if !standings.isEmpty { context.wake(at: context.nextConditions) }
  }

  /// The intensities have changed: who ran and shall not any more pauses, who waited and may run gets in line.
  private func review(_ context: PolicyContext) {
    order.removeAll { standings[$0.job]?.sequence != $0.sequence }
    for (job, _) in order {
      guard let standing = standings[job], !standing.isForced else { continue }
      let isLow = context.intensity(standing.zone).value < standing.threshold
      if context.status(job) == .running {
        guard !isLow, rule.pauses, context.mayInterrupt(job) else { continue }
        // Started at this very instant it cannot be: starts come later.
        guard latest(job, context) > context.now else {
          standings[job]?.isForced = true
          continue
        }
        context.suspend(job)
        wait(job, context)
      } else if isLow {
        enqueue(job, context)
      } else if standing.isInLine {
        standings[job]?.isInLine = false
        lines.remove(job, standing.zone)
      }
    }
  }

  /// It waits as if it had paused: for a low intensity where the rule pauses, else for room alone.
  public func suspendedByOutage(_ job: JobHandle, _ context: PolicyContext) -> Bool {
    guard let standing = standings[job] else { return false }
    wait(job, context)
    if !rule.pauses || standing.isForced { standings[job]?.isForced = true }
    let isLow = context.intensity(standing.zone).value < standing.threshold
    if isLow || standings[job]?.isForced == true { enqueue(job, context) }
    return true
  }

  public func withdraw(_ job: JobHandle, _ context: PolicyContext) -> Bool {
    if let standing = standings.removeValue(forKey: job) { lines.remove(job, standing.zone) }
    order.removeAll { $0.job == job }
    return true
  }

  public func completed(_ job: JobHandle, _ context: PolicyContext) { standings[job] = nil }
}

extension ThresholdPolicy: DecisionReasons {
  public func reasons(
    for job: JobHandle, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    DecisionBasis(
      rankedBy: "forecast emissions of the next 24 hours; it runs while the intensity is \(rule.name)",
      candidates: rule.scope.candidates(job, context).count)
  }
}
