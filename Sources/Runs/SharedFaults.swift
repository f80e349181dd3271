internal import Domain

/// Faults of many points, units or variants, line by line in the order in which they were found: a line that several of
/// them share is reported once, with the first.
package struct SharedFaults {
  package private(set) var lines: [(text: String, first: String, count: Int)] = []
  private var indexOf: [String: Int] = [:]

  package init() {}

  package var count: Int { lines.count }

  /// - Parameter owner: names what has the fault.
  package mutating func add(_ text: String, of owner: String) {
    for line in text.split(separator: "\n").map(String.init).uniqued {
      if let index = indexOf[line] {
        lines[index].count += 1
      } else {
        indexOf[line] = lines.count
        lines.append((line, owner, 1))
      }
    }
  }

  /// `point 2 and 3 other points: carbon.csv: …`
  ///
  /// - Parameter noun: what owners are, in the singular.
  package func texts(_ noun: String) -> [String] {
    lines.map { text, first, count in
      let others = count > 1 ? " and \(counted(count - 1, "other \(noun)"))" : ""
      return "\(first)\(others): \(text)"
    }
  }
}
