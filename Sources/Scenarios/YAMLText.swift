/// Writes a document for people: a line for what fits on one, blocks for the rest.
struct YAMLText {
  private static let width = 110

  private(set) var text = ""

  /// - Parameter root: a mapping.
  init(_ root: Tree) {
    guard case .mapping(let entries) = root.content else { return }
    for entry in entries { write(entry, indent: "") }
  }

  private mutating func write(_ entry: Tree.Entry, indent: String) {
    let head = indent + YAMLText.key(entry.key) + ":"
    let line = YAMLText.flow(entry.value)
    if YAMLText.isShort(entry.value), head.count + 1 + line.count <= YAMLText.width {
      text += "\(head) \(line)\n"
      return
    }
    switch entry.value.content {
    case .mapping(let entries) where !entries.isEmpty:
      text += head + "\n"
      for entry in entries { write(entry, indent: indent + "  ") }
    case .sequence(let items) where !items.isEmpty:
      text += head + "\n"
      for item in items { write(item, indent: indent + "  ") }
    default: text += "\(head) \(line)\n"
    }
  }

  private mutating func write(_ item: Tree, indent: String) {
    let line = YAMLText.flow(item)
    guard case .mapping(let entries) = item.content, !entries.isEmpty,
      indent.count + 2 + line.count > YAMLText.width
    else {
      text += "\(indent)- \(line)\n"
      return
    }
    let place = text.endIndex
    for entry in entries { write(entry, indent: indent + "  ") }
    // The first key stands behind the dash.
    let start = text.index(place, offsetBy: indent.count)
    text.replaceSubrange(start...start, with: "-")
  }

  /// True if a value may be written on the line of its key: a value with mappings of mappings is clearer on lines of
  /// its own.
  private static func isShort(_ tree: Tree) -> Bool {
    switch tree.content {
    case .scalar: true
    case .mapping(let entries): entries.count <= 8
    case .sequence(let items): items.allSatisfy { if case .mapping = $0.content { false } else { true } }
    }
  }

  /// A value in one line.
  private static func flow(_ tree: Tree) -> String {
    switch tree.content {
    case .scalar(let text, let isPlain): scalar(text, isPlain: isPlain)
    case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\(key($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// A text without quotes if it is read as the same without them.
  private static func scalar(_ text: String, isPlain: Bool) -> String {
    if isPlain, text.isEmpty { return "~" }
    // What was written without quotes needs them only within brackets.
    if isPlain { return text.contains { ",[]{}\n".contains($0) } ? Tree.quoted(text) : text }
    return isWord(text) ? text : Tree.quoted(text)
  }

  /// A key is a text even if it looks like a number.
  private static func key(_ text: String) -> String {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
    return isNumber || isWord(text) ? text : Tree.quoted(text)
  }

  private static func isWord(_ text: String) -> Bool {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan", "infinity"]
    guard let first = text.utf8.first, isLetter(first), text.utf8.last != 32 else { return false }
    return !reserved.contains(text.lowercased())
      && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || " _-./+*".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
