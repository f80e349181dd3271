/// A metric of a run. The cases stand in the order of tables and columns; the raw value is the name in files.
///
/// To add one, add a case with its definition here, its formula in `RunMetrics`, the second formula of `audit` and a
/// test: tables, charts, comparison, checks, requirements and documentation read the definition.
public enum Metric: String, CaseIterable, Sendable {
  case jobsSubmitted = "jobs_submitted"
  case jobsCompleted = "jobs_completed"
  case jobsRejected = "jobs_rejected"
  case jobsUnfinished = "jobs_unfinished"
  case throughput = "throughput_jobs_per_hour"
  case energy = "energy_kwh"
  case carbon = "carbon_kg"
  case carbonPerJob = "carbon_per_job_g"
  case cost = "cost_gbp"
  case costPerJob = "cost_per_job_gbp"
  case carbonSavings = "carbon_savings_pct"
  case costSavings = "cost_savings_pct"
  case deadlinesMet = "sla_met_pct"
  case carbonCapViolations = "carbon_cap_violations"
  case priceCapViolations = "price_cap_violations"
  case waitMean = "wait_mean_s"
  case waitMedian = "wait_p50_s"
  case waitP95 = "wait_p95_s"
  case waitP99 = "wait_p99_s"
  case utilizationCPU = "utilization_cpu"
  case utilizationGPU = "utilization_gpu"
  case utilizationMemory = "utilization_memory"
  case overheadEnergy = "overhead_kwh"
  case overheadCarbon = "overhead_carbon_kg"
  case overheadCost = "overhead_cost_gbp"
  case jobsEndedAfterClock = "jobs_ended_after_clock"
  case carbonAfterClock = "carbon_after_clock_pct"

  public var definition: MetricDefinition {
    switch self {
    case .jobsSubmitted: .init("jobs submitted", .jobs, .neither)
    case .jobsCompleted: .init("jobs completed", .jobs, .higher, heading: "done")
    case .jobsRejected: .init("jobs rejected", .jobs, .lower, heading: "rejected")
    case .jobsUnfinished: .init("jobs unfinished", .jobs, .lower, heading: "unfinished")
    case .throughput: .init("throughput", .jobsPerHour, .higher)
    case .energy: .init("energy", .kilowattHours, .lower)
    case .carbon: .init("emissions", .kilograms, .lower, heading: "carbon")
    case .carbonPerJob: .init("mean emissions per job", .grams, .lower)
    case .cost: .init("cost", .currency, .lower)
    case .costPerJob: .init("mean cost per job", .currency, .lower)
    case .carbonSavings:
      .init(
        "emissions saved", .percent, .higher, heading: "carbon saved %", bounds: -.infinity...100, isOfPair: true,
        withoutValue: "the baseline emitted nothing")
    case .costSavings:
      // Of a negative cost any percentage can be saved.
      .init(
        "cost saved", .percent, .higher, heading: "cost saved %", bounds: -.infinity...(.infinity), isOfPair: true,
        withoutValue: "the baseline cost nothing")
    case .deadlinesMet:
      .init(
        "deadlines met", .percent, .higher, heading: "SLA %", bounds: 0...100, withoutValue: "no job has a deadline")
    case .carbonCapViolations: .init("jobs above their emissions cap", .jobs, .lower)
    case .priceCapViolations: .init("jobs above their price cap", .jobs, .lower)
    case .waitMean: .init("mean wait", .seconds, .lower)
    case .waitMedian: .init("median wait", .seconds, .lower)
    case .waitP95: .init("95th percentile of waits", .seconds, .lower)
    case .waitP99: .init("99th percentile of waits", .seconds, .lower)
    case .utilizationCPU: .init("CPU cores in use", .share, .neither, heading: "CPU %")
    case .utilizationGPU: .init("GPUs in use", .share, .neither, heading: "GPU %")
    case .utilizationMemory: .init("memory in use", .share, .neither, heading: "memory %")
    case .overheadEnergy: .init("idle energy", .kilowattHours, .lower)
    case .overheadCarbon: .init("idle emissions", .kilograms, .lower)
    case .overheadCost: .init("idle cost", .currency, .lower)
    case .jobsEndedAfterClock: .init("jobs ended after the clock", .jobs, .lower, heading: "after clock")
    case .carbonAfterClock:
      .init(
        "emissions after the clock", .percent, .lower, bounds: 0...100, withoutValue: "nothing was emitted")
    }
  }

