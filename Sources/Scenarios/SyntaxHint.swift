/// The usual mistakes behind the parser's messages, which tell where it gave up and not what is wrong.
enum SyntaxHint {
  /// `nil` if nothing usual is found.
  ///
  /// - Parameter line: where the parser gave up, from 1.
  static func issue(_ problem: String, _ line: Int, _ yaml: String) -> (line: Int, found: String, expected: String)? {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(line - 1) else { return key(problem, line, lines) }
    if problem.contains("cannot start any token"), lines[line - 1].prefix(while: { $0 == " " || $0 == "\t" }).contains("\t")
    {
      return (line, "a tab at the beginning of the line", "blanks")
    }
    return key(problem, line, lines) ?? bracket(problem, line, lines)
  }

  /// The nearest line above that has no `: `.
  private static func key(_ problem: String, _ line: Int, _ lines: [String]) -> (Int, String, String)? {
    guard problem.contains("could not find expected ':'") else { return nil }
    let above = lines.prefix(min(line, lines.count)).enumerated().reversed().first { _, text in
      let text = text.trimmedBlanks
      return !text.isEmpty && !text.hasPrefix("#")
    }
    guard let above else { return nil }
    let text = above.element.trimmedBlanks
    guard !text.contains(": "), !text.hasSuffix(":") else { return nil }
    let short = text.count > 40 ? "\(text.prefix(40))…" : text
    return (above.offset + 1, "\"\(short)\"", "a key, a colon and a blank, as in seed: 1")
  }

  /// The last bracket above that is opened and not closed.
  private static func bracket(_ problem: String, _ line: Int, _ lines: [String]) -> (Int, String, String)? {
    let marks = ["'}'": ("{", "}"), "']'": ("[", "]")]
    guard let (open, close) = marks.first(where: { problem.contains($0.key) })?.value else { return nil }
    for at in stride(from: line - 1, through: 0, by: -1) where lines.indices.contains(at) {
      let text = lines[at].trimmedBlanks
      guard !text.hasPrefix("#"), text.filter({ "\($0)" == open }).count > text.filter({ "\($0)" == close }).count else {
        continue
      }
      return (at + 1, "a \(open) without its \(close)", "both, and a comma between two values")
    }
    return nil
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    let body = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    return String(body.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
  }
}
