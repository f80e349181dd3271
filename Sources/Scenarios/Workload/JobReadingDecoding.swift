public import Domain

/// Reads how a table of jobs is laid out: `columns`, `separator`, `decimal`, `time_zone`, `null`, `ignore`, `bad_rows`
/// and `header`.
struct JobReadingDecoding {
  static let keys = ["columns", "separator", "decimal", "time_zone", "null", "ignore", "bad_rows", "header"]

  let reader: Reader

  func reading(_ fields: Fields) -> JobReading {
    var reading = JobReading()
    reading.columns = columns(fields.optional("columns"))
    reading.separator = separator(fields.optional("separator"))
    reading.hasDecimalCommas = decimal(fields.optional("decimal"))
    reading.timeZone = reader.text(fields.optional("time_zone"), expected: "a time zone's name such as Europe/Berlin")
    reading.nulls = texts(fields.optional("null"), expected: "a list of strings that mark a missing value")
    if let ignore = fields.optional("ignore") {
      if case .scalar("all", _) = ignore.tree.content {
        reading.ignoresOthers = true
      } else {
        reading.ignored = texts(ignore, expected: "all, or a list of columns")
      }
    }
    reading.badRows = reader.choice(fields.optional("bad_rows", else: "error"), of: JobReading.BadRows.self) ?? .error
    reading.header = reader.choice(fields.optional("header", else: "line"), of: JobReading.Header.self) ?? .line
    return reading
  }

  private func texts(_ cell: Cell?, expected: String) -> [String] {
    guard let cell else { return [] }
    if case .scalar(let text, _) = cell.tree.content, !text.isEmpty { return [text] }
    let items = reader.items(cell, expected: expected) ?? []
    return items.compactMap { item in
      // `null` and `~` are texts here.
      if case .scalar(let text, _) = item.tree.content { return text }
      reader.refuse(item, expected: "a string")
      return nil
    }
  }

  private func separator(_ cell: Cell?) -> UInt8? {
    guard let cell else { return nil }
    let bytes: [(name: String, byte: UInt8)] = [(",", 44), (";", 59), ("tab", 9), ("\t", 9), ("|", 124)]
    if case .scalar(let text, _) = cell.tree.content, let known = bytes.first(where: { $0.name == text }) {
      return known.byte
    }
    reader.refuse(cell, expected: "one of \",\", \";\", tab, \"|\"")
    return nil
  }

  private func decimal(_ cell: Cell?) -> Bool? {
    guard let cell else { return nil }
    if case .scalar(let text, _) = cell.tree.content, text == "," || text == "." { return text == "," }
    reader.refuse(cell, expected: "\",\" or \".\"")
    return nil
  }

  private func columns(_ cell: Cell?) -> [JobReading.Column] {
    guard let fields = reader.fields(cell, allowed: JobReading.columnNames) else { return [] }
    return JobReading.columnNames.compactMap { name in fields.optional(name).flatMap { column(name, $0) } }
  }

  /// `runtime`, `{column: runtime, unit: h}`, `{from: start, to: end}`.
  private func column(_ name: String, _ cell: Cell) -> JobReading.Column? {
    guard case .mapping = cell.tree.content else {
      return reader.text(cell, expected: "a column of the file").map { JobReading.Column(name: name, source: $0) }
    }
    let isText = JobReading.quantity(of: name) == .text
    let isInstant = JobReading.quantity(of: name) == .instant
    let isDuration = JobReading.quantity(of: name) == .duration
    var allowed = ["column"]
    if !isText { allowed += ["unit", "scale"] }
    if !isText, !isInstant { allowed.append("times") }
    if isInstant { allowed.append("after") }
    if isDuration { allowed += ["from", "to"] }
    guard let fields = reader.fields(cell, allowed: allowed) else { return nil }
    let expected = "a column of the file"
    let from = reader.text(fields.optional("from"), expected: expected)
    let isSpan = fields.optional("from") != nil || fields.optional("to") != nil
    if isSpan, let column = fields.optional("column") {
      reader.refuse(column, expected: "either column, or from and to", found: "both")
    }
    let source =
      isSpan
      ? reader.text(fields.required("to", expected), expected: expected)
      : reader.text(fields.required("column", expected), expected: expected)
    if isSpan, from == nil { _ = fields.required("from", expected) }
    let times = reader.text(fields.optional("times"), expected: expected)
    let after = reader.text(fields.optional("after"), expected: expected)
    let scale = scale(name, fields)
    guard let source, !isSpan || from != nil else { return nil }
    return JobReading.Column(name: name, source: source, from: from, times: times, after: after, scale: scale)
  }

