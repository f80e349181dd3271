package import Domain
package import Inputs
package import Scenarios

/// Source of the jobs of every run.
package enum JobInput {
  case log(JobFile)
  case generated(WorkloadModel)

  /// The part of a log that a replication has; `nil` where there are no windows.
  private static func window(_ own: Scenario, _ file: JobFile) -> JobWindow? {
    guard let windows = own.windows else { return nil }
    if windows.repeatsJobs || file.isBatch { return JobWindow(shift: own.moved) }
    return JobWindow(span: own.start..<own.start + own.duration)
  }

  /// Jobs from the first on: the same for every policy. Those of a log are the same in every replication where there
  /// are no windows.
  ///
  /// - Parameter scenario: as the replication sees it (`Scenario.window`).
  package func source(
    _ scenario: Scenario, replication: Int, keepsTexts: Bool
  ) throws -> any JobSource & JobTextSource {
    switch self {
    case .log(let file):
      return try HomeFilling.make(
        file.makeCursor(keepsTexts: keepsTexts, window: JobInput.window(scenario, file)), home: scenario.logHome,
        zones: scenario.zones.count, seed: scenario.seed, replication: replication)
    case .generated(let model):
      return HomeFilling.make(
        try SurgedWorkload.make(
          model, surges: scenario.events.surges, zones: scenario.zones, start: scenario.start,
          duration: scenario.duration, seed: scenario.seed, replication: replication),
        model: model, zones: scenario.zones.count, seed: scenario.seed, replication: replication)
    }
  }

  /// The users; `Job.user` is a place in it.
  package var users: [String] {
    switch self {
    case .log(let file): file.users
    case .generated(let model): GeneratedWorkload.users(of: model)
    }
  }
}

extension Scenario {
  /// The home zones of a recorded log's jobs that name none; `nil` where the scenario does not say.
  package var logHome: HomeModel? {
    if case .log(let spec) = workload { spec.home } else { nil }
  }

  /// `workload.home` in a word: `nil` where nothing says what homes there are, `by class` where classes differ.
  package var homeRule: String? {
    let codes = zones.map(\.code)
    switch workload {
    case .log(let spec): return spec.home?.name(codes)
    case .generated(let model):
      let names = model.classes.map { $0.home.name(codes) }
      return names.allSatisfy { $0 == names.first } ? names.first : "by class"
    }
  }
}
