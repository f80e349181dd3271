public import Domain
import Foundation
internal import TextIO

/// Reads a text file line by line, in pieces of a megabyte; gzip is decompressed first (``TextFile``).
///
/// A line ends LF or CRLF; a line feed inside quotes belongs to its field. A byte-order mark is skipped, and so is a
/// spreadsheet's first line that names the separator (`sep=;`). A line that is not UTF-8, is longer than a megabyte or
/// leaves a quote open is refused with file and line.
public final class CSVLineReader {
  /// The longest line, in bytes.
  public static let longestLine = 1 << 20
  /// The file's path as it was given.
  public let path: String
  /// The line last returned, from 1.
  public private(set) var lineNumber = 0
  /// Position in the file at which the line last returned begins, in bytes.
  public private(set) var lineOffset: Int64 = 0
  /// The separator that a first line such as `sep=;` names.
  private(set) var namedSeparator: UInt8?

  let file: TextFile
  private let quotes: Bool
  private let memory: UnsafeMutablePointer<UInt8>
  private static let piece = 1 << 20
  private static let room = 2 * piece + 2
  private var low = 0
  private var high = 0
  private var fileOffset: Int64 = 0
  private var nextNumber = 1
  private var ended = false

  /// Opens a file. `quotes: false` gives a `"` no meaning (SWF).
  public convenience init(path: String) throws(InputError) { try self.init(path: path, quotes: true) }

  convenience init(path: String, quotes: Bool) throws(InputError) {
    self.init(try openText(path), quotes: quotes)
  }

  /// Reads a file that is open already, from its beginning.
  init(_ file: TextFile, quotes: Bool) {
    self.file = file
    path = file.path
    self.quotes = quotes
    memory = .allocate(capacity: CSVLineReader.room)
  }

  deinit { memory.deallocate() }

  /// The next line without its line end, valid until the next call; `nil` at the end of the file.
  public func next() throws(InputError) -> UnsafeMutableBufferPointer<UInt8>? {
    if nextNumber == 1, low == 0, high == 0 {
      try fill()
      if high >= 3, memory[0] == 0xef, memory[1] == 0xbb, memory[2] == 0xbf { low = 3 }
      if quotes { skipSeparatorLine() }
    }
    var scanned = low
    var inQuotes = false
    var feeds = 0
    while true {
      if let found = memchr(memory + scanned, 10, high - scanned) {
        let at = found.assumingMemoryBound(to: UInt8.self) - memory
        feeds += 1
        if quotes { inQuotes = toggled(inQuotes, scanned, at) }
        scanned = at + 1
        if !inQuotes { return try line(end: at, next: at + 1, feeds: feeds) }
        continue
      }
      if ended {
        guard low < high else { return nil }
        if quotes, toggled(inQuotes, scanned, high) { throw fault("a quote that is never closed", "a closing quote") }
        return try line(end: high, next: high, feeds: feeds + 1)
      }
      guard high - low <= CSVLineReader.longestLine else { throw tooLong(at: nextNumber) }
      let done = scanned - low
      try fill()
      scanned = low + done
    }
  }

  /// Skips a first line that names the separator, as spreadsheets read it: `sep=;`, possibly in quotes.
  private func skipSeparatorLine() {
    let head = Bytes(start: memory + low, count: min(64, high - low))
    let end = head.firstIndex(of: 10) ?? head.count
    guard let separator = CSVDialect.named(by: Bytes(rebasing: head[..<end])) else { return }
    namedSeparator = separator
    low += min(end + 1, head.count)
    nextNumber = 2
  }

  /// True if a line has carriage returns outside quotes, which files of old programs use as line ends.
  private func hasBareReturns(_ line: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    var inQuotes = false
    for byte in line {
      if byte == 34, quotes { inQuotes.toggle() }
      if byte == 13, !inQuotes { return true }
    }
    return false
  }

