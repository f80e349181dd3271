import Domain
import Policies

extension Tree {
  /// Writes `text` (itself YAML) at a dotted path: `zones.NORTH.capacity.gpus`, `zones.0.pue`,
  /// `policies.deadline-aware.weights.carbon`. `*` stands for every item of a list and every key of a mapping. Zones go
  /// by code, name or region, classes of a workload by name or type; presets that a path goes into are written out.
  /// Mappings on the way that are not there are made, so that `outputs.maps` needs no `outputs`: a misspelt key is then
  /// reported, with a suggestion, as one of the file would be. `+` behind a list appends an item to it, or all items of
  /// a list: `zones.+`, `events.+`. Other items of a list are not made.
  ///
  /// - Parameter name: of the override in messages; `nil` for that of `--set`.
  mutating func override(
    _ key: String, with text: String, file: String, name: String? = nil
  ) throws(InputError) {
    let origin = name ?? OverrideName.option("--set", key, text)
    var builder = TreeBuilder(file: file, origin: origin)
    let empty = Tree(content: .scalar("", plain: true), line: 0, column: 0, origin: origin)
    let value = try builder.build(yaml: text) ?? empty
    let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    expandPresets(leadingTo: path)
    guard !path.contains("") else {
      throw InputError(issues: [
        InputIssue(
          file: origin, found: "an empty part in the key", expected: "a dotted path such as grid.forecast.model")
      ])
    }
    guard path.count <= TreeBuilder.depthLimit else {
      let found = "a key of more than \(TreeBuilder.depthLimit) parts"
      throw InputError(issues: [InputIssue(file: origin, found: found, expected: "fewer")])
    }
    if let missing = replace(path[...], by: value, walked: []) {
      throw InputError(issues: [missing.issue(origin: origin)])
    }
  }

  /// The point at which an override's path left the document.
  private struct Missing {
    var key: String
    var choices: [String]
    /// The path through items, if the part that is missing is one of their keys.
    var whole: String?
    /// Other names of `choices`, each at the place of its choice.
    var names: [(name: String, choice: String)] = []
    /// In place of the usual message.
    var told: (found: String, expected: String)?

    func issue(origin: String) -> InputIssue {
      if let told { return InputIssue(file: origin, key: key, found: told.found, expected: told.expected) }
      let last = key.split(separator: ".").last.map(String.init) ?? key
      let list = key.split(separator: ".").dropLast().joined(separator: ".")
      let known =
        choices.isEmpty
        ? "a key of the scenario" : "one of \(choices.joined(separator: ", ")), or \(list).+ to add an item"
      let near = nearest(to: last, among: choices + names.map(\.name))
      let choice = names.first { $0.name == near }?.choice
      return InputIssue(
        file: origin, key: key, found: "no such value to override", expected: known,
        suggestion: whole ?? choice.map { $0 == near ? $0 : "\(near ?? $0) (\($0))" } ?? near)
    }

    static let appending = (
      found: "a + that appends to no list", expected: "+ as the last part, behind a list such as events.+ or zones.+"
    )
  }

  private mutating func replace(_ path: ArraySlice<String>, by value: Tree, walked: [String]) -> Missing? {
    guard let head = path.first else {
      self = value
      return nil
    }
    let here = walked + [head]
    let rest = path.dropFirst()
    if head == "+" { return append(value, rest, here) }
    switch content {
    case .mapping(var entries):
      var missing: Missing?
      if let at = entries.firstIndex(where: { $0.key == head }) {
        missing = entries[at].value.replace(rest, by: value, walked: here)
      } else if head == "*", !entries.isEmpty {
        for at in entries.indices {
          missing = entries[at].value.replace(rest, by: value, walked: walked + [entries[at].key]) ?? missing
        }
      } else if rest.dropLast().contains("+") {
        return Missing(key: (walked + path).joined(separator: "."), choices: [], told: Missing.appending)
      } else if walked.isEmpty, Tree.lists.contains(head), let part = rest.first, part != "+" {
        let item = value.nested(under: rest.drop { Int($0) != nil || $0 == "*" }).flow
        return Missing(
          key: head, choices: [], told: ("no \(head) in the scenario", "\(head).+=\(item), which adds one"))
      } else {
        entries.append(Entry(key: head, line: 0, column: 0, value: value.nested(under: rest)))
      }
      content = .mapping(entries)
      return missing
    case .sequence(var items):
      // A labelled variant of a policy is also reached by its label.
      if let at = items.firstIndex(where: { $0.label == head }), let name = items[at].handle {
        let missing = items[at].replace([name] + rest, by: value, walked: walked)
        content = .sequence(items)
        return missing
      }
      let places = Tree.places(of: head, in: items)
      guard !places.isEmpty else {
        let item = Tree.item(with: head, in: items, of: walked.last)
        return Missing(
          key: here.joined(separator: "."), choices: items.compactMap(\.handle),
          whole: item.map { (walked + [$0] + path).joined(separator: ".") }, names: items.flatMap(\.otherNames))
      }
      var missing: Missing?
      for at in places { missing = items[at].replaceItem(path, by: value, walked: walked) ?? missing }
      content = .sequence(items)
      return missing
    case .scalar:
      guard isNull, !rest.dropLast().contains("+") else {
        return Missing(key: here.joined(separator: "."), choices: [])
      }
      self = value.nested(under: path)
      return nil
    }
  }

