import Domain
extension ScenarioDocument {
  /// The kind of a YAML file in a folder, by the keys of its top level.
  package enum FileKind {
    case scenario
    /// Variants of a scenario, see ``Variant/load(path:)``.
    case variants
    case other
  }

  /// Keys that only a scenario has at its top level; a file with one of them is meant to be one.
  static let scenarioKeys = ["clock", "zones", "grid", "workload", "policies"]

  /// The other keys of a scenario's top level.
  static var otherKeys: [String] { ScenarioDecoding.keys.filter { !scenarioKeys.contains($0) } }

  package static var marks: String { scenarioKeys.joined(separator: ", ") }

  /// A file that cannot be read, or is no YAML, is taken for a scenario: whoever loads it reports the fault.
  package static func kind(of path: String) -> FileKind {
    guard let text = try? contents(of: path) else { return .scenario }
    var builder = TreeBuilder(file: path)
    var faults: [InputIssue] = []
    guard let found = try? builder.build(yaml: text, repeated: &faults), !found.isNull else { return .scenario }
    if scenarioKeys.contains(where: { found.value($0) != nil }) { return .scenario }
    return found.value("variants") == nil ? .other : .variants
  }
}
