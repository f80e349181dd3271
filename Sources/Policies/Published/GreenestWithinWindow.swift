internal import Domain
internal import Engine

/// `greenest-within-window`: the zone and start of least forecast emissions from submission up to the latest start.
///
/// The non-interrupting strategy of Wiesner, Behnke, Scheinert, Gontarska and Thamsen, "Let's Wait Awhile", Middleware
/// 2021, doi:10.1145/3464298.3493399, in space and time as in Sukprasert, Souza, Bashir, Irwin and Shenoy, EuroSys 2024,
/// doi:10.1145/3627703.3629587. Exact for a constant draw: see ``GreenestStart``.
struct GreenestWithinWindow: StartRule {
  let scope: ZoneScope
  let rankedBy = "forecast emissions of the best start, in relative units"
  private let limit: WaitLimit

  init(_ parameters: PolicyParameters) {
    scope = ZoneScope(parameters, standard: "any")
    limit = WaitLimit(parameters)
  }

  func best(for handle: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart {
    let job = context.job(handle)
    let found = GreenestStart.find(
      context.forecast.carbon(zone), length: job.estimatedDuration, from: context.now, latest: limit.latestStart(job))
    return ScoredStart(score: weight * found.score, start: found.start)
  }

  static let entry = PolicyCatalog.Entry(
    name: "greenest-within-window", summary: "the zone and start with the lowest forecast emissions within the window",
    parameters: WaitLimit.parameters + [ZoneScope.parameter(standard: "any")]
  ) { PlannedPolicy(GreenestWithinWindow($0.parameters)) }
}

/// The start of least emissions of a constant draw over a step function.
///
/// Its integral over [s, s + length) is piecewise linear in s, with corners where either end falls on a step: so the
/// minimum is at the first start, at the last, at a stamp, or a length before one.
enum GreenestStart {
  /// O(stamps between the first start and the last end). Ties go to the earliest.
  static func find(_ view: StepView, length: TimeSpan, from: Instant, latest: Instant) -> ScoredStart {
    var best = ScoredStart(score: .infinity, start: from)
    func look(_ start: Instant) {
      let score = view.integral(from: start, to: start + length)
      let isEarlier = start < best.start && !best.score.isClearlyLess(than: score)
      if score.isClearlyLess(than: best.score) || isEarlier { best = ScoredStart(score: score, start: start) }
    }
    look(from)
    var stamp = view.nextStamp(after: from)
    while stamp != .never, stamp <= latest + length {
      if stamp <= latest { look(stamp) }
      let before = stamp - length
      if before > from, before <= latest { look(before) }
      stamp = view.nextStamp(after: stamp)
    }
    if latest > from { look(latest) }
    return best
  }
}
