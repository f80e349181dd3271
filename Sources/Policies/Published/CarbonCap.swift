internal import Domain
internal import Engine

/// `carbon-cap`: a job starts while its zone's current intensity is at or below a cap, and at its latest start in any
/// case. With `pause: true` it is suspended while the intensity is above, until the time that it may wait is used up.
///
/// The single threshold that Lechowicz, Christianson, Zuo, Bashir, Hajiesmaili, Wierman and Shenoy, "The Online Pause and
/// Resume Problem", Proc. ACM Meas. Anal. Comput. Syst. 7(3), 2023, doi:10.1145/3626776, start from. It looks at the
/// present alone; only `zones: any` asks the forecast, once a job. See ``ThresholdPolicy``.
struct CarbonCap: ThresholdRule {
  let scope: ZoneScope
  let limit: WaitLimit
  var name: String { "at most \(cap) gCO2/kWh, or the job's own cap" }
  let pauses: Bool
  private let cap: Double

  init(_ parameters: PolicyParameters) {
    scope = ZoneScope(parameters)
    limit = WaitLimit(parameters)
    pauses = parameters.flag("pause", default: false)
    cap = parameters.number("cap", default: 150)
  }

  func threshold(for handle: JobID, in zone: ZoneIndex, _ context: PolicyContext) -> Double {
    min(cap, context.job(handle).intensityCap.value).nextUp
  }

  static let entry = PolicyCatalog.Entry(
    name: "carbon-cap",
    summary: "starts jobs while the intensity is at or below a cap, or when they can wait no longer",
    parameters: [
      PolicyParameter(
        "cap", .number(0...Double.infinity), "intensity up to which jobs start; a job's own cap applies if it is lower",
        unit: "gCO2/kWh", standard: "150"),
      PolicyParameter("pause", .flag, "whether running jobs are suspended above the cap", standard: "false"),
    ] + WaitLimit.parameters + [ZoneScope.parameter(standard: "home")],
    suspendsJobs: true
  ) { ThresholdPolicy(CarbonCap($0.parameters)) }
}
