internal import Domain
internal import Scenarios

/// The figures of an earlier run, from its `metrics.csv`.
struct BaselineFigures {
  struct Run {
    /// As ``RunPlan/labels(_:)`` tells policies apart.
    var label: String
    var replication: Int
    var values: [String: Double]
  }

  /// Bytes; the figures of some hundred thousand runs.
  private static let largest = 64 << 20

  let path: String
  let metrics: [String]
  let runs: [Run]

  func run(_ label: String, _ replication: Int) -> Run? {
    runs.first { $0.label == label && $0.replication == replication }
  }

  /// - Throws: ``BadInput`` with every fault of the file.
  init(path: String) throws(BadInput) {
    let found: [UInt8]??
    do { found = try BoundedFile.contents(of: path, limit: BaselineFigures.largest) } catch { found = nil }
    if case .some(nil) = found {
      let limit = BaselineFigures.largest >> 20
      throw BadInput(description: "\(path): found more than \(limit) MB, expected a metrics.csv of at most \(limit) MB")
    }
    guard case .some(let data?) = found else {
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
    guard faults.isEmpty else {
      let more = faults.count > 100 ? ["and \(faults.count - 100) more"] : []
      throw BadInput(description: (faults.prefix(100) + more).joined(separator: "\n").printable(keepsLines: true))
    }
    self.path = path
    self.runs = runs
  }
}
