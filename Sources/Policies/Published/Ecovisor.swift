internal import Domain
internal import Engine

/// `ecovisor`: a job runs while the intensity is below the 30 % quantile of the day that was forecast at its submission,
/// and is suspended else, until the time that it may wait is used up; then it runs on.
///
/// The suspend–resume policy of Souza, Bashir, Murillo, Hanafy, Liang, Irwin and Shenoy, "Ecovisor: A Virtual Energy
/// System for Carbon-Efficient Applications", ASPLOS 2023, doi:10.1145/3575693.3575709, as Hanafy et al. compare it
/// (ASPLOS 2024, doi:10.1145/3620666.3651374). O(s log s) in the steps of the look-ahead; see ``ThresholdPolicy``.
struct Ecovisor: ThresholdRule {
  let scope: ZoneScope
  let limit: WaitLimit
  let name = "below a quantile of the day that was forecast when the job was submitted"
  let pauses = true
  private let quantile: Double
  private let lookAhead: TimeSpan
  private let slot: TimeSpan

  init(_ parameters: PolicyParameters) {
    func span(_ name: String, _ standard: Double) -> TimeSpan {
      TimeSpan(milliseconds: max(1000, Int64((parameters.number(name, default: standard) * 1000).rounded())))
    }
    scope = ZoneScope(parameters)
    limit = WaitLimit(parameters)
    quantile = parameters.number("quantile", default: 0.3)
    lookAhead = span("look_ahead", 86_400)
    slot = span("slot", 300)
  }

  func threshold(for handle: JobID, in zone: ZoneIndex, _ context: PolicyContext) -> Double {
    SampledQuantile.find(
      context.forecast.carbon(zone), quantile, from: context.now, until: context.now + lookAhead, every: slot)
  }

  static let entry = PolicyCatalog.Entry(
    name: "ecovisor",
    summary: "runs jobs below the 30 % quantile of the next day's intensity, else suspends them (ASPLOS'23)",
    parameters: WaitLimit.parameters + [
      PolicyParameter(
        "quantile", .number(0...1), "share of the samples that counts as low intensity", standard: "0.3"),
      PolicyParameter("look_ahead", .span, "how far ahead the samples reach", standard: "24h"),
      PolicyParameter("slot", .span, "time between two samples, at least 1s", standard: "5m"),
      ZoneScope.parameter(standard: "home"),
    ],
    suspendsJobs: true
  ) { ThresholdPolicy(Ecovisor($0.parameters)) }
}

/// A quantile of samples of a step function at even spacing, linear between order statistics (type 7 of Hyndman and Fan
/// 1996, doi:10.1080/00031305.1996.10473566).
enum SampledQuantile {
  /// Samples stand at from, from + slot, … before until. O(s log s) in the steps between, however many samples.
  static func find(_ view: StepView, _ quantile: Double, from: Instant, until: Instant, every slot: TimeSpan) -> Double
  {
    /// How many samples stand before an instant.
    func samples(before instant: Instant) -> Int64 {
      ((instant - from).milliseconds + slot.milliseconds - 1) / slot.milliseconds
    }
    var steps: [(value: Double, count: Int64)] = []
    var at = from
    while at < until {
      let next = min(view.nextStamp(after: at), until)
      steps.append((view.value(at: at), samples(before: next) - samples(before: at)))
      at = next
    }
    steps.sort { $0.value < $1.value }
    let place = quantile * Double(samples(before: until) - 1)
    let low = Int64(place.rounded(.down))
    /// The sample of a rank, from 0.
    func sample(_ rank: Int64) -> Double {
      var passed: Int64 = 0
      for step in steps {
        passed += step.count
        if rank < passed { return step.value }
      }
      return steps.last?.value ?? 0
    }
    let (lower, upper) = (sample(low), sample(low + 1))
    return lower + (upper - lower) * (place - Double(low))
  }
}