  /// Appends an item to a list, or the items of one.
  private mutating func append(_ value: Tree, _ rest: ArraySlice<String>, _ here: [String]) -> Missing? {
    guard rest.isEmpty, isNull || isList else {
      return Missing(key: here.joined(separator: "."), choices: [], told: Missing.appending)
    }
    if isNull { origin = value.origin }
    content = .sequence((isNull ? [] : itemsToAppend) + value.itemsToAppend)
    return nil
  }

  /// Lists that a scenario may lack.
  static let lists = ["events", "checks"]

  private var isList: Bool { if case .sequence = content { true } else { false } }

  private var itemsToAppend: [Tree] { if case .sequence(let items) = content { items } else { [self] } }

  /// Name, region and type of an item of a list, with what it is called in messages.
  private var otherNames: [(name: String, choice: String)] {
    guard let handle else { return [] }
    return ["name", "region", "type"].compactMap { key in
      guard case .scalar(let text, _)? = value(key)?.content, text != handle else { return nil }
      return (text, handle)
    }
  }

  /// Writes into an item of a list that the first part of the path means.
  private mutating func replaceItem(_ path: ArraySlice<String>, by value: Tree, walked: [String]) -> Missing? {
    guard let head = path.first else { return nil }
    let rest = path.dropFirst()
    // A policy without parameters is a bare name, which gets its first here.
    if case .scalar(let name, _) = content, !rest.isEmpty, name == head || head == "*" {
      self = value.nested(under: [name] + rest)
      return nil
    }
    // A list of single-key mappings (policies, events) is addressed by that key, so the walk steps over it.
    if case .mapping(let entries) = content, entries.count == 1, !rest.isEmpty,
      entries[0].key == head || (head == "*" && ["policies", "events"].contains(walked.last ?? ""))
    {
      return replace([entries[0].key] + rest, by: value, walked: walked)
    }
    if case .mapping(let entries) = content, entries.count == 1, entries[0].key == head {
      return replace(path, by: value, walked: walked)
    }
    return replace(rest, by: value, walked: walked + [head])
  }

  /// The items that a part of a path means: `*` all; a code or name, or else a number from 0, one; else those of a type,
  /// or those of a region.
  private static func places(of head: String, in items: [Tree]) -> [Int] {
    if head == "*" { return Array(items.indices) }
    if let at = items.firstIndex(where: { $0.handle == head }) { return [at] }
    if let at = Int(head) { return items.indices.contains(at) ? [at] : [] }
    func folded(_ text: String) -> String { text.lowercased().replacing("-", with: "_") }
    for keys in [["name", "region"], ["type"]] {
      let found = items.indices.filter { place in
        keys.contains { key in
          guard case .scalar(let text, _)? = items[place].value(key)?.content else { return false }
          return folded(text) == folded(head)
        }
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// `*` if items of a list may have a key; of policies the first one with such a parameter.
  private static func item(with key: String, in items: [Tree], of list: String?) -> String? {
    switch list {
    case "zones": return ZoneDecoding.keys.contains(key) ? "*" : nil
    case "classes": return ClassDecoding.keys.contains(key) ? "*" : nil
    case "policies":
      return items.lazy.compactMap(\.handle).first { name in
        PolicyCatalog.entry(name)?.parameters.contains { $0.name == key || $0.name.hasPrefix("\(key).") } ?? false
      }
    default: return nil
    }
  }

  /// This value in a mapping for each part of a path.
  private func nested(under path: ArraySlice<String>) -> Tree {
    path.reversed().reduce(self) { inner, key in
      if key == "+" {
        return Tree(content: .sequence(inner.itemsToAppend), line: 0, column: 0, origin: inner.origin)
      }
      return Tree(
        content: .mapping([Entry(key: key, line: 0, column: 0, value: inner)]), line: 0, column: 0, origin: inner.origin
      )
    }
  }

  /// Label of this node if it is a policy of a list that has one; `nil` otherwise.
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
      for key in ["code", "name"] {
        if case .scalar(let code, _)? = value(key)?.content { return code }
      }
      return entries.count == 1 ? entries[0].key : nil
    case .scalar(let text, _): return text
    case .sequence: return nil
    }
  }
}
