internal import Foundation

/// The figures of an earlier run, from its `metrics.csv`.
struct BaselineFigures {
  struct Run {
    /// As ``RunPlan/labels(_:)`` tells policies apart.
    var label: String
    var replication: Int
    var values: [String: Double]
  }

  let path: String
  let metrics: [String]
  let runs: [Run]

  func run(_ label: String, _ replication: Int) -> Run? {
    runs.first { $0.label == label && $0.replication == replication }
  }

  /// - Throws: ``BadInput`` with every fault of the file.
  init(path: String) throws(BadInput) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BadInput(
        description: "\(path): found no readable file, expected a metrics.csv (pylon check --record writes it)")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let head = ["run_id", "policy", "replication", "seed"]
    guard let names = lines.first, names.starts(with: head), names.count > head.count else {
      throw BadInput(
        description: "\(path):1: found another heading, expected \(head.joined(separator: ","))… of a metrics.csv")
    }
    metrics = Array(names.dropFirst(head.count))
    var faults: [String] = []
    var runs: [Run] = []
    var policies: [Int: [String]] = [:]
    for (number, line) in lines.enumerated().dropFirst() {
      guard line.count == names.count, let replication = Int(line[2]) else {
        faults.append("\(path):\(number + 1): found \(line.count) cells, expected the \(names.count) of a run")
        continue
      }
      policies[replication, default: []].append(line[1])
      let label = RunPlan.labels(policies[replication] ?? []).last ?? line[1]
      var run = Run(label: label, replication: replication, values: [:])
      for (name, text) in zip(names, line).dropFirst(head.count) where !text.isEmpty {
        guard let value = Double(text), value.isFinite else {
          faults.append("\(path):\(number + 1): \(name): found \(text), expected a number or nothing")
          continue
        }
        run.values[name] = value
      }
      runs.append(run)
    }
    if runs.isEmpty, faults.isEmpty { faults.append("\(path): found no runs, expected a line a run") }
    guard faults.isEmpty else { throw BadInput(description: faults.joined(separator: "\n")) }
    self.path = path
    self.runs = runs
  }
}
