internal import Scenarios

/// Files that a check reads and writes: none may be both, and none may be written twice.
struct CheckOutputs {
  private struct Baseline {
    var scenario: String
    var key: String
    var path: String
  }

  private let paths: [String]
  private let scenarios: [(path: String, scenario: Scenario)]
  private let baselines: [Baseline]

  /// - Parameters:
  ///   - scenarios: those without faults.
  ///   - paths: of all scenario files.
  init(_ scenarios: [(path: String, scenario: Scenario)], paths: [String]) {
    self.paths = paths
    self.scenarios = scenarios
    baselines = scenarios.flatMap { path, scenario in
      scenario.checks.enumerated().compactMap { place, check in
        check.baseline.map { Baseline(scenario: path, key: "checks[\(place)].baseline", path: $0) }
      }
    }
  }

  /// - Throws: ``BadInput`` with every clash.
  func demandApart(records: Bool, reports: [(option: String, path: String)]) throws(BadInput) {
    var faults = records ? recordingFaults : []
    let files = reports.filter { $0.path != "-" }
    for (option, path) in files {
      if let input = inputs.first(where: { FileIdentity.areSame($0, path) }) {
        faults.append("\(option): found \(path), which is the input file \(input), expected another file")
      } else if let baseline = baselines.first(where: { FileIdentity.willBeSame($0.path, path) }) {
        faults.append(
          "\(option): found \(path), which is the baseline of \(baseline.scenario) (\(baseline.key)), expected another "
            + "file")
      }
    }
    if files.count == 2, FileIdentity.willBeSame(files[0].path, files[1].path) {
      let (first, second) = (files[0], files[1])
      faults.append("\(second.option): found \(second.path), which is also \(first.option), expected another file")
    }
    if !faults.isEmpty { throw BadInput(description: faults.joined(separator: "\n")) }
  }

  private var inputs: [String] { paths + scenarios.flatMap(\.scenario.files) }

  /// Scenarios that would record into one file, and baselines that are inputs.
  private var recordingFaults: [String] {
    var faults: [String] = []
    for (place, own) in baselines.enumerated() {
      if let input = inputs.first(where: { FileIdentity.areSame($0, own.path) }) {
        faults.append(
          "\(own.scenario): \(own.key): found \(own.path), which is the input file \(input), expected another "
            + "file")
      }
      let others = baselines[..<place].filter { $0.scenario != own.scenario }
      guard let other = others.first(where: { FileIdentity.willBeSame($0.path, own.path) }) else { continue }
      faults.append(
        "\(own.scenario): \(own.key): found \(own.path), which is also the baseline of \(other.scenario) "
          + "(\(other.key)), expected a file of its own, as --record writes it")
    }
    return faults
  }
}