  /// The factor of a unit or scale; a length of time counted from an instant is in seconds without one.
  private func scale(_ name: String, _ fields: Fields) -> Double? {
    var factor: Double?
    if let cell = fields.optional("unit") {
      let units = JobReading.units(of: name)
      let names = units.map(\.unit)
      if case .scalar(let text, _) = cell.tree.content, let unit = units.first(where: { $0.unit == text }) {
        reader.note(names, [text])
        factor = unit.factor
      } else {
        reader.note(names, [])
        var word = ""
        if case .scalar(let text, _) = cell.tree.content { word = text }
        reader.refuse(
          cell, expected: "one of \(names.joined(separator: ", "))",
          suggestion: JobReading.unit(word: word, for: name) ?? nearest(to: word, among: names))
      }
    }
    let scale = reader.number(fields.optional("scale"), expected: "a number > 0") { $0 > 0 }
    if let scale { return scale * (factor ?? 1) }
    return factor
  }
}

extension JobReading {
  /// Reads settings as a command's options give them: each `key` with its YAML value, and `columns` as `ours=theirs`.
  ///
  /// - Throws: ``InputError`` whose key is the option's.
  public init(columns: [String], settings: [(key: String, value: String)]) throws(InputError) {
    var entries: [Tree.Entry] = []
    func value(_ text: String, of option: String) throws(InputError) -> Tree {
      guard let first = text.first, "[{".contains(first) else {
        return Tree(content: .scalar(text, plain: true), line: 0, column: 0, origin: option)
      }
      var builder = TreeBuilder(file: option, origin: option)
      let empty = Tree(content: .scalar("", plain: true), line: 0, column: 0, origin: option)
      return try builder.build(yaml: text) ?? empty
    }
    var mapped: [Tree.Entry] = []
    for text in columns {
      let option = "--column"
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw InputError(issues: [InputIssue(file: option, found: "\"\(text)\"", expected: "OURS=THEIRS")])
      }
      let name = String(text[..<equals])
      if mapped.contains(where: { $0.key == name }) {
        throw InputError(issues: [InputIssue(file: option, key: name, found: "the column twice", expected: "once")])
      }
      let theirs = try value(String(text[text.index(after: equals)...]), of: option)
      mapped.append(Tree.Entry(key: name, line: 0, column: 0, value: theirs))
    }
    if !mapped.isEmpty {
      let tree = Tree(content: .mapping(mapped), line: 0, column: 0, origin: "--column")
      entries.append(Tree.Entry(key: "columns", line: 0, column: 0, value: tree))
    }
    for (key, text) in settings {
      let option = "--" + key.replacing("_", with: "-")
      entries.append(Tree.Entry(key: key, line: 0, column: 0, value: try value(text, of: option)))
    }
    let reader = Reader(file: "options")
    let root = Cell(tree: Tree(content: .mapping(entries), line: 0, column: 0), path: "")
    guard let fields = reader.fields(root, allowed: JobReadingDecoding.keys) else {
      self.init()
      return
    }
    self = JobReadingDecoding(reader: reader).reading(fields)
    if !reader.issues.isEmpty { throw InputError(issues: reader.issues) }
  }
}
