internal import Domain
internal import Inputs
internal import Scenarios

/// Where the jobs of every run come from.
enum JobInput {
  case log(JobFile)
  case generated(WorkloadModel)

  /// Jobs from the first on: the same for every policy; a log's are those of every replication too.
  func source(
    _ scenario: Scenario, replication: Int, keepsTexts: Bool
  ) throws -> any JobSource & JobTextSource {
    switch self {
    case .log(let file): try file.makeCursor(keepsTexts: keepsTexts)
    case .generated(let model):
      try SurgedWorkload.make(
        model, surges: scenario.events.surges, zones: scenario.zones, start: scenario.start,
        duration: scenario.duration, seed: scenario.seed, replication: replication)
    }
  }

  /// The users; `Job.user` is a place in it.
  var users: [String] {
    switch self {
    case .log(let file): file.users
    case .generated(let model): GeneratedWorkload.users(of: model)
    }
  }
}
