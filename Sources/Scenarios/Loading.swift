public import Domain
import Foundation
internal import TextIO

extension Scenario {
  /// Reads and checks a scenario. Overrides (`zones.NORTH.capacity.gpus`, `grid.forecast.model`) are written into
  /// the document before it is checked, in order.
  ///
  /// - Parameter names: of the overrides in messages, one for each; `nil` for those of `--set`.
  /// - Throws: ``InputError`` with every fault of the file.
  public static func load(
    path: String, overrides: [(key: String, value: String)] = [], names: [String]? = nil, knownPolicies: [String]
  ) throws(InputError) -> Scenario {
    try ScenarioDocument(path: path).scenario(overrides: overrides, names: names, knownPolicies: knownPolicies)
  }
}

/// A scenario file that was read once, for scenarios that differ by overrides.
public struct ScenarioDocument: Sendable {
  let path: String
  let root: Tree
  /// Faults that do not keep the rest from being read.
  private let faults: [InputIssue]
  public let text: String
  /// True if readers record the keys that they see; see ``keys(knownPolicies:)``.
  @TaskLocal static var notesKeys = false

  /// By the keys that a mapping may have (or the words that a value may be): those that the document uses. So a test
  /// can tell what no document of many has ever used.
  package func keys(knownPolicies: [String]) -> [String: Set<String>] {
    ScenarioDocument.$notesKeys.withValue(true) {
      let reader = Reader(file: path)
      _ = ScenarioDecoding(reader: reader, directory: directory, knownPolicies: knownPolicies).scenario(root)
      return reader.seen
    }
  }

  var directory: String {
    guard path.hasSlash else { return "" }
    return path.pathParent == "/" ? "/." : path.pathParent
  }

  /// - Throws: ``InputError`` where it is no YAML.
  public init(path: String) throws(InputError) {
    try self.init(text: ScenarioDocument.contents(of: path), path: path)
  }

  /// - Parameters:
  ///   - text: what stands in the file.
  ///   - path: the file's, for messages and for the paths in it; it need not be there.
  /// - Throws: ``InputError`` where it is no YAML.
  public init(text: String, path: String) throws(InputError) {
    self.path = path
    self.text = text
    if let other = ForeignFile(table: text, path: path) { throw other.error(path, expected: "a scenario") }
    var builder = TreeBuilder(file: path)
    var faults: [InputIssue] = []
    guard let root = try builder.build(yaml: text, repeated: &faults), !root.isNull else {
      throw InputError(issues: [InputIssue(file: path, found: "an empty file", expected: "a scenario")])
    }
    self.root = root
    self.faults = faults
  }

  private init(path: String, root: Tree, text: String, faults: [InputIssue]) {
    self.path = path
    self.root = root
    self.text = text
    self.faults = faults
  }

  /// Returns a copy without a key of the top level. The points of a sweep are made from a copy without `sweep`.
  public func without(_ key: String) -> ScenarioDocument {
    guard case .mapping(let entries) = root.content else { return self }
    var root = root
    root.content = .mapping(entries.filter { $0.key != key })
    return ScenarioDocument(path: path, root: root, text: text, faults: faults)
  }

  /// Writes the overrides into the document, in order, and checks it.
  ///
  /// - Parameter names: of the overrides in messages, one for each; `nil` for those of `--set`.
  /// - Throws: ``InputError`` with every fault.
  public func scenario(
    overrides: [(key: String, value: String)] = [], names: [String]? = nil, knownPolicies: [String]
  ) throws(InputError) -> Scenario {
    let changed = overridden(overrides, names: names)
    let root = changed.root
    if let other = ForeignFile(root, path: path) { throw other.error(path, expected: "a scenario") }
    var faults = changed.faults
    let reader = Reader(file: path)
    reader.before = changed.effects.numbers
    let decoding = ScenarioDecoding(reader: reader, directory: directory, knownPolicies: knownPolicies)
    var scenario = decoding.scenario(root)
    scenario?.remarks += changed.effects.remarks(reader.fills)
    scenario?.source = ScenarioSource(
      file: path.lastPathName, text: text,
      options: overrides.map { ("--set", "\($0.key)=\($0.value)") })
    faults += reader.issues
    guard faults.isEmpty, let scenario else { throw InputError(issues: ScenarioDocument.inLineOrder(faults)) }
    return scenario
  }

  /// The document with overrides written into it, its faults so far, and what the overrides replaced.
  func overridden(
    _ overrides: [(key: String, value: String)], names: [String]? = nil
  ) -> (root: Tree, faults: [InputIssue], effects: OverrideEffects) {
    var root = root
    var faults = faults
    var effects = OverrideEffects()
    for (place, (key, value)) in overrides.enumerated() {
      let name = names?[place] ?? OverrideName.option("--set", key, value)
      var before = root
      before.expandPresets(leadingTo: key.split(separator: ".").map(String.init))
      do {
        try root.override(key, with: value, file: path, name: name)
        effects.note(key, origin: name, before: before, after: root)
      } catch {
        faults += error.issues
      }
    }
    return (root, faults, effects)
  }

  /// The key that says how many replications there are: `replications`, or `replications.windows`.
  public var replicationsKey: String {
    if case .mapping? = root.value("replications")?.content { "replications.windows" } else { "replications" }
  }

  /// Overrides' faults, which have no line, come first.
  private static func inLineOrder(_ faults: [InputIssue]) -> [InputIssue] {
    faults.enumerated()
      .sorted { ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset) }
      .map(\.element)
  }

  /// - Parameter kind: names the file in errors.
  static func contents(of path: String, kind: String = "a scenario") throws(InputError) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InputError(issues: [InputIssue(file: path, found: "no such file", expected: kind)])
    }
    guard !isDirectory.boolValue else {
      let expected = kind == "a scenario" ? "a scenario file" : kind
      if let other = ForeignFile(folder: path) { throw other.error(path, expected: expected) }
      throw InputError(issues: [InputIssue(file: path, found: "a directory", expected: expected)])
    }
    if let head = BoundedFile.head(of: path), let other = ForeignFile(head: head) {
      throw other.error(path, expected: kind)
    }
    var bytes: [UInt8]
    do {
      guard let found = try BoundedFile.contents(of: path, limit: BoundedFile.largestYAML) else {
        let limit = BoundedFile.largestYAML >> 20
        throw InputError(issues: [
          InputIssue(file: path, found: "more than \(limit) MB", expected: "at most \(limit) MB")
        ]
        )
      }
      bytes = found
    } catch let error as InputError {
      throw error
    } catch let fault as UnreadableFile {
      throw InputError(issues: [InputIssue(file: path, found: fault.found, expected: fault.expected)])
    } catch {
      throw InputError(issues: [InputIssue(file: path, found: "an unreadable file", expected: "a readable file")])
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // The longest valid beginning tells the line.
    let line = validLines(bytes) + 1
    throw InputError(issues: [
      InputIssue(file: path, line: line, found: "bytes that are not UTF-8", expected: "UTF-8 text")
    ])
  }

  private static func validLines(_ bytes: [UInt8]) -> Int {
    var lines = 0
    // A line feed is never a part of a longer UTF-8 sequence.
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      guard String(validating: line, as: UTF8.self) != nil else { break }
      lines += 1
    }
    return lines
  }
}
