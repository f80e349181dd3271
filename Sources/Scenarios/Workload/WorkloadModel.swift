public import Domain
public import Randomness

/// The model from which a workload is generated: when jobs arrive, what they are and which users submit them.
public struct WorkloadModel: Hashable, Sendable {
  public var arrivals: ArrivalModel
  /// Not empty.
  public var classes: [WorkloadClass]
  public var users: UserModel

  public init(arrivals: ArrivalModel, classes: [WorkloadClass], users: UserModel = UserModel()) {
    self.arrivals = arrivals
    self.classes = classes
    self.users = users
  }
}

/// Who sends the jobs: `user-1`, `user-2`, … with equal shares or Zipf's, 1/rank^exponent.
public struct UserModel: Hashable, Sendable {
  /// From 1 to a million.
  public var count: Int
  /// 0 gives equal shares.
  public var zipfExponent: Double

  public init(count: Int = 1, zipfExponent: Double = 0) {
    self.count = count
    self.zipfExponent = zipfExponent
  }
}

/// One kind of job.
public struct WorkloadClass: Hashable, Sendable {
  /// Names the jobs and the class's random streams; unique in a model.
  public var name: String
  /// Its share of the jobs, relative to the other classes'.
  public var weight: Double
  public var type: WorkloadType
  /// Weights of LOW, MEDIUM, HIGH and CRITICAL.
  public var urgency: [Double]
  /// Seconds that a job really runs; values below a millisecond count as one.
  public var duration: Distribution
  /// Estimated over actual duration.
  public var estimateRatio: Distribution
  public var cores: SizeModel
  public var gpus: SizeModel
  public var memory: MemoryModel
  public var energy: EnergyModel
  public var deferral: DeferralRule
  public var deadline: DeadlineRule
  public var caps: CapModel
  public var home: HomeModel

  public init(
    name: String, weight: Double = 1, type: WorkloadType = .other, urgency: [Double] = [0, 1, 0, 0],
    duration: Distribution, estimateRatio: Distribution, cores: SizeModel, gpus: SizeModel,
    memory: MemoryModel, energy: EnergyModel = .hardware, deferral: DeferralRule = .byUrgency,
    deadline: DeadlineRule = .byUrgency, caps: CapModel = CapModel(), home: HomeModel = .none
  ) {
    self.name = name
    self.weight = weight
    self.type = type
    self.urgency = urgency
    self.duration = duration
    self.estimateRatio = estimateRatio
    self.cores = cores
    self.gpus = gpus
    self.memory = memory
    self.energy = energy
    self.deferral = deferral
    self.deadline = deadline
    self.caps = caps
    self.home = home
  }
}

/// A number of CPU cores or GPUs: whole, so that a fraction of a GPU takes one.
public struct SizeModel: Hashable, Sendable {
  public enum Rounding: String, Hashable, Sendable, CaseIterable {
    /// To the next whole number.
    case up
    /// To the next power of two; 0 stays 0.
    case powerOfTwo = "power_of_two"
  }

  public var values: Distribution
  public var rounding: Rounding

  public init(_ values: Distribution, rounding: Rounding = .up) {
    self.values = values
    self.rounding = rounding
  }
}

/// Gigabytes of memory, rounded up to thousandths.
public enum MemoryModel: Hashable, Sendable {
  case perCore(Distribution)
  case total(Distribution)
}

/// IT energy over the estimated duration.
public enum EnergyModel: Hashable, Sendable {
  /// From the zone's watts per core, GPU and GB.
  case hardware
  /// (base + perCore × cores + hours × (perCoreHour × cores + perGPUHour × GPUs + perGigabyteHour × GB)) × a uniform
  /// number of 1 ± spread.
  case terms(EnergyTerms)
}

/// kWh, and kWh a unit.
public struct EnergyTerms: Hashable, Sendable {
  public var base: Double
  public var perCore: Double
  public var perCoreHour: Double
  public var perGPUHour: Double
  public var perGigabyteHour: Double
  /// 0 ≤ spread < 1.
  public var spread: Double

  public init(
    base: Double = 0, perCore: Double = 0, perCoreHour: Double = 0, perGPUHour: Double = 0,
    perGigabyteHour: Double = 0, spread: Double = 0
  ) {
    self.base = base
    self.perCore = perCore
    self.perCoreHour = perCoreHour
    self.perGPUHour = perGPUHour
    self.perGigabyteHour = perGigabyteHour
    self.spread = spread
  }
}

/// How long after its submission a job may start.
public enum DeferralRule: Hashable, Sendable {
  /// CRITICAL 0, HIGH 30 min, MEDIUM 2 h, LOW 6 h.
  case byUrgency
  case span(TimeSpan)
}

/// When a job must have ended, counted from its submission.
public enum DeadlineRule: Hashable, Sendable {
  case none
  /// CRITICAL 30 min, HIGH 2 h, MEDIUM 6 h, LOW 24 h; the deferral window and the estimated duration where they add up
  /// to more, so that a job which starts by its window's end can meet it.
  case byUrgency
  case span(TimeSpan)
  /// This many estimated durations, ≥ 1.
  case slack(Double)
}

/// Caps on the emissions, the intensity and the cost of a job.
public struct CapModel: Hashable, Sendable {
  /// Emissions, as a multiple of estimated energy × `referenceIntensity`; infinite for no cap.
  public var emissions: Double
  /// gCO2/kWh.
  public var intensity: CarbonIntensity
  /// Cost, as a multiple of estimated energy × `referencePrice`.
  public var cost: Double
  public var referenceIntensity: CarbonIntensity
  public var referencePrice: EnergyPrice

  /// Without arguments there are no caps. The references are Great Britain's means of 2020 to 2025 (156 gCO2/kWh) and a
  /// round price.
  public init(
    emissions: Double = .infinity, intensity: CarbonIntensity = CarbonIntensity(.infinity), cost: Double = .infinity,
    referenceIntensity: CarbonIntensity = CarbonIntensity(156), referencePrice: EnergyPrice = EnergyPrice(0.2)
  ) {
    self.emissions = emissions
    self.intensity = intensity
    self.cost = cost
    self.referenceIntensity = referenceIntensity
    self.referencePrice = referencePrice
  }
}
