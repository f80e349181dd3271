import Domain
import Engine
import Policies

/// `cheapest-start`: of the starts every hour up to a job's latest start, the one with the lowest forecast cost.
public struct CheapestStart: StartRule {
  public let rankedBy = "forecast cost of the best start, in relative units"

  public func best(for id: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart {
    let (job, price) = (context.job(id), context.forecast.price(zone))
    var (best, start) = (ScoredStart(score: .infinity, start: context.now), context.now)
    repeat {
      let cost = weight * price.integral(from: start, to: start + job.estimatedDuration)
      let found = ScoredStart(score: cost, start: start)
      if found.isBetter(than: best) { best = found }
      start = start + .hours(1)
    } while start <= job.latestStart
    return best
  }
}

extension CheapestStart {
  public static let entry = PolicyCatalog.Entry(
    name: "cheapest-start", summary: "the zone and hourly start with the lowest forecast cost"
  ) { _ in PlannedPolicy(CheapestStart()) }
}
