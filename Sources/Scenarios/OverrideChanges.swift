import Domain

/// A value that an override changed, as YAML in one line.
public struct OverrideChange: Hashable, Sendable {
  /// The override's key.
  public var key: String
  /// The values before it, defaults included, each once; empty for a key that had none.
  public var before: [String]
  /// The value that it wrote.
  public var after: String
  /// Items of a list that an override of the whole list took away.
  public var dropped: [String] = []
  /// True if the key has had this value before.
  public var isWithoutEffect = false
}

extension ScenarioDocument {
  /// Lists the changes that overrides make, one by one.
  ///
  /// - Parameter common: overrides that come before them.
  public func changes(
    by overrides: [(key: String, value: String)], after common: [(key: String, value: String)] = [],
    knownPolicies: [String]
  ) -> [OverrideChange] {
    var root = overridden(common).root
    return overrides.compactMap { key, value in
      let path = key.split(separator: ".").map(String.init)
      var old = root
      old.expandPresets(leadingTo: path)
      let reader = Reader(file: self.path)
      _ = ScenarioDecoding(reader: reader, directory: directory, knownPolicies: knownPolicies).scenario(old)
      for fill in reader.fills { old.insert(fill) }
      var new = old
      guard (try? new.override(key, with: value, file: self.path)) != nil else { return nil }
      try? root.override(key, with: value, file: self.path)
      var found: [(before: Tree?, after: Tree?)] = []
      Tree.compare(old, new, depth: path.count, into: &found)
      let before = found.compactMap { $0.before?.flow }.uniqued
      let after = path.last == "+" ? [value] : found.map { $0.after?.flow ?? "nothing" }.uniqued
      var change = OverrideChange(key: key, before: before, after: after.joined(separator: ", "))
      if after.isEmpty { (change.before, change.after, change.isWithoutEffect) = ([value], value, true) }
      // What is appended leaves the list as it was.
      if path.last == "+" { change.before = [] } else { change.dropped = Tree.dropped(found) }
      return change
    }
  }
}

extension Tree {
  /// The places at which two documents differ, at most so many keys deep.
  fileprivate static func compare(
    _ old: Tree?, _ new: Tree?, depth: Int, into found: inout [(before: Tree?, after: Tree?)]
  ) {
    if let old, let new, old.flow == new.flow { return }
    if depth > 0, case .mapping(let before)? = old?.content, case .mapping(let after)? = new?.content {
      let keys = (before.map(\.key) + after.map(\.key)).uniqued
      for key in keys { compare(old?.value(key), new?.value(key), depth: depth - 1, into: &found) }
    } else if depth > 0, case .sequence(let before)? = old?.content, case .sequence(let after)? = new?.content,
      before.count == after.count
    {
      for (one, other) in zip(before, after) { compare(one, other, depth: depth - 1, into: &found) }
    } else if old?.isNull ?? true, case .mapping(let entries)? = new?.content, depth > 0, entries.count == 1 {
      // Mappings that the override made on its way.
      compare(nil, entries[0].value, depth: depth - 1, into: &found)
    } else {
      found.append((old, new))
    }
  }

  /// Items that lists had before and do not have after.
  fileprivate static func dropped(_ found: [(before: Tree?, after: Tree?)]) -> [String] {
    found.flatMap { pair -> [String] in
      guard case .sequence(let before)? = pair.before?.content, case .sequence(let after)? = pair.after?.content else {
        return []
      }
      let kept = after.map(\.flow)
      return before.map(\.flow).filter { !kept.contains($0) }
    }
  }
}
