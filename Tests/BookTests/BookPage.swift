import Foundation
import Testing

/// The suites that may write pages: one after another.
@Suite(.serialized) enum Book {}

/// A page of the book, with the tables and blocks that tests compare with the code.
struct BookPage {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = root.appendingPathComponent("Sources/pylon/Pylon.docc")
  /// Whether blocks are written rather than compared: `PYLON_WRITE_BOOK=1 swift test --filter BookTests`.
  static let isWriting = ProcessInfo.processInfo.environment["PYLON_WRITE_BOOK"] != nil

  let name: String
  var lines: [String]

  init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOf: BookPage.folder.appendingPathComponent(name), encoding: .utf8)
    lines = text.components(separatedBy: "\n")
  }

  static func all() throws -> [BookPage] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
    return try names.sorted().map { try BookPage($0) }
  }

  func write() throws {
    let file = BookPage.folder.appendingPathComponent(name)
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
  }

  /// A row of a table with the index of its line.
  struct Row {
    var line: Int
    var cells: [String]
  }

  /// The rows of the first table below a line, without its header; `nil` if there is none before the next heading.
  func rows(below line: Int) -> [Row]? {
    var start = line + 1
    while start < lines.count, !lines[start].hasPrefix("|") {
      if lines[start].hasPrefix("#") || lines[start].hasPrefix("<!--") { return nil }
      start += 1
    }
    let end = lines[start...].firstIndex { !$0.hasPrefix("|") } ?? lines.count
    guard end > start + 2 else { return nil }
    return (start + 2..<end).map { Row(line: $0, cells: BookPage.cells(lines[$0])) }
  }

  /// The cells of a row, where `\|` is a sign of the text.
  static func cells(_ line: String) -> [String] {
    let parts = line.replacing("\\|", with: "\u{0}").split(separator: "|", omittingEmptySubsequences: false)
    return parts.dropFirst().dropLast().map {
      $0.trimmingCharacters(in: .whitespaces).replacing("\u{0}", with: "\\|")
    }
  }

  /// The words in backticks of a cell.
  static func words(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.output.1) } }

  /// The rows of the first table below a line that reads `text`.
  func table(below text: String) throws -> [Row] {
    let line = try #require(firstLine(text), "\(name): no line \(text)")
    return try #require(rows(below: line), "\(name): no table below \(text)")
  }

  func firstLine(_ text: String) -> Int? { lines.firstIndex(of: text) }

  /// Compares what stands between `<!-- generated: NAME -->` and `<!-- end -->` with the code's, or writes it.
  static func expect(_ block: String, of page: String, is expected: String) throws {
    var page = try BookPage(page)
    let start = try #require(page.firstLine("<!-- generated: \(block) -->"), "\(page.name): no block \(block)")
    let end = try #require(page.lines[start...].firstIndex(of: "<!-- end -->"), "\(page.name): \(block) has no end")
    let wanted = [""] + expected.components(separatedBy: "\n") + [""]
    if isWriting {
      page.lines.replaceSubrange(start + 1..<end, with: wanted)
      try page.write()
      return
    }
    let found = Array(page.lines[start + 1..<end])
    for (line, pair) in zip(found, wanted).enumerated() where pair.0 != pair.1 {
      Issue.record("\(page.name):\(start + 2 + line): found \(pair.0), expected \(pair.1)\(BookPage.remedy)")
      return
    }
    #expect(found.count == wanted.count, "\(page.name): \(block) is stale\(BookPage.remedy)")
  }

  static let remedy = "; PYLON_WRITE_BOOK=1 swift test --filter BookTests writes it"
}
