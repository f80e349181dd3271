import Domain
import Foundation
public import Randomness

/// Workloads with a name.
public enum WorkloadPreset: String, Sendable, CaseIterable {
  /// The platform's own mix: what its users submit.
  case pylon
  /// Parallel batch jobs as of NASA Ames's iPSC/860.
  case hpcBatch = "hpc-batch"
  /// Training and inference on GPUs as of Alibaba PAI, Alibaba openb and Microsoft Philly.
  case mlMix = "ml-mix"

  /// The model at a multiple of its own rate of submissions.
  ///
  /// - Parameter rate: > 0.
  public func model(rate: Double = 1) throws(DistributionError) -> WorkloadModel {
    switch self {
    case .pylon: try WorkloadPreset.pylonModel(rate)
    case .hpcBatch: try WorkloadPreset.hpcModel(rate)
    case .mlMix: try WorkloadPreset.mlModel(rate)
    }
  }

  /// The platform's figures: 10–19 submissions on a weekday and 3–7 on a weekend day, 70 % of them from 9 to 17 h; type
  /// shares, mean durations and energies (±15 %) as in the classes below; urgency 60 % MEDIUM, the rest 85/15 LOW/HIGH.
  ///
  /// The platform tells neither the spread of durations (lognormal with a CV of 0.5 here) nor sizes: cores and GPUs are
  /// such that each job fits a zone of `gb-14`.
  private static func pylonModel(_ rate: Double) throws(DistributionError) -> WorkloadModel {
    func kind(
      _ name: String, _ type: WorkloadType, share: Double, hours: Double, base: Double, cores: [Double], gpus: [Double]
    ) throws(DistributionError) -> WorkloadClass {
      WorkloadClass(
        name: name, weight: share, type: type, urgency: [34, 60, 6, 0],
        duration: try DistributionFamily.lognormal.distribution(["mean": hours * 3600, "cv": 0.5]),
        estimateRatio: try .constant(1), cores: try alike(cores), gpus: try alike(gpus),
        memory: .perCore(try .constant(4)),
        energy: .terms(EnergyTerms(base: base, perCore: 0.1, perGPUHour: 0.3, spread: 0.15)))
    }
    let office = (0..<24).map { 9..<17 ~= $0 ? 0.7 / 8 : 0.3 / 16 }
    let daily = ArrivalModel.DailyCounts(weekday: 10...19, weekend: 3...7, rate: rate, hourly: office)
    return WorkloadModel(
      arrivals: ArrivalModel(.daily(daily)),
      classes: [
        try kind("training", .trainingRun, share: 25, hours: 8, base: 50, cores: [8, 16, 32], gpus: [2, 4, 8]),
        try kind("inference", .inferenceBatch, share: 25, hours: 1, base: 15, cores: [4, 8], gpus: [1, 2]),
        try kind("processing", .dataProcessing, share: 20, hours: 3, base: 25, cores: [8, 16, 32], gpus: [0]),
        try kind("fine-tuning", .fineTuning, share: 15, hours: 5, base: 35, cores: [8, 16], gpus: [1, 2, 4]),
        try kind("rag", .ragQuery, share: 15, hours: 1.0 / 3, base: 5, cores: [2, 4], gpus: [1]),
      ], users: UserModel(count: 20))
  }

  /// Fitted to the cleaned log of NASA Ames's iPSC/860 of 1993 (18,066 jobs that ran): sizes are its shares of the
  /// powers of two, and each group of sizes has a mixture of two lognormal laws of the run time. Kolmogorov's distance of run
  /// times: 0.02 in all; by size 0.02 (1 processor), 0.02 (2–8), 0.04 (16–32), 0.07 (64–128); log run time and log size
  /// correlate 0.43 (the log: 0.44). Submissions are a renewal process in a time that runs by the log's hours and
  /// weekdays; distance of the gaps: 0.05.
  ///
  /// The log's interarrival CV of 9.5 comes from a few stops of days; this one's is 3.7, and it has 214 jobs a day for
  /// the log's 198. Estimates are not in the log: a median of 2.2 run times with 7 % below one is HPC2N's. Urgency,
  /// deferral and deadlines are in no log: the mix is arbitrary, the terms are the platform's.
  private static func hpcModel(_ rate: Double) throws(DistributionError) -> WorkloadModel {
    func kind(
      _ name: String, share: Double, sizes: [(Double, Double)], runs: [LognormalPart]
    ) throws(DistributionError) -> WorkloadClass {
      WorkloadClass(
        name: name, weight: share, type: .batch, urgency: [40, 50, 10, 0], duration: try mixed(runs),
        estimateRatio: try DistributionFamily.lognormal.distribution(["median": 2.2, "sigma": 0.534]),
        cores: SizeModel(try .discrete(sizes.map { (value: $0.0, weight: $0.1) })),
        gpus: SizeModel(try .constant(0)), memory: .perCore(try .constant(2)))
    }
    let profile = WeekProfile(
      hourly: [
        0.11, 0.15, 0.13, 0.08, 0.08, 0.18, 0.33, 0.52, 1.01, 1.59, 1.97, 2.22, 2.05, 1.97, 2, 2.03, 1.86, 1.71, 1.3,
        1.03, 0.77, 0.5, 0.22, 0.19,
      ], weekday: [1.22, 1.33, 1.33, 1.32, 1.07, 0.41, 0.33])
    let gap = try mixed([(0.183, 2.88 - log(rate), 1.93), (0.817, 5.39 - log(rate), 1.23)])
    return WorkloadModel(
      arrivals: ArrivalModel(.renewal(gap: gap, profile: profile)),
      classes: [
        try kind("serial", share: 4910, sizes: [(1, 1)], runs: [(0.42, 2.97, 0.40), (0.58, 3.78, 1.56)]),
        try kind(
          "small", share: 6194, sizes: [(2, 1763), (4, 2683), (8, 1793)],
          runs: [(0.508, 4.16, 0.86), (0.492, 5.37, 1.99)]),
        try kind(
          "medium", share: 5383, sizes: [(16, 1780), (32, 3662)], runs: [(0.32, 4.83, 0.72), (0.68, 5.56, 2)]),
        try kind(
          "wide", share: 1579, sizes: [(64, 1203), (128, 420)], runs: [(0.869, 5.59, 1.69), (0.131, 9.22, 0.08)]),
      ], users: UserModel(count: 69, zipfExponent: 1))
  }

