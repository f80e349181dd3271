package import Domain

/// A value of the document with the path that leads to it.
struct Cell {
  var tree: Tree
  var path: String
}

/// Collects faults while values are read, so that all are told at once.
final class Reader {
  let file: String
  private(set) var issues: [InputIssue] = []
  /// The files that the document has runs read, resolved, in the order in which they were come to.
  private(set) var files: [String] = []
  /// Place in the document that names each file first.
  private(set) var places: [String: FilePlace] = [:]

  /// A default that was read for a key which the document lacks.
  struct Fill {
    /// The mapping's path.
    var path: String
    /// Dotted for a parameter of a policy.
    var key: String
    var value: Tree
    /// True if the default is placed before the keys of the document.
    var isFirst = false
  }

  /// Numbers that overrides replaced, by their places: a relative number was probably meant to change one.
  var before: [String: Double] = [:]

  /// In the order in which they were read; the mappings that others are in come first.
  private(set) var fills: [Fill] = []

  /// Notes a default.
  func fill(_ path: String, _ key: String, _ value: Tree, isFirst: Bool = false) {
    fills.append(Fill(path: path, key: key, value: value, isFirst: isFirst))
  }

  /// By the keys that a mapping may have: those that any such mapping had. Of use to tests of what is tried.
  private(set) var seen: [String: Set<String>] = [:]

  /// Notes on values that are legal but unlikely to be intended, each with its key.
  private(set) var remarks: [String] = []

  init(file: String) { self.file = file }

  /// Notes a value that is legal but unlikely to be meant; one that stands in many items is noted once.
  func remark(_ cell: Cell, _ text: String) {
    let remark = "\(cell.path): \(text)"
    if !remarks.contains(remark) { remarks.append(remark) }
  }

  /// Notes which of some alternatives the document has.
  func note(_ allowed: [String], _ told: [String]) {
    guard ScenarioDocument.notesKeys else { return }
    seen[allowed.joined(separator: ", "), default: []].formUnion(told)
  }

  /// Notes that a run reads a file.
  ///
  /// - Parameters:
  ///   - path: as the document has it.
  ///   - directory: the document's own.
  ///   - cell: where the document names the file, for messages about it.
  /// - Returns: the path against the document's directory.
  func input(_ path: String, in directory: String, at cell: Cell) -> String {
    let path = resolved(path, in: directory)
    if !files.contains(path) {
      files.append(path)
      places[path] = FilePlace(file: cell.tree.origin ?? file, line: cell.tree.line, key: cell.path)
    }
    return path
  }

  /// Reports what `cell` holds as not being what was expected.
  func refuse(_ cell: Cell, expected: String, found: String? = nil, suggestion: String? = nil) {
    issues.append(
      InputIssue(
        file: cell.tree.origin ?? file, line: cell.tree.line, column: cell.tree.column, key: cell.path,
        found: found ?? cell.tree.summary, expected: expected, suggestion: suggestion))
  }

  /// The keys of a mapping; those not in `allowed` are reported.
  ///
  /// - Parameters:
  ///   - hints: what is expected instead of an unknown key, by the key.
  ///   - instead: allowed keys by other words that are used for them here alone.
  func fields(
    _ cell: Cell?, allowed: [String], expected: String? = nil, hints: [String: String] = [:],
    instead: [String: String] = [:]
  ) -> Fields? {
    guard let cell else { return nil }
    guard case .mapping(let entries) = cell.tree.content else {
      refuse(cell, expected: expected ?? Reader.mapping(of: allowed))
      return nil
    }
    if cell.tree.origin != Tree.standardOrigin { note(allowed, entries.map(\.key)) }
    var misplaced: [String: Int] = [:]
    for entry in entries where !allowed.contains(entry.key) {
      var issue = InputIssue(
        file: entry.value.origin ?? file, line: entry.line, column: entry.column,
        key: cell.path.isEmpty ? entry.key : "\(cell.path).\(entry.key)", found: "an unknown key",
        expected: hints[entry.key] ?? "one of \(allowed.joined(separator: ", "))",
        suggestion: hints[entry.key] == nil ? instead[entry.key] ?? nearest(to: entry.key, among: allowed) : nil)
      if issue.suggestion == nil, let group = Misplaced.group(of: entry.key, among: allowed) {
        // Keys of one mapping that all stand outside it are one mistake.
        misplaced[group.key, default: 0] += 1
        if misplaced[group.key] != 1 { continue }
        (issue.found, issue.expected) = ("a key of \(group.key)", "it in \(group.form)")
      } else if Misplaced.isPartOfNumber(entry) {
        issue.expected = "numbers without commas, such as 1000: a comma separates keys"
      }
      issues.append(issue)
    }
    return Fields(reader: self, cell: cell, allowed: allowed, instead: instead)
  }

  /// `a mapping with lat, lng`; of many keys none.
  private static func mapping(of keys: [String]) -> String {
    keys.count > 8 ? "a mapping" : "a mapping with \(keys.joined(separator: ", "))"
  }

