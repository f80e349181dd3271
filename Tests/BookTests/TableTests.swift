import Domain
import Foundation
import GRDB
import Testing

/// Tables of the book that list what the code has: metrics, job columns, and tables and columns of a result.
@Suite struct TableTests {
  @Test func metrics() throws {
    let page = try BookPage("Metrics.md")
    let rows = try page.table(below: "<!-- metrics -->")
    #expect(rows.map { $0.cells[0] } == Metric.allCases.map { "`\($0.name)`" })
    for (row, metric) in zip(rows, Metric.allCases) {
      let definition = metric.definition
      #expect(row.cells[1] == definition.unit.rawValue, "\(metric.name)")
      #expect(row.cells[2] == definition.better.rawValue, "\(metric.name)")
    }
  }

  @Test func jobColumns() throws {
    let page = try BookPage("JobFiles.md")
    let rows = try page.table(below: "<!-- columns of jobs -->")
    #expect(rows.map { $0.cells[0] } == JobReading.columnNames.map { "`\($0)`" })
  }

  /// The tables of the shipped week, in the README and in the book, are those of the committed result.
  @Test func shippedWeek() throws {
    let folder = BookPage.root
    let csv = try String(contentsOf: folder.appendingPathComponent("Results/gb-week/metrics.csv"), encoding: .utf8)
    let rows = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let header = try #require(rows.first)
    let columns = try ["label", "carbon_kg", "carbon_savings_pct", "cost_gbp"].map { name in
      try #require(header.firstIndex { $0 == name }, "no column \(name)")
    }
    var told: [String] = []
    for path in ["README.md", "Sources/pylon/Pylon.docc/Policies.md"] {
      let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let row = line.firstMatch(of: /^ *([a-z-]+)(?: [*†]+)? +1600 +([0-9.]+) +([-0-9.]+) +([0-9.]+)\s/)
        guard let row else { continue }
        told.append(String(row.output.1))
        let result = try #require(rows.first { $0[columns[0]] == row.output.1 }, "\(path): no run of \(row.output.1)")
        let texts = [row.output.2, row.output.3, row.output.4]
        for (place, text) in texts.enumerated() {
          let value = try #require(Double(result[columns[place + 1]]))
          // A table for people has emissions of this size in tonnes.
          let shown = place == 0 ? String(format: "%.3f", value / 1000) : String(format: "%.2f", value)
          #expect(shown == text, "\(path): \(line)")
        }
      }
    }
    #expect(told.count == rows.count - 1 + 4)
  }

  /// A result with every table: its tables and columns are the headings and first cells of `Results.md`, in order.
  @Test func resultTables() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Program.run([
      "run", "Scenarios/two-zones.yaml", "--out", folder, "--quiet", "--policy", "standard", "--set",
      "outputs.decisions=all",
    ])
    let page = try BookPage("Results.md")
    let told = page.lines.indices.compactMap { line -> (name: String, line: Int)? in
      page.lines[line].wholeMatch(of: /### `([a-z_]+)`/).map { (String($0.output.1), line) }
    }
    try DatabaseQueue(path: folder + "/results.sqlite").read { database in
      let kinds = { (kind: String) in
        try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = '\(kind)'")
      }
      #expect(Set(told.map(\.name)) == (try kinds("table")))
      for table in told {
        let columns = try database.columns(in: table.name).map(\.name)
        let rows = try #require(page.rows(below: table.line), "\(table.name) has no table")
        #expect(rows.flatMap { BookPage.words($0.cells[0]) } == columns, "columns of \(table.name)")
      }
      let views = try page.table(below: "## Views")
      #expect(Set(views.flatMap { BookPage.words($0.cells[0]) }) == (try kinds("view")))
    }
  }
}
