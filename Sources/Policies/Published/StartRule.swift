public import Domain
public import Engine

/// A start of a job in a zone, with its score: the lowest is best.
public struct ScoredStart: Sendable, Hashable {
  public var score: Double
  public var start: Instant

  public init(score: Double, start: Instant) {
    self.score = score
    self.start = start
  }

  /// True if the score is lower than another's by more than sums differ for the order of their terms, so that ties go
  /// to the start that was looked at first.
  public func isBetter(than other: ScoredStart) -> Bool { score.isClearlyLess(than: other.score) }
}

/// The second door for a policy's author: the start of a job in a zone, by the forecast at its submission.
///
/// The rest is ``PlannedPolicy``'s: the comparison of zones, plans, wake-ups, waiting for room, caps, outages,
/// recommendations, and the reasons in the decision log.
///
///     struct CheapestStart: StartRule {
///       let rankedBy = "forecast price at the start, per kWh"
///       func best(for job: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart {
///         let (price, last) = (context.forecast.price(zone), context.job(job).latestStart)
///         let starts = sequence(first: context.now) { $0 + .hours(1) }.prefix { $0 <= last }
///         let start = starts.min { price.value(at: $0) < price.value(at: $1) } ?? context.now
///         return ScoredStart(score: weight * price.value(at: start), start: start)
///       }
///     }
///
/// `lowest-slot`, `lowest-window`, `carbon-time` and `greenest-within-window` are rules of this kind.
public protocol StartRule: Sendable {
  /// Zones that are looked at for a job. By default any.
  var scope: ZoneScope { get }

  /// Name of the score, with its unit, for the decision log.
  var rankedBy: String { get }

  /// The best start of a job in a zone, from now on, by the forecast of now; ties go to the earliest. Called for each
  /// zone at the job's submission and again for the log, so it must not draw random numbers.
  ///
  /// - Parameter weight: energy that the job draws in this zone, facility included, relative to the other zones, so that
  ///   scores compare: a score of intensity or price is multiplied by it. It is 1 if there is no choice of the zone.
  func best(for job: JobID, in zone: ZoneIndex, weight: Double, _ context: PolicyContext) -> ScoredStart

  /// A score in the unit that ``rankedBy`` names, for the decision log. By default the score itself.
  ///
  /// - Parameter candidates: number of zones that were compared.
  func shown(
    _ score: Double, of job: JobID, in zone: ZoneIndex, candidates: Int, _ context: PolicyContext
  ) -> Double
}

extension StartRule {
  public var scope: ZoneScope { .any }

  public func shown(
    _ score: Double, of job: JobID, in zone: ZoneIndex, candidates: Int, _ context: PolicyContext
  ) -> Double { score }
}
