public import Domain
import Foundation

/// Named sets of overrides, for what-if questions.
public struct Variant: Sendable {
  public var name: String
  /// In the order written; values are YAML.
  public var overrides: [(key: String, value: String)]

  /// The variant in messages: `variants.yaml:3: more-gpus`, or the option that made it.
  public var place: String
  /// The overrides in messages, one for each.
  public var names: [String]

  /// A variant that the options `--set` make.
  public init(name: String, overrides: [(key: String, value: String)]) {
    self.name = name
    self.overrides = overrides
    names = overrides.map { OverrideName.option("--set", $0.key, $0.value) }
    place = names.count == 1 ? names[0] : "--set"
  }

  /// A variant of a file.
  private init(_ entry: Tree.Entry, of path: String, _ keys: [Tree.Entry]) {
    func told(_ line: Int) -> String { "\(path):\(line > 0 ? line : entry.line): \(entry.key)" }
    name = entry.key
    overrides = keys.map { ($0.key, $0.value.flow) }
    names = keys.map { told($0.line) }
    place = told(entry.line)
  }

  /// A message about the scenario with this variant, of which each line begins with the variant or an override of it.
  public func message(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      (names + [place]).contains { line.hasPrefix($0) } || line.hasPrefix("note: ") ? String(line) : "\(place): \(line)"
    }.joined(separator: "\n")
  }

  /// Reads a file such as
  ///
  ///     variants:
  ///       more-gpus: {zones.GB-LONDON.capacity.gpus: 64}
  ///       no-foresight:
  ///         grid.forecast.model: persistence
  ///
  /// - Throws: ``InputError`` with every fault of the file; whether the overrides fit a scenario is told by
  ///   ``Scenario/load(path:overrides:knownPolicies:)``.
  public static func load(path: String) throws(InputError) -> [Variant] {
    let text = try ScenarioDocument.contents(of: path, kind: "a file of variants")
    if let other = ForeignFile(table: text, path: path) { throw other.error(path, expected: "a file of variants") }
    var builder = TreeBuilder(file: path)
    let reader = Reader(file: path)
    var repeated: [InputIssue] = []
    guard let root = try builder.build(yaml: text, repeated: &repeated), !root.isNull else {
      throw InputError(issues: [InputIssue(file: path, found: "an empty file", expected: "variants")])
    }
    if root.value("variants") == nil, ScenarioDocument.scenarioKeys.contains(where: { root.value($0) != nil }) {
      var other = ForeignFile(found: "a scenario", remedy: "")
      other.remedy = "pylon whatif \(path.lastPathName) --variants FILE, with its variants in FILE"
      throw other.error(path, expected: "a file of variants")
    }
    var variants: [Variant] = []
    let expected = "a mapping of names to overrides"
    if let top = reader.fields(Cell(tree: root, path: ""), allowed: ["variants"]),
      let cell = top.required("variants", expected)
    {
      if case .mapping(let entries) = cell.tree.content, !entries.isEmpty {
        variants = entries.map { variant($0, reader) }
      } else {
        reader.refuse(cell, expected: expected)
      }
    }
    let faults = repeated + reader.issues
    guard faults.isEmpty else { throw InputError(issues: faults) }
    return variants
  }

  private static func variant(_ entry: Tree.Entry, _ reader: Reader) -> Variant {
    let cell = Cell(tree: entry.value, path: "variants.\(entry.key)")
    guard case .mapping(let keys) = cell.tree.content, !keys.isEmpty else {
      reader.refuse(cell, expected: "a mapping of dotted keys to values, such as {grid.forecast.model: noisy}")
      return Variant(entry, of: reader.file, [])
    }
    return Variant(entry, of: reader.file, keys)
  }

  /// A remedy for nested mappings, which replace all that the scenario has under a key: the same value with a dotted key.
  public var nestingHint: String? {
    for (key, text) in overrides where !key.contains(".") {
      var builder = TreeBuilder(file: "")
      guard let tree = try? builder.build(yaml: text), case .mapping = tree.content, let leaf = tree.firstLeaf,
        leaf.path.count > 1
      else { continue }
      if Tree.lists.contains(key) { return "\(key) is a list; to add to it, write \(key).+: \(tree.flow)" }
      return "\(key) replaces all of \(key); to change one value, write "
        + "\(key).\(leaf.path.joined(separator: ".")): \(leaf.text)"
    }
    return nil
  }
}

extension Tree {
  /// The value in one line of YAML.
  var flow: String {
    switch content {
    case .scalar(let text, true): return text
    case .scalar(let text, false): return Tree.quoted(text)
    case .sequence(let items): return "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\(Tree.flowKey($0.key)): \($0.value.flow)" }.joined(separator: ", ") + "}"
    }
  }

  /// A key, quoted unless it is a plain word.
  private static func flowKey(_ key: String) -> String {
    let isWord =
      key.first?.isLetter == true
      && key.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 45
      }
    return isWord ? key : quoted(key)
  }

  /// The first value of nested mappings with the keys that lead to it; `nil` for an empty mapping.
  var firstLeaf: (path: [String], text: String)? {
    switch content {
    case .scalar: return ([], flow)
    case .sequence: return ([], flow)
    case .mapping(let entries):
      guard let first = entries.first, let leaf = first.value.firstLeaf else { return nil }
      return ([first.key] + leaf.path, leaf.text)
    }
  }

  static func quoted(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": written += "\\\(scalar)"
      case "\n": written += "\\n"
      case "\t": written += "\\t"
      // What YAML would take for the end of a line, or refuse.
      case _ where scalar.value < 32 || scalar.value == 127: written += "\\x" + hexadecimal(scalar.value, 2)
      case "\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}": written += "\\u" + hexadecimal(scalar.value, 4)
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written + "\""
  }

  private static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
