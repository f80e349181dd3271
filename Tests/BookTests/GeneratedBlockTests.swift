import BuiltProgram
import Domain
import Foundation
import Policies
import Scenarios
import Testing

extension Book {
  /// Blocks of the book that are written from what the code knows.
  @Suite struct GeneratedBlockTests {
    @Test func policies() throws {
      let rows = PolicyCatalog.entries.map { "| `\($0.name)` | \($0.summary) |" }
      try BookPage.expect(
        "policies", of: "Policies.md", is: (["| policy | what it does |", "|---|---|"] + rows).joined(separator: "\n"))
    }

    @Test func parameters() throws {
      var lines: [String] = []
      for entry in PolicyCatalog.entries {
        lines += ["### Parameters of `\(entry.name)`", ""]
        if entry.parameters.isEmpty {
          lines.append("None.")
        } else {
          lines += ["| parameter | accepts | unit | default | meaning |", "|---|---|---|---|---|"]
          lines += entry.parameters.map { parameter in
            let facts = [parameter.kind.expected, parameter.unit, parameter.standardText, parameter.summary]
            return "| `\(parameter.name)` | \(facts.map(cell).joined(separator: " | ")) |"
              .replacing("|  |", with: "| |")
          }
        }
        lines.append("")
      }
      try BookPage.expect("parameters", of: "Policies.md", is: lines.dropLast().joined(separator: "\n"))
    }

    /// `pylon policies NAME` and the book's tables have the same facts of every parameter.
    @Test func theCommandPrintsTheSameFacts() throws {
      for entry in PolicyCatalog.entries where !entry.parameters.isEmpty {
        let text = try Program.run(["policies", entry.name])
        let parts = text.components(separatedBy: "\n\n").dropFirst()
        for parameter in entry.parameters {
          let own = try #require(
            parts.first { $0.hasPrefix("\(parameter.shownName): ") }, "\(entry.name): no \(parameter.shownName)")
          let facts = own.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
          func fact(_ name: String) -> String? {
            facts.first { $0.hasPrefix("\(name) ") }.map { String($0.dropFirst(9)) }
          }
          #expect(own.hasPrefix("\(parameter.shownName): \(parameter.summary)\n"))
          #expect(fact("unit") ?? "" == parameter.unit && fact("default") == parameter.standardText, "\(own)")
        }
      }
    }

    @Test func regions() throws {
      let rows = Zone.gb14.map { zone in
        let place = zone.coordinates
        return
          "| \(zone.id) | `\(zone.code)` | \(zone.region) | \(zone.name) | \(place.latitude) | \(place.longitude) |"
      }
      let header = ["| id | code | region | name | lat | lng |", "|--:|---|---|---|--:|--:|"]
      try BookPage.expect("gb-14", of: "Zones.md", is: (header + rows).joined(separator: "\n"))
    }

    /// The defaults of the hardware model, the capacity and the PUE that `Zones.md` names.
    @Test func zoneDefaults() throws {
      let page = try BookPage("Zones.md").lines.joined(separator: "\n")
      let model = HardwareModel()
      #expect(page.contains("| `cpu_core_watts` | watts from 0 to 1e12 | \(Int(model.cpuCoreWatts)) |"))
      #expect(page.contains("| `gpu_watts` | watts from 0 to 1e12 | \(Int(model.gpuWatts)) |"))
      #expect(page.contains("| `memory_gb_watts` | watts from 0 to 1e12 | \(model.memoryGigabyteWatts) |"))
      let zone = try #require(Zone.gb14.first)
      let (cores, memory, gpus) = (zone.capacity.cpuCores, zone.capacity.memoryGigabytes, zone.capacity.gpus)
      #expect(page.contains("| \(Int(cores)) cores, \(Int(memory)) GB, \(Int(gpus)) GPUs | As above"))
    }

    @Test func commandLine() throws {
      let dump = try Program.run(["--experimental-dump-help"])
      let document = try JSONDecoder().decode(HelpDocument.self, from: Data(dump.utf8))
      var lines: [String] = []
      document.command.describe(after: [], into: &lines)
      try BookPage.expect("commands", of: "CommandLine.md", is: lines.dropLast().joined(separator: "\n"))
    }

