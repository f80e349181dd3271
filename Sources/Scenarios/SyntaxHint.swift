/// The usual mistakes behind the parser's messages, which tell where it gave up and not what is wrong.
enum SyntaxHint {
  /// `nil` if nothing usual is found.
  ///
  /// - Parameter line: where the parser gave up, from 1.
  static func issue(_ problem: String, _ line: Int, _ yaml: String) -> (line: Int, found: String, expected: String)? {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(line - 1) else { return key(problem, line, lines) }
    let blanks = lines[line - 1].prefix { $0 == " " || $0 == "\t" }
    if problem.contains("cannot start any token"), blanks.contains("\t") {
      return (line, "a tab at the beginning of the line", "blanks")
    }
    return key(problem, line, lines) ?? bracket(problem, line, lines)
  }

  /// The nearest line above that has no `: `.
  private static func key(_ problem: String, _ line: Int, _ lines: [String]) -> (Int, String, String)? {
    guard problem.contains("could not find expected ':'") else { return nil }
    // The parser gives up on the line or on the one behind it.
    let near = lines.prefix(min(line, lines.count)).enumerated().map { ($0.offset, $0.element.trimmedBlanks) }
      .filter { !$0.1.isEmpty && !$0.1.hasPrefix("#") }.suffix(2)
    guard let (place, text) = near.last(where: { !$0.1.contains(": ") && !$0.1.hasSuffix(":") }) else { return nil }
    let short = text.count > 40 ? "\(text.prefix(40))…" : text
    return (place + 1, "\"\(short)\"", "a key, a colon and a blank, as in seed: 1")
  }

  /// The last bracket above that is opened and not closed.
  private static func bracket(_ problem: String, _ line: Int, _ lines: [String]) -> (Int, String, String)? {
    let marks = ["'}'": ("{", "}"), "']'": ("[", "]")]
    guard let (open, close) = marks.first(where: { problem.contains($0.key) })?.value else { return nil }
    for at in stride(from: line - 1, through: 0, by: -1) where lines.indices.contains(at) {
      let text = lines[at].trimmedBlanks
      let opened = text.count { "\($0)" == open }
      guard !text.hasPrefix("#"), opened > text.count(where: { "\($0)" == close }) else { continue }
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
