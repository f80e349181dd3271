/// How soon a workload is wanted.
public enum Urgency: UInt8, Sendable, CaseIterable {
  case low, medium, high, critical

  /// As the platform's tables write it.
  public var name: String { Urgency.names[Int(rawValue)] }
  private static let names = ["LOW", "MEDIUM", "HIGH", "CRITICAL"]
  /// The platform's priority: 30, 50, 70, 90.
  public var priority: Int { 30 + 20 * Int(rawValue) }
}

/// The kind of work that a job does.
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
  public var submittedAt: Instant
  /// Duration that the submitter expects, > 0.
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
  // Four bytes each: a live job's record is then three cache lines.
  @usableFromInline var storedTextHandle: Int32
  @usableFromInline var storedHomeZone: Int32
  @usableFromInline var storedUser: Int32
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
    self.submittedAt = submittedAt
    self.estimatedDuration = estimatedDuration
    self.demand = demand
    self.estimatedEnergy = estimatedEnergy
    self.deadline = deadline
    self.deferralWindow = deferralWindow
    self.emissionsCap = Emissions(.infinity)
    self.intensityCap = CarbonIntensity(.infinity)
    self.costCap = Money(.infinity)
    self.storedTextHandle = -1
    self.storedHomeZone = Int32(homeZone)
    self.storedUser = 0
    self.urgency = urgency
    self.type = type
  }

  /// Handle by which the source finds the job's texts until its record is written; -1 for none.
  @inlinable public var textHandle: Int {
    get { Int(storedTextHandle) }
    set { storedTextHandle = Int32(newValue) }
  }
  /// The home zone's place in the scenario's list; -1 for none.
  @inlinable public var homeZone: Int {
    get { Int(storedHomeZone) }
    set { storedHomeZone = Int32(newValue) }
  }
  /// Place in the source's list of users, from 0.
  @inlinable public var user: Int {
    get { Int(storedUser) }
    set { storedUser = Int32(newValue) }
  }

  /// True if the job has a cap on emissions, cost or intensity.
  @inlinable public var hasCaps: Bool {
    emissionsCap.value.isFinite || costCap.value.isFinite || intensityCap.value.isFinite
  }

  /// IT power while running: estimated energy over estimated duration, else the hardware model's (contract §1).
  @inlinable
  public func power(on hardware: HardwareModel) -> Power {
    estimatedEnergy.value.isNaN
      ? hardware.power(of: demand) : Power(estimatedEnergy.value / estimatedDuration.inHours)
  }

  /// ``power(on:)`` in kWh a millisecond: a ledger that counts in milliseconds saves the divisions.
  @inlinable @inline(__always)
  public func energyPerMillisecond(on hardware: HardwareModel) -> Double {
    estimatedEnergy.value.isNaN
      ? hardware.power(of: demand).value / 3_600_000
      : estimatedEnergy.value / Double(estimatedDuration.milliseconds)
  }

  /// The latest useful start: min(submission + deferral window, deadline − estimate), never before submission.
  @inlinable
  public var latestStart: Instant {
    let deferred = submittedAt + deferralWindow
    guard deadline != .never else { return deferred }
    return max(submittedAt, min(deferred, deadline - estimatedDuration))
  }
}