  /// The name in files and scenarios.
  public var name: String { rawValue }

  public static let names = allCases.map(\.name)

  /// ``MetricDefinition/Direction/neither`` for a name that is not a metric's.
  public static func better(_ name: String) -> MetricDefinition.Direction {
    Metric(rawValue: name)?.definition.better ?? .neither
  }
}

/// The facts about a metric that tables, charts, comparisons and the documentation need.
public struct MetricDefinition: Sendable {
  /// The direction in which a metric gets better.
  public enum Direction: String, Sendable {
    case lower, higher
    /// A metric that describes the input and is neither good nor bad.
    case neither
  }

  /// The unit of the stored value.
  public enum Unit: String, CaseIterable, Sendable {
    case jobs
    case jobsPerHour = "jobs/h"
    case kilowattHours = "kWh"
    case kilograms = "kgCO2"
    case grams = "gCO2"
    case currency
    case percent = "%"
    case seconds = "s"
    /// From 0 to 1.
    case share

    /// The unit on an axis; empty for a number of jobs.
    public func symbol(_ currency: Currency) -> String {
      switch self {
      case .jobs: ""
      case .kilograms: "kgCO₂"
      case .grams: "gCO₂"
      case .currency: currency.code
      default: rawValue
      }
    }

    /// The values of most metrics of the unit; a cost may have any sign, as prices may be negative.
    var bounds: ClosedRange<Double> {
      switch self {
      case .share: 0...1
      case .currency: -.infinity...(.infinity)
      default: 0...(.infinity)
      }
    }

    /// Decimals in tables for people.
    public var digits: Int {
      switch self {
      case .jobs: 0
      case .seconds: 1
      case .kilograms, .kilowattHours, .grams: 3
      case .jobsPerHour, .currency, .percent, .share: 2
      }
    }
  }

  /// A noun phrase for axes, tables and sentences: `emissions saved`.
  public let title: String
  /// The column's heading in tables for people, without a unit that depends on the data.
  public let heading: String
  public let unit: Unit
  public let better: Direction
  /// The least and the greatest value that the metric can have.
  public let bounds: ClosedRange<Double>
  /// True if the metric compares a run with the baseline of its replication.
  public let isOfPair: Bool
  /// The reason if a run has no value of it.
  public let withoutValue: String

  /// - Parameter bounds: those of the unit if not given.
  init(
    _ title: String, _ unit: Unit, _ better: Direction, heading: String? = nil, bounds: ClosedRange<Double>? = nil,
    isOfPair: Bool = false, withoutValue: String = "it is a mean over no jobs"
  ) {
    self.title = title
    self.heading = heading ?? (unit == .seconds ? "\(title) s" : title)
    self.unit = unit
    self.better = better
    self.isOfPair = isOfPair
    self.withoutValue = withoutValue
    self.bounds = bounds ?? unit.bounds
  }

  /// The values that a bound of it may have, for messages: `a percentage from 0 to 100`.
  public var expected: String {
    switch (unit, bounds.lowerBound, bounds.upperBound) {
    case (.percent, 0, 100): "a percentage from 0 to 100"
    case (.percent, _, 100): "a percentage of at most 100"
    case (.share, _, _): "a share from 0 to 1"
    case (_, -.infinity, _): "a finite number"
    default: "a number ≥ 0"
    }
  }
}
