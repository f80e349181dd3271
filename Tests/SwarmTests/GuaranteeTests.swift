import Foundation
import Testing

/// The README promises nothing that no test holds.
@Suite struct GuaranteeTests {
  @Test func everyGuaranteeNamesTestsThatThereAre() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let section = try #require(readme.components(separatedBy: "\n## Guarantees\n").last)
    let lines = try #require(section.components(separatedBy: "\n## ").first).split(separator: "\n")
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
