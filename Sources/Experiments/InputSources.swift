internal import Scenarios

/// All files that a scenario reads, and how: scenarios with the same sources find the same faults in them.
struct InputSources: Hashable {
  private let grid: InputKey
  private let jobs: InputKey?
  private let files: [String]

  init(_ scenario: Scenario) {
    grid = InputKey(gridOf: scenario)
    jobs = InputKey(jobsOf: scenario)
    files = scenario.files
  }
}
