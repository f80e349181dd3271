internal import Domain
internal import Foundation
internal import Runs
internal import Scenarios

/// The figures of an earlier run, from its `metrics.csv`.
struct BaselineFigures {
  struct Run {
    /// As ``RunPlan/labels(_:)`` tells policies apart.
    var label: String
    var policy: String
    var replication: Int
    var values: [String: Double]
  }

  /// Bytes; the figures of some hundred thousand runs.
  private static let largest = 64 << 20

  /// The columns before the metrics; first those of a file without labels, as older ones are.
  private static let heads = [
    ["run_id", "policy", "replication", "seed"], ["run_id", "policy", "label", "replication", "seed"],
  ]

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
      guard let reason = BaselineFigures.reasonNotToRead(path) else {
        throw BadInput(
          description: "\(path): found no such file, expected a metrics.csv (pylon check --record writes it)")
      }
      throw BadInput(description: "\(path): found \(reason), expected a metrics.csv that can be read")
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
    guard let names = lines.first, let head = BaselineFigures.head(of: names), names.count > head.count else {
      let expected = BaselineFigures.heads[1].joined(separator: ",")
      throw BadInput(description: "\(path):1: found a different heading, expected \(expected)…")
    }
    let columns = Array(names.dropFirst(head.count))
    metrics = columns
    let twice = columns.indices.filter { columns[..<$0].contains(columns[$0]) }.map { columns[$0] }.uniqued
    var faults = twice.map { "\(path):1: found the column \($0) twice, expected it once" }
    var runs: [Run] = []
    var policies: [Int: [String]] = [:]
    for (number, line) in lines.enumerated().dropFirst() {
      guard line.count == names.count else {
        faults.append("\(path):\(number + 1): found \(line.count) cells, expected \(names.count)")
        continue
      }
      guard let replication = Int(line[head.count - 2]) else {
        faults.append("\(path):\(number + 1): replication: found \(line[head.count - 2]), expected a whole number")
        continue
      }
      policies[replication, default: []].append(line[head.count - 3])
      let label = RunPlan.labels(policies[replication] ?? []).last ?? line[1]
      var run = Run(label: label, policy: line[1], replication: replication, values: [:])
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

  private static func head(of names: [String]) -> [String]? { heads.first { names.starts(with: $0) } }

  /// Why a file that is there cannot be read as text; `nil` if no such file exists.
  private static func reasonNotToRead(_ path: String) -> String? {
    var found = stat()
    guard stat(path, &found) == 0 else {
      return errno == ENOENT ? nil : "a file that cannot be read (\(String(cString: strerror(errno))))"
    }
    switch found.st_mode & S_IFMT {
    case S_IFDIR: return "a folder"
    case S_IFREG: break
    default: return "what is not a regular file"
    }
    guard access(path, R_OK) == 0 else {
      return "a file that cannot be read (\(String(cString: strerror(errno))))"
    }
    return "a file that is no text"
  }

  /// Description of an existing file, if recording over it would destroy something other than a baseline; else `nil`.
  /// An empty file, and a metrics file with a merge conflict, may be replaced.
  static func obstacle(to path: String) -> String? {
    guard let reason = reasonNotToRead(path) else { return nil }
    let read: [UInt8]?
    do { read = try BoundedFile.contents(of: path, limit: largest) } catch { return reason }
    guard let data = read else { return "a file of more than \(largest >> 20) MB" }
    let text = String(decoding: data, as: UTF8.self)
    let lines = lines(text)
    if lines.isEmpty || lines.first.flatMap(head) != nil { return nil }
    if ConflictMarker(in: text) != nil, lines.contains(where: { head(of: $0) != nil }) { return nil }
    return "a file without the heading of a metrics.csv"
  }

  /// Cells of CSV lines. A label may hold a comma or a quote, and then stands in quotes; an apostrophe before what a
  /// spreadsheet would take for a formula is no part of it.
  private static func lines(_ text: String) -> [[String]] {
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    return text.split(whereSeparator: \.isNewline).map { line in
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
