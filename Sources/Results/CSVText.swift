/// A cell of a CSV line.
package enum CSVCell {
  /// Any text: quoted if it has to be, and guarded if a spreadsheet would take it for a formula.
  case text(String)
  /// The shortest text that reads back as the same number; an empty cell for `nil`.
  case number(Double?)
  case whole(Int)
  /// A number as it was written, of digits, signs, a point and an exponent: `-0.50`.
  case digits(String)
}

/// Lines of CSV (RFC 4180) in memory: the one way in which tables are written.
package final class CSVText {
  private let buffer = TextBuffer()

  package init() {}

  package var text: String { buffer.text }

  package func append(_ text: String) { buffer.append(text) }

  /// Adds a cell, in quotes and guarded where it must be.
  package func append(cell text: String) { buffer.append(cell: text) }

  /// Adds a line.
  package func append(line cells: [CSVCell]) { buffer.append(line: cells) }

  /// Adds a comma and a figure for each, nothing where there is none, and ends the line.
  package func endLine(with values: [Double?]) {
    for value in values { buffer.append(afterComma: value) }
    buffer.append(byte: 10)
  }

  /// A table under its heading; the last line ends without a line feed.
  package static func table(_ heading: [String], _ lines: [[CSVCell]]) -> String {
    let csv = CSVText()
    csv.append(line: heading.map { .text($0) })
    for line in lines {
      assert(line.count == heading.count, "a line of another length than its heading")
      csv.append(line: line)
    }
    return String(csv.text.dropLast())
  }
}

extension TextBuffer {
  /// Adds cells with commas between them, and ends the line.
  func append(line cells: [CSVCell]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { append(byte: 44) }
      append(cell)
    }
    append(byte: 10)
  }

  func append(_ cell: CSVCell) {
    switch cell {
    case .text(let text): append(cell: text)
    case .number(let value): if let value { append(value) }
    case .whole(let number): append(number)
    case .digits(let text): append(text)
    }
  }
}
