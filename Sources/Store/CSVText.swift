/// Lines of figures on their way to a file.
package final class CSVText {
  private let buffer = TextBuffer()

  package init() {}

  package var text: String { buffer.text }

  package func append(_ text: String) { buffer.append(text) }

  /// Adds a cell, in quotes and guarded where it must be.
  package func append(cell text: String) { buffer.append(cell: text) }

  /// Adds a comma and a figure for each, nothing where there is none, and ends the line.
  package func endLine(with values: [Double?]) {
    for value in values { buffer.append(afterComma: value) }
    buffer.append(byte: 10)
  }
}
