public import Domain

extension ScenarioDocument {
  /// The scenario as YAML with every default filled in and presets written out, in the units of the file format.
  ///
  /// It reads back as the same scenario, and its own resolved text is the same again. Keys without a default, such as
  /// `sweep` or the columns of a file that names its own, are there only if the document has them. Paths stay relative to
  /// the document's folder.
  ///
  /// - Parameters:
  ///   - overrides: changes of the document, in order.
  ///   - policies: places in the document's list of policies of those that are kept, or names of others; `nil` for all.
  /// - Throws: ``InputError`` with every fault.
  public func resolved(
    overrides: [(key: String, value: String)] = [], policies: [ResolvedPolicy]? = nil, knownPolicies: [String]
  ) throws(InputError) -> String {
    // Faults are of the document as it was written.
    let scenario = try scenario(overrides: overrides, knownPolicies: knownPolicies)
    var root = overridden(overrides).root
    root.expandZones()
    root.expandWorkload()
    if let policies { root.keep(policies) }
    root.dropChecks(baseline: scenario.baseline)
    let reader = Reader(file: path)
    let decoding = ScenarioDecoding(reader: reader, directory: directory, knownPolicies: knownPolicies)
    _ = decoding.scenario(root)
    guard reader.issues.isEmpty else { throw InputError(issues: reader.issues) }
    for fill in reader.fills { root.insert(fill) }
    root.sortTopLevel()
    return ScenarioDocument.heading + YAMLText(root).text
  }

  private static let heading = """
    # A Pylon scenario with every default filled in. Paths are relative to the folder of the scenario that it was made
    # from: keep this file there.

    """
}

/// A policy that a resolved scenario keeps.
public enum ResolvedPolicy: Sendable {
  /// By its place in the document's list.
  case listed(Int)
  /// With its own defaults.
  case named(String)
}

extension Tree {
  private mutating func change(_ key: String, _ body: (inout Tree) -> Void) {
    guard case .mapping(var entries) = content, let place = entries.firstIndex(where: { $0.key == key }) else { return }
    body(&entries[place].value)
    content = .mapping(entries)
  }

  /// Leaves the policies that run.
  fileprivate mutating func keep(_ policies: [ResolvedPolicy]) {
    change("policies") { list in
      guard case .sequence(let items) = list.content else { return }
      list.content = .sequence(
        policies.compactMap { policy in
          switch policy {
          case .named(let name): .text(name)
          case .listed(let place): items.indices.contains(place) ? items[place] : nil
          }
        })
    }
  }

  /// Drops the checks of policies that do not run, which a scenario may not have.
  fileprivate mutating func dropChecks(baseline: String) {
    var running: [String] = [baseline]
    if case .sequence(let items)? = value("policies")?.content { running += items.flatMap(\.policyNames) }
    change("checks") { list in
      guard case .sequence(let items) = list.content else { return }
      list.content = .sequence(
        items.filter { item in
          guard case .scalar(let name, _)? = item.value("policy")?.content else { return true }
          return running.contains(name)
        })
    }
    guard case .mapping(let entries) = content, case .sequence(let left)? = value("checks")?.content, left.isEmpty
    else { return }
    content = .mapping(entries.filter { $0.key != "checks" })
  }

  /// Name and label of an item of `policies`.
  private var policyNames: [String] {
    switch content {
    case .scalar(let name, _): return [name]
    case .mapping(let entries):
      var names = entries.map(\.key)
      if case .scalar(let label, _)? = entries.first?.value.value("label")?.content { names.append(label) }
      return names
    case .sequence: return []
    }
  }

  /// In the order of the documentation.
  fileprivate mutating func sortTopLevel() {
    guard case .mapping(let entries) = content else { return }
    let places = Dictionary(uniqueKeysWithValues: ScenarioDecoding.keys.enumerated().map { ($1, $0) })
    content = .mapping(entries.sorted { (places[$0.key] ?? .max) < (places[$1.key] ?? .max) })
  }

  /// Puts a default into its place.
  mutating func insert(_ fill: Reader.Fill) {
    var parts: [PathPart] = []
    for name in fill.path.split(separator: ".") {
      let pieces = name.split(separator: "[", omittingEmptySubsequences: false)
      if let first = pieces.first { parts.append(.key(String(first))) }
      parts += pieces.dropFirst().compactMap { Int($0.dropLast()).map { PathPart.item($0) } }
    }
    parts += fill.key.split(separator: ".").map { part in
      Int(part).map { PathPart.item($0) } ?? PathPart.key(String(part))
    }
    insert(fill.value, at: parts[...], isFirst: fill.isFirst)
  }

  private enum PathPart {
    case key(String)
    case item(Int)
  }

  /// Puts a default where nothing is; what leads there is made.
  private mutating func insert(_ value: Tree, at path: ArraySlice<PathPart>, isFirst: Bool) {
    guard let part = path.first else {
      self = value
      return
    }
    let rest = path.dropFirst()
    switch part {
    case .key(let key):
      var entries: [Entry] = []
      if case .mapping(let own) = content { entries = own }
      // A policy without parameters is a bare name, which gets its first here.
      if case .scalar(let name, _) = content, !isNull, name != key { return }
      if let place = entries.firstIndex(where: { $0.key == key }) {
        if !rest.isEmpty { entries[place].value.insert(value, at: rest, isFirst: isFirst) }
      } else {
        var inner = Tree.standard("~")
        inner.insert(value, at: rest, isFirst: isFirst)
        entries.insert(Entry(key: key, line: 0, column: 0, value: inner), at: isFirst ? 0 : entries.count)
      }
      content = .mapping(entries)
    case .item(let place):
      var items: [Tree] = []
      if case .sequence(let own) = content { items = own }
      while items.count <= place { items.append(.standard("~")) }
      items[place].insert(value, at: rest, isFirst: isFirst)
      content = .sequence(items)
    }
  }
}
