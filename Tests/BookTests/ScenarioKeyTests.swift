import Domain
import Foundation
import Policies
import Scenarios
import Testing

@testable import Swarm

extension Book {
  /// The tables of scenario keys: each has the keys that the decoder knows, and says what the decoder says it expects.
  @Suite struct ScenarioKeyTests {
    private static let top = """
      name: book
      clock: {start: 2020-01-06T00:00:00Z, duration: 7d}
      policies: [standard]

      """
    private static let zones = """
      zones:
        - {code: NORTH, coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 8}}

      """
    private static let grid = """
      grid:
        carbon: {file: carbon.csv}
        price: {constant: 0.2}

      """
    private static let rest = """
      checks: [{metric: carbon_kg, min: 0}]

      """
    private static let events = """
      events:
        - outage: {zone: NORTH, from: 1d, duration: 6h}
        - capacity: {zone: NORTH, at: 1d, cpu_cores: 4}
        - surge: {from: 1d, duration: 6h, factor: 2}
        - price: {from: 1d, duration: 6h, factor: 2}

      """
    private static let model = """
      workload:
        arrivals: {poisson: {per_hour: 1}}
        classes: [{name: a, duration: 1h}]

      """

    private static func scenario(
      zones: String = zones, workload: String = model, hasEvents: Bool = true, more: String = ""
    ) -> String { top + zones + grid + workload + rest + (hasEvents ? events : "") + more }

    /// Scenarios that have the mappings of the tables, by the word behind `of` of their marks.
    static let documents: [String: String] = [
      "": scenario(),
      "log": scenario(workload: "workload: {file: jobs.csv}\n", hasEvents: false),
      "preset": scenario(zones: "zones: {preset: gb-14}\n", workload: "workload: {preset: pylon}\n", hasEvents: false),
      "model": scenario(),
      "renewal": scenario(
        workload: "workload:\n  arrivals: {renewal: {gap: 1h}}\n  classes: [{name: a, duration: 1h}]\n"),
      "daily": scenario(
        workload: "workload:\n  arrivals: {daily: {weekday: [1, 2], weekend: [1, 2]}}\n"
          + "  classes: [{name: a, duration: 1h}]\n"),
      "slack": scenario(
        workload: "workload:\n  arrivals: {poisson: {per_hour: 1}}\n"
          + "  classes: [{name: a, duration: 1h, deadline: {slack: 2}}]\n"),
      "windows": scenario(more: "replications: {windows: 2, every: 7d}\n"),
      "drawn": scenario(
        more: "replications: {windows: 2, from: 2020-01-06T00:00:00Z, to: 2020-01-08T00:00:00Z, step: 1h}\n"),
      "begins": scenario().replacing("zone: NORTH, at: 1d", with: "zone: NORTH, from: 1d"),
      "bounds": scenario(more: "requirements: {carbon_kg: {min: 0}}\n"),
      "hypercube": scenario(more: "sweep: {latin_hypercube: {points: 2, ranges: {seed: {low: 1, high: 2}}}}\n"),
    ]

    /// Values that are wrong in another way, if an empty list is not wrong or says too little.
    private static let wrong: [String: String] = [
      "workload.home": "nowhere", "workload.classes[0].home": "nowhere", "checks[0].metric": "nothing",
      "interruption.allowed": "perhaps", "outputs.charts": "{}", "outputs.maps": "nothing",
      "outputs.samples": "nothing",
      "requirements": "[]", "zones[0].coordinates": "[1]", "until.metric": "1", "replications": "0",
      "sweep.list": "1", "zones": "1",
    ]

    /// Scenarios for keys that exclude one of the table's own scenario: in that one they are refused for this alone.
    private static let alternatives = [
      "windows:replications.from": "drawn", "windows:replications.to": "drawn", "windows:replications.step": "drawn",
      ":events[1].capacity.from": "begins",
    ]

    /// A table of keys with the path of the mapping that has them.
    struct KeyTable {
      var path: String
      var document: String
      var rows: [BookPage.Row]
      var page: BookPage
      var line: Int

      func key(_ row: BookPage.Row) -> String { BookPage.words(row.cells[0]).first ?? "" }
      func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    }

    func tables() throws -> [KeyTable] {
      try BookPage.all().flatMap { page in
        try page.lines.indices.compactMap { line -> KeyTable? in
          guard let mark = page.lines[line].wholeMatch(of: /<!-- keys: (.+?)(?: of ([a-z]+))? -->/) else { return nil }
          let rows = try #require(page.rows(below: line), "\(page.name):\(line + 1): no table")
          let path = String(mark.output.1)
          return KeyTable(
            path: path == "(top)" ? "" : path, document: mark.output.2.map(String.init) ?? "", rows: rows, page: page,
            line: line + 1)
        }
      }
    }

