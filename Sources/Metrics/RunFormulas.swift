public import Domain

/// The terms of a run's metrics, and the formula of each (Metrics.md of the book).
struct RunFormulas {
  var submitted: Int
  var completed: Int
  var rejected: Int
  var energy: Energy
  var emissions: Emissions
  var cost: Money
  var withDeadline: Int
  var metDeadline: Int
  var emissionsCapViolations: Int
  var costCapViolations: Int
  /// Milliseconds.
  var waitSum: Int128
  /// Number of jobs that ran.
  var ran: Int
  /// Milliseconds: the median, the 95 % and the 99 % quantile; empty if no job ran.
  var waits: [Double]
  /// Allocated resources × milliseconds, and the capacity's.
  var used: (cpu: Double, gpu: Double, memory: Double)
  var capacity: CapacityTime
  var countedHours: Double
  var overhead: Overhead
  var endedAfterClock: Int
  /// `nil` without carbon traces.
  var emissionsAfterClock: Emissions?

  /// The value of a metric; `nil` if it has none, and for metrics of a pair of runs.
  ///
  /// O(1).
  func value(_ metric: Metric) -> Double? {
    switch metric {
    case .jobsSubmitted: Double(submitted)
    case .jobsCompleted: Double(completed)
    case .jobsRejected: Double(rejected)
    case .jobsUnfinished: Double(submitted - completed - rejected)
    case .throughput: Double(completed) / countedHours
    case .energy: energy.value
    case .carbon: emissions.value / 1000
    case .carbonPerJob: perJob(emissions.value)
    case .cost: cost.value
    case .costPerJob: perJob(cost.value)
    case .carbonSavings, .costSavings: nil
    case .deadlinesMet: withDeadline > 0 ? 100 * Double(metDeadline) / Double(withDeadline) : nil
    case .carbonCapViolations: Double(emissionsCapViolations)
    case .priceCapViolations: Double(costCapViolations)
    case .waitMean: perJob(Double(waitSum) / 1000)
    case .waitMedian: wait(0)
    case .waitP95: wait(1)
    case .waitP99: wait(2)
    case .utilizationCPU: share(used.cpu, capacity.cores)
    case .utilizationGPU: share(used.gpu, capacity.gpus)
    case .utilizationMemory: share(used.memory, capacity.gigabytes)
    case .overheadEnergy: overhead.energy.value
    case .overheadCarbon: overhead.emissions.value / 1000
    case .overheadCost: overhead.cost.value
    case .jobsEndedAfterClock: Double(endedAfterClock)
    case .carbonAfterClock: emissions.value > 0 ? emissionsAfterClock.map { 100 * $0.value / emissions.value } : nil
    }
  }

  private func perJob(_ total: Double) -> Double? { ran > 0 ? total / Double(ran) : nil }
  private func share(_ used: Double, _ capacity: Double) -> Double { capacity > 0 ? used / capacity : 0 }
  /// Seconds.
  private func wait(_ index: Int) -> Double? { waits.indices.contains(index) ? waits[index] / 1000 : nil }
}

/// Totals of a run that metrics of a pair compare.
public struct RunTotals: Sendable {
  public var emissions: Emissions
  public var cost: Money

  public init(emissions: Emissions = .zero, cost: Money = .zero) {
    self.emissions = emissions
    self.cost = cost
  }

  /// The value of a metric that compares this run with the baseline of its replication; `nil` if it has none, and for
  /// metrics of a single run.
  public func value(_ metric: Metric, against baseline: RunTotals) -> Double? {
    switch metric {
    case .carbonSavings: RunTotals.saved(emissions.value, of: baseline.emissions.value)
    case .costSavings: RunTotals.saved(cost.value, of: baseline.cost.value)
    default: nil
    }
  }

  /// 100 × (baseline − own) / |baseline|, so that the sign says which is better of negative sums too.
  private static func saved(_ own: Double, of baseline: Double) -> Double? {
    baseline != 0 ? 100 * (baseline - own) / abs(baseline) : nil
  }
}
