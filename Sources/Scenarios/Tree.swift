import Domain
import Yams

/// A YAML document with aliases expanded; every node knows where it was written.
struct Tree: Sendable {
  enum Content: Sendable {
    /// `plain` is false for quoted and block text, which is never a number.
    case scalar(String, plain: Bool)
    case mapping([Entry])
    case sequence([Tree])
  }

  struct Entry: Sendable {
    var key: String
    var line: Int
    var column: Int
    var value: Tree
  }

  var content: Content
  var line: Int
  var column: Int
  /// The override that wrote this node; `nil` for the file itself.
  var origin: String?

  /// Text that an issue reports as found.
  var summary: String {
    switch content {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .scalar(let text, let plain):
      if isNull { return "nothing" }
      let short = text.count > 60 ? String(text.prefix(60)) + "…" : text
      let line = short.replacing("\n", with: " ")
      return plain ? line : "\"\(line)\""
    }
  }

  /// Puts a tree where another stands: what was text there is a part of the document.
  mutating func stand(at place: Tree) {
    (line, column, origin) = (place.line, place.column, place.origin)
    guard case .mapping(var entries) = content else { return }
    for at in entries.indices {
      (entries[at].line, entries[at].column) = (place.line, place.column)
      entries[at].value.stand(at: place)
    }
    content = .mapping(entries)
  }

  /// The origin of values that the document does not have.
  static let standardOrigin = "default"

  /// A default.
  ///
  /// - Parameter text: YAML of the program's own.
  static func standard(_ text: String) -> Tree {
    guard text.contains(where: { "[{:".contains($0) }) else {
      return Tree(content: .scalar(text, plain: true), line: 0, column: 0, origin: standardOrigin)
    }
    var builder = TreeBuilder(file: "", origin: standardOrigin)
    guard let tree = try? builder.build(yaml: text) else {
      preconditionFailure("a default that does not parse: \(text)")
    }
    return tree
  }

  /// A default that is a number.
  static func number(_ value: Double) -> Tree {
    .standard(value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)")
  }

  /// A default that is a text, whatever it says.
  static func text(_ text: String) -> Tree {
    Tree(content: .scalar(text, plain: false), line: 0, column: 0, origin: standardOrigin)
  }

  var isNull: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  func value(_ key: String) -> Tree? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

/// Turns Yams' nodes into a ``Tree``, refusing documents that aliases blow up.
struct TreeBuilder {
  static let nodeLimit = 100_000
  static let depthLimit = 100

  let file: String
  let origin: String?
  private var nodes = 0
  private var repeated = RepeatedKeys()
  /// Texts with a NUL character, which neither a database nor a file name can hold.
  private var broken: [InputIssue] = []

  init(file: String, origin: String? = nil) {
    self.file = file
    self.origin = origin
  }

  /// `nil` for a document without content.
  mutating func build(yaml: String) throws(InputError) -> Tree? {
    var repeated: [InputIssue] = []
    let tree = try build(yaml: yaml, repeated: &repeated)
    guard repeated.isEmpty else { throw InputError(issues: repeated) }
    return tree
  }

  /// Builds the tree, but reports keys that a mapping has more than once as issues and keeps the last of each, so that
  /// they hide no other fault.
  mutating func build(yaml: String, repeated issues: inout [InputIssue]) throws(InputError) -> Tree? {
    guard nestingIsBounded(yaml) else {
      throw refusal(nil, found: "deeper nesting", expected: "at most \(Self.depthLimit) levels")
    }
    repeated = RepeatedKeys()
    var text = yaml
    while true {
      do {
        let root = try Yams.compose(yaml: text)
        (nodes, broken) = (0, [])
        let tree = try root.map { try convert($0, depth: 0, path: "") }
        issues += broken
        return tree
      } catch let error as InputError {
        throw InputError(issues: issues + error.issues)
      } catch {
        let fault = syntax(error, in: text)
        issues += fault.issues
        guard let next = repeated.masked(text, error) else { throw InputError(issues: issues) }
        text = next
      }
    }
  }

