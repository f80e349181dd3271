import Domain
import Foundation
internal import TextIO

/// A value of a JSON file with the line where it stands.
struct JSONNode {
  enum Value {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([(key: String, value: JSONNode)])
  }

  var value: Value
  var line: Int

  subscript(key: String) -> JSONNode? {
    guard case .object(let entries) = value else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var list: [JSONNode]? { if case .list(let items) = value { items } else { nil } }
  var text: String? { if case .text(let text) = value { text } else { nil } }
  var number: Double? { if case .number(let number) = value { number } else { nil } }
  var flag: Bool? { if case .flag(let flag) = value { flag } else { nil } }
  /// The keys of an object, in their order.
  var keys: [String] { if case .object(let entries) = value { entries.map(\.key) } else { [] } }

  /// An object without some of its keys.
  func without(_ keys: [String]) -> JSONNode {
    guard case .object(let entries) = value else { return self }
    return JSONNode(value: .object(entries.filter { !keys.contains($0.key) }), line: line)
  }

  /// The key of an object that is a name but for its first letter's case; the name itself if there is none.
  func key(_ name: String) -> String {
    if self[name] != nil { return name }
    let other = name.prefix(1).uppercased() + name.dropFirst()
    return self[other] == nil ? name : other
  }

  /// The value under a name in camel or Pascal case.
  func any(_ name: String) -> JSONNode? { self[key(name)] }

  var isNull: Bool { if case .null = value { true } else { false } }

  /// Text that an issue reports as found.
  var summary: String {
    switch value {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .number(let number): "\(number)"
    case .text(let text): "\"\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(40))).printable())\""
    case .list: "a list"
    case .object: "an object"
    }
  }
}

/// Reads JSON (RFC 8259) whole, minding lines.
struct JSONReader {
  /// The largest file, in bytes; the API answers two weeks in less than a tenth of it.
  static let largest = 64 << 20
  private static let deepest = 64
  /// Values of a file: a short text may hold many, and each takes 32 bytes or more.
  private static let mostValues = 5_000_000

  private let path: String
  private let bytes: Bytes
  private var at = 0
  private var line = 1
  private var values = 0

  /// - Throws: ``InputError`` with the line of the first fault.
  static func read(path: String) throws -> JSONNode {
    try parse(path) { reader in
      let root = try reader.node(0)
      reader.skipBlanks()
      guard reader.at == reader.bytes.count else { throw reader.fault("text after the value", "the end of the file") }
      return root
    }
  }

  /// Reads a file of one value or several, one behind the other: answers of an API that were put together.
  ///
  /// - Throws: ``InputError`` with the line of the first fault.
  static func readAll(path: String) throws -> [JSONNode] {
    try parse(path) { reader in
      var roots: [JSONNode] = []
      repeat {
        roots.append(try reader.node(0))
        reader.skipBlanks()
      } while reader.at < reader.bytes.count
      return roots
    }
  }

  private static func parse<Result>(_ path: String, _ body: (inout JSONReader) throws -> Result) throws -> Result {
    let data = try contents(path)
    return try data.withUnsafeBufferPointer { bytes in
      if !isUTF8(bytes) {
        let valid = bytes.split(separator: 10, omittingEmptySubsequences: false).prefix { isUTF8(Bytes(rebasing: $0)) }
        throw InputError(issues: [
          InputIssue(file: path, line: valid.count + 1, found: "bytes that are not UTF-8", expected: utf8Expected)
        ])
      }
      var reader = JSONReader(path: path, bytes: bytes)
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.at = 3 }
      return try body(&reader)
    }
  }

