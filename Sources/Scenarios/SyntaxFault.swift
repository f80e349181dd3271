internal import Yams

/// A syntax error of a YAML file in words for people who do not know the parser's: with the line where the mistake is,
/// which may be above the one where the parser stopped.
struct SyntaxFault {
  var line: Int
  var column: Int
  var found: String
  var expected: String

  /// - Parameters:
  ///   - problem: the parser's words.
  ///   - mark: where the parser stopped.
  ///   - context: where what it was parsing begins.
  init(_ problem: String, at mark: Mark, context: Mark?, in text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    (line, column) = (mark.line, mark.column)
    (found, expected) = ("a syntax error (\(problem))", "valid YAML; the mistake may be in a line above")
    if let marker = ConflictMarker(in: text) {
      (line, column) = (marker.line, 1)
      (found, expected) = ("a merge conflict (\(marker.text))", "one side of it")
      return
    }
    let own = SyntaxFault.line(mark.line, lines)
    let rest = own.dropFirst(max(0, mark.column - 1))
    switch problem {
    case _ where problem.contains(" tab ") || problem.contains("cannot start any token") && rest.first == "\t":
      (found, expected) = ("a tab", "spaces: YAML takes no tabs for indentation")
    case "found character that cannot start any token":
      (found, expected) = ("a value that begins with \(rest.prefix(1))", "the value in quotes")
    case "found undefined alias":
      (found, expected) = ("\"\(rest.prefix(40))\", which YAML takes for a reference", "the value in quotes")
    case "could not find expected ':'" where context != nil:
      line = context?.line ?? line
      column = context?.column ?? column
      let text = SyntaxFault.line(line, lines).trimmed.prefix(60)
      found = "\"\(text)\", in which no colon is followed by a space"
      expected = "key: value"
    case "found unexpected end of stream" where context != nil:
      line = context?.line ?? line
      column = context?.column ?? column
      (found, expected) = ("a quote that is not closed", "a quote at the end of the text, too")
    case "mapping values are not allowed in this context": mapping(own, lines)
    case "did not find expected key", "did not find expected '-' indicator":
      indentation(own, context, isList: problem.contains("'-'"))
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      bracket(problem.contains("}") ? ("{", "}") : ("[", "]"), context)
    default: break
    }
  }

  /// A colon where a value stands already: within the value, or because the line continues the one above it.
  private mutating func mapping(_ own: Substring, _ lines: [Substring]) {
    if own.prefix(max(0, column - 1)).contains(": ") {
      (found, expected) = ("a second colon in one value", "one key in a line, or the value in quotes")
      return
    }
    var above = line - 1
    while above > 0, SyntaxFault.isBlank(SyntaxFault.line(above, lines)) { above -= 1 }
    guard above > 0 else { return }
    let text = SyntaxFault.line(above, lines).trimmed
    if text.contains(":") {
      found = "more spaces than in line \(above), which has a value already"
      expected = "the indentation of the other keys beside it"
    } else {
      (line, column) = (above, 0)
      (found, expected) = ("\"\(text.prefix(60))\", which has no colon", "key: value")
    }
  }

  private mutating func indentation(_ own: Substring, _ context: Mark?, isList: Bool) {
    let spaces = own.prefix { $0 == " " }.count
    guard let context, column == spaces + 1, !own.trimmed.isEmpty else {
      if context != nil { (found, expected) = ("text after a value that is complete", "the end of the line") }
      return
    }
    found = "an indentation of \(spaces) \(spaces == 1 ? "space" : "spaces")"
    let wanted = context.column - 1
    expected =
      isList
      ? "- as the next item of the list that begins in line \(context.line), or the indentation of the keys of the item "
        + "above"
      : "\(wanted) \(wanted == 1 ? "space" : "spaces"), as the keys of the mapping that begins in line \(context.line)"
  }

  private mutating func bracket(_ brackets: (open: String, close: String), _ context: Mark?) {
    guard let context else { return }
    if context.line == line {
      found = "no comma between two values within \(brackets.open)\(brackets.close)"
      expected = "a comma, or \(brackets.close) before"
    } else {
      (line, column) = (context.line, context.column)
      (found, expected) = ("\(brackets.open) without \(brackets.close)", "\(brackets.close) after its last value")
    }
  }

  /// - Parameter number: from 1.
  private static func line(_ number: Int, _ lines: [Substring]) -> Substring {
    lines.indices.contains(number - 1) ? lines[number - 1] : ""
  }

  private static func isBlank(_ line: Substring) -> Bool { line.trimmed.isEmpty || line.trimmed.hasPrefix("#") }
}

extension Substring {
  /// Without spaces, tabs and `- ` at its beginning and spaces at its end.
  fileprivate var trimmed: Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while text.hasPrefix("- ") { text = text.dropFirst(2).drop { $0 == " " } }
    while text.last == " " { text = text.dropLast() }
    return text
  }
}