    /// The code blocks that are files of the repository: each stands below a mark with the file's path.
    @Test func files() throws {
      var count = 0
      for name in try BookPage.all().map(\.name) {
        var page = try BookPage(name)
        var line = 0
        while line < page.lines.count {
          defer { line += 1 }
          guard let mark = page.lines[line].wholeMatch(of: /<!-- file: (.+) -->/) else { continue }
          count += 1
          let path = String(mark.output.1)
          let text = try String(contentsOf: BookPage.root.appendingPathComponent(path), encoding: .utf8)
          let wanted = text.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
          let start = line + 2
          let end = try #require(page.lines[start...].firstIndex(of: "```"), "\(name): \(path) has no block")
          if BookPage.isWriting {
            page.lines.replaceSubrange(start..<end, with: wanted)
          } else {
            #expect(Array(page.lines[start..<end]) == wanted, "\(name): \(path) is stale\(BookPage.remedy)")
          }
        }
        if BookPage.isWriting { try page.write() }
      }
      #expect(count == 7)
    }

    private func cell(_ text: String) -> String { Markdown.text(text) }
  }
}

enum Markdown {
  /// A text in which nothing is taken for a cell's end or for a tag.
  static func text(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("<", with: "\\<") }
}

/// The built `pylon`, which lies beside the tests.
enum Program {
  struct Failed: Error { var message: String }

  /// The standard output of a command that must succeed, run at the root of the repository.
  static func run(_ arguments: [String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out.txt")
    try Data().write(to: out)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = BookPage.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: out)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(message: "pylon \(arguments.joined(separator: " ")) exited with \(process.terminationStatus)")
    }
    return try String(contentsOf: out, encoding: .utf8)
  }
}

/// What `--experimental-dump-help` prints.
struct HelpDocument: Decodable {
  var command: Command

  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [Command]?
    var shouldDisplay: Bool?

    func describe(after path: [String], into lines: inout [String]) {
      guard shouldDisplay ?? true, commandName != "help" else { return }
      let path = path + [commandName]
      let own = (arguments ?? []).filter { $0.isShown }
      if subcommands?.isEmpty ?? true {
        lines += ["### `\(path.joined(separator: " "))`", ""]
        // Each line is a paragraph, as in the manual pages.
        let texts = [abstract, discussion].flatMap { ($0 ?? "").split(separator: "\n") }
        for text in texts {
          let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
          lines += Command.wrapped(Markdown.text(words)) + [""]
        }
        lines += ["```text", ([path.joined(separator: " ")] + own.map(\.usage)).joined(separator: " "), "```", ""]
        if !own.isEmpty {
          lines += ["| argument | default | meaning |", "|---|---|---|"]
          lines += own.map(\.row) + [""]
        }
      }
      for command in subcommands ?? [] { command.describe(after: path, into: &lines) }
    }

    private static func wrapped(_ text: String) -> [String] {
      var lines = [""]
      for word in text.split(separator: " ") {
        if lines[lines.count - 1].count + word.count > 118 { lines.append("") }
        lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? "\(word)" : " \(word)"
      }
      return lines
    }
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String

      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    var kind: String
    var abstract: String?
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool

    var isShown: Bool { shouldDisplay && !["version", "help"].contains(valueName ?? "") }

    private var value: String { "<\(valueName ?? "value")>" }
    /// The longest name first.
    private var labels: [String] { (names ?? []).map(\.text).sorted { $0.count > $1.count } }
    private var form: String {
      switch kind {
      case "positional": value
      case "flag": labels.first ?? value
      default: "\(labels.first ?? "") \(value)"
      }
    }

    var usage: String { (isOptional ? "[\(form)]" : form) + (isRepeating ? "…" : "") }

    var row: String {
      let all = kind == "positional" ? [value] : labels.map { kind == "flag" ? $0 : "\($0) \(value)" }
      let meaning = (abstract ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return "| \(all.map { "`\($0)`" }.joined(separator: ", ")) | \(defaultValue ?? "") | "
        + "\(Markdown.text(meaning)) |"
    }
  }
}
