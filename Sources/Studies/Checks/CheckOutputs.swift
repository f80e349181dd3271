internal import Domain
internal import Foundation
internal import Runs
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

  /// - Throws: ``BadInput`` with every report that is an input, a baseline or another report, and then every fault of
  ///   the baselines too.
  func demandApart(records: Bool, reports: [(option: String, path: String)]) throws(BadInput) {
    var faults: [String] = []
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
    guard faults.isEmpty else {
      throw BadInput(description: ((records ? recordingFaults : []) + faults).joined(separator: "\n"))
    }
  }

  /// - Throws: ``BadInput`` with every baseline that cannot be recorded: one that two scenarios share, that is an input,
  ///   or whose place has a file of another kind.
  func demandRecordable() throws(BadInput) {
    let faults = recordingFaults
    if !faults.isEmpty { throw BadInput(description: faults.joined(separator: "\n")) }
  }

  /// Looks at the names of reports alone, before any scenario is read.
  ///
  /// - Throws: ``BadInput`` with every name that cannot become a file, or that is a scenario.
  static func demandFiles(_ reports: [(option: String, path: String)], scenarios: [String]) throws(BadInput) {
    let faults = reports.filter { $0.path != "-" }.compactMap { option, path in
      let expected = "expected the name of a file, or - for the standard output"
      if path.isEmpty { return "\(option): found an empty text, \(expected)" }
      if scenarios.contains(where: { isFile($0) && FileIdentity.areSame($0, path) }) {
        return "\(option): found \(path), which is the input file \(path), expected another file"
      }
      return obstacle(at: path).map { "\(option): found \(path), \($0), \(expected)" }
    }
    if !faults.isEmpty { throw BadInput(description: faults.joined(separator: "\n")) }
  }

  private static func kind(_ path: String) -> mode_t? {
    var found = stat()
    return stat(path, &found) == 0 ? found.st_mode & S_IFMT : nil
  }

  private static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

  /// Why there can be no file of a name.
  private static func obstacle(at path: String) -> String? {
    if let kind = kind(path) {
      if kind == S_IFDIR { return "which is a folder" }
      return kind == S_IFREG ? nil : "which is not a regular file"
    }
    if path.endsInSlash { return "which names a folder" }
    // Folders that are not there yet are made.
    var folder = path.pathParent
    while kind(folder) == nil, folder != folder.pathParent { folder = folder.pathParent }
    guard let kind = kind(folder), kind != S_IFDIR else { return nil }
    return "where \(folder) is not a folder"
  }

  private var inputs: [String] { paths + scenarios.flatMap(\.scenario.files) }

  /// Scenarios that would record into one file, baselines that are inputs, and files that are no baselines.
  private var recordingFaults: [String] {
    var faults: [String] = []
    for (place, own) in baselines.enumerated() {
      if let input = inputs.first(where: { FileIdentity.areSame($0, own.path) }) {
        faults.append(
          "\(own.scenario): \(own.key): found \(own.path), which is the input file \(input), expected another "
            + "file")
      } else if let obstacle = BaselineFigures.obstacle(to: own.path),
        !baselines[..<place].contains(where: { $0.path == own.path })
      {
        faults.append(
          "\(own.scenario): \(own.key): found \(own.path), \(obstacle), expected a new file or an earlier baseline, as "
            + "--record replaces it")
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
