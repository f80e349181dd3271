import Domain
import Policies

extension PolicyDecoding {
  private static let expectedLabel =
    "a label of 1 to 100 bytes without / or control characters (it distinguishes variants of a policy)"

  /// Reads `label:` of a policy and leaves its parameters.
  func takeLabel(from cell: inout Cell, of policy: String) -> String? {
    guard case .mapping(let entries) = cell.tree.content, let entry = entries.first(where: { $0.key == "label" }) else {
      return nil
    }
    cell.tree.content = .mapping(entries.filter { $0.key != "label" })
    reader.note(["label of a policy"], ["label of a policy"])
    let own = Cell(tree: entry.value, path: "\(cell.path).label")
    guard let label = reader.text(own, expected: PolicyDecoding.expectedLabel) else { return nil }
    let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
    guard label.utf8.count <= 100, !label.utf8.contains(UInt8(ascii: "/")),
      !label.unicodeScalars.contains(where: isControl),
      label.contains(where: { !$0.isWhitespace })
    else {
      reader.refuse(own, expected: PolicyDecoding.expectedLabel)
      return nil
    }
    if label != policy, known.contains(where: { $0.comparedByEye == label.comparedByEye }) {
      reader.refuse(own, expected: "a label that is not another policy's name")
      return nil
    }
    return label
  }

  /// Reads `baseline:`, a policy's name or the label of one in the list.
  func baseline(_ cell: Cell?, among specs: [PolicySpec]) -> String? {
    if let cell, case .scalar(let text, _) = cell.tree.content, specs.contains(where: { $0.label == text }) {
      return text
    }
    guard let cell, let name = reader.text(cell, expected: "a policy's name or label") else { return nil }
    guard !known.contains(name) else { return name }
    let labels = PolicySpec.labels(specs).uniqued
    let told = labels.isEmpty ? "the name of a policy" : "one of \(labels.joined(separator: ", "))"
    reader.refuse(
      cell, expected: "\(told), or another policy's name (pylon policies lists them)", found: name,
      suggestion: nearest(to: name, among: labels) ?? nearest(to: name, among: known))
    return nil
  }

  private func found(_ label: String, _ other: String) -> String {
    if label.utf8.elementsEqual(other.utf8) { return "\(label) for two policies in the list" }
    return "\"\(label)\" and \"\(other)\", which differ only in whitespace or invisible characters"
  }

  /// Refuses labels that do not tell policies apart.
  func checkLabels(_ specs: [(spec: PolicySpec, cell: Cell)]) {
    let labels = PolicySpec.labels(specs.map(\.spec))
    for (place, (spec, cell)) in specs.enumerated() {
      guard let label = spec.label else { continue }
      let same = labels.indices.first { $0 != place && labels[$0].comparedByEye == label.comparedByEye }
      guard let same, same < place || specs[same].spec.label == nil else { continue }
      reader.refuse(
        cell, expected: "a different label for each policy", found: found(label, labels[same]))
    }
  }
}

extension String {
  /// Without blanks at its ends, with one blank for several, and without characters that take no room: what looks alike
  /// is alike.
  fileprivate var comparedByEye: String {
    let visible = unicodeScalars.filter { scalar in
      !scalar.properties.isDefaultIgnorableCodePoint && scalar.properties.generalCategory != .format
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: visible)
    return String(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension PolicySpec {
  /// True if the policy draws from a random stream of its own.
  var drawsAtRandom: Bool { PolicyCatalog.drawsAtRandom(name, parameters) }

  /// Unique labels for the policies of a list: their own labels, else their names, numbered from the second unlabelled
  /// policy of the same name on (`cheapest (2)`).
  public static func labels(_ specs: [PolicySpec]) -> [String] {
    specs.indices.map { place in
      if let label = specs[place].label { return label }
      let name = specs[place].name
      let before = specs[..<place].count { $0.name == name && $0.label == nil }
      return before == 0 ? name : "\(name) (\(before + 1))"
    }
  }
}
