internal import Domain
internal import Engine
internal import HeapModule

/// `operator-manual` with `decisions`: what real operators did, exactly.
///
/// A job may have several decisions. Each takes effect at its instant while the job has not started: it replaces what
/// was decided before, and the job joins its new zone's queue anew. A job that an event hands back, as its zone can
/// never hold it any more, takes the first decision from that instant on. A decision on a job that has started, or
/// for a zone that can never hold the job any more, has no effect, and is counted.
final class DecisionReplay: Policy, PolicyReport {
  private let record: DecisionRecord
  @exclusivity(unchecked) private var recommender: any Recommender
  private var due = Heap<Due>()
  private var assigned = ZoneQueues()
  private var log = DecisionLog()
  /// Jobs that wait without a zone and have no decision to come; they stay PENDING, unless they are withdrawn.
  private var undecided: Set<JobID> = []
  /// The number of decisions to come, of the jobs that have any.
  private var toCome: [JobID: Int] = [:]
  /// Jobs that were withdrawn and may be submitted anew.
  private var handedBack: Set<JobID> = []
  /// Decisions on the jobs that were submitted.
  private var given = 0

  private struct Due: Comparable {
    var at: Int64
    /// In the record: decisions of one instant were taken in its order.
    var place: Int
    var job: JobID

    static func < (a: Due, b: Due) -> Bool { (a.at, a.place) < (b.at, b.place) }
  }

  init(record: DecisionRecord, recommender: any Recommender) {
    self.record = record
    self.recommender = recommender
  }

  var leavesJobs: Bool { !undecided.isEmpty }

  func submitted(_ job: JobID, _ context: PolicyContext) {
    recommender.recommend(job, context)
    let places = record.indices(of: context.job(job).identity)
    if handedBack.remove(job) == nil { given += places.count }
    toCome[job] = nil
    // Handed back by an event it takes a decision from now on: those of this instant are yet to be taken.
    for place in places where record.decisions[place].decidedAt >= context.now {
      let decision = record.decisions[place]
      toCome[job, default: 0] += 1
      due.insert(Due(at: decision.decidedAt.milliseconds, place: place, job: job))
      context.wake(at: decision.decidedAt)
    }
    if toCome[job] == nil { undecided.insert(job) }
  }

  func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    undecided.remove(job)
    handedBack.insert(job)
    if toCome.removeValue(forKey: job) != nil { due = Heap(due.unordered.filter { $0.job != job }) }
    assigned.remove(job)
    return true
  }

  func dispatch(_ context: PolicyContext) {
    while let next = due.min, next.at <= context.now.milliseconds {
      due.removeMin()
      take(record.decisions[next.place], next.job, context)
    }
    assigned.dispatch(context)
  }

  private func take(_ decision: RecordedDecision, _ job: JobID, _ context: PolicyContext) {
    // The job may be gone, and the handle another's.
    let status = context.status(job)
    guard context.job(job).identity == decision.job, status == .pending || status == .scheduled else { return }
    toCome[job] = toCome[job].flatMap { $0 > 1 ? $0 - 1 : nil }
    // By now its zone may be too small for good.
    if context.couldHold(context.demand(job), in: decision.zone) {
      assigned.assign(job, to: decision.zone, start: decision.startAt, context)
      log.note(job, decision.zone, context)
    } else if status == .pending, toCome[job] == nil {
      undecided.insert(job)
    }
  }

  var figures: [(name: String, value: Double?)] {
    log.figures + [
      ("jobs_undecided", Double(undecided.count)), ("decisions_ignored", Double(given - log.count)),
    ]
  }
}

extension DecisionReplay: DecisionReasons {
  func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    DecisionBasis(rankedBy: "the operators' recorded decision", candidates: 1)
  }
}
