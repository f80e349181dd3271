public import Domain

/// A workload in figures; holds a few numbers a job.
public struct WorkloadSummary {
  public struct Spread: Sendable {
    public var mean: Double?
    /// Quantiles of type 7 at 50, 90, 99 and 100 %; empty without jobs.
    public var quantiles: [Double]
  }

  public private(set) var count = 0
  public private(set) var first: Instant?
  public private(set) var last: Instant?
  /// Between one submission and the next, seconds.
  public private(set) var gapMean: Double?
  /// Standard deviation over mean (n − 1).
  public private(set) var gapVariation: Double?
  /// Share of submissions at the very instant of the one before.
  public private(set) var sameInstantShare: Double?
  public private(set) var spreads: [(name: String, values: Spread)] = []
  /// Over actual durations.
  public private(set) var coreHours = 0.0
  public private(set) var gpuHours = 0.0
  public private(set) var withDeadline = 0
  public private(set) var longerThanEstimated = 0

  /// Reads a source to its end.
  public init(_ source: any JobSource) throws {
    var (runs, cores, gpus, memory, gaps): ([Double], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
    var next = SubmittedJob.blank
    while try source.read(into: &next.job, actualDuration: &next.actualDuration) {
      let job = next.job
      count += 1
      if let last { gaps.append((job.submittedAt - last).inSeconds) }
      first = first ?? job.submittedAt
      last = job.submittedAt
      runs.append(next.actualDuration.inSeconds)
      cores.append(job.demand.cpuCores)
      gpus.append(job.demand.gpus)
      memory.append(job.demand.memoryGigabytes)
      coreHours += job.demand.cpuCores * next.actualDuration.inHours
      gpuHours += job.demand.gpus * next.actualDuration.inHours
      if job.deadline != .never { withDeadline += 1 }
      if next.actualDuration > job.estimatedDuration { longerThanEstimated += 1 }
    }
    if !gaps.isEmpty {
      let mean = gaps.reduce(0, +) / Double(gaps.count)
      gapMean = mean
      sameInstantShare = Double(gaps.count { $0 == 0 }) / Double(gaps.count)
      if gaps.count > 1, mean > 0 {
        let squares = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        gapVariation = (squares / Double(gaps.count - 1)).squareRoot() / mean
      }
    }
    for (name, values) in [("duration s", runs), ("CPU cores", cores), ("GPUs", gpus), ("memory GB", memory)] {
      spreads.append((name, WorkloadSummary.spread(values)))
    }
  }

  private static func spread(_ values: [Double]) -> Spread {
    guard !values.isEmpty else { return Spread(mean: nil, quantiles: []) }
    let sorted = values.sorted()
    return Spread(
      mean: values.reduce(0, +) / Double(values.count),
      quantiles: [0.5, 0.9, 0.99, 1].map { TraceSummary.quantile($0, of: sorted) })
  }
}
