import Domain
import Policies

/// Reads `policies:`, each a name or a name with parameters.
struct PolicyDecoding {
  let reader: Reader
  let directory: String
  let known: [String]
  /// The codes of the scenario's zones.
  let zones: [String]

  func policyName(_ cell: Cell?) -> String? {
    guard let cell, let name = reader.text(cell, expected: "a policy's name") else { return nil }
    return checked(name, cell)
  }

  private func checked(_ name: String, _ cell: Cell) -> String? {
    guard !known.contains(name) else { return name }
    reader.refuse(
      cell, expected: "one of \(known.joined(separator: ", "))", found: name,
      suggestion: nearest(to: name, among: known))
    return nil
  }

  func policy(_ cell: Cell) -> PolicySpec? {
    guard case .mapping(let entries) = cell.tree.content else {
      guard let name = policyName(cell) else { return nil }
      fill("\(cell.path).\(name)", of: name, beside: [:])
      return PolicySpec(name: name)
    }
    guard entries.count == 1, let entry = entries.first else {
      if reader.refuseKind(cell, of: known, expected: "one policy per item") { return nil }
      reader.refuse(cell, expected: "one policy per item", found: "a mapping with \(entries.count) keys")
      return nil
    }
    if entry.key == "name", !known.contains("name"), case .scalar(let word, _) = entry.value.content,
      known.contains(word)
    {
      reader.refuse(cell, expected: "a policy's name, alone or with its parameters", found: "name", suggestion: word)
      return nil
    }
    guard let name = checked(entry.key, cell) else { return nil }
    var values: [String: ParameterValue] = [:]
    var value = Cell(tree: entry.value, path: "\(cell.path).\(entry.key)")
    let label = takeLabel(from: &value, of: name)
    if case .mapping = value.tree.content {
      let parameters = PolicyCatalog.entry(name)?.parameters ?? []
      flatten(value, name: "", parameters.map(\.name)) { read($0, $1, of: name, parameters, into: &values) }
    } else if !value.tree.isNull {
      reader.refuse(value, expected: "a mapping of parameters")
    }
    let parameters = PolicyParameters(values)
    fill(value.path, of: name, beside: values)
    for fault in PolicyCatalog.entry(name)?.faults(parameters) ?? [] {
      reader.refuse(
        Cell(tree: value.tree, path: "\(value.path).\(fault.key)"), expected: fault.expected, found: fault.found)
    }
    return PolicySpec(name: name, parameters: parameters, label: label)
  }

  /// Notes the defaults of the parameters that are not given.
  private func fill(_ path: String, of policy: String, beside given: [String: ParameterValue]) {
    let operators = given.keys.compactMap { key in
      key.hasPrefix("operators.") ? key.split(separator: ".").dropFirst().first.flatMap { Int($0) } : nil
    }
    for parameter in PolicyCatalog.entry(policy)?.parameters ?? [] {
      guard let standard = parameter.standard(beside: given.keys) else { continue }
      guard parameter.name.contains("*") else {
        if given[parameter.name] == nil { reader.fill(path, parameter.name, .standard(standard)) }
        continue
      }
      // Whoever replays decisions has no operators.
      if operators.isEmpty, given["decisions"] != nil { continue }
      for place in 0...(operators.max() ?? 0) {
        let name = parameter.name.replacing("*", with: "\(place)")
        let text = standard.replacing("*", with: "\(place + 1)")
        if given[name] == nil { reader.fill(path, name, .text(text)) }
      }
    }
  }

  /// Hands every scalar over with its dotted name, and a list where no parameter has items.
  private func flatten(_ cell: Cell, name: String, _ names: [String], _ body: (Cell, String) -> Void) {
    let prefix = name.isEmpty ? "" : "\(name)."
    switch cell.tree.content {
    case .mapping(let entries):
      for entry in entries {
        flatten(Cell(tree: entry.value, path: "\(cell.path).\(entry.key)"), name: prefix + entry.key, names, body)
      }
    case .sequence(let items):
      guard names.contains(where: { $0.hasPrefix(prefix + "*") }) else {
        body(cell, name)
        return
      }
      for (place, item) in items.enumerated() {
        flatten(Cell(tree: item, path: "\(cell.path)[\(place)]"), name: "\(prefix)\(place)", names, body)
      }
    case .scalar: body(cell, name)
    }
  }

