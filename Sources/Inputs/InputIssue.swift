import Domain

/// One fault of an input file: where it is, what was found and what was expected.
public struct InputIssue: Hashable, Sendable, CustomStringConvertible {
  /// The file's path as it was given.
  public var file: String
  /// From 1; 0 where the fault belongs to the whole file.
  public var line: Int
  /// The column or zone; empty where there is none.
  public var key: String
  public var found: String
  public var expected: String
  /// A known name that was probably meant.
  public var suggestion: String?
  /// Lines of the file that have this fault, this one among them.
  public var count = 1
  /// The first lines that have it, at most three.
  public var lines: [Int]
  /// Whether the file could not be opened or read at all.
  public var isUnreadable = false
  /// Whether the machine, not the file, is at fault: a full disk.
  public var isResource = false

  public init(
    file: String, line: Int, key: String = "", found: String, expected: String, suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.key = key
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
    lines = line > 0 ? [line] : []
  }

  /// `jobs.csv:12: duration_s: found "x", expected a number > 0`.
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    let subject = key.isEmpty ? "" : (key.unicodeScalars.count > 80 ? "\(key.prefix(60))…" : key) + ": "
    return "\(place): \(subject)\(fault)".printable()
  }

  /// What was found and what was expected, without the place.
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

  /// The fault without its line: what makes two issues one mistake.
  fileprivate struct Mistake: Hashable {
    var key: String
    var found: String
    var expected: String
  }

  fileprivate var mistake: Mistake { Mistake(key: key, found: found, expected: expected) }

  /// Counts another line with the same mistake.
  fileprivate mutating func repeated(on line: Int) {
    guard lines.last != line || line == 0 else { return }
    count += 1
    if lines.count < 3, line > 0 { lines.append(line) }
  }
}

/// All the faults of a file, told at once (the first hundred; the rest are counted).
public struct InputError: Error, CustomStringConvertible, Sendable {
  public var issues: [InputIssue]
  /// Faults beyond those listed.
  public var more: Int
  /// A remedy for faults of many rows; a line of its own behind them.
  public var hint: String?

  public init(issues: [InputIssue], more: Int = 0) {
    self.issues = issues
    self.more = more
  }

  /// Whether nothing but the machine is at fault.
  public var isResource: Bool { !issues.isEmpty && issues.allSatisfy(\.isResource) }

  public var description: String {
    let lines = issues.map(\.description).joined(separator: "\n")
    let rest = more > 0 ? "\nand \(more) more" : ""
    return lines + rest + (hint.map { "\n" + $0.printable() } ?? "")
  }
}

/// Gathers the faults of a file up to a limit. The same mistake on many lines is one issue, with a count and the first
/// lines.
struct IssueList {
  static let limit = 100
  private(set) var issues: [InputIssue] = []
  /// Faults beyond the limit, which are only counted.
  var more = 0
  /// Faults that were added, repeated ones among them.
  private(set) var total = 0
  private var indexOf: [InputIssue.Mistake: Int] = [:]

  var isEmpty: Bool { issues.isEmpty }

  mutating func add(_ issue: InputIssue) {
    total += 1
    let mistake = issue.mistake
    if let index = indexOf[mistake], issues[index].file == issue.file {
      issues[index].repeated(on: issue.line)
    } else if issues.count < IssueList.limit {
      indexOf[mistake] = issues.count
      issues.append(issue)
    } else {
      more += 1
    }
  }

  /// The next line of a file. Where its text is broken nothing behind it can be read: that fault is the last one.
  mutating func nextLine(_ reader: CSVLineReader) -> UnsafeMutableBufferPointer<UInt8>? {
    do { return try reader.next() } catch {
      for issue in error.issues { add(issue) }
      return nil
    }
  }

  /// In the order of the file; those of one line stay as they were found.
  mutating func sortByLine() {
    issues = issues.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    for (index, issue) in issues.enumerated() { indexOf[issue.mistake] = index }
  }

  func throwIfAny() throws {
    if !issues.isEmpty { throw InputError(issues: issues, more: more) }
  }
}
