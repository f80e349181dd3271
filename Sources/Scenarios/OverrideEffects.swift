import Domain

/// Values that overrides replaced: numbers, which a relative number was probably meant to change, and mappings, of which
/// a new one may lack keys.
struct OverrideEffects {
  /// A mapping in whose place an override put another one that lacks some of its keys.
  struct Replaced {
    /// The override's key with the keys below it that lead here, such as `zones.London.capacity`.
    var name: String
    /// Keys and items that lead here in the document, such as `zones[0].capacity`.
    var path: String
    /// Keys that the new mapping lacks.
    var lost: [(key: String, value: String)]
    /// A key of the new mapping.
    var kept: String
    /// True if the two mappings have a key in common.
    var isAlike: Bool
  }

  /// By the place in the document. A number that one override replaced in several places is left out.
  private(set) var numbers: [String: Double] = [:]
  private(set) var replaced: [Replaced] = []

  /// Notes the values that an override replaced.
  ///
  /// - Parameters:
  ///   - origin: that of the values which the override wrote.
  /// - Complexity: O(values of the document).
  mutating func note(_ key: String, origin: String, before: Tree, after: Tree) {
    var found: [String: Double] = [:]
    walk(before, after, path: "", name: nil, key: key, origin: origin, &found)
    if found.count == 1 { numbers.merge(found) { $1 } }
  }

  private mutating func walk(
    _ old: Tree, _ new: Tree, path: String, name: String?, key: String, origin: String, _ found: inout [String: Double]
  ) {
    let isNew = new.origin == origin && old.origin != origin
    switch (old.content, new.content) {
    case (.mapping(let before), .mapping(let after)):
      let name = isNew ? name ?? key : nil
      if let name, let first = after.first {
        let kept = Set(after.map(\.key))
        let lost = before.filter { !kept.contains($0.key) && !$0.value.isNull }
        if !lost.isEmpty {
          replaced.append(
            Replaced(
              name: name, path: path, lost: lost.map { ($0.key, $0.value.flow) }, kept: first.key,
              isAlike: before.contains { kept.contains($0.key) }))
        }
      }
      for entry in after {
        guard let value = before.first(where: { $0.key == entry.key })?.value else { continue }
        walk(
          value, entry.value, path: path.isEmpty ? entry.key : "\(path).\(entry.key)",
          name: name.map { "\($0).\(entry.key)" }, key: key, origin: origin, &found)
      }
    case (.sequence(let before), .sequence(let after)) where !isNew:
      for (place, pair) in zip(before, after).enumerated() {
        walk(pair.0, pair.1, path: "\(path)[\(place)]", name: nil, key: key, origin: origin, &found)
      }
    case (.scalar(let text, true), .scalar) where isNew:
      if let number = Double(text), number.isFinite { found[path] = number }
    default: break
    }
  }

  /// Remarks on keys that were lost with the mappings that had them.
  ///
  /// - Parameter fills: defaults that were read in place of absent keys.
  func remarks(_ fills: [Reader.Fill]) -> [String] {
    var texts: [(name: String, kept: String, changes: [String])] = []
    for one in replaced {
      let changes = one.lost.compactMap { key, value -> String? in
        guard let fill = fills.last(where: { $0.path == one.path && $0.key == key })?.value else {
          // Another kind of mapping has other keys.
          return one.isAlike ? "removes \(key) (\(value))" : nil
        }
        let (old, new) = (value, fill.flow)
        if old == new || Double(old).map({ $0 == Double(new) }) ?? false { return nil }
        return "sets \(key) \(old) → \(new)"
      }
      guard !changes.isEmpty else { continue }
      if let place = texts.firstIndex(where: { $0.name == one.name }) {
        texts[place].changes = (texts[place].changes + changes).uniqued
      } else {
        texts.append((one.name, one.kept, changes))
      }
    }
    return texts.map { name, kept, changes in
      let ordered = changes.filter { $0.hasPrefix("sets ") } + changes.filter { !$0.hasPrefix("sets ") }
      let shown = ordered.prefix(8).joined(separator: ", ") + (changes.count > 8 ? ", …" : "")
      // `sets a 1 → 0, sets b 2 → 0` has one verb.
      let text = shown.replacing(", sets ", with: ", ")
      return "\(name) also \(text); to change one value, write \(name).\(kept)"
    }
  }
}

/// Names of overrides in messages.
public enum OverrideName {
  /// `--set zones.NORTH.pue=1.2`; of a long value its beginning.
  public static func option(_ option: String, _ key: String, _ value: String) -> String {
    let (path, text) = (key.unicodeScalars.count > 200 ? "\(key.prefix(160))…" : key, value)
    let told = text.unicodeScalars.count > 60 ? "\(text.prefix(50))…" : text
    return "\(option) \(path)=\(told)"
  }

  /// `override zones.NORTH.pue=1.2`, of a sweep.
  public static func plain(_ key: String, _ value: String) -> String { option("override", key, value) }
}
