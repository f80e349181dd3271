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
    try self.init(text: String(decoding: data, as: UTF8.self), path: path)
  }

  /// - Parameter path: of the file that has the text, for messages.
  /// - Throws: ``BadInput`` with every fault.
  init(text: String, path: String) throws(BadInput) {
    if let marker = ConflictMarker(in: text) {
      throw BadInput(
        description: "\(path):\(marker.line): found \(marker.text), a merge conflict, expected one side of it "
          + "(pylon check --record writes the file anew)")
    }
    let lines = BaselineFigures.lines(text)
    // Those of a file without labels, as older ones are, first.
    let heads = [["run_id", "policy", "replication", "seed"], ["run_id", "policy", "label", "replication", "seed"]]
    guard let names = lines.first, let head = heads.first(where: { names.starts(with: $0) }),
      names.count > head.count
    else {
      throw BadInput(
        description: "\(path):1: found a different heading, expected \(heads[1].joined(separator: ","))…")
    }
    metrics = Array(names.dropFirst(head.count))
    var faults: [String] = []
    var runs: [Run] = []
    var policies: [Int: [String]] = [:]
    for (number, line) in lines.enumerated().dropFirst() {
      guard line.count == names.count, let replication = Int(line[head.count - 2]) else {
        faults.append("\(path):\(number + 1): found \(line.count) cells, expected \(names.count)")
        continue
      }
      policies[replication, default: []].append(line[head.count - 3])
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
    if runs.isEmpty, faults.isEmpty { faults.append("\(path): found no runs, expected one line per run") }
    guard faults.isEmpty else {
      let more = faults.count > 100 ? ["and \(faults.count - 100) more"] : []
      throw BadInput(description: (faults.prefix(100) + more).joined(separator: "\n").printable(keepsLines: true))
    }
    self.path = path
    self.runs = runs
  }

  /// Cells of CSV lines. A label may hold a comma or a quote, and then stands in quotes; an apostrophe before what a
  /// spreadsheet would take for a formula is no part of it.
  private static func lines(_ text: String) -> [[String]] {
    text.split(whereSeparator: \.isNewline).map { line in
      guard line.utf8.contains(34) else {
        return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      var cells: [[Character]] = [[]]
      var isQuoted = false
      var last: Character = ","
      for character in line {
        if character == "\"" {
          // A quote within quotes is written twice.
          if !isQuoted, last == "\"" { cells[cells.count - 1].append(character) }
          isQuoted.toggle()
        } else if character == ",", !isQuoted {
          cells.append([])
        } else {
          cells[cells.count - 1].append(character)
        }
        last = last == "\"" && character == "\"" ? " " : character
      }
      return cells.map { cell in
        let formula = cell.first == "'" && cell.first { $0 != "'" }.map { "=+-@\t".contains($0) } == true
        return String(formula ? cell[1...] : cell[...])
      }
    }
  }
}