  /// - Parameter bracketed: whether items may be plain words, so that one word, or some with commas, means a list.
  func items(_ cell: Cell?, expected: String, bracketed: Bool = false) -> [Cell]? {
    guard let cell else { return nil }
    guard case .sequence(let trees) = cell.tree.content, !trees.isEmpty else {
      switch cell.tree.content {
      case .sequence: refuse(cell, expected: expected, found: "an empty list")
      case .mapping: refuse(cell, expected: "\(expected), each behind a dash: - …")
      case .scalar(let text, _):
        refuse(cell, expected: expected, suggestion: bracketed && !cell.tree.isNull ? "[\(text)]" : nil)
      }
      return nil
    }
    return trees.enumerated().map { Cell(tree: $1, path: "\(cell.path)[\($0)]") }
  }

  func text(_ cell: Cell?, expected: String) -> String? {
    guard let cell else { return nil }
    guard case .scalar(let text, _) = cell.tree.content, !cell.tree.isNull, !text.isEmpty else {
      refuse(cell, expected: expected)
      return nil
    }
    return text
  }

  /// A finite number that `holds`.
  func number(_ cell: Cell?, expected: String, where holds: (Double) -> Bool = { _ in true }) -> Double? {
    guard let cell else { return nil }
    guard case .scalar(let text, true) = cell.tree.content, let number = Double(text), number.isFinite, holds(number),
      !isSignedOverride(cell)
    else {
      refuse(
        cell, expected: isSignedOverride(cell) ? "\(expected), without a sign: the new value, not a change" : expected,
        suggestion: changed(cell, where: holds) ?? unquoted(cell) { Double($0).map { $0.isFinite && holds($0) } }
          ?? Reader.withPoint(cell, where: holds))
      return nil
    }
    return number
  }

  /// True for a number with a plus that an override wrote: it may be meant as a change of the value there.
  private func isSignedOverride(_ cell: Cell) -> Bool {
    guard let origin = cell.tree.origin, origin != Tree.standardOrigin,
      case .scalar(let text, _) = cell.tree.content
    else { return false }
    return text.first == "+" && Double(text) != nil
  }

  /// The value that a relative number (`+6`, `200%`, `x2`) makes of the one that an override replaced, if it `holds`;
  /// for a number with a plus, where that is not known, the number itself.
  private func changed(_ cell: Cell, where holds: (Double) -> Bool) -> String? {
    guard case .scalar(let text, _) = cell.tree.content else { return nil }
    if let change = RelativeNumber(text), let old = before[cell.path] {
      let value = change.applied(to: old)
      if value.isFinite, holds(value) { return Reader.plain(value) }
    }
    guard isSignedOverride(cell), let number = Double(text), holds(number) else { return nil }
    return String(text.dropFirst())
  }

  /// `1,4` with a decimal point, if that is a number that `holds`.
  private static func withPoint(_ cell: Cell, where holds: (Double) -> Bool) -> String? {
    guard case .scalar(let text, _) = cell.tree.content, text.count(where: { $0 == "," }) == 1 else { return nil }
    let meant = text.replacing(",", with: ".")
    guard let number = Double(meant), number.isFinite, holds(number) else { return nil }
    return meant
  }

  func whole<Number: FixedWidthInteger>(_ cell: Cell?, expected: String, in range: ClosedRange<Number>) -> Number? {
    guard let cell else { return nil }
    guard case .scalar(let text, true) = cell.tree.content, let number = Number(text), range.contains(number),
      !isSignedOverride(cell)
    else {
      refuse(
        cell, expected: isSignedOverride(cell) ? "\(expected), without a sign: the new value, not a change" : expected,
        suggestion: changed(cell) { Number(exactly: $0).map { range.contains($0) } ?? false }
          ?? unquoted(cell) { Number($0).map { range.contains($0) } })
      return nil
    }
    return number
  }

  /// The text of a quoted number that would be right without its quotes.
  private func unquoted(_ cell: Cell, _ holds: (String) -> Bool?) -> String? {
    guard case .scalar(let text, false) = cell.tree.content, holds(text) ?? false else { return nil }
    return "\(text) without quotes"
  }

  func flag(_ cell: Cell?) -> Bool? {
    guard let cell else { return nil }
    if case .scalar(let text, true) = cell.tree.content {
      if text.lowercased() == "true" { return true }
      if text.lowercased() == "false" { return false }
    }
    let words = ["yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"]
    var word: String?
    if case .scalar(let text, _) = cell.tree.content { word = words[text.lowercased()] }
    refuse(cell, expected: "true or false", suggestion: word)
    return nil
  }

