public import Domain

/// Why a job went where and when it did in one run, and what else might have become of it: all from the rows of a
/// `results.sqlite`. Zones are told by their codes; energies in kWh, emissions in kg, costs in `currency`, intensities in
/// gCO2/kWh, times in seconds.
public struct JobExplanation: Encodable, Sendable {
  public var scenario: String
  public var currency: String
  public var policy: String
  public var replication: Int
  public var runId: Int
  public var job: ExplainedJob
  public var outcome: ExplainedOutcome
  /// True if the result has a decision log; without one ``decisions`` is empty and ``forecast`` absent.
  public var hasDecisionLog: Bool
  public var decisions: [ExplainedDecision]
  /// Its wait after the start that it was planned for, or after its submission; `nil` if it did not wait.
  public var wait: ExplainedWait?
  public var forecast: ForecastVerdict?
  /// Emissions and costs that it would have had on the actual trace elsewhere and at its submission: one entry per zone
  /// that could hold it, by the zone's id.
  public var alternatives: [ExplainedAlternative]
  /// True if its window has a start that no outage forbids or cuts, in a zone that then has the capacity.
  public var hasPossibleStart: Bool
  /// The policy's own window for the job, which is searched; `nil` if the job's own window is.
  public var policyWindow: ExplainedWindow?
  /// True if the policy may have had a window of its own that the result does not hold.
  public var mayHaveOwnWindow: Bool
  /// The possible start with the least actual emissions, from its submission to its latest start, whether or not other
  /// jobs left room.
  public var leastInHindsight: HindsightStart?
  /// The least emissions that a suspended job could have caused by running in segments in one zone within the same
  /// window, if suspensions took neither time nor energy.
  public var leastInSegments: HindsightSegments?
}

/// How long a policy lets jobs wait for their starts.
public enum PolicyWait: Sendable {
  /// Each job's own deferral window.
  case own
  /// By the estimated duration: jobs from `threshold` on are long. A deadline binds as well.
  case classes(short: TimeSpan, long: TimeSpan, threshold: TimeSpan)
  /// It may differ from each job's own window, and the result does not hold it.
  case unknown

  var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

/// The window that a policy's own setting gives a job.
public struct ExplainedWindow: Encodable, Sendable {
  /// From the submission on, without regard to a deadline.
  public var waitS: Double
  /// From this estimate on a job is long.
  public var thresholdS: Double
  public var isLong: Bool
  /// The latest start by the wait and the deadline, never before submission.
  public var latestStart: Instant
}

/// The job as it was submitted.
public struct ExplainedJob: Encodable, Sendable {
  public var jobId: String
  public var type: String
  public var urgency: String
  public var submittedAt: Instant
  /// The latest useful start: the end of its deferral window, or its deadline less its estimated duration if that is
  /// earlier; never before its submission.
  public var latestStart: Instant
  public var deferralWindowS: Double
  public var deadline: Instant?
  public var estimatedDurationS: Double
  public var actualDurationS: Double
  public var cpuCores: Double
  public var memoryGb: Double
  public var gpus: Double
  public var homeZone: String?
  public var estimatedEnergyKwh: Double?
  public var carbonCapGco2: Double?
  public var maxCarbonIntensityGco2Kwh: Double?
  public var maxPriceGbp: Double?
}

/// A stretch of time that an interrupted job ran.
public struct ExplainedSegment: Encodable, Sendable {
  public var zone: String
  public var start: Instant
  public var end: Instant?
}

/// Why a zone can never hold a job.
public struct ExplainedObstacle: Encodable, Sendable {
  public var zone: String
  /// True if the zone is out for good; otherwise its capacity is too small for good.
  public var isOut: Bool
  /// Since when; `nil`: always.
  public var since: Instant?
  /// Capacity of the zone from then on.
  public var cpuCores: Double
  public var memoryGb: Double
  public var gpus: Double
}

/// The outcome of a job.
public struct ExplainedOutcome: Encodable, Sendable {
  public var status: String
  /// Reason for a rejection, as stored, or for a failure, from the capacities of the job's zone.
  public var reason: String?
  /// Obstacles to a job that was rejected as too large: why each zone that it may use could not hold it, by zone id.
  public var obstacles: [ExplainedObstacle]
  public var zone: String?
  public var recommended: [String]
  public var start: Instant?
  public var end: Instant?
  /// Segments of a job that was interrupted; otherwise empty.
  public var segments: [ExplainedSegment]
  public var energyKwh: Double?
  public var carbonKg: Double?
  public var costGbp: Double?
}

/// A zone and a start that a policy looked at.
public struct ExplainedOption: Encodable, Sendable {
  public var zone: String
  public var start: Instant?
  public var score: Double?
  /// By name, in the policy's order.
  public var terms: [ExplainedTerm]
  public var predictedIntensityGco2Kwh: Double?
  public var predictedCarbonKg: Double?
  public var predictedCostGbp: Double?
}

public struct ExplainedTerm: Encodable, Sendable {
  public var name: String
  public var value: Double
}

/// A row of the decision log.
public struct ExplainedDecision: Encodable, Sendable {
  public var at: Instant
  public var kind: String
  public var reason: String?
  public var rankedBy: String?
  public var candidates: Int?
  public var forecastIssuedAt: Instant?
  public var chosen: ExplainedOption?
  public var options: [ExplainedOption]
}

/// The time that a job waited in a zone, and what that zone then had.
public struct ExplainedWait: Encodable, Sendable {
  /// The zone in which the job first ran, or would have run.
  public var zone: String
  /// Its planned start if the decision log has one, else its submission.
  public var from: Instant
  /// Its start, or the end of the clock.
  public var until: Instant
  public var plannedStart: Instant?
  public var hasStarted: Bool
  /// Without gaps, in order of time.
  public var stretches: [ExplainedStretch]
}

/// A part of a wait during which one thing held. Free resources are those at its beginning.
public struct ExplainedStretch: Encodable, Sendable {
  /// The first of these that holds.
  public enum Reason: String, Encodable, Sendable {
    /// The zone was out.
    case outage
    /// The zone's capacity, lessened by an event, was smaller than the job.
    case tooSmall = "too_small"
    /// Other jobs left too little free.
    case noRoom = "no_room"
    /// There was room, but the grid was above the job's cap.
    case overIntensityCap = "over_intensity_cap"
    /// There was room, but other jobs that had been submitted and later started there, or nowhere, waited as well. The
    /// result does not have the order of the queue.
    case otherJobs = "other_jobs"
    /// There was room, and no such job.
    case room
  }