  private static func contents(_ path: String) throws -> [UInt8] {
    let file = try openText(path)
    var data: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = try piece.withUnsafeMutableBytes { room throws(InputError) in
        try file.bytes(room.baseAddress, room.count, at: Int64(data.count))
      }
      if got == 0 { return data }
      data.append(contentsOf: piece[0..<got])
      guard data.count <= largest else {
        throw InputError(issues: [
          InputIssue(file: path, line: 0, found: "more than \(largest >> 20) MB", expected: "a smaller JSON file")
        ])
      }
    }
  }

  private init(path: String, bytes: Bytes) {
    self.path = path
    self.bytes = bytes
  }

  private func fault(_ found: String, _ expected: String) -> InputError {
    InputError(issues: [InputIssue(file: path, line: line, found: found, expected: expected)])
  }

  private var here: String {
    at < bytes.count ? Bytes(rebasing: bytes[at..<min(at + 1, bytes.count)]).quoted : "the end"
  }

  private mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 32 || (bytes[at] >= 9 && bytes[at] <= 13) {
      if bytes[at] == 10 { line += 1 }
      at += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func node(_ depth: Int) throws -> JSONNode {
    skipBlanks()
    guard depth < JSONReader.deepest else { throw fault("deeper nesting", "at most \(JSONReader.deepest) levels") }
    guard at < bytes.count else { throw fault("the end", "a value") }
    values += 1
    guard values <= JSONReader.mostValues else {
      throw fault("more values", "at most \(JSONReader.mostValues)")
    }
    let start = line
    switch bytes[at] {
    case 123: return JSONNode(value: .object(try object(depth)), line: start)
    case 91: return JSONNode(value: .list(try items(depth)), line: start)
    case 34: return JSONNode(value: .text(try text()), line: start)
    default:
      // Python writes NaN for nothing.
      for (word, value) in [
        ("null", JSONNode.Value.null), ("true", .flag(true)), ("false", .flag(false)), ("NaN", .null),
      ]
      where bytes[at...].starts(with: word.utf8) {
        at += word.utf8.count
        return JSONNode(value: value, line: start)
      }
      return JSONNode(value: .number(try number()), line: start)
    }
  }

  private mutating func object(_ depth: Int) throws -> [(key: String, value: JSONNode)] {
    at += 1
    var entries: [(key: String, value: JSONNode)] = []
    if take(125) { return entries }
    repeat {
      skipBlanks()
      guard at < bytes.count, bytes[at] == 34 else { throw fault(here, "a key in quotes") }
      let key = try text()
      guard take(58) else { throw fault(here, "a colon") }
      entries.append((key, try node(depth + 1)))
    } while take(44)
    guard take(125) else { throw fault(here, "a comma or }") }
    return entries
  }

  private mutating func items(_ depth: Int) throws -> [JSONNode] {
    at += 1
    var items: [JSONNode] = []
    if take(93) { return items }
    repeat { items.append(try node(depth + 1)) } while take(44)
    guard take(93) else { throw fault(here, "a comma or ]") }
    return items
  }

  private mutating func number() throws -> Double {
    let start = at
    while at < bytes.count, "+-.0123456789eE".utf8.contains(bytes[at]) { at += 1 }
    guard at > start else { throw fault(here, "a value") }
    let word = Bytes(rebasing: bytes[start..<at])
    guard let number = word.number, word[0] != 43, word[0] != 46 else { throw fault(word.quoted, "a number") }
    return number
  }

  private mutating func text() throws -> String {
    at += 1
    var scalars: [UInt8] = []
    while at < bytes.count, bytes[at] != 34 {
      let byte = bytes[at]
      guard byte >= 32 else { throw fault("a control character", "text up to a closing quote") }
      at += 1
      guard byte == 92 else {
        scalars.append(byte)
        continue
      }
      guard at < bytes.count else { break }
      let plain: [UInt8: UInt8] = [34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9]
      if let character = plain[bytes[at]] {
        scalars.append(character)
        at += 1
      } else if bytes[at] == 117 {
        at += 1
        scalars += String(try escaped()).utf8
      } else {
        throw fault("a backslash before \(here)", "a JSON escape")
      }
    }
    guard at < bytes.count else { throw fault("a quote that is never closed", "a closing quote") }
    at += 1
    return String(decoding: scalars, as: UTF8.self)
  }

  /// `\uXXXX`, or two of them for what lies beyond.
  private mutating func escaped() throws -> Unicode.Scalar {
    let first = try hex()
    guard first != 0 else { throw fault("a NUL character (\\u0000)", "text without it") }
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, at + 1 < bytes.count, bytes[at] == 92, bytes[at + 1] == 117 else {
      throw fault("half a surrogate pair", "both halves")
    }
    at += 2
    let second = try hex()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("half a surrogate pair", "both halves") }
    return scalar
  }

  private mutating func hex() throws -> UInt32 {
    guard at + 4 <= bytes.count, let code = UInt32(Bytes(rebasing: bytes[at..<at + 4]).text, radix: 16) else {
      throw fault("a broken \\u escape", "four hexadecimal digits")
    }
    at += 4
    return code
  }
}