  /// - Parameter instead: words of the choice by others that are used for them.
  func choice<Value>(_ cell: Cell?, of type: Value.Type, instead: [String: String] = [:]) -> Value?
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    guard let cell else { return nil }
    let names = Value.allCases.map(\.rawValue)
    if case .scalar(let text, _) = cell.tree.content {
      if cell.tree.origin != Tree.standardOrigin { note(names, [text]) }
      if let value = Value(rawValue: text) { return value }
      refuse(
        cell, expected: "one of \(names.joined(separator: ", "))",
        suggestion: instead[text.lowercased()] ?? nearest(to: text, among: names))
    } else {
      refuse(cell, expected: "one of \(names.joined(separator: ", "))")
    }
    return nil
  }

  func instant(_ cell: Cell?) -> Instant? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content, let instant = Instant(text: text) { return instant }
    refuse(cell, expected: "an instant such as 2020-01-06T00:00:00Z")
    return nil
  }

  /// A span that is hours or days by nature, so that a bare number of seconds is meant by nobody.
  ///
  /// - Parameters:
  ///   - suffix: the unit that was probably meant.
  ///   - such: examples.
  func spanWithUnit(_ cell: Cell?, suffix: String, such: String) -> TimeSpan? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content, let number = Double(text), number > 0 {
      let units = Reader.units(for: number)
      let first = units.contains(suffix) ? [suffix] + units.filter { $0 != suffix } : units
      refuse(
        cell, expected: "a time span with a unit, such as \(such)",
        suggestion: first.map { text + $0 }.joined(separator: " or "))
      return nil
    }
    return span(cell)
  }

  /// Units that may be meant by a number without one, the likeliest first: experiments last hours or days.
  private static func units(for number: Double) -> [String] {
    number <= 31 ? ["h", "d"] : number < 1000 ? ["h", "s"] : ["s"]
  }

  /// A span longer than zero: `7d`, `48h`, `30m`, `90s` or `1w`.
  func span(_ cell: Cell?) -> TimeSpan? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content, let span = TimeSpan(scenarioText: text), span > .zero {
      return span
    }
    if case .scalar(let text, _) = cell.tree.content, let given = TimeSpan.milliseconds(text), given > TimeSpan.longest
    {
      refuse(cell, expected: "a time span of at most a thousand years")
    } else {
      var suggestion: String?
      if case .scalar(let text, _) = cell.tree.content {
        let number = Double(text) ?? 0
        suggestion =
          number > 0
          ? Reader.units(for: number).map { text + $0 }.joined(separator: " or ") : TimeSpan.abbreviated(text)
      }
      refuse(cell, expected: "a time span > 0 with a unit, such as 7d, 48h or 30m", suggestion: suggestion)
    }
    return nil
  }
}

/// The keys of one mapping.
struct Fields {
  let reader: Reader
  let cell: Cell
  let allowed: [String]
  var instead: [String: String] = [:]

  /// True if the mapping has an unknown key that was probably intended as `key`, or as a key within it.
  private func isMisspelt(_ key: String) -> Bool {
    guard case .mapping(let entries) = cell.tree.content else { return false }
    return entries.contains { entry in
      guard !allowed.contains(entry.key) else { return false }
      if let meant = instead[entry.key] ?? nearest(to: entry.key, among: allowed) { return meant == key }
      return Misplaced.group(of: entry.key, among: allowed)?.key == key
    }
  }

  /// True if the mapping has a key that it may not have, which was reported.
  var hasUnknownKey: Bool {
    guard case .mapping(let entries) = cell.tree.content else { return false }
    return entries.contains { !allowed.contains($0.key) }
  }

  func path(_ key: String) -> String { cell.path.isEmpty ? key : "\(cell.path).\(key)" }

  /// The value of a key that may be absent.
  func optional(_ key: String) -> Cell? { cell.tree.value(key).map { Cell(tree: $0, path: path(key)) } }

  /// The value of a key, or its default, which is read as though the document had it.
  ///
  /// - Parameter standard: YAML in flow style.
  func optional(_ key: String, else standard: String) -> Cell { optional(key, else: .standard(standard)) }

  /// The value of a key, or its numeric default, which is read as though the document had it.
  func optional(_ key: String, else standard: Double) -> Cell { optional(key, else: .number(standard)) }

  private func optional(_ key: String, else standard: Tree) -> Cell {
    if let value = optional(key) { return value }
    reader.fill(cell.path, key, standard)
    return Cell(tree: standard, path: path(key))
  }

  /// The value of a key that may not.
  func required(_ key: String, _ expected: String) -> Cell? {
    if let value = optional(key) { return value }
    // A misspelt key was reported, with this one as the suggestion: that is one mistake, not two.
    if isMisspelt(key) { return nil }
    reader.refuse(Cell(tree: cell.tree, path: path(key)), expected: expected, found: "no such key")
    return nil
  }
}

extension TimeSpan {
  /// `7d`, `48h`, `30m`, `90s`, `1w` or 0; `nil` beyond a thousand years, and for a number without a unit, which may be
  /// meant as anything.
  package init?(scenarioText text: String) {
    guard let milliseconds = TimeSpan.milliseconds(text), milliseconds.magnitude <= TimeSpan.longest else { return nil }
    self.init(milliseconds: Int64(milliseconds))
  }

  /// A thousand years.
  static let longest = 365_250 * 86_400_000.0

  fileprivate static func milliseconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1]
    guard let unit = text.last.flatMap({ units[$0] }) else { return Double(text) == 0 ? 0 : nil }
    return Double(text.dropLast()).map { ($0 * unit * 1000).rounded() }
  }
}
