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

  public init(file: String, line: Int, key: String = "", found: String, expected: String) {
    self.file = file
    self.line = line
    self.key = key
    self.found = found
    self.expected = expected
  }

  /// `jobs.csv:12: duration_s: found "x", expected a number > 0`.
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    let subject = key.isEmpty ? "" : (key.unicodeScalars.count > 80 ? "\(key.prefix(60))…" : key) + ": "
    return "\(place): \(subject)found \(found), expected \(expected)".printable()
  }
}

/// All the faults of a file, told at once (the first hundred; the rest are counted).
public struct InputError: Error, CustomStringConvertible, Sendable {
  public var issues: [InputIssue]
  /// Faults beyond those listed.
  public var more: Int

  public init(issues: [InputIssue], more: Int = 0) {
    self.issues = issues
    self.more = more
  }

  public var description: String {
    let lines = issues.map(\.description).joined(separator: "\n")
    return more > 0 ? lines + "\nand \(more) more" : lines
  }
}

/// Gathers faults up to a limit.
struct IssueList {
  static let limit = 100
  var issues: [InputIssue] = []
  var more = 0

  var isEmpty: Bool { issues.isEmpty }

  mutating func add(_ issue: @autoclosure () -> InputIssue) {
    if issues.count < IssueList.limit { issues.append(issue()) } else { more += 1 }
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
  }

  func throwIfAny() throws {
    if !issues.isEmpty { throw InputError(issues: issues, more: more) }
  }
}