  /// Carriage returns as the ends of all lines, or within some: reported once, with their number.
  private func bareReturns() -> InputError {
    let expected = "LF or CRLF: tr '\\r' '\\n' < FILE > OUT.csv"
    var (alone, feeds, last) = (0, 0, UInt8(0))
    var offset: Int64 = 0
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: CSVLineReader.piece)
    defer { room.deallocate() }
    while let got = try? file.bytes(room.baseAddress, room.count, at: offset), got > 0 {
      for byte in room[..<got] {
        if last == 13, byte != 10, byte != 13 { alone += 1 }
        if byte == 10 { feeds += 1 }
        last = byte
      }
      offset += Int64(got)
    }
    if feeds == 0 || lineNumber == 1 { return fault("lines that end with CR alone", expected) }
    let count = alone == 1 ? "a carriage return (CR)" : "\(alone) carriage returns (CR)"
    return fault("\(count) without a line feed, the first in this line", expected)
  }

  private func toggled(_ inQuotes: Bool, _ from: Int, _ to: Int) -> Bool {
    guard memchr(memory + from, 34, to - from) != nil else { return inQuotes }
    var state = inQuotes
    for at in from..<to where memory[at] == 34 { state.toggle() }
    return state
  }

  private func line(end: Int, next: Int, feeds: Int) throws(InputError) -> UnsafeMutableBufferPointer<UInt8> {
    let start = low
    lineNumber = nextNumber
    lineOffset = fileOffset - Int64(high - start)
    nextNumber += feeds
    low = next
    var stop = end
    // CRLF, and the CRCRLF that a text-mode copy of it has.
    while stop > start, memory[stop - 1] == 13 { stop -= 1 }
    guard stop - start <= CSVLineReader.longestLine else { throw tooLong(at: lineNumber) }
    let found = UnsafeMutableBufferPointer(start: memory + start, count: stop - start)
    if stop > start, memchr(memory + start, 13, stop - start) != nil, hasBareReturns(found) { throw bareReturns() }
    guard isUTF8(Bytes(found)) else { throw fault("bytes that are not UTF-8", utf8Expected) }
    // No database and no file name can hold one.
    guard memchr(memory + start, 0, stop - start) == nil else { throw brokenText(found) }
    return found
  }

  private func fill() throws(InputError) {
    if low > 0 {
      memmove(memory, memory + low, high - low)
      high -= low
      low = 0
    }
    let room = min(CSVLineReader.piece, CSVLineReader.room - high)
    let got = try file.bytes(memory + high, room, at: fileOffset)
    if got == 0 { ended = true }
    high += got
    fileOffset += Int64(got)
  }

  /// A NUL character, reported under the name of its column.
  private func brokenText(_ line: UnsafeMutableBufferPointer<UInt8>) -> InputError {
    let before = line.prefix { $0 != 0 }
    let shown = Bytes(rebasing: Bytes(line)[...before.count].suffix(21)).quoted
    var issue = InputIssue(
      file: path, line: lineNumber, key: "", found: "a NUL character (…\(shown))", expected: "text without it")
    if quotes {
      issue.key = CSVLineReader.column(of: before.count, in: Array(line), header: lineNumber > 1 ? header() : [])
    } else {
      issue.key = "field \(before.split(whereSeparator: { $0 == 32 || $0 == 9 }).count)"
    }
    return InputError(issues: [issue])
  }

  /// The first line of the file; empty if it cannot be read.
  private func header() -> [UInt8] {
    guard let reader = try? CSVLineReader(path: path) else { return [] }
    // The line lies in the reader's memory.
    return withExtendedLifetime(reader) { ((try? reader.next()) ?? nil).map { Array($0) } ?? [] }
  }

  /// The header's name for the field that a byte of a line is in; `field 3` if the header has none.
  private static func column(of offset: Int, in line: [UInt8], header: [UInt8]) -> String {
    let separator = ",;\t|".utf8.max { a, b in header.count { $0 == a } < header.count { $0 == b } } ?? 44
    func fields(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
      var isQuoted = false
      return text.split(omittingEmptySubsequences: false) { byte in
        if byte == 34 { isQuoted.toggle() }
        return byte == separator && !isQuoted
      }.map(Array.init)
    }
    let place = fields(line[..<offset]).count
    let names = fields(header[...])
    guard place <= names.count, !names[place - 1].isEmpty else { return "field \(place)" }
    return String(decoding: names[place - 1].filter { $0 != 34 && $0 != 0 }, as: UTF8.self)
  }

  private func tooLong(at line: Int) -> InputError {
    lineNumber = line
    if line == 1, memchr(memory + low, 13, high - low) != nil, memchr(memory + low, 10, high - low) == nil {
      return bareReturns()
    }
    return fault("a line longer than 1 MB", "lines of at most 1 MB")
  }

  private func fault(_ found: String, _ expected: String) -> InputError {
    InputError(issues: [InputIssue(file: path, line: max(lineNumber, 1), found: found, expected: expected)])
  }
}

/// For messages about bytes that are not UTF-8.
let utf8Expected = "UTF-8 text (if it is Latin-1: iconv -f latin1 -t utf-8 FILE > OUT.csv)"

/// True if bytes are valid UTF-8; checks eight at a time as long as they are ASCII.
func isUTF8(_ bytes: Bytes) -> Bool {
  guard let base = UnsafeRawPointer(bytes.baseAddress) else { return true }
  var at = 0
  while at + 8 <= bytes.count, base.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
    at += 8
  }
  while at < bytes.count, bytes[at] < 128 { at += 1 }
  return at == bytes.count || String(validating: bytes, as: UTF8.self) != nil
}

extension IssueList {
  /// The next line of a file. If its text is broken nothing after it can be read, so that fault is the last one.
  mutating func nextLine(_ reader: CSVLineReader) -> UnsafeMutableBufferPointer<UInt8>? {
    do { return try reader.next() } catch {
      for issue in error.issues { add(issue) }
      return nil
    }
  }
}
