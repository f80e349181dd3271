public import Domain
public import Engine

/// A start of a job in a zone with what it is worth: the lowest score is best.
struct StartCandidate {
  var score: Double
  var start: Instant
}

/// What tells one plan-once policy from another: which start it prefers in a zone.
protocol StartSearch: Sendable {
  var scope: ZoneScope { get }
  /// What the score is, with its unit.
  var rankedBy: String { get }

  /// The best start of a job in a zone by the forecast of now; ties go to the earliest.
  ///
  /// - Parameter weight: what an hour at an intensity of 1 counts in that zone; equal in all where there is no choice.
  func best(_ handle: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> StartCandidate

  /// A score in the unit that ``rankedBy`` names, for the decision log. By default the score itself.
  func shown(
    _ score: Double, of handle: JobID, in zone: ZoneIndex, candidates: Int, _ context: PolicyContext
  ) -> Double
}

extension StartSearch {
  func shown(
    _ score: Double, of handle: JobID, in zone: ZoneIndex, candidates: Int, _ context: PolicyContext
  ) -> Double { score }
}

/// A policy that decides once, at a job's submission, where and when it starts, and never interrupts.
///
/// The best start of each zone is compared; ties go to the earlier start, then to the scenario's order. At its planned
/// start a job starts if its zone has room; else it waits for room there, first come, first served.
public final class PlannedPolicy: Policy {
  private let search: any StartSearch
  private var timers = JobTimers()
  private var lines = ZoneLines()

  init(_ search: any StartSearch) { self.search = search }

  public var staysAtHome: Bool { search.scope.staysAtHome }

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
  private func ranked(_ job: JobID, _ context: PolicyContext) -> [(ZoneIndex, StartCandidate)] {
    let found = search.scope.candidates(job, context).map { candidate in
      (candidate.zone, search.best(job, in: candidate.zone, weight: candidate.weight, context))
    }
    return found.enumerated().sorted { a, b in
      let (first, second) = (a.element.1, b.element.1)
      if first.score.isClearlyLess(than: second.score) { return true }
      if second.score.isClearlyLess(than: first.score) { return false }
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
      rankedBy: search.rankedBy, candidates: ranked.count,
      ranking: ranked.map { zone, best in
        RankedStart(
          zone: zone, start: best.start,
          score: search.shown(best.score, of: job, in: zone, candidates: ranked.count, context))
      })
  }
}
