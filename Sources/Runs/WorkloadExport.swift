internal import Domain
internal import Inputs
internal import Results
internal import Scenarios

extension Runner {
  /// Writes the jobs of a replication as a log.
  ///
  /// - Returns: how many jobs there are.
  /// - Throws: ``BadInput`` where the scenario's jobs are recorded, ``OutputError``.
  func writeWorkload(to path: String, replication: Int) throws -> Int {
    guard case .generated(let model) = scenario.workload else {
      throw BadInput(description: "workload: found a file, expected a preset, or arrivals and classes")
    }
    guard replication >= 1 else {
      throw BadInput(description: "--replication: found \(replication), expected a whole number ≥ 1")
    }
    let scenario = scenario.window(replication)
    let work = try JobInput.generated(model).source(scenario, replication: replication, keepsTexts: true)
    var count = 0
    do {
      let log = try JobLogWriter(path: path, zones: scenario.zones, users: GeneratedWorkload.users(of: model))
      var next = SubmittedJob.blank
      while try work.read(into: &next.job, actualDuration: &next.actualDuration) {
        count += 1
        try work.withTexts(of: next.job) { id, name in
          try log.append(next.job, actualDuration: next.actualDuration, id: id, name: name)
        }
      }
      try log.finish()
    } catch let error as StoreError {
      throw OutputError(description: error.description)
    }
    return count
  }
}
