internal import Domain
internal import Engine

/// `lowest-window`: of the starts at even spacing from submission up to the latest start, the one with the lowest
/// forecast emissions over the expected length.
///
/// "Lowest Carbon Window" of Hanafy et al., ASPLOS 2024, doi:10.1145/3620666.3651374. The expected length is the job's
/// own estimate, or that of its class; the job runs for its true length. O(candidates) a zone.
struct LowestWindow: StartRule {
  let scope: ZoneScope
  let rankedBy = "forecast emissions of the best start over the expected length, in relative units"
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
    var best = ScoredStart(score: .infinity, start: context.now)
    var at = context.now
    repeat {
      let score = weight * view.integral(from: at, to: at + length)
      if score.isClearlyLess(than: best.score) { best = ScoredStart(score: score, start: at) }
      at = at + spacing
    } while at <= latest
    return best
  }

  static let entry = PolicyCatalog.Entry(
    name: "lowest-window",
    summary: "the hourly start with the lowest forecast emissions over the expected length (GAIA)",
    parameters: WaitLimit.parameters + WaitLimit.expectations + [
      CandidateSpacing.parameter, ZoneScope.parameter(standard: "home"),
    ]
  ) { PlannedPolicy(LowestWindow($0.parameters)) }
}

/// The parameter `spacing`: the time between two candidate starts.
enum CandidateSpacing {
  static let parameter = PolicyParameter(
    "spacing", .span, "time between two candidate starts, at least 1s", standard: "1h")

  static func span(_ parameters: PolicyParameters) -> TimeSpan {
    TimeSpan(milliseconds: max(1000, Int64((parameters.number("spacing", default: 3600) * 1000).rounded())))
  }
}
