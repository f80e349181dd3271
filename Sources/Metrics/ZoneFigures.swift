public import Domain

/// Idle energy at the meter of a zone (or of all) over the clock, with its emissions and cost.
public struct Overhead: Sendable {
  public var energy = Energy.zero
  public var emissions = Emissions.zero
  public var cost = Money.zero

  public init(energy: Energy = .zero, emissions: Emissions = .zero, cost: Money = .zero) {
    self.energy = energy
    self.emissions = emissions
    self.cost = cost
  }

  public static func + (a: Overhead, b: Overhead) -> Overhead {
    Overhead(energy: a.energy + b.energy, emissions: a.emissions + b.emissions, cost: a.cost + b.cost)
  }
}

/// Totals of the jobs that started in a zone.
public struct ZoneTally: Sendable {
  public private(set) var started = 0
  public private(set) var completed = 0
  public private(set) var energy = Energy.zero
  public private(set) var emissions = Emissions.zero
  public private(set) var cost = Money.zero
  /// Allocated within the clock.
  public private(set) var coreMilliseconds = 0.0
  public private(set) var gpuMilliseconds = 0.0
  public private(set) var gigabyteMilliseconds = 0.0

  /// Counts a job that started; its allocation within [from, until).
  mutating func add(_ record: borrowing JobRecord, from clockStart: Instant, until clockEnd: Instant) {
    count(record)
    energy += record.energy
    emissions += record.emissions
    cost += record.cost
    hold(record.job.demand, from: max(record.start, clockStart), until: min(record.end, clockEnd))
  }

  @inline(__always)
  mutating func count(_ record: borrowing JobRecord) {
    started += 1
    if record.status == .completed { completed += 1 }
  }

  /// Adds a segment of a job that was interrupted; its allocation within [from, until).
  mutating func add(_ segment: RunSegment, of job: Job, from clockStart: Instant, until clockEnd: Instant) {
    energy += segment.energy
    emissions += segment.emissions
    cost += segment.cost
    hold(job.demand, from: max(segment.start, clockStart), until: min(segment.end, clockEnd))
  }

  static func + (a: ZoneTally, b: ZoneTally) -> ZoneTally {
    var both = a
    both.started += b.started
    both.completed += b.completed
    both.energy += b.energy
    both.emissions += b.emissions
    both.cost += b.cost
    both.coreMilliseconds += b.coreMilliseconds
    both.gpuMilliseconds += b.gpuMilliseconds
    both.gigabyteMilliseconds += b.gigabyteMilliseconds
    return both
  }

  @inline(__always)
  mutating func hold(_ demand: Resources, from: Instant, until: Instant) {
    guard until > from else { return }
    let length = Double((until - from).milliseconds)
    coreMilliseconds += demand.cpuCores * length
    gpuMilliseconds += demand.gpus * length
    gigabyteMilliseconds += demand.memoryGigabytes * length
  }
}

/// A zone's part in a run.
public struct ZoneFigures: Sendable {
  public var zone: Zone
  public var tally: ZoneTally
  public var overhead: Overhead
  /// Time averages of allocated over capacity within the clock; 0 without capacity.
  public var utilization: (cpu: Double, gpu: Double, memory: Double)

  public static let names = [
    "jobs_started", "jobs_completed", "energy_kwh", "carbon_kg", "carbon_per_job_g", "cost_gbp", "utilization_cpu",
    "utilization_gpu", "utilization_memory", "overhead_kwh", "overhead_carbon_kg", "overhead_cost_gbp",
  ]

  /// Names and values in the order of the tables; `nil` where there is no such mean.
  public var values: [(name: String, value: Double?)] {
    let jobs = tally.started
    let numbers: [Double?] = [
      Double(jobs), Double(tally.completed), tally.energy.value, tally.emissions.value / 1000,
      jobs > 0 ? tally.emissions.value / Double(jobs) : nil, tally.cost.value, utilization.cpu, utilization.gpu,
      utilization.memory, overhead.energy.value, overhead.emissions.value / 1000, overhead.cost.value,
    ]
    return zip(ZoneFigures.names, numbers).map { ($0, $1) }
  }
}