  /// Run times, as mixtures of lognormal laws, fitted to Microsoft Philly (class `training`; Kolmogorov's distance
  /// 0.03), Alibaba PAI as GAIA sampled it (`batch`; 0.02) and the latency-sensitive and best-effort pods of Alibaba openb
  /// (`service` 0.04, `best-effort` 0.05). Submissions are PAI's: Weibull gaps, the same at every hour; distance 0.07,
  /// for 4 % of PAI's gaps are 0; CV 1.42 (PAI: 1.41).
  ///
  /// GPUs of training are PAI's sizes as powers of two with 8 for all above 4 (a zone of `gb-14` has 8), those of pods
  /// openb's shares of none and one; a pod that shares a GPU counts as having one. Cores are openb's, in five steps.
  /// The shares of the four classes, urgency, deferral and deadlines are in no log; estimates are exact.
  private static func mlModel(_ rate: Double) throws(DistributionError) -> WorkloadModel {
    func kind(
      _ name: String, _ type: WorkloadType, share: Double, urgency: [Double], gpus: [(Double, Double)],
      runs: [LognormalPart]
    ) throws(DistributionError) -> WorkloadClass {
      let cores: [(value: Double, weight: Double)] = [(4, 28), (8, 14), (12, 43), (16, 10), (32, 5)]
      return WorkloadClass(
        name: name, weight: share, type: type, urgency: urgency, duration: try mixed(runs),
        estimateRatio: try .constant(1), cores: SizeModel(try .discrete(cores)),
        gpus: SizeModel(try .discrete(gpus.map { (value: $0.0, weight: $0.1) })), memory: .perCore(try .constant(4)))
    }
    let gap = try Distribution.weibull(shape: 0.717, scale: 268.8 / rate)
    return WorkloadModel(
      arrivals: ArrivalModel(.renewal(gap: gap, profile: nil)),
      classes: [
        try kind(
          "training", .training, share: 30, urgency: [20, 70, 10, 0],
          gpus: [(1, 735), (2, 49), (4, 62), (8, 154)],
          runs: [(0.162, 4.17, 0.16), (0.217, 7.58, 0.57), (0.621, 7.29, 2.3)]),
        try kind(
          "batch", .inferenceBatch, share: 30, urgency: [50, 50, 0, 0], gpus: [(1, 1)],
          runs: [(0.083, 5.89, 0.12), (0.249, 6.65, 0.45), (0.668, 8.61, 1.21)]),
        try kind(
          "service", .inference, share: 23, urgency: [0, 30, 60, 10], gpus: [(0, 14), (1, 86)],
          runs: [(0.987, 6.72, 1.57), (0.013, 14.02, 1.62)]),
        try kind(
          "best-effort", .dataProcessing, share: 17, urgency: [100, 0, 0, 0], gpus: [(0, 13), (1, 87)],
          runs: [(0.296, 5.15, 0.25), (0.704, 6.56, 2.1)]),
      ], users: UserModel(count: 100, zipfExponent: 1))
  }

  private typealias LognormalPart = (weight: Double, mu: Double, sigma: Double)

  /// Lognormal laws of seconds.
  private static func mixed(_ parts: [LognormalPart]) throws(DistributionError) -> Distribution {
    var made: [(weight: Double, part: Distribution)] = []
    for part in parts { made.append((part.weight, try .lognormal(mu: part.mu, sigma: part.sigma))) }
    return try .mixture(made)
  }

  private static func alike(_ values: [Double]) throws(DistributionError) -> SizeModel {
    SizeModel(try .discrete(values.map { (value: $0, weight: 1) }))
  }
}
