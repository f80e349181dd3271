/// One fault of a file that a user wrote: its place, what was found and what was expected.
public struct InputIssue: Hashable, Sendable, CustomStringConvertible {
  /// The file's path as it was given, or `--set key=value`.
  public var file: String
  /// From 1; 0 if the fault belongs to the whole file.
  public var line: Int
  /// From 1; 0 if the fault belongs to the whole line.
  public var column: Int
  /// The key's path such as `zones[0].pue`, the column or the zone; empty if there is none.
  public var key: String
  public var found: String
  public var expected: String
  /// A known name that was probably meant.
  public var suggestion: String?
  /// Number of places with this fault, this one among them.
  public var count = 1
  /// The lines of the first three of these places.
  public var lines: [Int]
  /// True if the file could not be opened or read at all.
  public var isUnreadable = false
  /// True if the machine is at fault and not the file: a full disk.
  public var isResource = false

  public init(
    file: String, line: Int = 0, column: Int = 0, key: String = "", found: String, expected: String,
    suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.found = found.isEmpty ? "nothing" : found
    self.expected = expected
    self.suggestion = suggestion
    lines = line > 0 ? [line] : []
  }

  /// `scenario.yaml:4: zones[0].pue: found 0.5, expected a number from 1 to 1,000,000`
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    let subject = key.isEmpty ? "" : (key.unicodeScalars.count > 240 ? "\(key.prefix(200))…" : key) + ": "
    return "\(place): \(subject)\(fault)".printable()
  }

  /// The fault without its place.
  public var fault: String {
    let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
    return "found \(found), expected \(expected)\(hint)\(repetition)".printable()
  }

  /// ` (103 lines: 2, 3, 4, …)`
  private var repetition: String {
    guard count > 1 else { return "" }
    guard !lines.isEmpty else { return " (\(count) times)" }
    let rest = count > lines.count ? ", …" : ""
    return " (\(count) lines: \(lines.map(String.init).joined(separator: ", "))\(rest))"
  }

  /// The fault without its line. Two issues of a file with equal mistakes are one mistake in two places.
  struct Mistake: Hashable {
    var file: String
    var key: String
    var found: String
    var expected: String
    var suggestion: String?
  }

  /// - Parameter key: replaces the issue's own key.
  func mistake(key: String? = nil) -> Mistake {
    Mistake(file: file, key: key ?? self.key, found: found, expected: expected, suggestion: suggestion)
  }

  /// Counts another place with the same mistake.
  mutating func repeated(on line: Int) {
    guard lines.last != line || line == 0 else { return }
    count += 1
    if lines.count < 3, line > 0 { lines.append(line) }
  }
}

