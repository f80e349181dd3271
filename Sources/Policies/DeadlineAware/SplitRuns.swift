internal import Domain
public import Engine

/// A job that may be interrupted and runs, is to run in pieces, or pauses.
struct SplitRun {
  var zone: ZoneIndex
  /// The current segment first; while the job waits or pauses the one that comes next.
  var segments: [PlannedSegment]
  /// No segment goes past it: the latest start and the estimate after it.
  var windowEnd: Int64
  /// When it last began to run.
  var since = Instant.never
  /// The ticket of the alarm that counts.
  var ticket = 0
  /// What is booked of the segments.
  var booked: [(from: Int64, to: Int64)] = []
}

/// Interrupting: a job whose best plan is in pieces, by more than `gain`, is paused between them and resumed in its
/// zone. What comes next is looked at again at the end of each piece and when the forecast has changed.
extension DeadlineAware {
  /// True if a job runs better in pieces than by a choice; then it is planned so.
  func placeInPieces(_ job: JobID, _ choice: CandidateChoice, _ context: PolicyContext, _ desk: Desk) -> Bool {
    guard let plan = desk.chooseSegments(job, below: choice.isFound ? choice.score - gain : .infinity, context),
      plan.segments.count > 1
    else { return false }
    var ranking = Recommendations()
    _ = ranking.add(plan.zone)
    for zone in [choice.ranking.first, choice.ranking.second, choice.ranking.third] where zone >= 0 && zone != plan.zone
    {
      if ranking.add(Int(zone)) { break }
    }
    context.recommend(job, ranking)
    let asked = context.job(job)
    let windowEnd = (asked.latestStart + asked.estimatedDuration).milliseconds
    splits[job] = SplitRun(zone: plan.zone, segments: plan.segments, windowEnd: windowEnd)
    follow(job, context, desk)
    return true
  }

  /// A job that runs in one piece, so far.
  func watch(_ job: JobID, _ zone: ZoneIndex, _ context: PolicyContext) {
    guard context.mayInterrupt(job) else { return }
    let asked = context.job(job)
    let windowEnd = (asked.latestStart + asked.estimatedDuration).milliseconds
    let whole = PlannedSegment(start: context.now, end: context.now + asked.estimatedDuration)
    splits[job] = SplitRun(zone: zone, segments: [whole], windowEnd: windowEnd, since: context.now)
  }

  /// Does what the first of a job's segments says, and books them all.
  private func follow(_ job: JobID, _ context: PolicyContext, _ desk: Desk) {
    guard let run = splits[job], let first = run.segments.first else { return }
    if first.start > context.now {
      switch context.status(job) {
      case .running: context.suspend(job)
      case .suspended: break
      default: context.plan(job, in: run.zone, at: first.start)
      }
      splits[job]?.ticket = timers.set(job, at: first.start, context)
    } else if !begin(job, context, desk) {
      return
    }
    let runs = context.status(job) == .running
    let booked = run.segments.enumerated().map { place, segment in
      let start = place == 0 && runs ? desk.timeline.present : segment.start.milliseconds
      return (from: start, to: desk.timeline.clipped(segment.end.milliseconds))
    }
    for part in booked { desk.change(context.demand(job), run.zone, from: part.from, to: part.to, sign: 1) }
    splits[job]?.booked = booked
    if replans { context.wake(at: context.forecast.nextIssue) }
  }

  /// The first of a job's segments has come: it runs, or waits for room if it was suspended; `false` where it is
  /// planned in another way.
  private func begin(_ job: JobID, _ context: PolicyContext, _ desk: Desk) -> Bool {
    guard let run = splits[job], let first = run.segments.first else { return false }
    let status = context.status(job)
    splits[job]?.ticket = 0
    if status != .running {
      guard context.free(run.zone).holds(context.demand(job)) else {
        if status == .suspended {
          wait(job, run, context, desk)
          return true
        }
        forget(job, context, desk)
        place(job, desk.choose(job, context), context, desk)
        return false
      }
      if status == .suspended { context.resume(job) } else { context.start(job, in: run.zone) }
      splits[job]?.since = context.now
    }
    if run.segments.count > 1 { splits[job]?.ticket = timers.set(job, at: first.end, context) }
    return true
  }

  /// Gives back what is booked, and knows nothing of the job any more.
  func forget(_ job: JobID, _ context: PolicyContext, _ desk: Desk) {
    guard let run = splits.removeValue(forKey: job) else { return }
    desk.timeline.advance(to: context.now.milliseconds)
    for part in run.booked {
      desk.change(
        context.demand(job), run.zone, from: max(part.from, desk.timeline.present), to: part.to, sign: -1)
    }
  }

  /// A piece has begun as it was planned: from now on the job holds all that is left of the present step.
  private func occupy(_ job: JobID, _ context: PolicyContext, _ desk: Desk) {
    guard let run = splits[job], let part = run.booked.first, context.status(job) == .running else { return }
    let present = desk.timeline.present
    guard part.from > present, part.from <= context.now.milliseconds else { return }
    desk.change(context.demand(job), run.zone, from: present, to: part.from, sign: 1)
    splits[job]?.booked[0].from = present
  }