  /// Yams recurses once a level and would exhaust the stack before any node can be counted.
  private func nestingIsBounded(_ yaml: String) -> Bool {
    var depth = 0
    for line in yaml.utf8.split(separator: 10) {
      // `- - - -` and `? ? ?` nest in one line without brackets.
      var dashes = 0
      for (byte, next) in zip(line, line.dropFirst()) {
        if byte == 45 || byte == 63, next == 32 { dashes += 1 }
        if byte == 91 || byte == 123 { depth += 1 }
        if byte == 93 || byte == 125 { depth = max(0, depth - 1) }
      }
      if let last = line.last {
        if last == 91 || last == 123 { depth += 1 }
        if last == 93 || last == 125 { depth = max(0, depth - 1) }
      }
      if depth > 1000 || dashes > 1000 || line.prefix(while: { $0 == 32 }).count > 2000 { return false }
    }
    return true
  }

  private mutating func convert(_ node: Node, depth: Int, path: String) throws(InputError) -> Tree {
    nodes += 1
    guard nodes <= Self.nodeLimit else {
      throw refusal(
        node.mark, found: "more than \(Self.nodeLimit) values once aliases are expanded",
        expected: "a smaller document")
    }
    guard depth <= Self.depthLimit else {
      throw refusal(node.mark, found: "deeper nesting", expected: "at most \(Self.depthLimit) levels")
    }
    let line = origin == nil ? node.mark?.line ?? 0 : 0
    let column = origin == nil ? node.mark?.column ?? 0 : 0
    let content: Tree.Content
    switch node {
    case .scalar(let scalar):
      content = .scalar(withoutNUL(scalar.string, node.mark, path), plain: scalar.style == .plain)
    case .sequence(let sequence):
      var items: [Tree] = []
      for item in sequence { items.append(try convert(item, depth: depth + 1, path: "\(path)[\(items.count)]")) }
      content = .sequence(items)
    case .mapping(let mapping):
      var entries: [Tree.Entry] = []
      for (key, value) in mapping {
        guard let written = key.scalar?.string else {
          throw refusal(key.mark, found: "a list or mapping as a key", expected: "a name")
        }
        let name = withoutNUL(written, key.mark, path)
        if repeated.names.contains(name) { continue }
        let mark = origin == nil ? key.mark : nil
        let tree = try convert(value, depth: depth + 1, path: path.isEmpty ? name : "\(path).\(name)")
        entries.append(Tree.Entry(key: name, line: mark?.line ?? 0, column: mark?.column ?? 0, value: tree))
      }
      content = .mapping(entries)
    case .alias: throw refusal(node.mark, found: "an unresolved alias", expected: "a value")
    }
    return Tree(content: content, line: line, column: column, origin: origin)
  }

  /// The text without NUL characters, which are reported.
  private mutating func withoutNUL(_ text: String, _ mark: Mark?, _ path: String) -> String {
    guard text.utf8.contains(0) else { return text }
    let short = String(text.unicodeScalars.prefix(40))
    broken += refusal(mark, key: path, found: "a NUL character in \"\(short)\"", expected: "text without it").issues
    return String(decoding: text.utf8.filter { $0 != 0 }, as: UTF8.self)
  }

  private func refusal(_ mark: Mark?, key: String = "", found: String, expected: String) -> InputError {
    InputError(issues: [
      InputIssue(
        file: origin ?? file, line: origin == nil ? mark?.line ?? 0 : 0,
        column: origin == nil ? mark?.column ?? 0 : 0, key: key, found: found, expected: expected)
    ])
  }

  private func syntax(_ error: any Error, in yaml: String) -> InputError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let fault = SyntaxFault(problem, at: mark, context: context?.mark, in: yaml)
      return InputError(issues: [
        InputIssue(
          file: origin ?? file, line: origin == nil ? fault.line : 0, column: origin == nil ? fault.column : 0,
          found: fault.found, expected: fault.expected)
      ])
    case .duplicatedKeysInMapping(let duplicates, let context):
      return refusal(
        context.mark, key: duplicates.first ?? "", found: "a duplicate key", expected: "each key once")
    case .reader(let problem, let offset, _, _):
      let line = yaml.prefix(offset ?? 0).count { $0.isNewline } + 1
      return InputError(issues: [
        InputIssue(
          file: origin ?? file, line: origin == nil ? line : 0, found: "a forbidden character (\(problem))",
          expected: "valid YAML")
      ])
    default: return refusal(nil, found: "\(error)", expected: "valid YAML")
    }
  }
}
