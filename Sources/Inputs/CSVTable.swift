internal import Foundation

/// A fault of an input file: where, what was found, what was expected.
public struct InputIssue: Hashable, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1; 0 where the fault has no line.
  public var line: Int
  /// The column's name; empty for the line as a whole.
  public var column: String
  public var found: String
  public var expected: String

  public var description: String {
    let place = line > 0 ? "\(file):\(line):" : "\(file):"
    return "\(place) \(column.isEmpty ? "" : "\(column): ")found \(found), expected \(expected)"
  }
}

/// Every fault of a file at once.
public struct InputError: Error, CustomStringConvertible {
  public var issues: [InputIssue]

  public var description: String {
    let shown = issues.prefix(100).map(\.description)
    let more = issues.count > shown.count ? ["… and \(issues.count - shown.count) more"] : []
    return (shown + more).joined(separator: "\n")
  }
}

/// A CSV file in memory: UTF-8, a BOM is skipped, lines end LF or CRLF, cells may be quoted. O(size of the file).
struct CSVTable {
  let file: String
  let header: [String]
  let rows: [(line: Int, cells: [String])]

  init(file: String) throws(InputError) {
    self.file = file
    func fault(_ line: Int, _ found: String, _ expected: String) -> InputError {
      InputError(issues: [InputIssue(file: file, line: line, column: "", found: found, expected: expected)])
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw fault(0, "no readable file", "a CSV file")
    }
    var bytes = Array(data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var lines: [(line: Int, cells: [String])] = []
    var issues: [InputIssue] = []
    for (index, raw) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let trimmed = raw.last == 13 ? raw.dropLast() : raw
      if trimmed.isEmpty { continue }
      guard let text = String(validating: trimmed, as: UTF8.self) else {
        issues.append(
          InputIssue(file: file, line: index + 1, column: "", found: "bytes that are not UTF-8", expected: "UTF-8 text")
        )
        continue
      }
      lines.append((index + 1, CSVTable.cells(text)))
    }
    guard issues.isEmpty else { throw InputError(issues: issues) }
    guard let first = lines.first else { throw fault(0, "an empty file", "a header and rows") }
    header = first.cells
    rows = Array(lines.dropFirst())
    if let ragged = rows.first(where: { $0.cells.count != header.count }) {
      throw fault(ragged.line, "\(ragged.cells.count) cells", "\(header.count), as in the header")
    }
  }

  private static func cells(_ line: String) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var quoted = false
    let text = Array(line.utf8)
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte == 34 {
        if quoted, at + 1 < text.count, text[at + 1] == 34 {
          cell.append(34)
          at += 1
        } else {
          quoted.toggle()
        }
      } else if byte == 44, !quoted {
        cells.append(String(decoding: cell, as: UTF8.self))
        cell = []
      } else {
        cell.append(byte)
      }
      at += 1
    }
    cells.append(String(decoding: cell, as: UTF8.self))
    return cells
  }
}
