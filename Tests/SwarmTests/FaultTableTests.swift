import Foundation
import Testing

/// `Tests/mutants.py` plants what the table tells; a text that is no longer there could not be planted.
@Suite struct FaultTableTests {
  private struct Edit {
    var fault: String
    var path: String
    var old: String
    var new: String?
  }

  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  // A tree with the faults in it has other texts.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PYLON_PLANTED_FAULT"] == nil))
  func everyFaultCanBePlanted() throws {
    let (names, edits) = try table()
    #expect(names.count >= 20)
    #expect(names.map { $0.prefix { $0 != " " } } == (1...names.count).map { "\($0)"[...] }, "numbers out of order")
    let targets = Set(edits.map { $0.path.split(separator: "/")[1] })
    #expect(targets.isSuperset(of: ["Engine", "Policies", "Inputs", "Metrics", "Results", "Audit", "Runs", "Studies"]))
    var texts: [String: String] = [:]
    for edit in edits {
      let text = try texts[edit.path] ?? String(contentsOf: root.appendingPathComponent(edit.path), encoding: .utf8)
      texts[edit.path] = text
      let times = text.components(separatedBy: edit.old).count - 1
      #expect(times == 1, "Tests/Mutants/faults.txt: fault \(edit.fault): \(edit.path) has \(edit.old) \(times) times")
      #expect(edit.new != nil && edit.new != edit.old, "fault \(edit.fault) changes nothing")
    }
    #expect(Set(edits.map(\.fault)) == Set(names), "a fault without a text")
  }

  private func table() throws -> (names: [String], edits: [Edit]) {
    let text = try String(contentsOf: root.appendingPathComponent("Tests/Mutants/faults.txt"), encoding: .utf8)
    var names: [String] = []
    var edits: [Edit] = []
    var path = ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let rest = String(line.dropFirst(2))
      switch line.first {
      case "i": path = String(line.dropFirst("in ".count))
      case "-": edits.append(Edit(fault: names.last ?? "", path: path, old: rest))
      case "+": edits[try #require(edits.indices.last)].new = rest
      default: names.append(String(line.prefix { $0 != ":" }))
      }
    }
    return (names, edits)
  }
}
