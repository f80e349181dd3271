package import Scenarios

/// All files that a scenario reads, and how: scenarios with the same sources find the same faults in them.
package struct InputSources: Hashable {
  private let grid: InputKey
  private let jobs: InputKey?
  private let files: [String]

  package init(_ scenario: Scenario) {
    grid = InputKey(gridOf: scenario)
    jobs = InputKey(jobsOf: scenario)
    files = scenario.files
  }
}
