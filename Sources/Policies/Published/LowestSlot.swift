internal import Domain
internal import Engine

/// `lowest-slot`: a job starts at the first instant of the lowest forecast intensity from its submission up to its
/// latest start, both included. It looks at the intensity at the start alone.
///
/// "Lowest Carbon Slot" of Hanafy, Liang, Bashir, Souza, Irwin and Shenoy, "Going Green for Less Green: Optimizing the
/// Cost of Reducing Cloud Carbon Emissions", ASPLOS 2024, doi:10.1145/3620666.3651374. O(steps up to the latest start)
/// a zone.
struct LowestSlot: StartRule {
  let scope: ZoneScope
  let rankedBy = "forecast carbon intensity at the start, gCO2/kWh"
  private let limit: WaitLimit

  init(_ parameters: PolicyParameters) {
    scope = ZoneScope(parameters)
    limit = WaitLimit(parameters)
  }

  func best(for handle: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart {
    let view = context.forecast.carbon(zone)
    let latest = limit.latestStart(context.job(handle))
    var best = ScoredStart(score: weight * view.value(at: context.now), start: context.now)
    var at = view.nextStamp(after: context.now)
    while at <= latest, at != .never {
      let score = weight * view.value(at: at)
      if score < best.score { best = ScoredStart(score: score, start: at) }
      at = view.nextStamp(after: at)
    }
    return best
  }

  static let entry = PolicyCatalog.Entry(
    name: "lowest-slot", summary: "waits for the lowest forecast intensity at the start (GAIA, ASPLOS'24)",
    parameters: WaitLimit.parameters + [ZoneScope.parameter(standard: "home")]
  ) { PlannedPolicy(LowestSlot($0.parameters)) }
}
