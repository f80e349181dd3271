internal import Domain
internal import Engine
internal import Policies

/// How a job stands after a policy has been asked: what it has decided so far.
struct ObservedDecision: Hashable {
  var at: Instant
  /// ``Job/sequence``.
  var job: Int
  var status: JobStatus
  var zone: ZoneIndex
  /// Start of a planned job; otherwise `never`.
  var planned: Instant
  var ranking: Recommendations

  var text: String {
    let ranks = [ranking.first, ranking.second, ranking.third].map { "\($0)" }.joined(separator: ",")
    let plan = planned == .never ? "" : " for \(planned.iso8601)"
    return "at \(at.iso8601) job \(job) is \(status) in zone \(zone)\(plan), ranked \(ranks)"
  }
}

/// Passes everything on to a policy and notes after each call how the live jobs stand, where that has changed.
class ObservedPolicy: Policy {
  private let inner: any Policy
  private(set) var decisions: [ObservedDecision] = []
  private(set) var calls = 0
  /// In order of submission.
  private var live: [(job: JobID, last: ObservedDecision?)] = []

  init(_ inner: any Policy) { self.inner = inner }

  func submitted(_ job: JobID, _ context: PolicyContext) {
    // A job that had to be planned anew is submitted again.
    if !live.contains(where: { $0.job == job }) { live.append((job, nil)) }
    inner.submitted(job, context)
    look(context)
  }

  func completed(_ job: JobID, _ context: PolicyContext) {
    live.removeAll { $0.job == job }
    inner.completed(job, context)
    look(context)
  }

  func capacityChanged(_ zone: ZoneIndex, _ context: PolicyContext) {
    inner.capacityChanged(zone, context)
    look(context)
  }

  func suspendedByOutage(_ job: JobID, _ context: PolicyContext) -> Bool {
    inner.suspendedByOutage(job, context)
  }

  func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { inner.withdraw(job, context) }

  func dispatch(_ context: PolicyContext) {
    calls += 1
    inner.dispatch(context)
    look(context)
    live.removeAll { context.status($0.job) == .rejected }
  }

  func mayUse(_ zone: ZoneIndex, for job: Job) -> Bool { inner.mayUse(zone, for: job) }
  var staysAtHome: Bool { inner.staysAtHome }
  var leavesJobs: Bool { inner.leavesJobs }

  private func look(_ context: PolicyContext) {
    for place in live.indices {
      let record = context.jobs[live[place].job]
      let status = record.status
      var stand = ObservedDecision(
        at: .never, job: record.job.sequence, status: status, zone: record.zone,
        planned: status == .scheduled ? record.plannedStart : .never, ranking: record.recommendations)
      guard stand != live[place].last else { continue }
      live[place].last = stand
      stand.at = context.now
      decisions.append(stand)
    }
  }
}

/// Observes a policy that gives reasons.
final class ReasonedPolicy: ObservedPolicy, DecisionReasons {
  private let reasoned: any DecisionReasons

  init(_ inner: any DecisionReasons) {
    reasoned = inner
    super.init(inner)
  }

  func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    reasoned.reasons(for: job, in: zone, at: start, context)
  }
}
