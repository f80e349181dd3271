import Domain

extension Tree {
  /// Writes `text` (itself YAML) at a dotted path: `zones.NORTH.capacity.gpus`, `zones.0.pue`,
  /// `policies.deadline-aware.weights.carbon`. Mappings on the way that are not there are made, so that
  /// `outputs.maps` needs no `outputs`: a misspelt key is then told, with a suggestion, as one of the file would be.
  /// Items of a list are not made.
  mutating func override(_ key: String, with text: String, file: String) throws(ScenarioError) {
    let told = text.unicodeScalars.count > 240 ? "\(text.prefix(200))…" : text
    let origin = "override \(key)=\(told)"
    var builder = TreeBuilder(file: file, origin: origin)
    let empty = Tree(content: .scalar("", plain: true), line: 0, column: 0, origin: origin)
    let value = try builder.build(yaml: text) ?? empty
    let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !path.contains("") else {
      throw ScenarioError(issues: [
        Issue(file: origin, found: "an empty part in the key", expected: "a dotted path such as grid.forecast.model")
      ])
    }
    guard path.count <= TreeBuilder.depthLimit else {
      let found = "a key of more than \(TreeBuilder.depthLimit) parts"
      throw ScenarioError(issues: [Issue(file: "override", found: found, expected: "fewer")])
    }
    if let missing = replace(path[...], by: value, walked: []) {
      throw ScenarioError(issues: [missing.issue(origin: origin)])
    }
  }

  /// Where an override's path left the document.
  private struct Missing {
    var key: String
    var choices: [String]

    func issue(origin: String) -> Issue {
      let last = key.split(separator: ".").last.map(String.init) ?? key
      let known = choices.isEmpty ? "a key that is in the scenario" : "one of " + choices.joined(separator: ", ")
      return Issue(
        file: origin, key: key, found: "nothing there to override", expected: known,
        suggestion: nearest(to: last, among: choices))
    }
  }

  private mutating func replace(_ path: ArraySlice<String>, by value: Tree, walked: [String]) -> Missing? {
    guard let head = path.first else {
      self = value
      return nil
    }
    let here = walked + [head]
    let rest = path.dropFirst()
    switch content {
    case .mapping(var entries):
      if let at = entries.firstIndex(where: { $0.key == head }) {
        let missing = entries[at].value.replace(rest, by: value, walked: here)
        content = .mapping(entries)
        return missing
      }
      entries.append(Entry(key: head, line: 0, column: 0, value: value.nested(under: rest)))
      content = .mapping(entries)
      return nil
    case .sequence(var items):
      // A labelled variant of a policy is also reached by its label.
      if let at = items.firstIndex(where: { $0.label == head }), let name = items[at].handle {
        let missing = items[at].replace([name] + rest, by: value, walked: walked)
        content = .sequence(items)
        return missing
      }
      guard let at = items.firstIndex(where: { $0.answers(to: head) }) ?? Int(head), items.indices.contains(at) else {
        return Missing(key: here.joined(separator: "."), choices: items.compactMap(\.handle))
      }
      // A policy without parameters is a bare name, which gets its first here.
      if case .scalar = items[at].content, !rest.isEmpty, items[at].answers(to: head) {
        items[at] = value.nested(under: path)
        content = .sequence(items)
        return nil
      }
      // A list of single-key mappings (policies) is addressed by that key, so the walk steps over it.
      let through = items[at].value("code") == nil && items[at].value(head) != nil ? path : rest
      let missing = items[at].replace(through, by: value, walked: through.count == path.count ? walked : here)
      content = .sequence(items)
      return missing
    case .scalar:
      guard isNull else { return Missing(key: here.joined(separator: "."), choices: []) }
      self = value.nested(under: path)
      return nil
    }
  }

  /// This value in a mapping for each part of a path.
  private func nested(under path: ArraySlice<String>) -> Tree {
    path.reversed().reduce(self) { inner, key in
      Tree(
        content: .mapping([Entry(key: key, line: 0, column: 0, value: inner)]), line: 0, column: 0, origin: inner.origin
      )
    }
  }

  private func answers(to name: String) -> Bool { handle == name }

  /// Of a policy in a list.
  private var label: String? {
    guard case .mapping(let entries) = content, entries.count == 1,
      case .scalar(let text, _)? = entries[0].value.value("label")?.content
    else { return nil }
    return text
  }

  /// The name by which an override reaches an item of a list.
  private var handle: String? {
    switch content {
    case .mapping(let entries):
      if case .scalar(let code, _)? = value("code")?.content { return code }
      return entries.count == 1 ? entries[0].key : nil
    case .scalar(let text, _): return text
    case .sequence: return nil
    }
  }
}
