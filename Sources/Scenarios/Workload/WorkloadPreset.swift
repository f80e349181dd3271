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
    let reader = Reader(file: rawValue)
    let cell = Cell(tree: .standard(text(rate: rate)), path: "")
    guard case .generated(var model)? = WorkloadDecoding(reader: reader, directory: "", zones: []).workload(cell),
      reader.issues.isEmpty
    else {
      let issue = reader.issues.first
      throw DistributionError(found: issue?.found ?? "no model", expected: issue?.expected ?? "one")
    }
    for place in model.classes.indices { model.classes[place].home = .none }
    return model
  }

  /// The model as a scenario's `workload` would write it.
  func text(rate: Double) -> String {
    let parts =
      switch self {
      case .pylon: WorkloadPreset.pylon(rate)
      case .hpcBatch: WorkloadPreset.hpc(rate)
      case .mlMix: WorkloadPreset.ml(rate)
      }
    return "{arrivals: \(parts.arrivals), users: \(parts.users), classes: [\(parts.classes.joined(separator: ", "))]}"
  }

  private typealias Parts = (arrivals: String, users: String, classes: [String])

  /// The platform's figures: 10–19 submissions on a weekday and 3–7 on a weekend day, 70 % of them from 9 to 17 h; type
  /// shares, mean durations and energies (±15 %) as in the classes below; urgency 60 % MEDIUM, the rest 85/15 LOW/HIGH.
  ///
  /// The platform tells neither the spread of durations (lognormal with a CV of 0.5 here) nor sizes: cores and GPUs are
  /// such that each job fits a zone of `gb-14`.
  private static func pylon(_ rate: Double) -> Parts {
    func kind(
      _ name: String, _ type: String, share: Int, seconds: Int, base: Int, cores: [Int], gpus: [Int]
    ) -> String {
      """
      {name: \(name), weight: \(share), type: \(type), urgency: {LOW: 34, MEDIUM: 60, HIGH: 6}, \
      duration: {lognormal: {mean: \(seconds), cv: 0.5}}, cpu_cores: {choices: \(cores)}, gpus: {choices: \(gpus)}, \
      memory_gb_per_core: 4, \
      energy: {base_kwh: \(base), per_core_kwh: 0.1, per_gpu_hour_kwh: 0.3, spread: 0.15}}
      """
    }
    let office = (0..<24).map { 9..<17 ~= $0 ? 0.7 / 8 : 0.3 / 16 }
    return (
      "{daily: {weekday: [10, 19], weekend: [3, 7], rate: \(rate), hourly: \(office)}}", "{count: 20}",
      [
        kind("training", "TRAINING_RUN", share: 25, seconds: 28800, base: 50, cores: [8, 16, 32], gpus: [2, 4, 8]),
        kind("inference", "INFERENCE_BATCH", share: 25, seconds: 3600, base: 15, cores: [4, 8], gpus: [1, 2]),
        kind("processing", "DATA_PROCESSING", share: 20, seconds: 10800, base: 25, cores: [8, 16, 32], gpus: [0]),
        kind("fine-tuning", "FINE_TUNING", share: 15, seconds: 18000, base: 35, cores: [8, 16], gpus: [1, 2, 4]),
        kind("rag", "RAG_QUERY", share: 15, seconds: 1200, base: 5, cores: [2, 4], gpus: [1]),
      ]
    )
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
  private static func hpc(_ rate: Double) -> Parts {
    func kind(_ name: String, share: Int, sizes: [(Int, Int)], runs: [LognormalPart]) -> String {
      """
      {name: \(name), weight: \(share), type: BATCH, urgency: {LOW: 40, MEDIUM: 50, HIGH: 10}, \
      duration: \(mixed(runs)), estimate: {lognormal: {median: 2.2, sigma: 0.534}}, cpu_cores: \(choices(sizes)), \
      gpus: 0, memory_gb_per_core: 2}
      """
    }
    let hourly = [
      0.11, 0.15, 0.13, 0.08, 0.08, 0.18, 0.33, 0.52, 1.01, 1.59, 1.97, 2.22, 2.05, 1.97, 2, 2.03, 1.86, 1.71, 1.3,
      1.03, 0.77, 0.5, 0.22, 0.19,
    ]
    let weekday = [1.22, 1.33, 1.33, 1.32, 1.07, 0.41, 0.33]
    let gap = mixed([(0.183, 2.88 - log(rate), 1.93), (0.817, 5.39 - log(rate), 1.23)])
    return (
      "{renewal: {gap: \(gap), profile: {hourly: \(hourly), weekday: \(weekday)}}}", "{count: 69, zipf: 1}",
      [
        kind("serial", share: 4910, sizes: [(1, 1)], runs: [(0.42, 2.97, 0.40), (0.58, 3.78, 1.56)]),
        kind(
          "small", share: 6194, sizes: [(2, 1763), (4, 2683), (8, 1793)],
          runs: [(0.508, 4.16, 0.86), (0.492, 5.37, 1.99)]),
        kind("medium", share: 5383, sizes: [(16, 1780), (32, 3662)], runs: [(0.32, 4.83, 0.72), (0.68, 5.56, 2)]),
        kind("wide", share: 1579, sizes: [(64, 1203), (128, 420)], runs: [(0.869, 5.59, 1.69), (0.131, 9.22, 0.08)]),
      ]
    )
  }

  /// Run times, as mixtures of lognormal laws, fitted to Microsoft Philly (class `training`; Kolmogorov's distance
  /// 0.03), Alibaba PAI as GAIA sampled it (`batch`; 0.02) and the latency-sensitive and best-effort pods of Alibaba openb
  /// (`service` 0.04, `best-effort` 0.05). Submissions are PAI's: Weibull gaps, the same at every hour; distance 0.07,
  /// for 4 % of PAI's gaps are 0; CV 1.42 (PAI: 1.41).
  ///
  /// GPUs of training are PAI's sizes as powers of two with 8 for all above 4 (a zone of `gb-14` has 8), those of pods
  /// openb's shares of none and one; a pod that shares a GPU counts as having one. Cores are openb's, in five steps.
  /// The shares of the four classes, urgency, deferral and deadlines are in no log; estimates are exact.
  private static func ml(_ rate: Double) -> Parts {
    func kind(
      _ name: String, _ type: String, share: Int, urgency: String, gpus: [(Int, Int)], runs: [LognormalPart]
    ) -> String {
      """
      {name: \(name), weight: \(share), type: \(type), urgency: \(urgency), duration: \(mixed(runs)), \
      cpu_cores: \(choices([(4, 28), (8, 14), (12, 43), (16, 10), (32, 5)])), gpus: \(choices(gpus)), \
      memory_gb_per_core: 4}
      """
    }
    return (
      "{renewal: {gap: {weibull: {shape: 0.717, scale: \(268.8 / rate)}}}}", "{count: 100, zipf: 1}",
      [
        kind(
          "training", "TRAINING", share: 30, urgency: "{LOW: 20, MEDIUM: 70, HIGH: 10}",
          gpus: [(1, 735), (2, 49), (4, 62), (8, 154)],
          runs: [(0.162, 4.17, 0.16), (0.217, 7.58, 0.57), (0.621, 7.29, 2.3)]),
        kind(
          "batch", "INFERENCE_BATCH", share: 30, urgency: "{LOW: 50, MEDIUM: 50}", gpus: [(1, 1)],
          runs: [(0.083, 5.89, 0.12), (0.249, 6.65, 0.45), (0.668, 8.61, 1.21)]),
        kind(
          "service", "INFERENCE", share: 23, urgency: "{MEDIUM: 30, HIGH: 60, CRITICAL: 10}",
          gpus: [(0, 14), (1, 86)], runs: [(0.987, 6.72, 1.57), (0.013, 14.02, 1.62)]),
        kind(
          "best-effort", "DATA_PROCESSING", share: 17, urgency: "{LOW: 100}", gpus: [(0, 13), (1, 87)],
          runs: [(0.296, 5.15, 0.25), (0.704, 6.56, 2.1)]),
      ]
    )
  }

  private typealias LognormalPart = (weight: Double, mu: Double, sigma: Double)

  /// Lognormal laws of seconds.
  private static func mixed(_ parts: [LognormalPart]) -> String {
    let laws = parts.map { "{lognormal: {mu: \($0.mu), sigma: \($0.sigma)}, weight: \($0.weight)}" }
    return "{mixture: [\(laws.joined(separator: ", "))]}"
  }

  /// Values with their weights.
  private static func choices(_ choices: [(Int, Int)]) -> String {
    "{choices: {\(choices.map { "\($0.0): \($0.1)" }.joined(separator: ", "))}}"
  }
}
