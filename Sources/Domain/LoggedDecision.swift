/// The kind of a policy's decision on a job.
public enum DecisionKind: UInt8, Sendable, CaseIterable {
  /// Ranked the zones.
  case recommend
  case start
  /// Chose a zone and a start to come.
  case plan
  /// Chose anew a zone and a start to come, for a job that already had a plan.
  case replan
  case reject
  case suspend
  case resume

  /// As tables write it.
  public var name: String { DecisionKind.names[Int(rawValue)] }
  private static let names = ["recommend", "start", "plan", "replan", "reject", "suspend", "resume"]
}

/// A part of a score.
public struct ScoreTerm: Hashable, Sendable {
  public var name: String
  public var value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// A zone that a policy considered for a job, with its best start there.
public struct RankedStart: Hashable, Sendable {
  public var zone: ZoneIndex
  public var start: Instant
  /// Value that the policy ranks by, lowest best; NaN if it has no number.
  public var score: Double
  /// Summands of the score; empty if the score is not a sum.
  public var terms: [ScoreTerm]

  public init(zone: ZoneIndex, start: Instant, score: Double = .nan, terms: [ScoreTerm] = []) {
    self.zone = zone
    self.start = start
    self.score = score
    self.terms = terms
  }
}

/// Why a policy decides as it does.
public struct DecisionBasis: Hashable, Sendable {
  /// Name of the score, with its unit; if there is no score, the reason in words.
  public var rankedBy: String
  /// How many pairs of a zone and a start were looked at.
  public var candidates: Int
  /// The best ones, at most one a zone, best first. Three are kept.
  public var ranking: [RankedStart]

  public init(rankedBy: String, candidates: Int, ranking: [RankedStart] = []) {
    self.rankedBy = rankedBy
    self.candidates = candidates
    self.ranking = ranking
  }
}

/// A ranked start with what it was predicted to draw over the job's estimated duration.
public struct PredictedStart: Hashable, Sendable {
  public var ranked: RankedStart
  /// Mean over the run.
  public var intensity: CarbonIntensity
  public var emissions: Emissions
  public var cost: Money

  public init(ranked: RankedStart, intensity: CarbonIntensity, emissions: Emissions, cost: Money) {
    self.ranked = ranked
    self.intensity = intensity
    self.emissions = emissions
    self.cost = cost
  }
}

/// One decision with what it was taken on.
public struct LoggedDecision: Hashable, Sendable {
  public var at: Instant
  public var kind: DecisionKind
  /// The zone chosen; of a suspension the one that the job ran in; -1 for none.
  public var zone: ZoneIndex
  /// When the job is to start or resume; `never` where it is not.
  public var start: Instant
  /// Set where the kind is reject.
  public var rejection: Rejection?
  public var rankedBy: String
  public var candidates: Int
  /// The instant at which the forecast that the decision used was issued.
  public var forecastIssuedAt: Instant
  /// The chosen zone and start, with their prediction; `nil` if nothing is to start.
  public var chosen: PredictedStart?
  /// Up to three zones with their best starts, best first; the chosen one is usually the first.
  public var ranking: [PredictedStart]

  public init(
    at: Instant, kind: DecisionKind, zone: ZoneIndex, start: Instant, rejection: Rejection?, rankedBy: String,
    candidates: Int, forecastIssuedAt: Instant, chosen: PredictedStart?, ranking: [PredictedStart]
  ) {
    self.at = at
    self.kind = kind
    self.zone = zone
    self.start = start
    self.rejection = rejection
    self.rankedBy = rankedBy
    self.candidates = candidates
    self.forecastIssuedAt = forecastIssuedAt
    self.chosen = chosen
    self.ranking = ranking
  }
}

/// Who is told of decisions, in the order in which they are taken. It does not throw, as a policy that decides cannot be
/// stopped half-way: what fails is told at the end.
public protocol DecisionSink: AnyObject {
  func accept(_ decision: LoggedDecision, of job: Job)
}