  private func read(
    _ cell: Cell, _ name: String, of policy: String, _ parameters: [PolicyParameter],
    into values: inout [String: ParameterValue]
  ) {
    guard let parameter = parameters.first(where: { $0.answers(to: name) }) else {
      let names = parameters.map(\.name)
      let inside = names.filter { $0.hasPrefix(name + ".") }.map { String($0.dropFirst(name.count + 1)) }
      guard inside.isEmpty else {
        reader.refuse(cell, expected: "a mapping with \(inside.joined(separator: ", "))")
        return
      }
      let choices = names.isEmpty ? "nothing: \(policy) has no parameters" : "one of \(names.joined(separator: ", "))"
      reader.refuse(
        cell, expected: choices, found: "an unknown parameter \(name)", suggestion: nearest(to: name, among: names))
      return
    }
    reader.note(["of \(policy)"] + parameters.map(\.name), [parameter.name, "of \(policy)"])
    guard case .choice(let words) = parameter.kind else {
      values[name] = value(cell, parameter.kind)
      return
    }
    if refuseShortForm(cell, name, words, parameters) { return }
    values[name] = choice(cell, words, of: name, parameters)
  }

  /// One of some words; a parameter that may also be a mapping is refused with the mapping's form.
  private func choice(
    _ cell: Cell, _ words: [String], of name: String, _ parameters: [PolicyParameter]
  ) -> ParameterValue? {
    let inside = parameters.map(\.name).filter { $0.hasPrefix(name + ".") }.map { String($0.dropFirst(name.count + 1)) }
    let mapping = inside.isEmpty ? "" : ", or a mapping with \(inside.joined(separator: ", "))"
    let expected = ParameterKind.choice(words).expected + mapping
    guard let word = reader.text(cell, expected: expected) else { return nil }
    if words.contains(word) { return .text(word) }
    reader.refuse(cell, expected: expected, suggestion: nearest(to: word, among: words))
    return nil
  }

  /// Refuses a list or a bare time span where words or a mapping are expected, such as `wait: 2h`, with the mapping.
  private func refuseShortForm(
    _ cell: Cell, _ name: String, _ words: [String], _ parameters: [PolicyParameter]
  ) -> Bool {
    let inside = parameters.map(\.name).filter { $0.hasPrefix(name + ".") }.map { String($0.dropFirst(name.count + 1)) }
    guard !inside.isEmpty else { return false }
    var text: String?
    switch cell.tree.content {
    case .scalar(let word, _): text = TimeSpan(scenarioText: word) == nil ? nil : word
    case .sequence(let items):
      if items.count == 1, case .scalar(let word, _) = items[0].content { text = word }
    case .mapping: return false
    }
    let isList = if case .sequence = cell.tree.content { true } else { false }
    guard isList || text != nil else { return false }
    let spans = inside.filter { ["short", "long"].contains($0) }
    let example = text.flatMap { span -> String? in
      spans.isEmpty || TimeSpan(scenarioText: span) == nil
        ? nil : "{\(spans.map { "\($0): \(span)" }.joined(separator: ", "))}"
    }
    reader.refuse(
      cell,
      expected: "\(ParameterKind.choice(words).expected), or a mapping with \(inside.joined(separator: ", "))",
      suggestion: example)
    return true
  }

  /// `nil` where a fault was told.
  private func value(_ cell: Cell, _ kind: ParameterKind) -> ParameterValue? {
    switch kind {
    case .number(let range):
      return reader.number(cell, expected: kind.expected) { range.contains($0) }.map { .number($0) }
    case .whole(let range): return reader.whole(cell, expected: kind.expected, in: range).map { .number(Double($0)) }
    case .flag: return reader.flag(cell).map { .flag($0) }
    case .choice(let words): return choice(cell, words, of: "", [])
    case .span:
      if case .scalar(let text, _) = cell.tree.content, let span = TimeSpan(scenarioText: text), span >= .zero {
        return .number(span.inSeconds)
      }
      reader.refuse(cell, expected: kind.expected)
      return nil
    case .zone:
      guard let code = reader.text(cell, expected: kind.expected) else { return nil }
      if zones.contains(code) { return .text(code) }
      reader.refuse(
        cell, expected: "one of \(zones.joined(separator: ", "))", suggestion: nearest(to: code, among: zones))
      return nil
    case .form(let form):
      guard let text = reader.text(cell, expected: kind.expected) else { return nil }
      if form.accepts(text) { return .text(text) }
      reader.refuse(cell, expected: kind.expected)
      return nil
    case .file:
      return reader.text(cell, expected: kind.expected).map { .text(reader.input($0, in: directory, at: cell)) }
    case .text: return reader.text(cell, expected: kind.expected).map { .text($0) }
    }
  }
}
