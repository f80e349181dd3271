public import Domain
public import Engine

/// A policy that decides once, at a job's submission, where and when it starts by a ``StartRule``, and never interrupts.
///
/// The best start of each zone is compared; ties go to the earlier start, then to the scenario's order. At its planned
/// start a job starts if its zone has room; else it waits for room there, first come, first served. A job whose zone is
/// taken away for good is planned anew. Under `caps: hard` a job that its zone does not permit waits until it does, and
/// is rejected if its latest start comes first.
///
/// A submission is one call of the rule for each zone that the job may use; a dispatch is O(log n) for each job that
/// starts.
public final class PlannedPolicy: Policy {
  private let rule: any StartRule
  private var timers = JobTimers()
  private var lines = ZoneLines()

  public init(_ rule: any StartRule) { self.rule = rule }

  public var staysAtHome: Bool { rule.scope.staysAtHome }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    let ranked = ranked(job, context)
    guard let (zone, best) = ranked.first else { return }
    context.recommend(job, ranking: ranked.lazy.map(\.0))
    context.plan(job, in: zone, at: best.start)
    if best.start <= context.now {
      lines.append(job, zone, context)
    } else {
      _ = timers.set(job, at: best.start, context)
    }
  }

  /// Each zone with its best start, best first.
  private func ranked(_ job: JobID, _ context: PolicyContext) -> [(ZoneIndex, ScoredStart)] {
    let found = rule.scope.candidates(job, context).map { candidate in
      (candidate.zone, rule.best(for: job, in: candidate.zone, weight: candidate.weight, context))
    }
    return found.enumerated().sorted { a, b in
      let (first, second) = (a.element.1, b.element.1)
      if first.isBetter(than: second) { return true }
      if second.isBetter(than: first) { return false }
      return (first.start, a.offset) < (second.start, b.offset)
    }.map(\.element)
  }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    timers.remove(job)
    if let zone = context.zone(of: job) { lines.remove(job, zone) }
    return true
  }

  public func dispatch(_ context: PolicyContext) {
    while let alarm = timers.next(upTo: context.now) {
      if let zone = context.zone(of: alarm.job) { lines.append(alarm.job, zone, context) }
    }
    lines.serve(context, gone: { _ in })
    timers.wake(context)
  }
}

extension PlannedPolicy: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    let ranked = ranked(job, context)
    return DecisionBasis(
      rankedBy: rule.rankedBy, candidates: ranked.count,
      ranking: ranked.map { zone, best in
        RankedStart(
          zone: zone, start: best.start,
          score: rule.shown(best.score, of: job, in: zone, candidates: ranked.count, context))
      })
  }
}
