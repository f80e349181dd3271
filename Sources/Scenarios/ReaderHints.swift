import Domain

/// Keys that stand beside the mapping that they belong in.
enum Misplaced {
  /// The mappings of zones, with their keys and how they are written.
  private static let groups = [
    (key: "coordinates", parts: ["lat", "lng"], form: "coordinates: {lat: …, lng: …}"),
    (
      key: "capacity", parts: ["cpu_cores", "memory_gb", "gpus"],
      form: "capacity: {cpu_cores: …, memory_gb: …, gpus: …}"
    ),
  ]

  /// The mapping that a key belongs in, if it is one of the allowed keys.
  static func group(of key: String, among allowed: [String]) -> (key: String, form: String)? {
    groups.first { allowed.contains($0.key) && nearest(to: key, among: $0.parts) != nil }.map { ($0.key, $0.form) }
  }

  /// True if a key is the part of a number after a comma: `{cpu_cores: 1,000}`.
  static func isPartOfNumber(_ entry: Tree.Entry) -> Bool {
    entry.value.isNull && !entry.key.isEmpty && entry.key.utf8.allSatisfy { 48...57 ~= $0 }
  }
}

extension Reader {
  /// Reports a mapping that is to have one of some keys and has none of them, or has one whose own keys stand beside
  /// it; false if it is neither, or if a key is a misspelt one.
  func refuseKind(_ cell: Cell, of kinds: [String], beside others: [String] = [], expected: String) -> Bool {
    guard case .mapping(let entries) = cell.tree.content, !entries.isEmpty else { return false }
    let unknown = entries.filter { !(kinds + others).contains($0.key) }
    guard let first = unknown.first, !unknown.contains(where: { nearest(to: $0.key, among: kinds + others) != nil })
    else { return false }
    let names = unknown.map(\.key).joined(separator: ", ")
    if let kind = entries.first(where: { kinds.contains($0.key) }) {
      guard kind.value.isNull else { return false }
      refuse(
        Cell(tree: first.value, path: "\(cell.path).\(first.key)"),
        expected: "the keys of \(kind.key) indented below it", found: "\(names) beside \(kind.key)")
      return true
    }
    var suggestion: String?
    for entry in unknown {
      guard case .scalar(let word, _) = entry.value.content, kinds.contains(word) else { continue }
      suggestion = "\(word): {…}"
    }
    // One unknown key is told as such.
    guard unknown.count > 1 || suggestion != nil else { return false }
    refuse(cell, expected: expected, found: names, suggestion: suggestion)
    return true
  }
}

extension TimeSpan {
  /// `7d` for `7 days`, `1w` for `week`; `nil` for what is no number of a unit.
  static func abbreviated(_ text: String) -> String? {
    let units = [
      ("s", ["s", "sec", "secs", "second", "seconds"]), ("m", ["m", "min", "mins", "minute", "minutes"]),
      ("h", ["h", "hr", "hrs", "hour", "hours"]), ("d", ["d", "day", "days"]), ("w", ["w", "week", "weeks"]),
    ]
    let word = String(text.lowercased().drop { "0123456789. ".contains($0) })
    let number = text.prefix { "0123456789.".contains($0) }
    guard let unit = units.first(where: { $0.1.contains(word) })?.0, number.isEmpty || Double(number) ?? 0 > 0 else {
      return nil
    }
    return (number.isEmpty ? "1" : String(number)) + unit
  }
}