extension Sequence<InputIssue> {
  /// Joins issues that differ only by the index of a list's item: they are one mistake, at its first place.
  fileprivate func joiningItems() -> [InputIssue] {
    var indexOf: [InputIssue.Mistake: Int] = [:]
    var joined: [InputIssue] = []
    for issue in self {
      let mistake = issue.mistake(key: issue.key.replacing(#/\[[0-9]+\]/#, with: "[]"))
      // A wildcard of an override, which has no line, writes one mistake into many places.
      if issue.key.contains("["), let index = indexOf[mistake] {
        joined[index].repeated(on: issue.line)
      } else {
        indexOf[mistake] = joined.count
        joined.append(issue)
      }
    }
    return joined
  }
}

/// Every fault of a file at once, in the order of its lines.
public struct InputError: Error, CustomStringConvertible, Sendable {
  public var issues: [InputIssue]
  /// Number of faults beyond those listed.
  public var more: Int
  /// A remedy for faults of many rows, printed on a line of its own after them.
  public var hint: String?

  public init(issues: [InputIssue], more: Int = 0) {
    self.issues = issues
    self.more = more
  }

  /// True if nothing but the machine is at fault.
  public var isResource: Bool { !issues.isEmpty && issues.allSatisfy(\.isResource) }

  /// One line per mistake: the first two hundred, and the number of the others.
  public var description: String {
    let joined = issues.joiningItems()
    let lines = joined.prefix(InputError.mostPrinted).map(\.description).joined(separator: "\n")
    let more = more + max(joined.count - InputError.mostPrinted, 0)
    let rest = more > 0 ? "\nand \(more) more" : ""
    return lines + rest + (hint.map { "\n" + $0.printable() } ?? "")
  }

  private static let mostPrinted = 200
}

/// Collects the faults of a file. The same mistake on many lines is one issue with a count and the first lines.
public struct IssueList: Sendable {
  /// Largest number of issues that are kept; further ones are only counted.
  public static let limit = 100
  public private(set) var issues: [InputIssue] = []
  /// Number of issues beyond the limit.
  public var more = 0
  /// Number of faults that were added, repeated ones included.
  public private(set) var total = 0
  private var indexOf: [InputIssue.Mistake: Int] = [:]
  /// The issues of one column and one expectation, whose texts that were found differ from row to row.
  private var indicesOf: [InputIssue.Mistake: [Int]] = [:]
  /// Those of them that were joined to one.
  private var joined: Set<InputIssue.Mistake> = []
  /// So many issues of a kind stand by themselves; from the next one on they are one, with these as examples.
  private static let mostAlike = 3

  public init() {}

  public var isEmpty: Bool { issues.isEmpty }

  public mutating func add(_ issue: InputIssue) {
    total += 1
    let mistake = issue.mistake()
    let kind = IssueList.kind(of: issue)
    if let index = indexOf[mistake] ?? kind.flatMap({ joined.contains($0) ? indicesOf[$0]?.first : nil }) {
      issues[index].repeated(on: issue.line)
    } else if let kind, let alike = indicesOf[kind], alike.count == IssueList.mostAlike {
      join(alike, kind)
      if let index = indicesOf[kind]?.first { issues[index].repeated(on: issue.line) }
    } else if issues.count < IssueList.limit {
      indexOf[mistake] = issues.count
      if let kind { indicesOf[kind, default: []].append(issues.count) }
      issues.append(issue)
    } else {
      more += 1
    }
  }

  /// The common part of issues of cells of one column, by which they are grouped; `nil` for other issues, and for those
  /// with a suggestion of their own.
  private static func kind(of issue: InputIssue) -> InputIssue.Mistake? {
    guard issue.line > 0, !issue.key.isEmpty, issue.suggestion == nil, issue.found.hasPrefix("\"") else { return nil }
    var kind = issue.mistake()
    kind.found = ""
    return kind
  }

  /// Puts issues together in the place of the first.
  private mutating func join(_ indices: [Int], _ kind: InputIssue.Mistake) {
    guard let first = indices.first else { return }
    let all = indices.map { issues[$0] }
    issues[first].found = all.map(\.found).joined(separator: ", ") + ", …"
    issues[first].count = all.reduce(0) { $0 + $1.count }
    issues[first].lines = Array(all.flatMap(\.lines).sorted().prefix(3))
    for index in indices.dropFirst().reversed() { issues.remove(at: index) }
    joined.insert(kind)
    index()
  }

  /// Finds issues by what they say anew.
  private mutating func index() {
    (indexOf, indicesOf) = ([:], [:])
    for (index, issue) in issues.enumerated() {
      indexOf[issue.mistake()] = index
      if let kind = IssueList.kind(of: issue) { indicesOf[kind, default: []].append(index) }
    }
  }

  /// Sorts the issues by line; those of one line stay as they were found.
  public mutating func sortByLine() {
    issues = issues.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    index()
  }

  /// - Throws: ``InputError`` with the issues, if there are any.
  public func throwIfAny() throws {
    if !issues.isEmpty { throw InputError(issues: issues, more: more) }
  }
}
