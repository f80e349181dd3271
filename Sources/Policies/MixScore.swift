public import Domain
public import Engine

/// `mix-score`: as `greedy-lowest-carbon`, but into the zone with the highest legacy score of the Pylon platform,
///
///     renewable_mix_pct − carbon_intensity / 10
///
/// (ties: lower price, then scenario order). No input tells the renewable share; it is taken from the intensity by the
/// line through the platform's own three examples, 80 % at 120 g, 75 % at 140 g and 70 % at 160 g:
///
///     renewable_mix_pct = 110 − carbon_intensity / 4, at least 0 and at most 100
///
/// With it the score falls as the intensity rises, so that the order of the zones is that of `greedy-lowest-carbon`.
public final class MixScore: Policy {
  @exclusivity(unchecked) private var queue: ImmediateQueue<HighestMixScore>

  public init(backfill: Bool = false) { queue = ImmediateQueue(HighestMixScore(), backfill: backfill) }

  public func submitted(_ job: JobID, _ context: PolicyContext) { queue.submitted(job, context) }

  public func dispatch(_ context: PolicyContext) { queue.dispatch(context) }

  public func withdraw(_ job: JobID, _ context: PolicyContext) -> Bool { queue.withdraw(job) }

  /// The score of a zone.
  ///
  /// - Parameter renewablePercent: the share of renewables in the zone's mix, 0...100.
  public static func score(renewablePercent: Double, intensity: CarbonIntensity) -> Double {
    renewablePercent - intensity.value / 10
  }

  /// The share of renewables at an intensity, in percent, where no input tells it.
  public static func renewablePercent(at intensity: CarbonIntensity) -> Double {
    min(100, max(0, 110 - intensity.value / 4))
  }

  static let entry = PolicyCatalog.Entry(
    name: "mix-score",
    summary: "starts jobs first in, first out, in the zone with the platform's highest renewable-mix score",
    parameters: [.queue], defersJobs: false
  ) { MixScore(backfill: $0.backfills) }
}

/// The zone with the highest ``MixScore``.
struct HighestMixScore: ZoneSearch {
  var rankedBy: String { "renewable-mix score now, negated" }
  private var order = ZoneOrder()

  func score(of zone: ZoneIndex, for job: JobID, _ context: PolicyContext) -> Double {
    HighestMixScore.negatedScore(of: zone, context)
  }

  private static func negatedScore(of zone: ZoneIndex, _ context: PolicyContext) -> Double {
    let intensity = context.intensity(zone)
    return -MixScore.score(renewablePercent: MixScore.renewablePercent(at: intensity), intensity: intensity)
  }

  private mutating func ranked(_ context: PolicyContext) -> [ZoneIndex] {
    order.zones(context) { (HighestMixScore.negatedScore(of: $0, context), context.price($0).value) }
  }

  mutating func recommend(_ job: JobID, _ context: PolicyContext) {
    context.recommend(job, ranking: ranked(context))
  }

  mutating func choose(for job: JobID, among zones: OpenZones) -> ZoneIndex {
    zones.first(of: ranked(zones.context))
  }
}

extension MixScore: DecisionReasons {
  public func reasons(
    for job: JobID, in zone: ZoneIndex, at start: Instant?, _ context: PolicyContext
  ) -> DecisionBasis {
    HighestMixScore().reasons(for: job, in: zone, at: start, context)
  }
}
