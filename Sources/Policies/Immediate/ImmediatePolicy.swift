public import Domain
public import Engine

/// A policy that starts every job as soon as some zone may take it, in the zone that a ``ZoneRule`` chooses.
///
/// First in, first out: while no zone has room for the head of the queue it waits, and so does everything behind it.
/// With backfill later jobs that fit go first, in order. Under `caps: hard` a job that no zone permits stands aside until
/// one does, and is rejected if its latest start comes first. A job whose zones are taken away for good is rejected by
/// the engine.
///
/// A dispatch is O(zones) for each job that starts; with backfill, O(log n) in the waiting jobs for each look.
public final class ImmediatePolicy<Rule: ZoneRule>: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<PlainSearch<Rule>>
  /// The rule as it was given, for the log: it is asked while the queue is being changed.
  private let rule: Rule

  public init(_ rule: Rule, backfill: Bool = false) {
    self.rule = rule
    queue = ImmediateQueue(PlainSearch(rule: rule), backfill: backfill)
  }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }
}

extension ImmediatePolicy: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    rule.reasons(for: job, in: zone, at: start, context)
  }
}

/// A rule without a short cut.
struct PlainSearch<Rule: ZoneRule>: ZoneSearch {
  var rule: Rule

  var rankedBy: String { rule.rankedBy }

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double {
    rule.score(of: zone, for: job, context)
  }

  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex { rule.choose(for: job, among: zones) }

  mutating func recommend(_ job: JobID, _ context: PolicyContext) { rule.recommend(job, context) }
}