  public var reason: Reason
  public var from: Instant
  public var until: Instant
  public var freeCpuCores: Double
  public var freeMemoryGb: Double
  public var freeGpus: Double
  /// At its beginning: other jobs of the zone, and those that got none, that had been submitted and had not started.
  public var otherJobs: Int
  /// The first of these to start, by their starts, at most three.
  public var firstOfOtherJobs: [String]
  /// At its beginning, of a job with a cap.
  public var intensityGco2Kwh: Double?
}

/// Verdict on the forecast by which the job's zone and start were chosen.
public struct ForecastVerdict: Encodable, Sendable {
  public var decidedAt: Instant
  public var issuedAt: Instant?
  public var zone: String
  /// The start that was predicted for.
  public var start: Instant
  public var predicted: ExplainedDraw
  /// Values for this zone, start and estimated duration on the actual trace; `nil` if the file's trace does not reach
  /// that far.
  public var onTheRealTrace: ExplainedDraw?
}

/// Carbon intensity, emissions and cost of a run.
public struct ExplainedDraw: Encodable, Sendable {
  /// Mean over the run.
  public var intensityGco2Kwh: Double?
  public var carbonKg: Double
  public var costGbp: Double
}

/// A zone, with what the job would really have drawn there for its true duration without an interruption; `nil` where
/// the file's trace does not reach.
public struct ExplainedAlternative: Encodable, Sendable {
  public var zone: String
  /// From the instant at which it started; `nil` where it never did.
  public var atItsStart: ExplainedDraw?
  public var hadRoomAtItsStart: Bool?
  /// When an outage forbids or cuts such a run: the start itself if the zone is out then, else the beginning of the first
  /// outage during the run that does not let jobs finish; `nil` for none.
  public var outageAtItsStart: Instant?
  public var atSubmission: ExplainedDraw?
  public var hadRoomAtSubmission: Bool
  /// As ``outageAtItsStart``.
  public var outageAtSubmission: Instant?
}

/// A zone with the least that a job could have emitted there in segments.
public struct HindsightSegments: Encodable, Sendable {
  public var zone: String
  public var carbonKg: Double
}

public struct HindsightStart: Encodable, Sendable {
  public var zone: String
  public var start: Instant
  public var draw: ExplainedDraw
}

/// The job that is explained.
public enum ExplainedChoice: Sendable {
  /// The job with a `job_id`.
  case named(String)
  /// The job of each policy that waited the longest for its start.
  case longestWait
}

/// Reasons why a job cannot be explained.
public enum ExplanationFault: Error {
  /// The result was written with `workloads: none`.
  case noJobRows
  /// The result is that of a sweep, which keeps no jobs.
  case sweep
  case noSuchJob(String, replication: Int, near: String?)
  /// No job of any of the policies started.
  case noStartedJob(replication: Int)
  case noSuchReplication(Int, last: Int)
  case noSuchPolicy(String, known: [String])
}
