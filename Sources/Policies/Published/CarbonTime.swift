internal import Domain
internal import Engine

/// `carbon-time`: of the starts at even spacing from submission up to the latest start, the one that saves most carbon
/// for each hour until completion: it maximises (carbon(0) − carbon(d)) / (d + expected length) over the delays d.
///
/// "Carbon-Time" of Hanafy et al., ASPLOS 2024, doi:10.1145/3620666.3651374. In space too (`zones: any`), carbon(0) is a
/// start now at home, of a job without a home in the first zone that is large enough. O(candidates) a zone.
struct CarbonTime: StartRule {
  let scope: ZoneScope
  let rankedBy = "forecast emissions saved, g per hour until completion, negated"
  private let limit: WaitLimit
  private let spacing: TimeSpan

  init(_ parameters: PolicyParameters) {
    scope = ZoneScope(parameters)
    limit = WaitLimit(parameters)
    spacing = CandidateSpacing.span(parameters)
  }

  func best(for handle: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart {
    let job = context.job(handle)
    let view = context.forecast.carbon(zone)
    let length = limit.expectedLength(job)
    let latest = limit.latestStart(job)
    let atOnce = reference(handle, length, context)
    var best = ScoredStart(score: .infinity, start: context.now)
    var at = context.now
    repeat {
      let saved = atOnce - weight * view.integral(from: at, to: at + length)
      let score = -saved / ((at - context.now) + length).inHours
      if score.isClearlyLess(than: best.score) { best = ScoredStart(score: score, start: at) }
      at = at + spacing
    } while at <= latest
    return best
  }

  /// The search counts energy per millisecond, and nothing of it if there is one zone alone.
  func shown(
    _ score: Double, of handle: JobID, in zone: ZoneIndex, candidates: Int, _ context: PolicyContext
  ) -> Double {
    let site = context.zones[zone]
    let weight = candidates == 1 ? context.job(handle).energyPerMillisecond(on: site.hardware) * site.pue : 1
    return score * weight * Double(TimeSpan.hours(1).milliseconds)
  }

  /// What a start now draws at home.
  private func reference(_ handle: JobID, _ length: TimeSpan, _ context: PolicyContext) -> Double {
    let candidates = scope.candidates(handle, context)
    let home = context.job(handle).homeZone
    guard let candidate = candidates.first(where: { $0.zone == home }) ?? candidates.first else { return 0 }
    return candidate.weight
      * context.forecast.carbon(candidate.zone).integral(from: context.now, to: context.now + length)
  }

  static let entry = PolicyCatalog.Entry(
    name: "carbon-time", summary: "the hourly start that saves the most carbon per hour until completion (GAIA)",
    parameters: WaitLimit.parameters + WaitLimit.expectations + [
      CandidateSpacing.parameter, ZoneScope.parameter(standard: "home"),
    ]
  ) { PlannedPolicy(CarbonTime($0.parameters)) }
}
