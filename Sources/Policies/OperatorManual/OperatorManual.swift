public import Domain
public import Engine
internal import HeapModule

/// `operator-manual`: people. A policy named by `recommend` ranks the zones when a job is submitted. Operators on shift
/// look at the dashboard every `poll` seconds from the start of their shift on, or at set `times`, and review pending
/// jobs one at a time: the most urgent first, of equals the oldest. A review takes a random time; at its end the
/// operator chooses the first, second or third recommendation or follows a habit, by given odds. The job is then
/// SCHEDULED and starts as soon as it fits into its zone, each zone first in, first out. After a review the operator
/// goes on with the next pending job at once, up to `batch` jobs a look.
///
/// Nothing is decided outside all shifts. A review that the end of the shift cuts off leaves what is left of its time
/// to whoever takes the job next. Every operator draws from a stream of the operator's own, by name.
///
/// With `decisions: file.csv` a record is replayed instead: every job is assigned as the record says, and one without
/// a decision is left PENDING.
public final class OperatorManual: Policy, PolicyReport {
  private let habits: OperatorHabits
  private var operators: [Operator]
  @exclusivity(unchecked) private var recommender: any Recommender
  private var pending = Heap<Pending>()
  /// Handles of reviews that were cut off, with what is left of them.
  private var cutOff: [JobID: Int64] = [:]
  private var assigned = ZoneQueues()
  private var log = DecisionLog()
  private let clock: Range<Instant>?
  private var wake = Int64.min
  /// Told of every decision.
  public var onDecision: ((RecordedDecision) -> Void)?

  private struct Pending: Comparable {
    var urgency: UInt8
    var sequence: Int
    var job: JobID

    static func < (a: Pending, b: Pending) -> Bool {
      a.urgency != b.urgency ? a.urgency > b.urgency : a.sequence < b.sequence
    }
  }

  init(habits: OperatorHabits, operators: [Operator], recommender: any Recommender, clock: Range<Instant>? = nil) {
    self.habits = habits
    self.operators = operators
    self.recommender = recommender
    self.clock = clock
  }

  public func submitted(_ job: JobID, _ context: PolicyContext) {
    recommender.recommend(job, context)
    let asked = context.job(job)
    pending.insert(Pending(urgency: asked.urgency.rawValue, sequence: asked.sequence, job: job))
  }

  public func dispatch(_ context: PolicyContext) {
    let now = context.now.milliseconds
    for place in operators.indices where operators[place].until <= now { finish(place, context) }
    for place in operators.indices where !operators[place].isReviewing { look(place, now, context) }
    assigned.dispatch(context)
    // The next instant that matters: the end of a review, or a look at what is pending.
    var next = Int64.max
    for place in operators.indices {
      if operators[place].isReviewing {
        next = min(next, operators[place].until)
      } else if !pending.isEmpty {
        next = min(next, operators[place].nextLook(at: now))
      }
    }
    guard next < .max, next != wake || wake <= now else { return }
    wake = next
    context.wake(at: Instant(milliseconds: next))
  }

  /// Where another zone could hold the job, somebody looks at it again.
  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool {
    pending = Heap(pending.unordered.filter { $0.job != job })
    cutOff[job] = nil
    assigned.remove(job)
    for place in operators.indices where operators[place].isReviewing && operators[place].job == job {
      operators[place].finish(habits)
    }
    return true
  }

  /// A review ends, or the shift.
  private func finish(_ place: Int, _ context: PolicyContext) {
    guard let job = operators[place].job else { return }
    let left = operators[place].left
    if left > 0 {
      cutOff[job] = left
      let asked = context.job(job)
      pending.insert(Pending(urgency: asked.urgency.rawValue, sequence: asked.sequence, job: job))
    } else {
      let zone = operators[place].choose(job, context, habits)
      assigned.assign(job, to: zone, start: nil, context)
      log.note(job, zone, context)
      onDecision?(RecordedDecision(job: context.job(job).identity, decidedAt: context.now, zone: zone))
    }
    operators[place].finish(habits)
  }

  private func look(_ place: Int, _ now: Int64, _ context: PolicyContext) {
    guard let top = pending.min else { return operators[place].rest() }
    guard operators[place].nextLook(at: now) == now else { return }
    pending.removeMin()
    operators[place].take(top.job, at: now, left: cutOff.removeValue(forKey: top.job), habits)
  }

  public var figures: [(name: String, value: Double?)] {
    guard let clock else { return log.figures }
    let start = clock.lowerBound.milliseconds
    let span = start..<max(clock.upperBound.milliseconds, log.last)
    let hours = operators.reduce(0) { $0 + Double($1.looks.shift.time(within: span)) / 3_600_000 }
    return log.figures + [
      ("operator_hours", hours), ("decisions_per_operator_hour", hours > 0 ? Double(log.count) / hours : nil),
    ]
  }
}

extension OperatorManual: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    DecisionBasis(
      rankedBy: context.status(job) == .pending && context.recommendations(job).first == zone
        ? "the recommendation shown to operators first" : "an operator's own choice",
      candidates: context.zones.count)
  }
}