  /// Segments that begin or end now, and jobs that wait for room to run on.
  func followSegments(_ context: PolicyContext, _ desk: Desk) {
    if !paused.isEmpty, context.hasReleased { resumePaused(context, desk) }
    while let alarm = timers.next(upTo: context.now) {
      guard let run = splits[alarm.job], run.ticket == alarm.ticket else { continue }
      if context.status(alarm.job) == .running {
        lookAgain(alarm.job, context, desk)
      } else if begin(alarm.job, context, desk) {
        occupy(alarm.job, context, desk)
      }
    }
  }

  /// It runs on as soon as its zone has room, as one that was paused and found none.
  public func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool {
    guard let desk, splits[job] != nil else { return false }
    release(job, context)
    let run = splits[job]
    forget(job, context, desk)
    splits[job] = run
    splits[job]?.ticket = 0
    splits[job]?.booked = []
    returning.append(job)
    return true
  }

  /// Resumes jobs that an outage suspended, in the order of their suspension, every one that fits: before anything else
  /// starts. One that finds no room waits as one that was paused, in its place of this order.
  func resumeReturning(_ context: PolicyContext, _ desk: Desk) {
    guard context.hasReleased else { return }
    let jobs = returning
    for job in jobs {
      guard let run = splits[job], context.status(job) == .suspended else { continue }
      if context.free(run.zone).holds(context.demand(job)) {
        runOn(job, run, context, desk)
      } else {
        wait(job, run, context, desk)
      }
    }
    returning.removeAll { splits[$0] == nil || context.status($0) != .suspended }
  }

  private func resumePaused(_ context: PolicyContext, _ desk: Desk) {
    let jobs = paused.sorted { context.job($0).sequence < context.job($1).sequence }
    paused.removeAll(keepingCapacity: true)
    for job in jobs {
      guard let run = splits[job], context.status(job) == .suspended else { continue }
      if context.free(run.zone).holds(context.demand(job)) {
        // Late: it runs on until something tells otherwise.
        runOn(job, run, context, desk)
      } else {
        wait(job, run, context, desk)
      }
    }
  }

  /// A suspended job finds no room. It waits for some in its zone for as long as it can, and then takes any zone's.
  private func wait(_ job: JobID, _ run: SplitRun, _ context: PolicyContext, _ desk: Desk) {
    let latest = Instant(milliseconds: run.windowEnd) - context.remainingEstimate(job)
    if context.now >= latest, let zone = desk.bestNow(job, context) {
      forget(job, context, desk)
      context.resume(job, in: zone)
      var run = run
      run.zone = zone
      run.since = context.now
      run.segments = [PlannedSegment(start: context.now, end: context.now + context.remainingEstimate(job))]
      splits[job] = run
      follow(job, context, desk)
      return
    }
    if !paused.contains(job), !returning.contains(job) { paused.append(job) }
    if latest > context.now { splits[job]?.ticket = timers.set(job, at: latest, context) }
  }

  /// From now on to the end, as far as is known.
  private func runOn(_ job: JobID, _ run: SplitRun, _ context: PolicyContext, _ desk: Desk) {
    forget(job, context, desk)
    var run = run
    run.segments = [PlannedSegment(start: context.now, end: context.now + context.remainingEstimate(job))]
    splits[job] = run
    follow(job, context, desk)
  }

  /// Plans the rest of a job that runs or pauses. One that runs in one piece is paused if that is better by more than
  /// `gain`.
  private func lookAgain(_ job: JobID, _ context: PolicyContext, _ desk: Desk) {
    guard var run = splits[job], !paused.contains(job), !returning.contains(job) else { return }
    let isRunning = context.status(job) == .running
    if isRunning, run.since >= context.now { return }
    forget(job, context, desk)
    release(job, context)
    // A pause that is planned needs no further gain.
    let margin = run.segments.count > 1 ? 0 : gain
    let canPause = !isRunning || context.mayInterrupt(job)
    if canPause, let rest = desk.chooseRest(job, run.zone, windowEnd: run.windowEnd, gain: margin, context) {
      run.segments = rest.segments
    } else {
      run.segments = [PlannedSegment(start: context.now, end: context.now + context.remainingEstimate(job))]
    }
    splits[job] = run
    follow(job, context, desk)
  }

  /// The forecast tells otherwise than before.
  func replanSegments(_ context: PolicyContext, _ desk: Desk) {
    let jobs = splits.keys.sorted { context.job($0).sequence < context.job($1).sequence }
    for job in jobs {
      switch context.status(job) {
      case .running, .suspended: lookAgain(job, context, desk)
      default:
        forget(job, context, desk)
        place(job, desk.choose(job, context), context, desk)
      }
    }
  }
}
