import Foundation
import Testing

/// The book promises nothing that no test holds.
@Suite struct GuaranteeTests {
  @Test func everyGuaranteeNamesTestsThatThereAre() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appendingPathComponent("Sources/pylon/Pylon.docc/Guarantees.md")
    let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    let rows = lines.filter { $0.hasPrefix("| ") && !$0.hasPrefix("| what") }
    #expect(rows.count > 8)
    let tests = root.appendingPathComponent("Tests")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: tests.path).filter { $0.hasSuffix("Tests.swift") }
    for row in rows {
      let names = row.matches(of: /`([A-Za-z]+Tests)\.([a-zA-Z]+)`/)
      #expect(!names.isEmpty, "no test in \(row)")
      for name in names {
        let path = paths.filter { $0.hasSuffix("/\(name.output.1).swift") }
        let texts = try path.map { try String(contentsOf: tests.appendingPathComponent($0), encoding: .utf8) }
        #expect(texts.contains { $0.contains("func \(name.output.2)(") }, "there is no \(name.output.0)")
      }
    }
  }
}
