import Domain
import Foundation
import GRDB
import Testing

/// Tables of the book that list what the code has: metrics, job columns, and tables and columns of a result.
@Suite struct TableTests {
  @Test func metrics() throws {
    let page = try BookPage("Metrics.md")
    let rows = try page.table(below: "<!-- metrics -->")
    #expect(rows.map { $0.cells[0] } == Metric.all.map { "`\($0.name)`" })
    for (row, metric) in zip(rows, Metric.all) { #expect(row.cells[2] == metric.better.rawValue, "\(metric.name)") }
  }

  @Test func jobColumns() throws {
    let page = try BookPage("JobFiles.md")
    let rows = try page.table(below: "<!-- columns of jobs -->")
    #expect(rows.map { $0.cells[0] } == JobReading.columnNames.map { "`\($0)`" })
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
