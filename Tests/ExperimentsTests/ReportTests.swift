import Domain
import Foundation
import FoundationXML
import GRDB
import Reports
import Runs
import Testing

/// The report of real runs: what it tells is in the file, nothing in it is markup but its own, and it parses.
@Suite struct ReportTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pylon-\(UUID().uuidString)").path
  private var result: String { folder + "/r/results.sqlite" }

  private func run(_ text: String, overrides: [(key: String, value: String)] = [], policies: [String] = []) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/s.yaml", atomically: true, encoding: .utf8)
    let opened = try OpenScenario(path: folder + "/s.yaml", overrides: overrides, policies: policies, seed: nil)
    _ = try opened.run(into: folder + "/r", figures: folder + "/p", threads: 2)
  }

  private static let scenario = """
    name: told
    seed: 7
    clock: {start: 2025-01-06T00:00:00Z, duration: 36h}
    zones: {preset: gb-14, capacity: {cpu_cores: 64, memory_gb: 512, gpus: 12}, pue: 1.2}
    grid: {carbon: {synthetic: gb-14}, price: {synthetic: gb-14}, forecast: {model: noisy}}
    workload: {preset: pylon, rate: 5}
    policies: [standard, greedy-lowest-carbon, deadline-aware]
    replications: 2
    """

  private func isWellFormed(_ page: String) -> Bool { XMLParser(data: Data(page.utf8)).parse() }

  @Test func verdictIsThePairedDifferences() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(ReportTests.scenario)
    let report = try ResultReport(path: result)
    let page = report.written(as: .html).replacing("\u{A0}", with: " ")
    #expect(isWellFormed(page))
    // The first two replications of the lowest emissions and the baseline's, straight from the rows.
    let rows = try DatabaseQueue(path: result).read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT r.policy, avg(m.value) AS mean, avg(m.value - b.value) AS difference,
            max(m.value - b.value) - min(m.value - b.value) AS range
          FROM runs r JOIN run_metrics m USING (run_id)
            JOIN run_metrics b ON b.run_id = r.baseline_run_id AND b.metric = m.metric
          WHERE m.metric = 'carbon_kg' GROUP BY r.policy ORDER BY mean
          """)
    }
    let policy: String = rows[0]["policy"]
    let leads = ["\(policy) emitted the least: ", "emitted the least (can&#39;t tell apart): \(policy) "]
    #expect(policy != "standard" && leads.contains { page.contains($0) })
    // Student's interval of two values: half their range times t(0.975, 1) = 12.7062 (any table of t).
    let halfWidth = 12.7062 * (rows[0]["range"] as Double) / 2
    let difference: Double = -(rows[0]["difference"] as Double)
    let digits = max(0, 1 - Int(log10(halfWidth).rounded(.down)))
    let told = String(format: "%.\(digits)f ± %.\(digits)f kg less", difference, halfWidth)
    #expect(page.replacing(",", with: "").contains(told), "\(told)")
    let outside = ["http://", "https://", "<script", "<link", "<img", "url(h", "@import", "javascript:"].filter {
      page.replacing("http://www.w3.org/2000/svg", with: "").contains($0)
    }
    #expect(outside.isEmpty)
    for name in ChartName.allCases.map(\.rawValue) { #expect(page.contains("id=\"chart-\(name)\""), "\(name)") }
    #expect(page.contains("id=\"map\"") && page.contains("prefers-color-scheme:dark") && page.contains("@media print"))
    #expect(page.contains("rate: 5}") && page.contains("pylon run s.yaml") && page.contains("<dd>7</dd>"))
    #expect(try ResultReport(path: result).written(as: .html) == report.written(as: .html))
  }

  /// Emissions are in tonnes if they are large, waits have units of their own, and whole numbers no decimals.
  @Test func unitsAndDigitsAreForPeople() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(ReportTests.scenario, overrides: [(key: "replications", value: "1")])
    let rows = try DatabaseQueue(path: result).write { database in
      try database.execute(sql: "UPDATE run_metrics SET value = value * 100 WHERE metric = 'carbon_kg'")
      try database.execute(sql: "UPDATE run_metrics SET value = 7200 WHERE metric = 'wait_mean_s'")
      return try Row.fetchAll(
        database,
        sql: "SELECT r.policy, m.value FROM runs r JOIN run_metrics m USING (run_id) WHERE m.metric = 'carbon_kg'")
    }
    let report = try ResultReport(path: result)
    let lines = report.written(as: .markdown).replacing("\u{A0}", with: " ").components(separatedBy: "\n")
    #expect(lines.contains { $0.contains("emissions, tCO₂") } && lines.contains { $0.contains(" tCO₂, ") })
    for row in rows {
      let (policy, tonnes): (String, Double) = (row["policy"], row["value"] / 1000)
      let digits = tonnes >= 100 ? 1 : tonnes >= 10 ? 2 : 3
      let line = try #require(lines.first { $0.hasPrefix("| \(policy)") })
      #expect(line.contains("| \(String(format: "%.\(digits)f", tonnes)) |"), "\(line)")
      #expect(line.contains("| 2 h |"), "\(line)")
      // At most two decimals of a percentage, and none of a whole number.
      #expect(!line.contains(".00 |") && !line.contains(".0 |"), "\(line)")
    }
    #expect(report.written(as: .html).contains("position:sticky"))
  }

  /// No two elements have one id, and every colour property that is used is declared in both themes.
  @Test func idsAndColours() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(ReportTests.scenario, policies: ["standard", "cheapest"])
    let page = try ResultReport(path: result).written(as: .html)
    let ids = page.matches(of: /[ ]id="([^"]*)"/).map { String($0.1) }
    #expect(Set(ids).count == ids.count && ids.count > 10)
    for used in Set(page.matches(of: /url\(#([^)]*)\)/).map { String($0.1) }) { #expect(ids.contains(used)) }
    for used in Set(page.matches(of: /href="#([^"]*)"/).map { String($0.1) }) { #expect(ids.contains(used), "\(used)") }
    let used = Set(page.matches(of: /var\((--[a-z0-9]+)\)/).map { String($0.1) })
    #expect(used.count > 15)
    for name in used { #expect(page.components(separatedBy: "\(name):#").count == 3, "\(name)") }
  }

  @Test func hostileNamesAreTexts() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let name = "<script>alert(1)</script>"
    let long = String(repeating: "Llanfair \\u0301\\u202e", count: 22)
    let quote = "q\\u0022\\u0301 onmouseover=\\u0022alert(2)"
    try run(
      """
      name: hostile
      # </pre><script>alert(3)</script>
      clock: {start: 2025-01-06T00:00:00Z, duration: 1d}
      zones:
        - {code: A, name: "\(name)", region: "\(quote)", coordinates: {lat: 55, lng: -4}, capacity: {cpu_cores: 99}}
        - {code: "B|`x`", name: "\(long)", coordinates: {lat: 51, lng: 0}, capacity: {cpu_cores: 99}}
      grid: {carbon: {constant: 0}, price: {constant: -0.05}}
      workload: {preset: pylon, rate: 1}
      policies: [standard]
      """, overrides: [("seed", "5"), ("zones.A.country", "it's $(rm -rf x); `y`")])
    let page = try ResultReport(path: result).written(as: .html)
    #expect(isWellFormed(page))
    #expect(!page.contains("<script") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    // A quotation mark that carries an accent is one all the same.
    #expect(!page.unicodeScalars.contains("\u{202E}") && page.utf8.count < 2_000_000)
    #expect(!Data(page.utf8).contains(sequence: Data("q\"\u{301}".utf8)))
    #expect(page.contains("--set &#39;zones.A.country=it&#39;\\&#39;&#39;s $(rm -rf x); `y`&#39;"))
    let markdown = try ResultReport(path: result).written(as: .markdown)
    let fenced = markdown.components(separatedBy: "```yaml")
    #expect(!fenced[0].contains("<script"))
  }

  @Test func withoutJobsSamplesChartsOrTexts() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(
      ReportTests.scenario + "\noutputs: {workloads: none, maps: none, samples: none, charts: none}",
      policies: ["greedy-lowest-carbon"])
    var page = try ResultReport(path: result).written(as: .html)
    #expect(isWellFormed(page) && page.contains("not stored") && !page.contains("id=\"map\""))
    // An older file does not tell what it was made of, nor how many jobs a sample's zone had been given.
    try DatabaseQueue(path: result).write { database in
      try database.execute(sql: "DROP TABLE provenance; ALTER TABLE zone_samples DROP COLUMN assigned")
    }
    page = try ResultReport(path: result).written(as: .html)
    #expect(isWellFormed(page) && page.contains("does not record the file") && page.contains("emitted the least"))
  }

  @Test func refusesWhatIsNoResult() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(ReportTests.scenario, overrides: [("replications", "1")], policies: ["standard"])
    #expect(throws: BadInput.self) { try ResultReport(path: folder + "/s.yaml") }
    #expect(throws: BadInput.self) { try ResultReport(path: result, point: 2) }
    #expect(throws: BadInput.self) { try ResultReport(path: result, confidence: 2) }
    try DatabaseQueue(path: result).write { try $0.execute(sql: "UPDATE grid_zones SET coordinates = 'nowhere'") }
    #expect(throws: BadInput.self) { try ResultReport(path: result) }
    let page = try String(contentsOfFile: folder + "/s.yaml", encoding: .utf8)
    #expect(page == ReportTests.scenario)
  }

  /// Samples tell the number of jobs that the rows do: those that had started there and those that wait for it.
  @Test func samplesTellAssignedJobs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(ReportTests.scenario)
    try DatabaseQueue(path: result).read { database in
      // Without interruption, and with policies that choose a zone when a job starts, assigned is what has started.
      let wrong = try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM zone_samples s JOIN runs r USING (run_id)
          WHERE r.policy = 'greedy-lowest-carbon' AND assigned <> (
            SELECT count(*) FROM compute_workloads w
            WHERE w.run_id = s.run_id AND w.chosen_grid_zone = s.grid_zone_id AND w.actual_start <= s.sampled_at)
          """)
      #expect(wrong == 0)
      let some = try Int.fetchOne(database, sql: "SELECT max(assigned) FROM zone_samples")
      #expect(some ?? 0 > 5)
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM zone_samples WHERE assigned < running") == 0)
    }
  }
}

extension Data {
  fileprivate func contains(sequence: Data) -> Bool { range(of: sequence) != nil }
}