    /// What the decoder reports of a key with a value.
    private func issues(_ document: String, _ key: String, _ value: String) throws -> [InputIssue] {
      let document = ScenarioKeyTests.alternatives["\(document):\(key)"] ?? document
      let text = try #require(ScenarioKeyTests.documents[document], "no scenario \(document)")
      // `a[0].b` is `a.0.b` in an override.
      let path = key.replacing("[", with: ".").replacing("]", with: "")
      do {
        _ = try ScenarioDocument(text: text, path: "book.yaml")
          .scenario(overrides: [(key: path, value: value)], knownPolicies: PolicyCatalog.entries.map(\.name))
        return []
      } catch {
        return error.issues
      }
    }

    @Test func scenariosOfTheTestAreLegal() throws {
      for (name, text) in ScenarioKeyTests.documents {
        let known = PolicyCatalog.entries.map(\.name)
        #expect(throws: Never.self, "\(name)") {
          _ = try ScenarioDocument(text: text, path: "book.yaml").scenario(knownPolicies: known)
        }
      }
    }

    @Test func tablesHaveTheKeysThatTheDecoderKnows() throws {
      let tables = try tables()
      #expect(tables.count > 30)
      for table in tables {
        let unknown = table.full("no_such_key")
        // An override goes by a preset's zones, so that its mapping is also replaced as a whole.
        let whole = "{preset: gb-14, no_such_key: 1}"
        let all = try issues(table.document, unknown, "1") + issues(table.document, table.path, whole)
        let found = all.first { $0.key == unknown && $0.found == "an unknown key" }
        let place = "\(table.page.name):\(table.line)"
        guard let found, found.expected.hasPrefix("one of ") else {
          Issue.record("\(place): \(table.path) is no mapping of the scenario \(table.document)")
          continue
        }
        let known = found.expected.dropFirst("one of ".count).components(separatedBy: ", ")
        let told = table.rows.map { table.key($0) }
        #expect(Set(told) == Set(known) && told.count == known.count, "\(place): keys of \(table.path)")
      }
    }

    @Test func tablesSayWhatTheDecoderExpects() throws {
      for table in try tables() {
        var page = try BookPage(table.page.name)
        for row in table.rows {
          let key = table.full(table.key(row))
          let value = ScenarioKeyTests.wrong[key] ?? "[]"
          let found = try issues(table.document, key, value)
          let place = "\(page.name):\(row.line + 1): \(key)"
          // A key beside one that excludes it is tried alone.
          let alone =
            try found.contains { $0.key.hasPrefix(key) }
            ? [] : issues(table.document, table.path, "{\(table.key(row)): \(value)}")
          let issue = (found + alone).first { $0.key == key } ?? (found + alone).first { $0.key.hasPrefix(key) }
          guard let issue else {
            Issue.record("\(place): the decoder takes \(value)")
            continue
          }
          var expected = issue.expected.replacing("|", with: "\\|")
          let isLaw = try issues(table.document, key, "{}").contains {
            $0.expected.hasPrefix("one of constant, uniform")
          }
          if isLaw { expected += ", or a [distribution](GeneratedWorkloads.md#distributions)" }
          if BookPage.isWriting {
            var cells = row.cells
            cells[1] = expected
            page.lines[row.line] = "| \(cells.joined(separator: " | ")) |".replacing("|  |", with: "| |")
          } else {
            #expect(row.cells[1] == expected, "\(place)\(BookPage.remedy)")
          }
        }
        if BookPage.isWriting { try page.write() }
      }
    }

    /// Every key of every mapping, and every word of a choice, stands in backticks somewhere in the book.
    @Test func everyKeyAndWordIsInTheBook() throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let names = PolicyCatalog.entries.map(\.name)
      var known: Set<String> = []
      for number in 1...200 {
        var drawing = SwarmDrawing(seed: 1, number: number)
        let path = try drawing.scenario(policies: names).write(into: folder)
        for allowed in try ScenarioDocument(path: path).keys(knownPolicies: names).keys {
          known.formUnion(allowed.components(separatedBy: ", "))
        }
      }
      #expect(known.count > 200)
      let text = try BookPage.all().flatMap(\.lines).joined(separator: "\n")
      for word in known.sorted() where !word.contains(" ") {
        let isThere = text.matches(of: /`[^`\n]+`|\|[^|\n]+\|/).contains { $0.output.contains(word) }
        #expect(isThere, "\(word) is nowhere in the book")
      }
    }
  }
}
