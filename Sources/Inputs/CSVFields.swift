import Domain

/// The fields of one line, in memory of its own that serves again for each line: an array's checks would be paid at
/// every field of a log.
final class CSVFields {
  static let mostColumns = 10_000
  private var fields: UnsafeMutablePointer<Bytes>
  private var capacity = 32
  @exclusivity(unchecked) private(set) var count = 0
  /// The byte between two fields: a comma, unless the file's ``CSVDialect`` has another.
  @exclusivity(unchecked) var separator: UInt8 = 44

  init() { fields = .allocate(capacity: capacity) }

  deinit { fields.deallocate() }

  subscript(index: Int) -> Bytes {
    precondition(index >= 0 && index < count, "a field that the line does not have")
    return fields[index]
  }

  @inline(__always)
  private func append(_ field: Bytes) {
    if count == capacity { grow() }
    (fields + count).initialize(to: field.first == 39 ? field.unguarded : field)
    count += 1
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Bytes>.allocate(capacity: 2 * capacity)
    larger.moveInitialize(from: fields, count: count)
    fields.deallocate()
    fields = larger
    capacity *= 2
  }

  /// Refuses a header of more columns than a file of anybody's has: what is looked up is looked up in each.
  func checkWidth(_ path: String) throws {
    guard count > CSVFields.mostColumns else { return }
    throw InputError(issues: [
      InputIssue(
        file: path, line: 1, found: "\(count) columns", expected: "at most \(CSVFields.mostColumns)")
    ])
  }

  /// Splits at the separator, taking quotes off in place; false if text follows a closing quote.
  func split(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    let separator = separator
    if separator == 9 { return splitTabs(line) }
    count = 0
    var at = 0
    while true {
      while at < line.count, line[at] == 32 || line[at] == 9 { at += 1 }
      let start = at
      if at < line.count, line[at] == 34 {
        guard let end = unquote(line, from: &at) else { return false }
        append(Bytes(rebasing: Bytes(line)[(start + 1)..<end]))
      } else {
        while at < line.count, line[at] != separator { at += 1 }
        append(Bytes(rebasing: Bytes(line)[start..<at]).trimmed)
      }
      guard at < line.count else { return true }
      at += 1
    }
  }

  var isAllEmpty: Bool { (0..<count).allSatisfy { fields[$0].isEmpty } }

  /// True if a field is a number or a time.
  var hasNumberOrTime: Bool {
    let stamps = StampText(dateOrder: .dayFirst)
    return (0..<count).contains { field in
      if fields[field].number != nil || fields[field].decimalCommaNumber != nil { return true }
      if case .time = stamps.read(fields[field]) { return true }
      return false
    }
  }

  /// Drops empty fields at the end of a line that has more than the header.
  func dropEmptyTail(beyond width: Int) {
    while count > width, fields[count - 1].isEmpty { count -= 1 }
  }

  /// Splits at tabs, which are no blanks here.
  private func splitTabs(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    count = 0
    var at = 0
    while true {
      while at < line.count, line[at] == 32 { at += 1 }
      let start = at
      if at < line.count, line[at] == 34 {
        guard let end = unquote(line, from: &at) else { return false }
        append(Bytes(rebasing: Bytes(line)[(start + 1)..<end]))
      } else {
        while at < line.count, line[at] != 9 { at += 1 }
        append(Bytes(rebasing: Bytes(line)[start..<at]).trimmed)
      }
      guard at < line.count else { return true }
      at += 1
    }
  }

  /// Splits at the separator, quotes being text like any other.
  func splitPlain(_ line: UnsafeMutableBufferPointer<UInt8>) {
    count = 0
    for field in Bytes(line).split(separator: separator, omittingEmptySubsequences: false) {
      append(Bytes(rebasing: field).trimmed)
    }
  }

  /// Splits at blanks.
  func splitBlanks(_ line: UnsafeMutableBufferPointer<UInt8>) {
    count = 0
    var at = 0
    while at < line.count {
      while at < line.count, line[at] == 32 || line[at] == 9 { at += 1 }
      let start = at
      while at < line.count, line[at] != 32, line[at] != 9 { at += 1 }
      if at > start { append(Bytes(rebasing: Bytes(line)[start..<at])) }
    }
  }

  private func unquote(_ line: UnsafeMutableBufferPointer<UInt8>, from at: inout Int) -> Int? {
    at += 1
    var write = at
    while at < line.count {
      if line[at] == 34 {
        guard at + 1 < line.count, line[at + 1] == 34 else { break }
        at += 1
      }
      line[write] = line[at]
      write += 1
      at += 1
    }
    guard at < line.count else { return nil }
    at += 1
    while at < line.count, line[at] == 32 || (line[at] == 9 && separator != 9) { at += 1 }
    return at == line.count || line[at] == separator ? write : nil
  }
}
