public import Domain
public import Engine

extension DeadlineAware: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    // In pieces, terms and predictions are those of an unbroken run from the first piece's start.
    let pieces = splits[job]?.segments.count ?? 1
    let text =
      "weighted sum of carbon, cost, delay, risk and pressure"
      + (pieces > 1 ? "; planned in \(pieces) pieces, with the figures of an unbroken run" : "")
    guard let desk else { return DecisionBasis(rankedBy: text, candidates: 0) }
    let (candidates, ranking) = desk.ranking(job, chosen: zone, start, context)
    return DecisionBasis(rankedBy: text, candidates: candidates, ranking: ranking)
  }
}

extension Desk {
  /// Every zone that could hold a job with its best start and what its score is the sum of: the chosen start first, then
  /// zones with room by their scores, then those without. Candidate by candidate, as ``CandidateList`` has them:
  /// O(zones × steps in the window).
  func ranking(
    _ handle: JobID, chosen: ZoneIndex, _ start: Instant?, _ context: PolicyContext
  ) -> (candidates: Int, ranking: [RankedStart]) {
    let job = context.job(handle)
    let score = JobScore(job, now: context.now, weights: weights)
    let forecast = context.forecast
    var list = list
    let zones = context.zones.indices.filter { context.couldHold(job.demand, in: $0) }
    list.setReferences(zones, score, forecast)
    var candidates = 0
    var own: RankedStart?
    var ranked: [(isFull: Bool, start: RankedStart)] = []
    for zone in zones {
      let starts = list.starts(zone, score, forecast)
      candidates += starts.count
      if zone == chosen, let start {
        own = scored(handle, zone, start.milliseconds, list, score, context)
      } else {
        ranked.append(best(handle, zone, starts, list, score, context))
      }
    }
    ranked.sort { a, b in
      (a.isFull ? 1 : 0, a.start.score, a.start.zone) < (b.isFull ? 1 : 0, b.start.score, b.start.zone)
    }
    return (candidates, [own].compactMap { $0 } + ranked.map(\.start))
  }

  private func best(
    _ handle: JobID, _ zone: ZoneIndex, _ starts: [Int64], _ list: CandidateList, _ score: JobScore,
    _ context: PolicyContext
  ) -> (isFull: Bool, start: RankedStart) {
    let demand = score.job.demand
    var best: (isFull: Bool, value: Double, start: Int64) = (true, .infinity, score.now)
    for start in starts {
      let isOpen = start > score.now || context.free(zone).holds(demand)
      let isFull = !isOpen || !timeline.holds(demand, zone, from: start, to: start + score.length)
      let value = list.total(handle, zone, start, score, context.forecast)
      if (isFull ? 1 : 0, value) < (best.isFull ? 1 : 0, best.value) { best = (isFull, value, start) }
    }
    return (best.isFull, scored(handle, zone, best.start, list, score, context))
  }

  /// The terms of one start; what a broken cap adds is a term too.
  private func scored(
    _ handle: JobID, _ zone: ZoneIndex, _ start: Int64, _ list: CandidateList, _ score: JobScore,
    _ context: PolicyContext
  ) -> RankedStart {
    let terms = list.terms(zone, start, score, context.forecast)
    var parts = [
      ScoreTerm("carbon", terms.carbon), ScoreTerm("cost", terms.cost), ScoreTerm("delay", terms.delay),
      ScoreTerm("risk", terms.risk), ScoreTerm("pressure", terms.pressure),
    ]
    let instant = Instant(milliseconds: start)
    if score.job.hasCaps, !context.keepsCaps(handle, in: zone, at: instant) {
      parts.append(ScoreTerm("cap", CandidateList.brokenCap))
    }
    return RankedStart(zone: zone, start: instant, score: parts.reduce(0) { $0 + $1.value }, terms: parts)
  }
}
