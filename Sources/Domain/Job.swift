/// How soon a workload is wanted.
public enum Urgency: UInt8, Sendable, CaseIterable {
  case low, medium, high, critical

  /// As the platform's tables write it.
  public var name: String { Urgency.names[Int(rawValue)] }
  private static let names = ["LOW", "MEDIUM", "HIGH", "CRITICAL"]
  /// The platform's priority: 30, 50, 70, 90.
  public var priority: Int { 30 + 20 * Int(rawValue) }
}

/// What a workload does.
public enum WorkloadType: UInt8, Sendable, CaseIterable {
  case training, inference, batch, trainingRun, inferenceBatch, ragQuery, fineTuning, dataProcessing, other

  /// As the platform's tables write it.
  public var name: String { WorkloadType.names[Int(rawValue)] }
  private static let names = [
    "TRAINING", "INFERENCE", "BATCH", "TRAINING_RUN", "INFERENCE_BATCH", "RAG_QUERY", "FINE_TUNING",
    "DATA_PROCESSING", "OTHER",
  ]
}

/// One unit of work as it was submitted: what a policy may know of it.
///
/// Absent limits are `Instant.never` or infinity, an absent home zone is -1 and an absent energy is NaN, so that the
/// engine copies a flat value without reference counts.
@frozen
public struct Job: Sendable {
  /// Place in the source's submission order, from 0.
  public var sequence: Int
  /// A hash of `job_id`, for the placement signature.
  public var identity: UInt64
  /// Where the source keeps the job's texts until its record is written; -1 for none.
  public var textHandle: Int
  public var submittedAt: Instant
  /// What the submitter expects, > 0.
  public var estimatedDuration: TimeSpan
  public var demand: Resources
  /// Estimated IT energy, kWh over the estimated duration; NaN where the zone's hardware model gives it.
  public var estimatedEnergy: Energy
  public var deadline: Instant
  public var deferralWindow: TimeSpan
  /// `carbon_cap_gco2`: total emissions.
  public var emissionsCap: Emissions
  /// `max_carbon_intensity_gco2_kwh`.
  public var intensityCap: CarbonIntensity
  /// `max_price_gbp`: total cost.
  public var costCap: Money
  public var homeZone: Int
  /// Place in the source's list of users, from 0.
  public var user: Int
  public var urgency: Urgency
  public var type: WorkloadType

  @inlinable
  public init(
    sequence: Int, identity: UInt64, submittedAt: Instant, estimatedDuration: TimeSpan, demand: Resources,
    estimatedEnergy: Energy = Energy(.nan), deadline: Instant = .never, deferralWindow: TimeSpan = .minutes(120),
    homeZone: Int = -1, urgency: Urgency = .medium, type: WorkloadType = .other
  ) {
    self.sequence = sequence
    self.identity = identity
    self.textHandle = -1
    self.submittedAt = submittedAt
    self.estimatedDuration = estimatedDuration
    self.demand = demand
    self.estimatedEnergy = estimatedEnergy
    self.deadline = deadline
    self.deferralWindow = deferralWindow
    self.emissionsCap = Emissions(.infinity)
    self.intensityCap = CarbonIntensity(.infinity)
    self.costCap = Money(.infinity)
    self.homeZone = homeZone
    self.user = 0
    self.urgency = urgency
    self.type = type
  }

  /// IT power while running: estimated energy over estimated duration, else the hardware model's (contract §1).
  @inlinable
  public func power(on hardware: HardwareModel) -> Power {
    estimatedEnergy.value.isNaN
      ? hardware.power(of: demand) : Power(estimatedEnergy.value / estimatedDuration.inHours)
  }

  /// The latest useful start: min(submission + deferral window, deadline − estimate), never before submission.
  @inlinable
  public var latestStart: Instant {
    let deferred = submittedAt + deferralWindow
    guard deadline != .never else { return deferred }
    return max(submittedAt, min(deferred, deadline - estimatedDuration))
  }
}
