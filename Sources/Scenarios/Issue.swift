import Domain

/// One fault of a scenario: where it stands, what was found and what was expected.
public struct Issue: Hashable, Sendable, CustomStringConvertible {
  /// The scenario's path as it was given, or `override key=value`.
  public var file: String
  /// From 1; 0 where the fault has no line.
  public var line: Int
  /// From 1; 0 where the fault has no line.
  public var column: Int
  /// The key's path, such as `zones[0].pue`; empty for the file as a whole.
  public var key: String
  public var found: String
  public var expected: String
  /// What was probably meant.
  public var suggestion: String?

  public init(
    file: String, line: Int = 0, column: Int = 0, key: String = "", found: String, expected: String,
    suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.found = found.isEmpty ? "nothing" : found
    self.expected = expected
    self.suggestion = suggestion
  }

  /// `scenario.yaml:4: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000`
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    let subject = key.isEmpty ? "" : " \(key.unicodeScalars.count > 240 ? "\(key.prefix(200))…" : key):"
    let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
    return "\(place):\(subject) found \(found), expected \(expected)\(hint)".printable()
  }
}

/// Every fault of a scenario at once, in the order of its lines.
public struct ScenarioError: Error, CustomStringConvertible {
  public var issues: [Issue]

  public init(issues: [Issue]) { self.issues = issues }

  /// One line per mistake; of more than two hundred the first ones, and how many more there are.
  public var description: String {
    let merged = ScenarioError.merged(issues)
    let lines = merged.prefix(ScenarioError.mostTold).map { issue, lines in
      guard lines.count > 1 else { return issue.description }
      guard lines[0] > 0 else { return issue.description + " (\(lines.count) times)" }
      let first = lines.prefix(3).map(String.init).joined(separator: ", ")
      return issue.description + " (\(lines.count) times: lines \(first)\(lines.count > 3 ? ", …" : ""))"
    }
    let more = merged.count - ScenarioError.mostTold
    return lines.joined(separator: "\n") + (more > 0 ? "\nand \(more) more" : "")
  }

  /// The same mistake in several items of a list is one, at its first place, with all its lines.
  private static func merged(_ issues: [Issue]) -> [(issue: Issue, lines: [Int])] {
    struct Mistake: Hashable {
      var file: String
      var key: String
      var found: String
      var expected: String
      var suggestion: String?
    }
    var indexOf: [Mistake: Int] = [:]
    var merged: [(issue: Issue, lines: [Int])] = []
    for issue in issues {
      let mistake = Mistake(
        file: issue.file, key: issue.key.replacing(#/\[[0-9]+\]/#, with: "[]"), found: issue.found,
        expected: issue.expected, suggestion: issue.suggestion)
      // A wildcard writes one mistake into many places.
      let isOfList = issue.key.contains("[") && (issue.line > 0 || issue.file.hasPrefix("override "))
      if isOfList, let index = indexOf[mistake] {
        merged[index].lines.append(issue.line)
      } else {
        indexOf[mistake] = merged.count
        merged.append((issue, [issue.line]))
      }
    }
    return merged
  }

  private static let mostTold = 200
}
