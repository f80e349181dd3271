public import Domain

/// A policy that can say why it decides as it does: what the decision log tells beside the decision itself.
///
/// Asked only where decisions are logged, so it costs a run nothing else. A policy without it is logged all the same,
/// with its recommended zones as what it considered.
public protocol DecisionReasons: Policy {
  /// Why a job is recommended zones, started or planned: asked while nothing of the decision has taken effect. It must
  /// change nothing, nor draw random numbers. The call comes from within the policy's own call to the context, so it must
  /// not look at a variable that is being changed there, such as an array in its `removeAll`.
  ///
  /// - Parameters:
  ///   - zone: the zone chosen; of a recommendation the first one.
  ///   - start: the start chosen, now or later; `nil` of a recommendation, which chooses none.
  func reasons(for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext) -> DecisionBasis
}

/// Tells a sink of decisions. Only in a run that logs them.
@usableFromInline
final class DecisionJournal {
  let sink: any DecisionSink
  /// `nil` for a policy that gives no reasons.
  weak var reasons: (any DecisionReasons)?

  init(_ sink: any DecisionSink, _ policy: any Policy) {
    self.sink = sink
    reasons = policy as? any DecisionReasons
  }
}

extension PolicyContext {
  /// Notes a decision that takes effect next.
  @inline(never)
  func note(
    _ kind: DecisionKind, _ handle: JobID, in zone: ZoneIndex, at start: Instant, _ journal: DecisionJournal,
    rejection: Rejection? = nil
  ) {
    let record = jobs[known: handle]
    let forecast = forecast
    var decision = LoggedDecision(
      at: now, kind: kind, zone: zone, start: start, rejection: rejection, rankedBy: "", candidates: 0,
      forecastIssuedAt: forecast.issuedAt, chosen: nil, ranking: [])
    switch kind {
    case .suspend, .resume, .reject: break
    case .start where record.status == .scheduled && record.zone == zone && record.plannedStart <= now:
      decision.rankedBy = "its plan"
      decision.candidates = 1
      decision.chosen = predicted(RankedStart(zone: zone, start: start), handle)
    case .recommend, .start, .plan, .replan:
      let wanted = kind == .recommend ? nil : start
      let basis =
        journal.reasons?.reasons(for: handle, in: zone, at: wanted, self)
        ?? DecisionBasis(rankedBy: "", candidates: zones.indices.count { couldHold(record.job.demand, in: $0) })
      decision.rankedBy = basis.rankedBy
      decision.candidates = basis.candidates
      // A recommendation is of the zones that are recommended, whatever they are ranked by.
      let ranking =
        kind == .recommend || basis.ranking.isEmpty ? recommended(handle, at: start, basis) : basis.ranking
      decision.ranking = ranking.prefix(3).map { predicted($0, handle) }
      let known = decision.ranking.first { $0.ranked.zone == zone && (wanted ?? $0.ranked.start) == $0.ranked.start }
      decision.chosen = known ?? predicted(RankedStart(zone: zone, start: start), handle)
      decision.start = decision.chosen?.ranked.start ?? start
    }
    journal.sink.accept(decision, of: record.job)
  }

  /// Notes what the engine itself rejects.
  func noteRejection(_ handle: JobID, _ reason: Rejection) {
    if let journal { note(.reject, handle, in: -1, at: .never, journal, rejection: reason) }
  }

  private func recommended(_ handle: JobID, at start: Instant, _ basis: DecisionBasis) -> [RankedStart] {
    let ranked = recommendations(handle)
    // What was recommended at submission may have been made too small since.
    let able = [ranked.first, ranked.second, ranked.third].filter { $0 >= 0 && couldHold(demand(handle), in: Int($0)) }
    return able.map { zone in
      basis.ranking.first { $0.zone == zone } ?? RankedStart(zone: Int(zone), start: start)
    }
  }

  private func predicted(_ ranked: RankedStart, _ handle: JobID) -> PredictedStart {
    let prediction = predict(handle, in: ranked.zone, at: ranked.start)
    let length = job(handle).estimatedDuration
    let mean = forecast.carbon(ranked.zone).integral(from: ranked.start, to: ranked.start + length) / length.inHours
    return PredictedStart(
      ranked: ranked, intensity: CarbonIntensity(mean), emissions: prediction.emissions, cost: prediction.cost)
  }

  /// The reasons of a policy that ranks the zones by a figure of each: the chosen one first, then those that could hold
  /// the job, the lowest figure first, ties in the scenario's order; of those with room now before the others.
  ///
  /// - Parameter key: what the zones are ranked by; NaN for no figure.
  public func reasons(
    for handle: JobID, in zone: ZoneIndex, at start: Instant?, rankedBy: String, key: (ZoneIndex) -> Double
  ) -> DecisionBasis {
    let demand = demand(handle)
    let able = zones.indices.filter { couldHold(demand, in: $0) }
    let keyed = able.map { (zone: $0, key: key($0), isFull: !free($0).holds(demand)) }
    func order(_ item: (zone: ZoneIndex, key: Double, isFull: Bool)) -> (Int, Int, Double, Int) {
      (item.zone == zone ? 0 : 1, item.isFull ? 1 : 0, item.key.isNaN ? 0 : item.key, item.zone)
    }
    return DecisionBasis(
      rankedBy: rankedBy, candidates: able.count,
      ranking: keyed.sorted { order($0) < order($1) }.map {
        RankedStart(zone: $0.zone, start: start ?? now, score: $0.key)
      })
  }
}
