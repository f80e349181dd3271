import Foundation
import FoundationXML
import Reports
import Runs
import Studies
import Testing

/// A plain reader of RFC 4180, of its own: no code of the program's.
private func cells(_ csv: String) -> [[String]] {
  var rows: [[String]] = [[]]
  var cell = ""
  var isQuoted = false
  var scalars = Array(csv.unicodeScalars)[...]
  func end(_ row: inout [String]) {
    row.append(cell)
    cell = ""
  }
  while let scalar = scalars.popFirst() {
    switch scalar {
    case "\"" where isQuoted && scalars.first == "\"":
      cell.unicodeScalars.append("\"")
      scalars.removeFirst()
    case "\"": isQuoted.toggle()
    case "," where !isQuoted: end(&rows[rows.count - 1])
    case "\n" where !isQuoted:
      end(&rows[rows.count - 1])
      rows.append([])
    default: cell.unicodeScalars.append(scalar)
    }
  }
  if rows.last?.isEmpty == true, cell.isEmpty { rows.removeLast() } else { end(&rows[rows.count - 1]) }
  return rows
}

/// Texts that a writer could take for its own marks, through every table that the program writes.
@Suite struct WriterTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path

  private static let pieces = [
    "=1+1", ",", "B", "\"", "'", "|", "<br>", "`", "@x", "-2", "+", "\t", " ", "é", "```", "\\", "*", "_", "[a](b)",
    "&amp;",
    "#", "~~", "<!--", "\u{1F600}", ";", "é\u{301}",
  ]

  private struct Plain: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
  }

  private static func yaml(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\t", with: "\\t") + "\""
  }

  private func hostile(_ random: inout Plain, avoiding taken: [String]) -> String {
    while true {
      let text = (0...Int.random(in: 0...4, using: &random)).map { _ in
        WriterTests.pieces.randomElement(using: &random)!
      }
      .joined()
      let bare = text.trimmingCharacters(in: .whitespaces)
      let other = taken.map { $0.precomposedStringWithCanonicalMapping.lowercased() }
      if !bare.isEmpty, bare == text, !other.contains(text.precomposedStringWithCanonicalMapping.lowercased()) {
        return text
      }
    }
  }

  private func scenario(_ codes: [String], _ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let zones = codes.map {
      "  - {code: \(WriterTests.yaml($0)), coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 64, memory_gb: 256, gpus: 8}}"
    }
    let text = """
      name: \(WriterTests.yaml(name))
      seed: 7
      clock: {start: 2020-01-08T00:00:00Z, duration: 6h}
      zones:
      \(zones.joined(separator: "\n"))
      grid: {carbon: {constant: 150}, price: {constant: 0.2}}
      workload: {preset: pylon, rate: 3}
      policies: [standard, greedy-lowest-carbon]
      replications: 2
      sweep: {list: [{drain: false}, {seed: 9}]}
      checks: [{metric: carbon_kg, max: -1}]

      """
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    return folder + "/s.yaml"
  }

  private func expectTable(_ csv: String, _ what: String, holds texts: [String] = []) {
    let rows = cells(csv)
    let width = rows.first?.count ?? 0
    #expect(rows.count > 1 && rows.allSatisfy { $0.count == width }, "\(what)")
    for row in rows.dropFirst() {
      for cell in row where "=+-@\t".contains(cell.first ?? "x") {
        #expect(Double(cell) != nil, "\(what): an unguarded formula: \(cell)")
      }
    }
    let all = Set(rows.joined().map { $0.hasPrefix("'") ? String($0.dropFirst()) : $0 })
    let plain = Set(rows.joined())
    for text in texts { #expect(all.contains(text) || plain.contains(text), "\(what): \(text) reads back") }
  }

  /// Cells of a line of a Markdown table: bars that no backslash is before.
  private func bars(_ line: Substring) -> Int {
    var count = 0
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if scalar == "|", !isEscaped { count += 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return count
  }

  private func expectMarkdown(_ text: String, _ what: String) {
    var width: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("| ") else {
        width = nil
        continue
      }
      if let width { #expect(bars(line) == width, "\(what): \(line)") } else { width = bars(line) }
      #expect(!line.replacing("<br>", with: "").contains("<"), "\(what): \(line)")
    }
  }

  @Test(arguments: 1...6)
  func everyTableReadsBack(_ seed: UInt64) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = Plain(state: seed)
    var codes = ["=1+1,B"]
    for _ in 0..<3 { codes.append(hostile(&random, avoiding: codes)) }
    let name = hostile(&random, avoiding: []).replacing("/", with: "").replacing("\t", with: " ")
    let path = try scenario(codes, "n" + name)
    let opened = try OpenScenario(path: path, overrides: [], policies: [], seed: nil)
    _ = try opened.run(into: folder + "/r", figures: folder + "/r/plots", threads: 2)
    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    expectTable(try read("r/zones.csv"), "seed \(seed): zones.csv", holds: codes)
    expectTable(try read("r/metrics.csv"), "seed \(seed): metrics.csv")
    expectTable(try read("r/jobs.csv"), "seed \(seed): jobs.csv")
    let variant = hostile(&random, avoiding: [])
    try "variants:\n  \(WriterTests.yaml(variant)): {drain: false}\n"
      .write(toFile: folder + "/v.yaml", atomically: true, encoding: .utf8)
    let question = try WhatIf(path: path, overrides: [], variantFile: folder + "/v.yaml").run(threads: 2)
    expectTable(question.written(as: .csv), "seed \(seed): what-if", holds: codes + [variant])
    expectMarkdown(question.written(as: .markdown), "seed \(seed): what-if")
    let comparison = try ResultComparison(path: folder + "/r/results.sqlite", metrics: ["all"], confidence: 0.9)
    expectTable(comparison.written(as: .csv), "seed \(seed): compare")
    expectMarkdown(comparison.written(as: .markdown), "seed \(seed): compare")
    for (what, text) in [("what-if", question.written(as: .json)), ("compare", comparison.written(as: .json))] {
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      #expect(object?["scenario"] as? String == "n" + name, "seed \(seed): \(what)")
    }
    let report = try ResultReport(path: folder + "/r/results.sqlite")
    expectMarkdown(report.written(as: .markdown), "seed \(seed): report")
    #expect(XMLParser(data: Data(report.written(as: .html).utf8)).parse(), "seed \(seed)")
  }

  /// A failure of two lines is listed below the table; names in it are escaped.
  @Test func checksInMarkdownAndXML() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try scenario(["<b>|`x`", "B"], "checked")
    let report = try ScenarioChecks(paths: [path]).run()
    #expect(report.markdown.contains("**failed**") && !report.markdown.contains("&lt;br&gt;"))
    expectMarkdown(report.markdown, "check")
    #expect(XMLParser(data: Data(report.junit.utf8)).parse())
    let fault = try ScenarioChecks(paths: [path], overrides: [("replications", "x"), ("drain", "<i>|y")]).run()
    #expect(fault.markdown.contains("lines, listed below") && !fault.markdown.contains("&lt;br&gt;"))
    expectMarkdown(fault.markdown, "check")
  }

  /// A folder's variants file and other YAML are no scenarios; a broken scenario still is one.
  @Test func checkSkipsWhatIsNoScenario() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try scenario(["A", "B"], "checked")
    try "variants:\n  more: {drain: false}\n".write(toFile: folder + "/v.yaml", atomically: true, encoding: .utf8)
    try "stages: [build]\n".write(toFile: folder + "/ci.yml", atomically: true, encoding: .utf8)
    var told: [String] = []
    let checks = try ScenarioChecks(
      paths: [folder], overrides: [("checks", "[{metric: carbon_kg, min: 0}]")])
    #expect(try checks.run { told.append($0) }.status == 0, "\(told)")
    #expect(told.contains("note: \(folder)/v.yaml: a variants file (pylon whatif --variants), skipped"))
    #expect(told.contains { $0.hasPrefix("note: \(folder)/ci.yml: not a scenario") })
    #expect(try ScenarioChecks(paths: [folder + "/v.yaml"]).run().status == 2, "one that is named itself")
    try "zones: gb-14\n".write(toFile: folder + "/w.yaml", atomically: true, encoding: .utf8)
    #expect(try ScenarioChecks(paths: [folder]).run().status == 2)
  }
}
