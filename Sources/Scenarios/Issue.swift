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

  /// `scenario.yaml:4: zones[0].pue: found 0.5, expected a number from 1 to 1e6`
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

  /// One line an issue; of more than two hundred the first, and how many more there are.
  public var description: String {
    let lines = issues.prefix(ScenarioError.mostTold).map(\.description).joined(separator: "\n")
    let more = issues.count - ScenarioError.mostTold
    return more > 0 ? lines + "\nand \(more) more" : lines
  }

  private static let mostTold = 200
}

/// The candidate nearest to a misspelt word, where one is near enough to have been meant.
package func nearest(to word: String, among candidates: [String]) -> String? {
  // Two swapped letters are two edits.
  let limit = word.count <= 3 ? 1 : max(2, word.count / 3)
  let ranked = candidates.map { (name: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
  return best.name
}

/// Levenshtein's distance.
func editDistance(_ a: String, _ b: String) -> Int {
  let source = Array(a)
  let target = Array(b)
  // No key is this long; the bound keeps a hostile one from costing quadratic time.
  guard source.count <= 100, target.count <= 100 else { return .max }
  var row = Array(0...target.count)
  for (i, letter) in source.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in target.enumerated() {
      let substituted = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
    }
  }
  return row[target.count]
}
