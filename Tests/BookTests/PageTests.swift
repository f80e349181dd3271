import Foundation
import Testing

/// The README and the book as a reader finds them: short, complete, without dead links.
@Suite struct PageTests {
  private var pages: [(path: String, text: String)] {
    get throws {
      let book = try BookPage.all().map { ("Sources/pylon/Pylon.docc/\($0.name)", $0.lines.joined(separator: "\n")) }
      let others = ["README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md"]
      return try book
        + others.map { ($0, try String(contentsOf: BookPage.root.appendingPathComponent($0), encoding: .utf8)) }
    }
  }

  @Test func theReadmeIsShort() throws {
    let text = try String(contentsOf: BookPage.root.appendingPathComponent("README.md"), encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    #expect(lines.count <= 200)
    #expect(lines.allSatisfy { $0.count <= 120 || $0.hasPrefix("|") })
    // The two commands that continuous integration and every newcomer use.
    #expect(text.contains("bash Tests/install.sh && swift run -c release pylon run Scenarios/gb-week.yaml"))
    #expect(text.contains("bash Tests/run.sh"))
  }

  /// Every page of the book is reached from the README or the book's first page.
  @Test func everyPageIsLinked() throws {
    let pages = try pages
    let linked = pages.filter { $0.path.hasSuffix("README.md") || $0.path.hasSuffix("/Pylon.md") }.map(\.text).joined()
    for page in try BookPage.all() where page.name != "Pylon.md" {
      #expect(linked.contains("\(page.name))"), "no link to \(page.name)")
    }
  }

  /// Every command that a page shows exists, with the options that it shows.
  @Test func commandsExist() throws {
    let dump = try Program.run(["--experimental-dump-help"])
    let root = try JSONDecoder().decode(HelpDocument.self, from: Data(dump.utf8)).command
    var count = 0
    for (path, text) in try pages {
      for line in text.components(separatedBy: "\n") {
        guard let shown = line.firstMatch(of: /^(?:\$ |    )pylon (.+)$/) else { continue }
        count += 1
        var words = shown.output.1.split(separator: " ")
        var command = root
        while let next = words.first, let inner = command.subcommands?.first(where: { $0.commandName == next }) {
          command = inner
          words.removeFirst()
        }
        let isCommand = command.subcommands?.isEmpty ?? true
        #expect(isCommand || words.first == "help" || words.first?.hasPrefix("-") == true, "\(path): \(line)")
        let known = Set((command.arguments ?? []).flatMap { $0.names ?? [] }.map(\.text))
        for word in words where word.hasPrefix("--") {
          let option = String(word.prefix { $0 != "=" })
          #expect(known.contains(option), "\(path): \(line): no option \(option)")
        }
      }
    }
    #expect(count > 40)
  }

  @Test func linksLeadSomewhere() throws {
    let manager = FileManager.default
    for (path, text) in try pages {
      let folder = BookPage.root.appendingPathComponent(path).deletingLastPathComponent()
      for match in PageTests.withoutCode(text).matches(of: /\]\(([^)\s]+)\)/) {
        let target = String(match.output.1)
        if target.contains("://") || target.hasPrefix("mailto:") { continue }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let file =
          parts[0].isEmpty ? BookPage.root.appendingPathComponent(path) : folder.appendingPathComponent(parts[0])
        #expect(manager.fileExists(atPath: file.path), "\(path): \(target): no such file")
        guard parts.count == 2, file.pathExtension == "md" else { continue }
        let anchors = PageTests.anchors(try String(contentsOf: file, encoding: .utf8))
        #expect(anchors.contains(parts[1].lowercased()), "\(path): \(target): no such heading")
      }
    }
  }

  /// Fences and code spans hold links that are none.
  private static func withoutCode(_ text: String) -> String {
    text.replacing(/(?s)```.*?```/, with: "").replacing(/`[^`\n]*`/, with: "")
  }

  /// Headings as code hosts name them.
  private static func anchors(_ text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
          .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }.replacing(" ", with: "-")
      })
  }
}
