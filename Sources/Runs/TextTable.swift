internal import Results

/// Columns for people: the first to the left, numbers to the right.
package enum TextTable {
  /// - Parameters:
  ///   - lines: all of the same number of cells, the heading first.
  ///   - left: how many columns are texts.
  package static func text(_ lines: [[String]], left: Int = 1) -> String {
    guard let heading = lines.first else { return "" }
    let widths = heading.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column < left ? text + space : space + text
      }
      // A text in the last column needs no room behind it.
      let text = cells.joined(separator: "  ")
      return String(text.prefix(text.count - text.reversed().prefix { $0 == " " }.count))
    }.joined(separator: "\n")
  }

  /// Room behind the figures of a column in which others have a mark, so that their digits stay below each other.
  package static func aligned(_ lines: [[String]], mark: String) -> [[String]] {
    guard let heading = lines.first else { return lines }
    let marked = heading.indices.filter { column in lines.dropFirst().contains { $0[column].hasSuffix(mark) } }
    return lines.enumerated().map { place, line in
      guard place > 0 else { return line }
      return line.enumerated().map { column, text in
        marked.contains(column) && !text.hasSuffix(mark) ? text + " " : text
      }
    }
  }

  /// Removes the columns in `names` that are empty in every line, such as the half widths if there are no intervals.
  package static func withoutEmptyColumns(
    _ lines: [[String]], names: Set<String> = ["± half width", "sd", "bootstrap"]
  )
    -> [[String]]
  {
    guard let heading = lines.first else { return lines }
    let kept = heading.indices.filter { column in
      !names.contains(heading[column]) || lines.dropFirst().contains { $0[column] != "–" }
    }
    return lines.map { line in kept.map { line[$0] } }
  }

  /// A field of a CSV line, in quotes where it must be, as every file of the program has it.
  package static func cell(_ text: String) -> String {
    let line = CSVText()
    line.append(cell: text)
    return line.text
  }

  /// The shortest text that reads back as the same number, whole numbers without a fraction.
  package static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
